//! What stays attached though nobody looks, who may read it, and what is said of what does not.
use super::*;
use crate::{
    Ctx, Error, RecordingSettings, ReplayFrom, TagChange,
    console::{
        SESSIONS,
        tests::{comer, who},
    },
    core::test_core::TestCore,
    test_driver::{Bench, HOST, Recording, SITE, Script, Watching, record, soon, until, vm, vm_id},
};
use tokio::sync::mpsc;
use wxa_model::{GuestType, Role, Scope, Site};
use wxa_store::TapeKey;

const PV: ConsoleKind = ConsoleKind::Pv;
const SERIAL: ConsoleKind = ConsoleKind::Serial;

/// A core with one connection of that kind that has these VMs.
struct Place {
    core: TestCore,
    script: Script,
    calls: mpsc::Receiver<Recording>,
    _watching: Watching,
}

/// Whether the host logs its guests' consoles.
enum Logs {
    Yes,
    No,
}

impl Place {
    async fn of(kind: HostKind, logs: Logs, vms: Vec<Vm>) -> Self {
        let core = TestCore::start().await;
        let mut script = Script::new();
        let calls = match logs {
            Logs::Yes => script.records(),
            Logs::No => mpsc::channel(1).1,
        };
        let live = core.live();
        let home = Site {
            id: SITE,
            name: "Home".into(),
        };
        live.inventory.put_site(home).await;
        let host = crate::inventory::HostRecord { kind, ..record(HOST) };
        live.hosts.attach(host, script.driver.clone()).await;
        let watching = script.listed(vms).await;
        until(&live.inventory, |now| {
            now.host(HOST).is_some_and(|(host, _)| host.facts.is_some())
        })
        .await;
        Self {
            core,
            script,
            calls,
            _watching: watching,
        }
    }

    /// Bytes of a console that are in the file.
    async fn kept(&self, kind: ConsoleKind) -> u64 {
        let tapes = self.core.live().consoles.tapes();
        tapes.flush().await.unwrap();
        let key = TapeKey { vm: vm_id(1), kind };
        tapes.store().unwrap().kept(key).await.unwrap().0
    }

    async fn not_recorded(&self) -> Option<String> {
        let facts = self.core.vm_recording_get(&Ctx::command_line(), vm_id(1)).await;
        facts.unwrap().not_recorded
    }

    async fn recorded(&self) -> u32 {
        let facts = self.core.host_recording_get(&Ctx::command_line(), HOST).await;
        facts.unwrap().recorded
    }

    async fn records_by(&self, way: RecordingWay) {
        let ctx = Ctx::command_line();
        self.core.host_recording_set(&ctx, HOST, way).await.unwrap();
    }

    /// Waits until that console has printed so much.
    async fn printed(&self, kind: ConsoleKind, bytes: u64) {
        let tape = self.core.live().consoles.tapes().tape(vm_id(1), kind);
        let mut end = tape.watch_end();
        soon(end.wait_for(|end| *end >= bytes)).await.unwrap();
        while !self.core.live().consoles.is_attached(vm_id(1), kind) {
            tokio::task::yield_now().await;
        }
    }

    /// Somebody looks.
    async fn watch(&self) -> crate::ConsoleViewer {
        self.core
            .console_open(&Ctx::command_line(), vm_id(1), None, ReplayFrom::default())
            .await
            .unwrap()
    }
}

fn with_serial_port() -> Vm {
    Vm {
        guest_type: Some(GuestType::Hvm),
        consoles: vec![SERIAL, PV],
        ..vm(1, PowerState::Running)
    }
}

fn control_domain() -> Vm {
    Vm {
        role: VmRole::ControlDomain,
        consoles: vec![PV],
        ..vm(1, PowerState::Running)
    }
}

#[tokio::test]
async fn a_serial_port_is_in_no_log_and_stays_attached_where_that_was_chosen() {
    let mut place = Place::of(HostKind::Plain, Logs::Yes, vec![with_serial_port()]).await;
    let call = soon(place.calls.recv()).await.unwrap();
    call.caught_up().await;
    assert_eq!(
        place.not_recorded().await.as_deref(),
        Some(crate::console::recording::IN_NO_LOG)
    );
    assert_eq!(place.recorded().await, 0, "nobody is locked out of it");

    place.records_by(RecordingWay::Attached).await;
    let opening = soon(place.script.consoles.recv()).await.unwrap();
    assert_eq!((opening.vm, opening.kind), (vm_id(1), SERIAL));
    let guest = opening.connects();
    guest.print("SeaBIOS\r\n").await;
    place.printed(SERIAL, 9).await;
    assert_eq!(place.kept(SERIAL).await, 9);
    assert_eq!((place.recorded().await, place.not_recorded().await), (1, None));

    place
        .core
        .console_release(&Ctx::command_line(), vm_id(1))
        .await
        .unwrap();
    soon(guest.prints.closed()).await;
    assert_eq!(place.recorded().await, 0);
    place.core.stop().await;
}

