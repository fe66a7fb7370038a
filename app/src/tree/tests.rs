//! The tree, row by row.
use super::*;
use crate::sample::{host, member, pool, site, vm};
use wxa_model::{PowerState, UnixMillis};

fn grown(
    sites: &[Arc<Site>],
    hosts: &[Arc<Host>],
    vms: &[Arc<Vm>],
    toggled: &[Node],
    filter: &str,
) -> Vec<Row> {
    rows(sites, hosts, &Guests::of(vms.iter()), toggled, filter)
}

fn down() -> Link {
    Link::Down {
        since: UnixMillis(0),
        why: String::new(),
        retry_at: UnixMillis(0),
    }
}

fn tree(toggled: &[Node], filter: &str) -> Vec<String> {
    let sites = [Arc::new(site(1, "Vienna")), Arc::new(site(2, "Empty"))];
    let hosts = [Arc::new(host(1, Link::Up)), Arc::new(host(2, down()))];
    let vms = [
        Arc::new(vm(1, "web-10", PowerState::Running)),
        Arc::new(vm(2, "web-9", PowerState::Crashed)),
    ];
    grown(&sites, &hosts, &vms, toggled, filter)
        .into_iter()
        .map(|row| format!("{} {} {}/{}", row.name, row.count, row.critical, row.warnings))
        .collect()
}

/// A pool of two, the second of which is not heard, with a VM on each and one on the pool; beside it a plain host.
fn pooled(pool_link: Link, filter: &str) -> Vec<Row> {
    let sites = [Arc::new(site(1, "Vienna"))];
    let mut second = member(12, 9, "xcp-02");
    second.link = down();
    let hosts = [
        host(1, Link::Up),
        Host {
            link: pool_link,
            ..pool(9, "prod")
        },
        member(11, 9, "xcp-01"),
        second,
    ]
    .map(Arc::new);
    let on = |n, name: &str, power, place: usize| {
        Arc::new(Vm {
            host: hosts[place].id,
            ..vm(n, name, power)
        })
    };
    let vms = [
        on(1, "erp", PowerState::Running, 2),
        on(2, "mail", PowerState::Crashed, 3),
        on(3, "archive", PowerState::Halted, 1),
        on(4, "edge", PowerState::Running, 0),
    ];
    grown(&sites, &hosts, &vms, &[], filter)
}

fn site_of_all() -> Site {
    site(1, "Vienna")
}

fn pool_with(link: Link) -> Host {
    Host {
        link,
        ..pool(9, "prod")
    }
}

fn member_with(link: Link) -> Host {
    Host {
        link,
        ..member(11, 9, "xcp-01")
    }
}

fn outline(rows: &[Row]) -> Vec<String> {
    let line = |row: &Row| {
        format!(
            "{}{} {} {}/{} {}of{}",
            "  ".repeat(usize::from(row.level) - 1),
            row.name,
            row.count,
            row.critical,
            row.warnings,
            row.place.0,
            row.place.1
        )
    };
    rows.iter().map(line).collect()
}

#[test]
fn sites_hold_hosts_hold_vms_with_what_is_wrong_below() {
    assert_eq!(
        tree(&[], ""),
        [
            "Vienna 2 1/1",
            "xen-1 2 1/0",
            "web-9 0 0/0",
            "web-10 0 0/0",
            "xen-2 0 0/1",
            "Empty 0 0/0"
        ]
    );
}

#[test]
fn a_pool_holds_its_members_then_the_vms_that_are_on_none() {
    assert_eq!(
        outline(&pooled(Link::Up, "")),
        [
            "Vienna 4 1/1 1of1",
            "  xen-1 1 0/0 1of2",
            "    edge 0 0/0 1of1",
            "  prod 3 1/1 2of2",
            "    xcp-01 1 0/0 1of3",
            "      erp 0 0/0 1of1",
            "    xcp-02 1 1/1 2of3",
            "      mail 0 0/0 1of1",
            "    archive 0 0/0 3of3",
        ]
    );
}

#[test]
fn a_pool_that_is_not_heard_is_one_warning_not_one_for_each_member() {
    let rows = pooled(down(), "");
    let (site, pool) = (&rows[0], &rows[3]);
    assert_eq!((site.warnings, pool.warnings), (1, 1));
    let refused = || Link::Unauthenticated { why: String::new() };
    let hosts = [pool_with(refused()), member_with(refused())].map(Arc::new);
    let rows = grown(&[Arc::new(site_of_all())], &hosts, &[], &[], "");
    assert_eq!(
        outline(&rows),
        ["Vienna 0 1/0 1of1", "  prod 0 1/0 1of1", "    xcp-01 0 1/0 1of1"]
    );
}

#[test]
fn a_pools_coordinator_and_a_member_in_maintenance_are_marked() {
    let mut parts = [member(11, 9, "xcp-01"), member(12, 9, "xcp-02"), pool(9, "prod")];
    for (host, coordinator) in parts.iter_mut().zip([true, false]) {
        if let Some(facts) = &mut host.facts {
            (facts.coordinator, facts.maintenance) = (coordinator, !coordinator);
        }
    }
    let marked = |coordinator, maintenance| Look::Member {
        coordinator,
        maintenance,
    };
    assert_eq!(
        parts.each_ref().map(look),
        [marked(true, false), marked(false, true), Look::Pool]
    );
}

#[test]
fn a_filter_finds_vms_below_pools_and_whole_pools_by_name() {
    let names =
        |filter| -> Vec<String> { pooled(Link::Up, filter).into_iter().map(|row| row.name).collect() };
    assert_eq!(names("mail"), ["Vienna", "prod", "xcp-02", "mail"]);
    assert_eq!(names("archive"), ["Vienna", "prod", "archive"]);
    assert_eq!(
        names("prod"),
        ["Vienna", "prod", "xcp-01", "erp", "xcp-02", "mail", "archive"]
    );
}

#[test]
fn a_member_whose_pool_is_not_seen_stands_alone() {
    let sites = [Arc::new(site(1, "Vienna"))];
    let rows = grown(&sites, &[Arc::new(member(11, 9, "xcp-01"))], &[], &[], "");
    assert_eq!(outline(&rows), ["Vienna 0 0/0 1of1", "  xcp-01 0 0/0 1of1"]);
}

#[test]
fn a_filter_unfolds_what_it_finds() {
    let folded = [Node::Site(site(1, "").id)];
    assert_eq!(tree(&folded, ""), ["Vienna 2 1/1", "Empty 0 0/0"]);
    assert_eq!(
        tree(&folded, "WEB-10"),
        ["Vienna 2 1/1", "xen-1 2 1/0", "web-10 0 0/0"]
    );
    assert_eq!(tree(&[], "empty"), ["Empty 0 0/0"]);
    assert_eq!(tree(&[], "nothing"), Vec::<String>::new());
}
