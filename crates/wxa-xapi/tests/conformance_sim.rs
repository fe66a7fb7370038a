//! The driver against the simulator's pools, over TLS: the suite that all drivers pass, and what only pools have.
#![allow(clippy::expect_used)]

#[path = "common/bed.rs"]
mod bed;
#[path = "conformance_sim/chosen.rs"]
mod chosen;
#[path = "conformance_sim/places.rs"]
mod places;
#[path = "conformance_sim/screens.rs"]
mod screens;

use bed::{Bed, POOL, SITE, SOON, find};
use std::time::Duration;
use wxa_driver::{
    Archive, ErrorKind,
    conformance::{
        Bench, Broken, Guest, acts, consoles, details, listing,
        measuring::{self, Claims},
    },
};
use wxa_model::{
    Action, ConsoleKind, GuestType, HostId, Metric, Part, PowerState, SampleBatch, VmAct, VmRole,
};
use wxa_sim::sentinels;

const PV: &[GuestType] = &[GuestType::Pv, GuestType::Pvh];

/// A simulated guest: it asks for a name and any password.
fn guest(name: &str) -> Guest {
    Guest {
        name: name.to_owned(),
        console: ConsoleKind::Pv,
        prompt: format!("root@{name}:~# "),
        sign_in: vec![
            ("login: ".to_owned(), "root\r".to_owned()),
            ("Password: ".to_owned(), "xen\r".to_owned()),
        ],
        boots_within: Duration::from_secs(20),
        acts_within: Duration::from_secs(20),
        escape_shown: None,
    }
}

fn names() -> Vec<String> {
    (0..8).map(|n| format!("guest-{n}")).collect()
}

#[tokio::test]
async fn a_guest_from_start_to_shutdown() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.named_vms = names()).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    listing::resync_is_complete(&bench, &["guest-0", "Control domain on host: lab-1"]).await?;
    listing::refuses_what_cannot_be(&bench).await?;
    let halted = find(&bench, PV, PowerState::Halted)?;
    assert_eq!(halted.host, POOL, "it is tied to no member");
    let guest = guest(&halted.name);
    let vm = acts::starts(&bench, &guest).await?;
    assert!(bench.view().members.contains_key(&vm.host) && vm.consoles.first() == Some(&ConsoleKind::Pv));
    let mut terminal = consoles::boots_to_a_shell(&bench, &guest).await?;
    consoles::escape_reaches_the_guest(&mut terminal, &guest).await?;
    acts::pauses_and_unpauses(&bench, &guest).await?;
    let other = bed.other(0).await;
    let took = listing::sees_what_others_do(&bench, &other, &guest.name, 4).await?;
    assert!(
        took.iter().all(|took| *took < Duration::from_millis(1500)),
        "{took:?}"
    );
    let rebooted = acts::reboots(&bench, &guest).await?;
    assert_eq!(rebooted.id, vm.id);
    consoles::ends_with_its_guest(terminal, SOON).await?;
    acts::shuts_down(&bench, &guest).await?;
    acts::starts(&bench, &guest).await?;
    acts::powers_off(&bench, &guest).await?;
    assert!(bench.view().faults.is_empty(), "{:?}", bench.view().faults);
    Ok(())
}

#[tokio::test]
async fn suspend_resume_and_reset_are_what_only_pools_do() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = find(&bench, PV, PowerState::Running)?;
    for (action, power) in [
        (Action::VmSuspend, PowerState::Suspended),
        (Action::VmResume, PowerState::Running),
    ] {
        let (result, steps) = bench.perform(action, vm.id).await;
        result?;
        assert!(!steps.is_empty());
        let shown =
            |view: &wxa_driver::conformance::View| view.vms.get(&vm.id).is_some_and(|vm| vm.power == power);
        bench.wait(&format!("{power:?}"), SOON, shown).await?;
    }
    acts::offers_no_sysrq_keys(&bench, &guest(&vm.name)).await?;
    let before = bench.vm(&vm.name)?;
    bench.perform(Action::VmReset, vm.id).await.0?;
    let another = |view: &wxa_driver::conformance::View| {
        view.vms
            .get(&vm.id)
            .is_some_and(|vm| vm.native_id.is_some() && vm.native_id != before.native_id)
    };
    bench.wait("another run", SOON, another).await?;
    let command = bench
        .driver()
        .equivalent_command(VmAct::new(Action::VmReset, vm.id));
    let uuid = vm.xen_uuid.map(|uuid| uuid.to_string()).unwrap_or_default();
    assert_eq!(command, Some(format!("xe vm-reboot uuid={uuid} --force")));
    Ok(())
}

