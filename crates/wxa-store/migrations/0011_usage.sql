-- What VMs used, day by day, as it was measured: the raw truth that statements are made from. VMs are not kept, so nothing is
-- referenced. By day first: today's rows, which are written again and again, lie together.
create table usage (
    day integer not null, -- days since 1970 by UTC
    vm blob not null, -- 16 bytes
    unknown_ms integer not null, -- it ran, or may have run, and nothing is known of it
    until integer not null, -- up to when it was measured last
    body blob not null, -- amounts and how long each was known
    primary key (day, vm)
) strict, without rowid;