#[tokio::test]
async fn the_console_of_a_pools_host_is_recorded_for_its_administrators() {
    let mut place = Place::of(HostKind::Pool, Logs::No, vec![control_domain()]).await;
    let opening = soon(place.script.consoles.recv()).await.unwrap();
    assert_eq!(opening.kind, PV);
    let guest = opening.connects();
    guest.print("xen-1 login: ").await;
    place.printed(PV, 13).await;
    assert_eq!(place.kept(PV).await, 13);
    assert_eq!(place.not_recorded().await, None);

    let core = &place.core;
    let (from, to) = (None, None);
    let part = crate::PastPart {
        format: crate::PastFormat::Text,
        from,
        to,
    };
    for (role, may) in [
        (Role::Admin, true),
        (Role::Operator, false),
        (Role::Viewer, false),
    ] {
        let ctx = who(role, Scope::Host(HOST));
        let all = [
            core.console_history(&ctx, vm_id(1), None, None, None)
                .await
                .map(drop),
            core.console_search(&ctx, vm_id(1), None, "login", None)
                .await
                .map(drop),
            core.console_marks(&ctx, vm_id(1), None).await.map(drop),
            core.console_download(&ctx, vm_id(1), None, part).await.map(drop),
            core.vm_recording_get(&ctx, vm_id(1)).await.map(drop),
        ];
        for (n, read) in all.into_iter().enumerate() {
            match read {
                Ok(()) => assert!(may, "{role:?} reads by way {n}"),
                Err(error) => assert!(!may && matches!(error, Error::Forbidden), "{role:?} {n}: {error}"),
            }
        }
    }
    let told = core
        .live()
        .inventory
        .now()
        .vm(vm_id(1))
        .and_then(|(vm, _)| vm.understood);
    assert_eq!(told, None, "who sees the VM is not told what its console prints");
    place.core.stop().await;
}

#[tokio::test]
async fn a_plain_hosts_control_domain_is_not_said_to_be_recorded() {
    let domain = Vm {
        consoles: Vec::new(),
        ..control_domain()
    };
    let mut place = Place::of(HostKind::Plain, Logs::Yes, vec![domain]).await;
    soon(place.calls.recv()).await.unwrap().caught_up().await;
    assert!(place.not_recorded().await.is_some());
    place.core.stop().await;
}

#[tokio::test]
async fn what_is_shown_of_a_host_that_is_not_to_be_recorded_is_not_kept() {
    let guest = Vm {
        consoles: vec![PV],
        ..vm(1, PowerState::Running)
    };
    let mut place = Place::of(HostKind::Plain, Logs::No, vec![guest]).await;
    place.records_by(RecordingWay::Off).await;
    let _viewer = place.watch().await;
    let guest = place.script.connect_console().await;
    guest.print("private").await;
    place.printed(PV, 7).await;
    assert_eq!(place.kept(PV).await, 0);
    assert!(place.not_recorded().await.is_some());
    place.records_by(RecordingWay::Logs).await;
    guest.print("public").await;
    place.printed(PV, 13).await;
    assert_eq!((place.kept(PV).await, place.not_recorded().await), (6, None));
    place.core.stop().await;
}

#[tokio::test]
async fn a_guest_that_is_not_recorded_by_its_tags_is_not_from_its_first_byte_on() {
    let mut place = Place::of(HostKind::Plain, Logs::No, vec![vm(1, PowerState::Running)]).await;
    let ctx = Ctx::command_line();
    let settings = RecordingSettings {
        off_tags: vec!["secret".into()],
        ..RecordingSettings::default()
    };
    place.core.recording_set(&ctx, settings).await.unwrap();
    let change = TagChange {
        add: vec!["secret".into()],
        remove: Vec::new(),
    };
    place.core.vm_set_tags(&ctx, vm_id(1), change).await.unwrap();
    let all = place.core.live().consoles.tapes();
    // As one that is begun after the last look at them all.
    let tape = all.tape(vm_id(1), PV);
    tape.seen(HOST, b"private");
    assert_eq!(place.kept(PV).await, 0);
    place.script.consoles.close();
    place.core.stop().await;
}

#[tokio::test]
async fn consoles_that_are_only_recorded_refuse_nobody_who_wants_to_look() {
    let all = SESSIONS as u128;
    let vms = (1..=all + 1).map(|n| vm(n, PowerState::Running)).collect();
    let mut bench = Bench::start().await;
    let _watching = bench.script.listed(vms).await;
    until(&bench.live.inventory, |now| now.vm(vm_id(all + 1)).is_some()).await;
    let consoles = bench.live.consoles.clone();
    let wanted = |from, to| (from..=to).map(|n| (vm_id(n), PV)).collect::<HashSet<_>>();
    assert!(consoles.keep_only(&wanted(1, all)));
    assert!(
        !consoles.keep_only(&wanted(1, all + 1)),
        "they do not take each other's place"
    );
    let open = |n| consoles.open(vm_id(n), PV, comer("ada"), ReplayFrom::default());
    let viewer = open(all + 1).unwrap();
    assert_eq!(consoles.count(), SESSIONS);
    assert!(!consoles.keep_only(&wanted(1, all)), "one has to wait");
    drop(viewer);
    assert!(consoles.keep_only(&wanted(1, all)), "and has room again");
    bench.stop().await;
}
