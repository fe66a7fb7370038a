-- Guest links: each opens one console, for a limited time, to somebody without an account.
create table console_link (
    id text not null primary key,
    hash blob not null unique, -- SHA-256; the link itself is only with those who have it
    vm text not null,
    kind text, -- null for the VM's first text console
    name text not null, -- for whom
    typing integer not null, -- 1 where its holder may type
    creator text not null, -- the account that made it: the link opens as long as that may still make it
    "by" text not null, -- that account's name, as it was
    made_at integer not null,
    until integer not null,
    revoked_at integer
) strict;
create index console_link_vm on console_link (vm);
