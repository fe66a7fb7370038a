-- How the members of a XAPI pool are reached over SSH, for the serial consoles that XAPI does not offer; and the host keys
-- that an administrator confirmed, by the members' UUIDs.

create table member_ssh (
    host text not null primary key references host (id) on delete cascade, -- the pool
    ssh_user text not null,
    port integer not null,
    credential blob not null -- sealed; bound to the pool's id
) strict;

create table member_ssh_key (
    host text not null references member_ssh (host) on delete cascade,
    member text not null,
    fingerprint text not null,
    primary key (host, member)
) strict, without rowid;
