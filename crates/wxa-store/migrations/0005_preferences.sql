-- How an account likes its pages, as JSON: pages read it whole, nothing ever searches in it.
create table preferences (
    "user" text not null primary key references "user" (id) on delete cascade,
    body text not null
) strict;
