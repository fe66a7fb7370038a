-- What consoles printed, in a file of its own: it is written every moment, is by far the most, and is worth less than the rest.

-- One for each console of a VM.
create table console_tape (
    number integer primary key,
    vm text not null,
    kind text not null, -- pv, serial
    epoch integer not null, -- names the tape for ever
    "end" integer not null, -- offset after the last byte that was ever printed
    bytes integer not null default 0, -- that are kept, for bounds
    unique (vm, kind)
) strict;

-- How far the record that a host itself keeps of a console was read.
create table console_place (
    tape integer not null references console_tape (number) on delete cascade,
    host text not null,
    file integer not null,
    "offset" integer not null,
    owed integer not null, -- bytes on the tape that the host's record is still to tell, as they were seen first
    primary key (tape, host)
) strict, without rowid;

-- What was printed, in pieces of at most 64 KiB. Numbers grow with time: the smallest is the oldest.
create table console_piece (
    id integer primary key autoincrement,
    tape integer not null references console_tape (number) on delete cascade,
    "offset" integer not null, -- of its first byte
    at integer not null, -- when that was printed
    len integer not null,
    times blob not null, -- when the rest was: see consoles/times.rs
    body blob not null
) strict;
create unique index console_piece_place on console_piece (tape, "offset", len, at);

-- Boots, and what was understood of the output.
create table console_mark (
    tape integer not null references console_tape (number) on delete cascade,
    "offset" integer not null,
    at integer not null,
    what text not null, -- boot, or an event's name
    value integer, -- what goes with it, e.g. milliseconds
    primary key (tape, what, "offset")
) strict, without rowid;
create index console_mark_place on console_mark (tape, "offset");
