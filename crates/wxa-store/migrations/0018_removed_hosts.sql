-- Hosts that were removed. One that is added anew gets its id again, and its site that site's: by these everything is kept that
-- was known of it and its VMs.
create table removed_host (
    id text not null primary key,
    site text not null,
    site_name text not null,
    transport text not null,
    address text not null,
    port integer not null,
    fingerprint text not null,
    native_uuid text -- of a pool: another one at its address is another one
) strict;
create index removed_host_place on removed_host (fingerprint, address, port);
