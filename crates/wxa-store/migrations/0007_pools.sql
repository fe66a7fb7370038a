-- XAPI pools: hosts of the transport 'xapi'. A pool answers at the address of each of its members, so that its UUID tells
-- whether it is there already; in another site the same UUID is another pool, e.g. one that was cloned for a lab.

alter table host add column native_uuid text; -- null: not a pool
create unique index host_native on host (site, native_uuid) where native_uuid is not null;
