-- Measurements, in a file of their own: what is written every minute holds up no audit row, and backups stay small.
-- Every number below is an integer key, so that what is of one time lies together: written in a row, deleted in a row.

create table metric_object (
    number integer primary key, -- below 2^24
    name text not null unique, -- vm:<id>, host:<id>, host:<id> storage:<name>
    seen integer not null -- the last day with an hour of it
) strict;

-- Minutes that are not in blocks yet: one row for each minute and 64 objects.
create table metric_minute (
    id integer primary key, -- minute * 2^20 + object / 64
    body blob not null
) strict;

-- The minutes of an hour of an object.
create table metric_hour (
    id integer primary key, -- hour * 2^24 + object
    body blob not null
) strict;

-- The hours of a day of an object.
create table metric_day (
    id integer primary key, -- day * 2^24 + object
    body blob not null
) strict;

create table metric_meta (
    key text not null primary key,
    value text not null
) strict, without rowid;
