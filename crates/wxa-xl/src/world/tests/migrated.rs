//! Guests that are migrated between two hosts by `xl migrate`.
use super::{Host, Identities, PowerState, RUNNING, Runs, UnixMillis, Uuid, names, vm};
use crate::parse::state::DomainState;

/// Two hosts of a site that know of each other's runs, with this definition on both.
fn two_hosts(definition: &str) -> (Host, Host) {
    let runs = Runs::default();
    let [mut a, mut b] = [false, true].map(|is_other| Host {
        runs: runs.clone(),
        is_other,
        ..Host::default()
    });
    for host in [&mut a, &mut b] {
        host.define("/etc/xen/web.cfg", definition);
    }
    (a, b)
}

const BEGAN: UnixMillis = UnixMillis(1_000_000);

/// What `xl migrate` does to two hosts, looked at in between; returns what is seen when it is done.
fn migrate(from: &mut Host, to: &mut Host, domids: [u32; 2], uuid: u128) {
    to.run(domids[1], "web--incoming", DomainState::Paused, uuid);
    to.look();
    from.run(domids[0], "web--migratedaway", DomainState::Paused, uuid);
    from.look();
    to.run(domids[1], "web", RUNNING, uuid);
    // As that host counts: since it came.
    to.started.insert(domids[1], Some(UnixMillis(BEGAN.0 + 500_000)));
    to.look();
    from.stop(domids[0]);
    from.look();
}

#[test]
fn a_guest_that_is_migrated_stays_the_vm_that_it_was_though_the_other_host_has_a_definition_of_its_name() {
    let (mut a, mut b) = two_hosts("name='web'\n");
    let theirs = vm(&b.look(), "web").id;
    a.run(3, "web", RUNNING, 77);
    a.started.insert(3, Some(BEGAN));
    let web = vm(&a.look(), "web");
    assert_ne!(web.id, theirs, "not migrated yet: two definitions are two VMs");

    migrate(&mut a, &mut b, [3, 8], 77);
    let come = vm(&b.look(), "web");
    assert_eq!((come.id, come.power), (web.id, PowerState::Running));
    assert_eq!(come.started_at, Some(BEGAN), "it was not started anew");
    assert_eq!(come.config_path.as_deref(), Some("/etc/xen/web.cfg"));
    assert_eq!(
        names(&b.look()),
        ["web Running"],
        "nor is it listed as halted beside"
    );
    assert_eq!(vm(&a.look(), "web").power, PowerState::Halted);

    migrate(&mut b, &mut a, [8, 4], 77);
    let back = vm(&a.look(), "web");
    assert_eq!((back.id, back.started_at), (web.id, Some(BEGAN)));
    assert_eq!(vm(&b.look(), "web").id, theirs);

    migrate(&mut a, &mut b, [4, 9], 77);
    assert_eq!(vm(&b.look(), "web").id, web.id, "and so for ever");
    b.stop(9);
    b.run(10, "web", RUNNING, 78);
    assert_eq!(vm(&b.look(), "web").id, theirs, "what is started there is theirs");
}

#[test]
fn a_guest_with_a_uuid_that_is_migrated_runs_since_it_was_started() {
    let (mut a, mut b) = two_hosts(&format!("name='web'\nuuid='{}'\n", Uuid::from_u128(77)));
    a.run(3, "web", RUNNING, 77);
    a.started.insert(3, Some(BEGAN));
    let web = vm(&a.look(), "web").id;
    b.look();
    migrate(&mut a, &mut b, [3, 8], 77);
    let come = vm(&b.look(), "web");
    assert_eq!((come.id, come.started_at), (web, Some(BEGAN)));

    b.stop(8);
    b.look();
    a.run(4, "web", RUNNING, 77);
    let again = UnixMillis(BEGAN.0 + 900_000);
    a.started.insert(4, Some(again));
    assert_eq!(
        vm(&a.look(), "web").started_at,
        Some(again),
        "started, not migrated"
    );
}

