//! Order, facets and window, by example; and that ten thousand VMs are looked at once each.
use super::*;
use crate::{
    filter,
    live::{rings::Rings, tables::Guests},
    sample::{host, pool, site, vm},
};
use std::sync::Arc;
use wxa_model::{Bytes, Link, PowerState, UnixMillis, VmSample, console::GuestPhase};
use wxa_wire::sample_frame::{self, SampleRow};

/// Two hosts and a pool in Vienna; VMs that are numbered even are on the first, number 4 is on the pool.
struct World {
    guests: Guests,
    places: Places,
    rings: Rings,
}

fn world(vms: &[(u128, &str, Option<f32>)]) -> World {
    let hosts = [host(0, Link::Up), host(1, Link::Up), pool(9, "prod")];
    let mut rings = Rings::default();
    let mut all = Vec::new();
    for (n, name, cpu) in vms {
        let mut one = vm(*n, name, PowerState::Running);
        let on = if *n == 4 {
            2
        } else {
            usize::from(!n.is_multiple_of(2))
        };
        one.host = hosts[on].id;
        let sample = VmSample {
            cpu: *cpu,
            ..VmSample::default()
        };
        rings.take(&sample_frame::encode(
            UnixMillis(1),
            &[SampleRow::Vm(one.id, sample)],
        ));
        all.push(Arc::new(one));
    }
    World {
        guests: Guests::of(all.iter()),
        places: Places::new(&[Arc::new(site(1, "Vienna"))], &hosts.map(Arc::new)),
        rings,
    }
}

impl World {
    fn names(&self, q: &str, sort: &str) -> Vec<&str> {
        let filter = filter::parse(q).unwrap();
        let items = items(self.guests.iter(), &self.places, None);
        let shown = shown(
            &items,
            Some(&filter),
            Sort::parse(sort),
            GroupBy::Nothing,
            &self.rings,
        );
        let name = |id| {
            items
                .iter()
                .find(|item| item.vm.id == id)
                .unwrap()
                .vm
                .name
                .as_str()
        };
        shown.ids.into_iter().map(name).collect()
    }
}

#[test]
fn a_service_does_not_count_what_only_its_state_lets_pass() {
    let world = world(&[(0, "web", None), (1, "running-1", None)]);
    let items = items(world.guests.iter(), &world.places, None);
    let filter = filter::parse("running").unwrap();
    let names = |passes: fn(&Item<'_>, &Filter) -> bool| -> Vec<&str> {
        let passing = items.iter().filter(|item| passes(item, &filter));
        passing.map(|item| item.vm.name.as_str()).collect()
    };
    assert_eq!(names(|item, filter| item.passes(filter)).len(), 2);
    assert_eq!(
        names(|item, filter| item.passes_for_service(filter)),
        ["running-1"]
    );
}

#[test]
fn sorting_is_by_column_then_by_name() {
    let world = world(&[
        (1, "web-10", Some(0.1)),
        (2, "web-9", None),
        (3, "db", Some(0.9)),
        (6, "app", None),
    ]);
    assert_eq!(world.names("", ""), ["app", "db", "web-9", "web-10"]);
    assert_eq!(world.names("", "-name"), ["web-10", "web-9", "db", "app"]);
    assert_eq!(world.names("", "-cpu"), ["db", "web-10", "app", "web-9"]);
    assert_eq!(world.names("", "cpu"), ["app", "web-9", "web-10", "db"]);
    assert_eq!(world.names("", "host"), ["app", "web-9", "db", "web-10"]);
    assert_eq!(world.names("", "-host"), ["db", "web-10", "app", "web-9"]);
    assert_eq!(world.names("web", "-cpu"), ["web-10", "web-9"]);
}

#[test]
fn the_order_of_numbers_is_that_of_their_size() {
    let mut world = world(&[(1, "a", None), (2, "b", None), (3, "c", None)]);
    let mut vms: Vec<_> = world
        .guests
        .by_name()
        .iter()
        .map(|vm| vm.as_ref().clone())
        .collect();
    vms[0].memory = Bytes::mib(512);
    vms[1].memory = Bytes::mib(64);
    vms[1].started_at = None;
    vms[2].memory = Bytes::mib(1024);
    vms[2].started_at = Some(UnixMillis(5));
    vms[2].power = PowerState::Crashed;
    let vms: Vec<_> = vms.into_iter().map(Arc::new).collect();
    world.guests = Guests::of(vms.iter());
    assert_eq!(world.names("", "mem"), ["b", "a", "c"]);
    assert_eq!(
        world.names("", "uptime"),
        ["b", "a", "c"],
        "one that does not run, then the latest"
    );
    assert_eq!(world.names("", "state"), ["c", "a", "b"]);
}

#[test]
fn the_address_knows_the_order() {
    assert_eq!(Sort::parse("-cpu").text(), "-cpu");
    assert_eq!(Sort::parse("nonsense").text(), "");
    assert_eq!(Sort::default().toggled(Column::Cpu).text(), "-cpu");
    assert_eq!(Sort::default().toggled(Column::Name).text(), "-name");
}