#[tokio::test]
async fn members_and_what_they_say_make_up_the_pool() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.hosts = 3).await?;
    let driver = bed.driver();
    let asked = driver.probe().await?;
    let bench = Bench::start(driver, SOON).await?;
    let view = bench.view();
    let facts = view.facts.unwrap_or_default();
    assert_eq!(asked, facts);
    assert_eq!(
        (facts.hostname.as_str(), facts.product.as_str()),
        ("lab", "XCP-ng 8.3.0")
    );
    assert_eq!((facts.cpus, facts.threads_per_core), (96, 2));
    let members: Vec<_> = view.members.values().collect();
    assert_eq!(members.len(), 3);
    assert!(
        members
            .iter()
            .all(|member| member.live && member.facts.uuid.is_some())
    );
    let coordinators = members.iter().filter(|member| member.facts.coordinator);
    assert_eq!(
        coordinators
            .map(|member| member.name.as_str())
            .collect::<Vec<_>>(),
        ["lab-1"]
    );
    for member in members {
        let uuid = member.facts.uuid.ok_or_else(|| Broken("no UUID".to_owned()))?;
        assert_eq!(member.id, HostId::of_member(SITE, uuid));
        let own = view
            .vms
            .values()
            .filter(|vm| vm.host == member.id && vm.role == VmRole::ControlDomain);
        assert_eq!(own.count(), 1, "{}", member.name);
    }
    Ok(())
}

#[tokio::test]
async fn a_member_in_maintenance_is_told() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let other = bed.other(0).await;
    let host = other
        .call("host.get_by_name_label", serde_json::json!(["lab-2"]))
        .await[0]
        .clone();
    other.call("host.disable", serde_json::json!([host])).await;
    let told = |view: &wxa_driver::conformance::View| {
        view.members
            .values()
            .any(|member| member.name == "lab-2" && member.facts.maintenance)
    };
    bench.wait("maintenance", SOON, told).await?;
    Ok(())
}

#[tokio::test]
async fn what_only_a_pool_has_is_described() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let other = bed.other(0).await;
    let vm = find(
        &bench,
        &[GuestType::Hvm, GuestType::Pv, GuestType::Pvh],
        PowerState::Running,
    )?;
    let before = bench.view().vms.len();
    let reference = other.vm(&vm.name).await;
    other
        .call("VM.snapshot", serde_json::json!([reference, "before the update"]))
        .await;
    // What is told later was done later.
    other
        .call("VM.set_name_label", serde_json::json!([reference, "renamed"]))
        .await;
    bench
        .wait("the new name", SOON, |view| view.named("renamed").is_some())
        .await?;
    let told = details::pool_is_described(&bench).await?;
    let snapshots = told.snapshots.get().cloned().unwrap_or_default();
    let named: Vec<_> = snapshots
        .iter()
        .map(|one| (one.name.as_str(), one.of.as_str()))
        .collect();
    assert_eq!(named, [("before the update", "renamed")]);
    assert_eq!(bench.view().vms.len(), before, "a snapshot is no VM");
    let repositories = told.repositories.get().cloned().unwrap_or_default();
    let shared = repositories
        .iter()
        .find(|one| one.default)
        .ok_or_else(|| Broken("no default".to_owned()))?;
    assert_eq!(
        (shared.shared, shared.attached.len(), shared.detached.len()),
        (true, 2, 0)
    );
    assert!(repositories.iter().any(|one| one.iso) && shared.disks > 0);
    let networks = told.networks.get().cloned().unwrap_or_default();
    assert!(networks.iter().any(|one| one.management
        && one.interfaces.contains(&"lab-1: eth0".to_owned())
        && one.vm_interfaces > 0));
    Ok(())
}

#[tokio::test]
async fn what_a_guest_tells_is_shown_while_it_runs() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = find(&bench, PV, PowerState::Running)?;
    let told = vm.guest.unwrap_or_default();
    assert_eq!(
        (told.os.as_str(), told.tools.as_str()),
        ("Debian GNU/Linux 12 (bookworm)", "8.4.0")
    );
    let per_interface = told
        .addresses
        .iter()
        .filter(|address| address.starts_with("10.20."));
    assert_eq!(per_interface.count(), vm.nics.len(), "{:?}", told.addresses);
    bench.perform(Action::VmPowerOff, vm.id).await.0?;
    let halted = |view: &wxa_driver::conformance::View| {
        view.vms
            .get(&vm.id)
            .is_some_and(|vm| vm.power == PowerState::Halted && vm.guest.is_none())
    };
    bench.wait("halted, and nothing told", SOON, halted).await?;
    bench.perform(Action::VmStart, vm.id).await.0?;
    let again = |view: &wxa_driver::conformance::View| {
        view.vms
            .get(&vm.id)
            .is_some_and(|vm| vm.guest.as_ref().is_some_and(|guest| !guest.addresses.is_empty()))
    };
    bench.wait("told by the next run", SOON, again).await?;
    Ok(())
}

