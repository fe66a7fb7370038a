-- Status pages, the links that open them, what is told on them, and who opened which link.

-- A page outlives its creator's account: nobody can read it then, and an administrator can remove it.
create table status_page (
    id text not null primary key,
    slug text not null unique,
    creator text not null,
    created_at integer not null,
    body text not null -- JSON: all the rest, services and checks with their ids included
) strict;

create table status_link (
    id text not null primary key,
    page text not null references status_page (id) on delete cascade,
    hash blob not null unique, -- SHA-256; the link itself is only with those who have it
    label text not null,
    "by" text not null, -- the name of who made it, as it was
    created_at integer not null,
    expires_at integer,
    revoked_at integer,
    password_hash text, -- a PHC string; null for none
    addresses text not null default '', -- networks, parted by spaces; empty for everywhere
    language text, -- null for the page's
    time_zone text -- null for the page's
) strict;
create index status_link_page on status_link (page);

create table status_notice (
    id text not null primary key,
    page text not null references status_page (id) on delete cascade,
    kind text not null, -- incident or maintenance
    begins_at integer not null,
    body text not null -- JSON
) strict;
create index status_notice_page on status_notice (page, begins_at);

-- Counted by the hour, written in batches; pruned by age.
create table status_open (
    link text not null references status_link (id) on delete cascade,
    hour integer not null, -- hours since 1970
    address text not null, -- empty for the rest of an hour with very many
    agent text not null,
    first_at integer not null,
    last_at integer not null,
    opens integer not null,
    primary key (link, hour, address, agent)
) strict, without rowid;

-- What services consisted of when that was last known, so that a host that does not answer takes nothing off a page.
create table status_member (
    service text not null,
    member text not null, -- vm: or host: and its id
    host text not null, -- where it was
    pool text, -- the pool that the host is a member of
    name text not null,
    tags text not null, -- JSON
    primary key (service, member)
) strict, without rowid;