#[test]
fn facets_count_what_is_there() {
    let world = world(&[(1, "a", None), (2, "b", None), (3, "c", None), (4, "d", None)]);
    let facets = facets(&items(world.guests.iter(), &world.places, None));
    let shown: Vec<_> = facets
        .iter()
        .map(|facet| (facet.term.as_str(), facet.count))
        .collect();
    assert_eq!(
        shown,
        [
            ("state:running", 4),
            ("pool:prod", 1),
            ("host:xen-0", 1),
            ("host:xen-1", 2)
        ]
    );
}

#[test]
fn a_guest_is_found_by_its_phase_as_that_changes_and_not_while_its_host_is_not_heard() {
    let mut world = world(&[(1, "a", None), (2, "b", None)]);
    let told = |phase| wxa_model::console::Understood {
        phase,
        since: UnixMillis(1),
        kind: wxa_model::ConsoleKind::Pv,
        offset: 0,
        began: None,
        slow: false,
    };
    let mut b = vm(2, "b", PowerState::Running);
    b.host = host(0, Link::Up).id;
    for (phase, booting, panicked) in [
        (GuestPhase::Kernel, &["b"][..], &[][..]),
        (GuestPhase::Panicked, &[], &["b"]),
    ] {
        b.understood = Some(told(phase));
        world.guests = Guests::of([Arc::new(b.clone())].iter());
        assert_eq!(world.names("phase:booting", ""), booting);
        assert_eq!(world.names("phase:panicked", ""), panicked);
        let items = items(world.guests.iter(), &world.places, None);
        let offered = facets(&items).iter().any(|facet| facet.term == "phase:panicked");
        assert_eq!(offered, !panicked.is_empty());
    }
    let lost = Link::Unauthenticated { why: "no".into() };
    world.places = Places::new(&[Arc::new(site(1, "Vienna"))], &[Arc::new(host(0, lost))]);
    assert_eq!(world.names("phase:panicked", ""), [""; 0]);
}

#[test]
fn only_rows_in_sight_exist_in_a_long_list() {
    assert_eq!(window(50, 32.0, 900.0, 600.0), (0, 50));
    assert_eq!(window(3000, 32.0, 0.0, 640.0), (0, 28));
    let (first, end) = window(3000, 32.0, 32_000.0, 640.0);
    assert!(first <= 1000 && end >= 1020 && end - first < 60, "{first}..{end}");
    assert_eq!(window(3000, 32.0, 1e9, 640.0).1, 3000);
}

#[test]
fn a_list_in_groups_has_headings_where_they_belong() {
    let world = world(&[
        (1, "web-1", Some(0.1)),
        (2, "db-2", Some(0.2)),
        (3, "web-3", Some(0.9)),
        (4, "app-4", None),
        (6, "app-6", None),
    ]);
    let items = items(world.guests.iter(), &world.places, None);
    let arranged = shown(&items, None, Sort::parse("-cpu"), GroupBy::Host, &world.rings);
    let labels: Vec<_> = arranged
        .groups
        .iter()
        .map(|group| (group.label.as_str(), group.count, group.at))
        .collect();
    assert_eq!(
        labels,
        [(t(T::GroupNoHost), 1, 0), ("xen-0", 2, 1), ("xen-1", 2, 3)]
    );
    let name = |row: Row| match row {
        Row::Group(label, count) => format!("{label} ({count})"),
        Row::Vm(id) => items
            .iter()
            .find(|item| item.vm.id == id)
            .unwrap()
            .vm
            .name
            .clone(),
    };
    let all = rows(
        0..row_count(arranged.ids.len(), &arranged.groups),
        &arranged.ids,
        &arranged.groups,
    );
    let all: Vec<_> = all.into_iter().map(name).collect();
    assert_eq!(
        all[1..],
        [
            "app-4",
            "xen-0 (2)",
            "db-2",
            "app-6",
            "xen-1 (2)",
            "web-3",
            "web-1"
        ]
    );
    for first in 0..all.len() {
        let some = rows(first..all.len(), &arranged.ids, &arranged.groups);
        assert_eq!(
            some.into_iter().map(name).collect::<Vec<_>>(),
            all[first..],
            "from row {first}"
        );
    }
    for (at, id) in arranged.ids.iter().enumerate() {
        let row = row_of(at, &arranged.groups);
        assert_eq!(all[row], name(Row::Vm(*id)));
    }
}

#[test]
fn without_groups_rows_are_vms() {
    let world = world(&[(1, "b", None), (2, "a", None)]);
    let items = items(world.guests.iter(), &world.places, None);
    let arranged = shown(
        &items,
        None,
        Sort::default(),
        GroupBy::parse("nonsense"),
        &world.rings,
    );
    let all = rows(0..2, &arranged.ids, &arranged.groups);
    assert_eq!(
        all,
        arranged.ids.iter().map(|id| Row::Vm(*id)).collect::<Vec<_>>()
    );
}
