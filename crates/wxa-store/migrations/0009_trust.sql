-- Pools: by what their certificates are known, and the members that they told us, so that a coordinator that is down at a
-- start can be looked for at the others. Tasks: on which member they were asked to begin.

alter table host add column trust text not null default 'pin'; -- pin: the fingerprint; system: this machine's authorities; ca: authority
alter table host add column authority text; -- for 'ca': certificates in PEM form, public

create table host_member (
    host text not null references host (id) on delete cascade,
    address text not null, -- as the pool tells it
    names text not null, -- JSON: what the pool calls it, besides
    fingerprints text not null, -- JSON: of certificates that the pool told us through a connection that was trusted
    learnt_at integer not null,
    primary key (host, address)
) strict;

alter table task add column on_host text; -- null: nobody chose
