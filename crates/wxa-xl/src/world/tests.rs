//! The merge, on captures and on made-up hosts.
mod migrated;

use super::{Identities, Runs, Sources, World, merge};
use crate::parse::{
    definition, state::DomainState, xl_list, xl_list::XlDomain, xl_list_long, xl_list_long::LongDomain,
};
use crate::watch::Sizes;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;
use wxa_model::{ConsoleKind, GuestType, HostId, PowerState, SiteId, UnixMillis, Vm, VmRole};

/// A host that tests change between looks.
#[derive(Default)]
struct Host {
    domains: Vec<XlDomain>,
    long: HashMap<u32, LongDomain>,
    definitions: BTreeMap<String, Result<definition::Definition, String>>,
    identities: Identities,
    runs: Runs,
    started: HashMap<u32, Option<UnixMillis>>,
    clock: u64,
    is_other: bool,
}

impl Host {
    fn look(&mut self) -> World {
        self.clock += 1000;
        let (site, host) = self.place();
        let sources = Sources {
            site,
            host,
            domains: &self.domains,
            long: &self.long,
            definitions: &self.definitions,
            autostart: &HashSet::from(["/etc/xen/auto.cfg".to_owned()]),
            started: &self.started,
            sizes: &Sizes::default(),
            runs: &self.runs,
            steady_ms: self.clock,
        };
        merge(sources, &mut self.identities)
    }

    fn place(&self) -> (SiteId, HostId) {
        let host = HostId(Uuid::from_u128(2 + u128::from(self.is_other)));
        (SiteId(Uuid::from_u128(1)), host)
    }

    fn define(&mut self, path: &str, text: &str) {
        let definition = definition::parse(text).map_err(|problem| problem.to_string());
        self.definitions.insert(path.to_owned(), definition);
    }

    fn run(&mut self, domid: u32, name: &str, state: DomainState, uuid: u128) {
        self.stop(domid);
        self.domains.push(XlDomain {
            domid,
            name: name.to_owned(),
            memory_mib: 128,
            vcpus: 1,
            state,
            cpu_seconds: 1.0,
        });
        let text = format!(
            r#"[{{"domid":{domid},"config":{{"c_info":{{"type":"pvh","name":"{name}","uuid":"{}"}}}}}}]"#,
            Uuid::from_u128(uuid)
        );
        self.long.extend(
            xl_list_long::parse(&text)
                .unwrap()
                .into_iter()
                .map(|long| (long.domid, long)),
        );
    }

    fn stop(&mut self, domid: u32) {
        self.domains.retain(|domain| domain.domid != domid);
        self.long.remove(&domid);
    }
}

fn vm(world: &World, name: &str) -> Vm {
    let mut found: Vec<&Vm> = world
        .iter()
        .map(|sighting| &sighting.vm)
        .filter(|vm| vm.name == name)
        .collect();
    assert_eq!(
        found.len(),
        1,
        "{name}: {:?}",
        world.iter().map(|s| &s.vm.name).collect::<Vec<_>>()
    );
    found.remove(0).clone()
}

fn names(world: &World) -> Vec<String> {
    let mut names: Vec<String> = world
        .iter()
        .map(|sighting| format!("{} {:?}", sighting.vm.name, sighting.vm.power))
        .collect();
    names.sort();
    names
}

const RUNNING: DomainState = DomainState::Running;

#[test]
fn a_captured_host_becomes_vms() {
    let mut host = Host {
        domains: xl_list::parse(include_str!("../../tests/captures/xl-list.txt")).unwrap(),
        ..Host::default()
    };
    let long = xl_list_long::parse(include_str!("../../tests/captures/xl-list-long.txt")).unwrap();
    host.long = long.into_iter().map(|long| (long.domid, long)).collect();
    host.define("/etc/xen/lvm.cfg", "name='lvm'\ntype='pv'\nmemory=128\n");
    host.define(
        "/etc/xen/auto.cfg",
        "name='auto'\ntype='hvm'\nserial='pty'\nmemory=256\nvcpus=4\n",
    );
    host.define("/etc/xen/bad.cfg", "name=\n");
    let world = host.look();
    assert_eq!(
        names(&world),
        [
            "Domain-0 Running",
            "auto Halted",
            "bad Halted",
            "lvm Running",
            "net Running",
            "pvh Paused",
            "tiny Running"
        ]
    );
    assert_eq!(vm(&world, "Domain-0").role, VmRole::ControlDomain);
    assert!(vm(&world, "Domain-0").consoles.is_empty());
    let lvm = vm(&world, "lvm");
    assert_eq!(
        (
            lvm.config_path.as_deref(),
            lvm.disks.len(),
            lvm.native_id.as_deref()
        ),
        (Some("/etc/xen/lvm.cfg"), 2, Some("11"))
    );
    let auto = vm(&world, "auto");
    assert!(auto.autostart && !lvm.autostart);
    assert_eq!((auto.guest_type, auto.vcpus), (Some(GuestType::Hvm), 4));
    assert_eq!(
        auto.consoles,
        [ConsoleKind::Serial, ConsoleKind::Pv, ConsoleKind::Graphical]
    );
    assert!(vm(&world, "bad").config_problem.unwrap().starts_with("line 1"));
    assert_eq!(vm(&world, "tiny").memory_max.0, 192 << 20);
}

#[test]
fn a_guest_without_a_uuid_in_its_definition_keeps_its_id_over_restarts_and_renames() {
    let mut host = Host::default();
    host.define("/etc/xen/web.cfg", "name='web'\n");
    let id = vm(&host.look(), "web").id;
    for run in 1..4 {
        host.run(run, "web", RUNNING, u128::from(run));
        assert_eq!(vm(&host.look(), "web").id, id);
        host.stop(run);
    }
    host.run(9, "web", RUNNING, 9);
    host.look();
    host.run(9, "renamed", RUNNING, 9);
    let world = host.look();
    assert_eq!(vm(&world, "renamed").id, id);
    assert_eq!(world.iter().count(), 1, "and it is not listed as halted beside");
}

