-- What people say about hosts and VMs. VMs are not kept, so nothing is referenced: an id that comes back finds its tags.
create table object_tag (
    kind text not null, -- host, vm
    object text not null,
    tag text not null, -- in lower case
    primary key (kind, object, tag)
) strict, without rowid;

create table object_notes (
    kind text not null,
    object text not null,
    notes text not null,
    primary key (kind, object)
) strict, without rowid;

create table saved_filter (
    id text not null primary key,
    "user" text references "user" (id) on delete cascade, -- null: for everybody
    name text not null collate nocase,
    page text not null,
    query text not null,
    created_at integer not null
) strict;
-- One name for one filter of a person, and for one of everybody's: null would be different from itself.
create unique index saved_filter_name on saved_filter (coalesce("user", ''), page, name);
