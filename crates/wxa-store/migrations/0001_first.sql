-- Times are milliseconds since 1970 (UTC); ids are UUIDs as text; hashes and sealed values are blobs.

create table meta (
    key text not null primary key,
    value text not null
) strict;

create table site (
    id text not null primary key,
    name text not null collate nocase unique,
    created_at integer not null
) strict;

create table host (
    id text not null primary key,
    site text not null references site (id),
    name text not null,
    address text not null collate nocase,
    port integer not null,
    ssh_user text not null,
    credential blob not null, -- sealed; bound to this host's id
    fingerprint text not null,
    config_dir text not null,
    created_at integer not null,
    unique (fingerprint, address, port)
) strict;
create index host_of_site on host (site);

create table "user" (
    id text not null primary key,
    name text not null collate nocase unique,
    password_hash text, -- PHC string; null for an account that signs in by link only
    created_at integer not null,
    disabled_at integer
) strict;

create table user_grant (
    "user" text not null references "user" (id) on delete cascade,
    role text not null,
    scope text not null,
    target text not null default '', -- site id, host id or tag; empty for everything
    primary key ("user", role, scope, target)
) strict;

create table session (
    id text not null primary key,
    "user" text not null references "user" (id) on delete cascade,
    token_hash blob not null unique, -- SHA-256; the token itself is only in the browser
    from_address text not null,
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null
) strict;
create index session_of_user on session ("user");

create table one_time_token (
    hash blob not null primary key, -- SHA-256
    purpose text not null, -- setup, login
    "user" text references "user" (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null
) strict;

create table audit (
    seq integer not null primary key autoincrement,
    id text not null unique,
    at integer not null,
    who text not null,
    "user" text, -- no reference: the log outlives accounts
    from_address text not null,
    request_id text not null,
    what text not null,
    on_label text not null,
    on_id text not null,
    ended_at integer,
    outcome text, -- null while under way
    detail text not null default ''
) strict;
create index audit_on on audit (on_id, seq);
create index audit_open on audit (seq) where outcome is null;

create table task (
    seq integer not null primary key autoincrement,
    id text not null unique,
    action text not null,
    vm text not null,
    vm_name text not null,
    host text not null, -- no reference: tasks outlive hosts
    who text not null,
    started_at integer not null,
    ended_at integer,
    step text not null default '',
    percent integer,
    outcome text, -- done, failed, unknown; null while it runs
    why text not null default ''
) strict;
create index task_open on task (seq) where outcome is null;