#[test]
fn a_guest_with_a_uuid_is_that_guest_whatever_its_name() {
    let mut host = Host::default();
    let uuid = Uuid::from_u128(77);
    host.define("/etc/xen/a.cfg", &format!("name='web'\nuuid='{uuid}'\n"));
    host.define("/etc/xen/b.cfg", &format!("name='copy'\nuuid='{uuid}'\n"));
    let world = host.look();
    let (web, copy) = (vm(&world, "web").id, vm(&world, "copy").id);
    assert_ne!(web, copy, "two definitions with one uuid are two VMs");
    host.run(4, "other name", RUNNING, 77);
    assert_eq!(vm(&host.look(), "other name").id, web);
    host.run(5, "web", RUNNING, 5);
    assert_ne!(
        vm(&host.look(), "web").id,
        web,
        "the same name with another uuid is another VM"
    );
}

#[test]
fn a_domain_without_a_definition_is_told_by_its_name_and_keeps_its_id_when_renamed() {
    let mut host = Host::default();
    host.run(3, "loose", RUNNING, 3);
    let id = vm(&host.look(), "loose").id;
    host.run(3, "tight", RUNNING, 3);
    assert_eq!(vm(&host.look(), "tight").id, id);
    host.run(4, "loose", RUNNING, 4);
    let world = host.look();
    assert_eq!(world.iter().count(), 2);
    assert_eq!(vm(&world, "tight").id, id);
    host.stop(3);
    host.stop(4);
    assert_eq!(host.look().iter().count(), 0);
}

#[test]
fn an_edit_that_breaks_a_definition_does_not_make_it_another_vm() {
    let mut host = Host::default();
    let uuid = Uuid::from_u128(7);
    host.define("/etc/xen/web.cfg", &format!("name='web'\nuuid='{uuid}'\n"));
    let id = vm(&host.look(), "web").id;
    host.define("/etc/xen/web.cfg", "name='web\n");
    assert_eq!(vm(&host.look(), "web").id, id);
}

#[test]
fn halves_of_a_migration_are_no_vms() {
    let mut host = Host::default();
    host.define("/etc/xen/web.cfg", "name='web'\n");
    host.run(5, "web--incoming", DomainState::Paused, 5);
    assert_eq!(names(&host.look()), ["web Halted"]);
    host.run(5, "web", RUNNING, 5);
    assert_eq!(names(&host.look()), ["web Running"]);
    host.run(5, "web--migratedaway", DomainState::Paused, 5);
    assert_eq!(names(&host.look()), ["web Halted"]);
}

#[test]
fn a_domain_in_the_making_is_not_shown_as_paused() {
    let mut host = Host::default();
    host.define("/etc/xen/web.cfg", "name='web'\n");
    host.run(5, "web", DomainState::Paused, 5);
    host.domains[0].cpu_seconds = 0.0;
    let mut world = host.look();
    assert_eq!(names(&world), ["web Halted"]);
    assert_eq!(
        world.iter().next().unwrap().domid,
        Some(5),
        "but it cannot be started twice"
    );
    assert_eq!(world.apply("web", DomainState::Paused), super::Applied::Same);
    assert_eq!(world.apply("web", RUNNING), super::Applied::LookCloser);
    host.clock += 60_000;
    assert_eq!(names(&host.look()), ["web Paused"], "created paused on purpose");
    host.run(7, "quick", RUNNING, 7);
    host.domains[1].cpu_seconds = 0.0;
    host.look();
    host.domains[1].state = DomainState::Paused;
    assert_eq!(
        names(&host.look()),
        ["quick Paused", "web Paused"],
        "it has run before"
    );
    host.stop(7);
    host.run(6, "(null)", DomainState::Paused, 6);
    assert_eq!(names(&host.look()), ["web Paused"], "no name yet");
}

#[test]
fn a_domain_that_is_taken_apart_is_what_it_was_and_stops() {
    let mut host = Host::default();
    host.run(5, "web", RUNNING, 5);
    let id = vm(&host.look(), "web").id;
    host.run(5, "(null)", DomainState::Paused, 5);
    let world = host.look();
    assert_eq!(names(&world), ["web Stopping"]);
    assert_eq!(vm(&world, "web").id, id);
}

#[test]
fn helpers_of_guests_run_the_host() {
    let mut host = Host::default();
    host.run(5, "win", RUNNING, 5);
    host.run(6, "win-dm", RUNNING, 6);
    host.run(7, "lonely-dm", RUNNING, 7);
    let world = host.look();
    assert_eq!(vm(&world, "win-dm").role, VmRole::ControlDomain);
    assert_eq!(vm(&world, "lonely-dm").role, VmRole::Guest);
}

#[test]
fn newer_states_are_taken_over_where_they_tell_enough() {
    use super::Applied::{Changed, LookCloser, Same};
    use crate::parse::state::ShutdownReason;
    let mut host = Host::default();
    host.run(5, "web", RUNNING, 5);
    let mut world = host.look();
    assert_eq!(world.apply("web", DomainState::Paused), Changed);
    assert_eq!(vm(&world, "web").power, PowerState::Paused);
    assert_eq!(world.apply("web", DomainState::Paused), Same);
    assert_eq!(world.apply("web", RUNNING), Changed);
    assert_eq!(
        world.apply("web", DomainState::Shutdown(ShutdownReason::Unknown)),
        LookCloser
    );
    assert_eq!(world.apply("new", RUNNING), LookCloser);
}
