-- How VMs, hosts, checks and services stood, and when: what status pages tell. A row for each change, none for what is unknown. VMs
-- are not kept here, so nothing is referenced: one that is seen again, after its host was added anew, goes on with its past.
create table state_subject (
    id integer primary key,
    kind integer not null, -- 0 VM, 1 host, 2 check, 3 service
    uuid blob not null, -- 16 bytes
    unique (kind, uuid)
) strict;

-- The times in which states were recorded, in the order in which they began to be. They do not overlap: a time that a clock tells
-- a second time is not recorded again. The newest one is made longer again and again: nothing is known beyond its end.
create table state_period (
    id integer primary key,
    began integer not null unique, -- milliseconds since 1970
    known integer not null -- up to then
) strict;

create table state_span (
    subject integer not null references state_subject (id),
    began integer not null,
    ended integer, -- null: it goes on, and is known up to the newest period's end
    standing integer not null, -- 0 up, 1 degraded, 2 down
    primary key (subject, began)
) strict, without rowid;

create index state_span_open on state_span (subject) where ended is null;