#[test]
fn a_guest_that_is_migrated_to_a_host_without_its_definition_is_the_same_vm() {
    let (mut a, mut b) = two_hosts("name='web'\n");
    b.definitions.clear();
    a.run(3, "web", RUNNING, 77);
    let web = vm(&a.look(), "web").id;
    b.look();
    migrate(&mut a, &mut b, [3, 8], 77);
    assert_eq!(vm(&b.look(), "web").id, web);
    b.stop(8);
    assert_eq!(b.look().iter().count(), 0);
    assert_eq!(vm(&a.look(), "web").id, web);
}

/// The same two hosts as a server sees them that was started anew: it knows nothing but what was kept of each.
fn restarted(hosts: [&mut Host; 2]) {
    let runs = Runs::default();
    for host in hosts {
        let arrivals: Vec<_> = host.look().arrivals().collect();
        let (site, id) = host.place();
        host.identities = Identities::recalling(site, id, &arrivals);
        host.runs = runs.clone();
        for arrival in &arrivals {
            runs.recall(site, id, arrival);
        }
    }
}

#[test]
fn a_guest_that_was_migrated_stays_the_vm_that_it_was_when_the_server_is_started_anew() {
    let (mut a, mut b) = two_hosts("name='web'\n");
    let theirs = vm(&b.look(), "web").id;
    a.run(3, "web", RUNNING, 77);
    a.started.insert(3, Some(BEGAN));
    let web = vm(&a.look(), "web").id;
    migrate(&mut a, &mut b, [3, 8], 77);

    restarted([&mut a, &mut b]);
    let come = vm(&b.look(), "web");
    assert_eq!((come.id, come.started_at), (web, Some(BEGAN)));
    assert_eq!(
        come.config_path.as_deref(),
        Some("/etc/xen/web.cfg"),
        "its definition here"
    );
    assert_eq!(names(&b.look()), ["web Running"]);
    assert_eq!(vm(&a.look(), "web").power, PowerState::Halted);

    migrate(&mut b, &mut a, [8, 4], 77);
    restarted([&mut a, &mut b]);
    let back = vm(&a.look(), "web");
    assert_eq!((back.id, back.started_at), (web, Some(BEGAN)));
    assert_eq!(vm(&b.look(), "web").id, theirs);
    assert_eq!(b.look().arrivals().count(), 0, "who left is not kept");
}

#[test]
fn a_guest_with_a_uuid_that_was_migrated_has_its_definition_and_beginning_when_the_server_is_started_anew() {
    let (mut a, mut b) = two_hosts(&format!("name='web'\nuuid='{}'\n", Uuid::from_u128(77)));
    a.run(3, "web", RUNNING, 77);
    a.started.insert(3, Some(BEGAN));
    let web = vm(&a.look(), "web").id;
    b.look();
    migrate(&mut a, &mut b, [3, 8], 77);
    restarted([&mut a, &mut b]);
    let come = vm(&b.look(), "web");
    assert_eq!((come.id, come.started_at), (web, Some(BEGAN)));
    assert_eq!(come.config_path.as_deref(), Some("/etc/xen/web.cfg"));
}

#[test]
fn a_guest_that_came_and_is_rebooted_runs_since_its_reboot() {
    let with_uuid = format!("name='web'\nuuid='{}'\n", Uuid::from_u128(77));
    for definition in ["name='web'\n", &with_uuid] {
        let (mut a, mut b) = two_hosts(definition);
        a.run(3, "web", RUNNING, 77);
        a.started.insert(3, Some(BEGAN));
        let web = vm(&a.look(), "web").id;
        migrate(&mut a, &mut b, [3, 8], 77);

        // `xl reboot` keeps the run's UUID and makes another domain.
        b.stop(8);
        b.run(9, "web", RUNNING, 77);
        let again = UnixMillis(BEGAN.0 + 900_000);
        b.started.insert(9, Some(again));
        for _ in 0..2 {
            let rebooted = vm(&b.look(), "web");
            assert_eq!(
                (rebooted.id, rebooted.started_at),
                (web, Some(again)),
                "{definition}"
            );
            restarted([&mut a, &mut b]);
        }
    }
}