#[tokio::test]
async fn refusals_are_in_xapis_words() -> Result<(), Broken> {
    let named = [sentinels::REFUSES_START, sentinels::TOO_BIG];
    let bed = Bed::start(|config| config.named_vms = named.map(str::to_owned).into()).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    acts::start_is_refused(&bench, sentinels::REFUSES_START, "VDI not available").await?;
    acts::start_is_refused(&bench, sentinels::TOO_BIG, "No host of the pool can run it").await?;
    Ok(())
}

#[tokio::test]
async fn what_somebody_has_blocked_is_refused_before_it_is_asked_for() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = find(&bench, PV, PowerState::Running)?;
    assert_eq!(
        vm.refused,
        [],
        "a guest with tools does all that its state allows"
    );
    let other = bed.other(0).await;
    let reference = other.vm(&vm.name).await;
    for operation in ["clean_shutdown", "hard_shutdown", "start"] {
        let blocked = serde_json::json!([reference, operation, "Ask the ERP team"]);
        other.call("VM.add_to_blocked_operations", blocked).await;
    }
    let refuses = |actions: &'static [Action]| {
        move |view: &wxa_driver::conformance::View| {
            view.vms.get(&vm.id).is_some_and(|vm| {
                let why = "It is blocked on the pool: Ask the ERP team.";
                vm.refused
                    .iter()
                    .map(|one| one.action)
                    .eq(actions.iter().copied())
                    && vm.refused.iter().all(|one| one.why == why)
            })
        }
    };
    let both = refuses(&[Action::VmShutdown, Action::VmPowerOff]);
    bench.wait("what its state allows is refused", SOON, both).await?;
    for operation in ["clean_shutdown", "hard_shutdown"] {
        let free = serde_json::json!([reference, operation]);
        other.call("VM.remove_from_blocked_operations", free).await;
    }
    bench.wait("nothing is refused", SOON, refuses(&[])).await?;
    bench.perform(Action::VmShutdown, vm.id).await.0?;
    bench
        .wait("it cannot start", SOON, refuses(&[Action::VmStart]))
        .await?;
    Ok(())
}

#[tokio::test]
async fn hvm_guests_have_no_text_console_and_control_domains_have_one() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let hvm = find(&bench, &[GuestType::Hvm], PowerState::Running)?;
    assert_eq!(hvm.consoles, [ConsoleKind::Graphical]);
    let error = bench.driver().console(hvm.id, ConsoleKind::Pv).await.err();
    let error = error.ok_or_else(|| Broken("it has one".to_owned()))?;
    assert_eq!(error.kind, ErrorKind::NotSupported { action: None });
    assert!(
        error.message.contains("XAPI has no text console for HVM guests"),
        "{error}"
    );
    let halted = find(
        &bench,
        &[GuestType::Hvm, GuestType::Pv, GuestType::Pvh],
        PowerState::Halted,
    )?;
    let error = bench.driver().console(halted.id, ConsoleKind::Pv).await.err();
    assert!(matches!(
        error.map(|error| error.kind),
        Some(ErrorKind::Refused { .. })
    ));
    for name in ["Control domain on host: lab-1", "Control domain on host: lab-2"] {
        let control = bench.vm(name)?;
        assert_eq!(control.consoles, [ConsoleKind::Pv, ConsoleKind::Graphical]);
        let mut terminal =
            wxa_driver::conformance::Terminal::attach(bench.driver(), control.id, &guest(name)).await?;
        terminal.write("\r").await?;
        terminal.expect("login: ", SOON).await?;
    }
    assert!(bench.driver().console_log(hvm.id, 100).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn both_members_and_all_that_runs_are_measured() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let measured = |view: &wxa_driver::conformance::View| view.member_samples.len() == 2;
    let view = bench.wait("measurements of both members", SOON, measured).await?;
    let samples = view.samples.unwrap_or_default();
    let running = view.vms.values().filter(|vm| vm.native_id.is_some());
    assert_eq!(samples.vms.len(), running.count());
    assert!(
        samples
            .vms
            .iter()
            .all(|(_, sample)| sample.cpu.is_some() && sample.memory.is_some())
    );
    assert!(samples.host.memory_used.is_some_and(|used| used.0 > 0));
    Ok(())
}

