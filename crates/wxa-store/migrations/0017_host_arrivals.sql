-- Guests of plain Xen that came from another host by `xl migrate`, and run: which VMs they are is not to be seen on the host.
create table host_arrival (
    host text not null references host (id) on delete cascade,
    run text not null, -- the UUID that Xen gave the run
    vm text not null,
    domid integer not null, -- Xen's number of it on that host
    began integer, -- null where it is not known
    primary key (host, run)
) strict, without rowid;
