-- Accounts: when they were last used, what a session's browser called itself, and API tokens.

alter table "user" add column last_seen_at integer;
alter table session add column user_agent text not null default '';

create table api_token (
    id text not null primary key,
    "user" text not null references "user" (id) on delete cascade,
    name text not null collate nocase,
    hash blob not null unique, -- SHA-256; the token itself is only with its owner
    role text not null,
    scope text not null,
    target text not null default '', -- as in user_grant
    created_at integer not null,
    expires_at integer not null,
    last_used_at integer,
    last_used_from text not null default '',
    unique ("user", name)
) strict;