#[tokio::test]
async fn a_member_tells_what_it_recorded_before_anybody_watched() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let driver = bed.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let vm = find(&bench, PV, PowerState::Running)?;
    for (archive, least) in [
        (Archive::Minutes, 110),
        (Archive::Hours, 160),
        (Archive::Days, 50),
    ] {
        let told = driver.history(vm.host, archive).await.expect("an archive");
        let measured = told.batches.iter().filter(|batch| batch.host.cpu.is_some());
        assert!(measured.count() >= least, "{archive:?}: {}", told.batches.len());
        let of_vm = |batch: &SampleBatch| {
            batch
                .vms
                .iter()
                .any(|(id, sample)| *id == vm.id && sample.cpu.is_some())
        };
        assert!(
            told.batches.iter().filter(|batch| of_vm(batch)).count() >= least,
            "{archive:?}"
        );
        let mut steps = told.batches.windows(2).map(|pair| pair[1].at.since(pair[0].at));
        assert!(steps.all(|step| step == archive.step_ms()), "{archive:?}");
    }
    let nobody = HostId::of_member(SITE, uuid::Uuid::from_u128(1));
    let refused = driver.history(nobody, Archive::Minutes).await;
    assert_eq!(refused.map_err(|error| error.kind), Err(ErrorKind::NotFound));
    Ok(())
}

#[tokio::test]
async fn a_member_its_vms_and_their_devices_are_measured() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let claims = Claims {
        vm: &[
            Metric::Cpu,
            Metric::Memory,
            Metric::MemoryUsed,
            Metric::DiskRead,
            Metric::DiskWrite,
            Metric::DiskReadOps,
            Metric::DiskWriteOps,
            Metric::DiskLatency,
            Metric::NetRx,
            Metric::NetTx,
        ],
        host: &[
            Metric::Cpu,
            Metric::MemoryUsed,
            Metric::DiskRead,
            Metric::DiskWrite,
            Metric::NetRx,
            Metric::NetTx,
            Metric::Load,
        ],
        vm_parts: &[
            (Part::Cpu(0), Metric::Cpu),
            (Part::Nic("0".into()), Metric::NetRx),
            (Part::Disk("xvda".into()), Metric::DiskLatency),
        ],
        host_parts: &[
            (Part::Cpu(0), Metric::Cpu),
            (Part::Nic("eth0".into()), Metric::NetTx),
        ],
    };
    let running = find(
        &bench,
        &[GuestType::Hvm, GuestType::Pv, GuestType::Pvh],
        PowerState::Running,
    )?;
    measuring::tells_what_it_claims(&bench, &running.name, claims).await?;
    let view = bench.view();
    let told = details::pool_is_described(&bench).await?;
    let repositories = told.repositories.get().map(Vec::as_slice).unwrap_or_default();
    let mut stores = view.parts.keys().filter_map(|(_, part)| match part {
        Part::Storage(name) => Some(name),
        _ => None,
    });
    assert!(
        stores.all(|name| repositories.iter().any(|one| one.uuid == *name)),
        "stores are told by the UUIDs that the pool's page knows"
    );
    let control = |id| {
        view.vms
            .get(&id)
            .is_some_and(|vm| vm.role == VmRole::ControlDomain)
    };
    let samples = view.samples.clone().unwrap_or_default();
    assert!(
        samples
            .vms
            .iter()
            .all(|(id, sample)| !control(*id) || sample.memory_used.is_none()),
        "no agent tells what a control domain uses"
    );
    Ok(())
}

#[tokio::test]
async fn a_driver_that_goes_signs_out() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let other = bed.other(0).await;
    let signed_in = async || {
        let told = other
            .call("event.from", serde_json::json!([["pool"], "", 1.0]))
            .await;
        told["valid_ref_counts"]["session"].as_u64()
    };
    let driver = bed.driver();
    driver.probe().await?;
    assert_eq!(signed_in().await, Some(2));
    drop(driver);
    let left = async { while signed_in().await != Some(1) {} };
    tokio::time::timeout(SOON, left)
        .await
        .map_err(|_| Broken("it is still signed in".to_owned()))
}
