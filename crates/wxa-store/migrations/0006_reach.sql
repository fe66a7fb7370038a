-- How a host is reached: over SSH, over SSH through a jump host, or as the machine that the server runs on.

alter table host add column transport text not null default 'ssh'; -- ssh, local
alter table host add column jump_address text; -- null: reached directly
alter table host add column jump_port integer;
alter table host add column jump_user text;
alter table host add column jump_credential blob; -- sealed; bound to this host's id
alter table host add column jump_fingerprint text;
