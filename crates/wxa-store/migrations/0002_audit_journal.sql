-- The journal over the audit log: one link for each beginning and each end of a row, each sealed over the one before.
-- Rows that were there before this migration are taken in, as they are then, when the program first opens the file.

create table audit_link (
    n integer not null primary key, -- 1, 2, 3, …: a gap tells that links were taken out
    part text not null, -- start, begin, end
    "row" integer not null, -- audit.seq; for a start, the last row that was there before the journal
    mac blob not null -- HMAC-SHA256 over the link before and what this one covers
) strict;
create unique index audit_link_of_row on audit_link ("row", part);

create index audit_at on audit (at);
create index audit_who on audit (who collate nocase, seq);
create index audit_what on audit (what, seq);
create index audit_outcome on audit (outcome, seq);
create index audit_label on audit (on_label collate nocase, seq);
create index audit_from on audit (from_address, seq);

alter table task add column audit text; -- the audit row of the act; null for tasks of older versions

create table task_step (
    task text not null,
    at integer not null,
    step text not null
) strict;
create index task_step_of_task on task_step (task);

create index task_who on task (who collate nocase, seq);
create index task_vm on task (vm, seq);
create index task_host on task (host, seq);
create index task_action on task (action, seq);
create index task_outcome on task (outcome, seq);
