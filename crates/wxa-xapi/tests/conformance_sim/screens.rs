//! Screens: the RFB streams of a pool's VMs.
use crate::{
    bed::{Bed, SOON, find},
    guest,
};
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, acts, screens},
};
use wxa_model::{Action, ConsoleKind, GuestType, PowerState, Vm};
use wxa_xapi::{XapiConfig, XapiDriver};

/// A running HVM guest on the member with that name.
fn hvm_on(bench: &Bench, member: &str) -> Result<Vm, Broken> {
    let view = bench.view();
    let on = |vm: &Vm| {
        let home = view.members.get(&vm.host);
        home.is_some_and(|home| home.name == member)
    };
    let found = view
        .vms
        .values()
        .find(|vm| vm.power == PowerState::Running && vm.guest_type == Some(GuestType::Hvm) && on(vm));
    let found = found.cloned();
    found.ok_or_else(|| Broken(format!("no HVM guest runs on {member}")))
}

#[tokio::test]
async fn the_screens_of_guests_and_hosts_speak_rfb_and_move_on_whatever_member_they_are() -> Result<(), Broken>
{
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let pv = find(&bench, &[GuestType::Pv], PowerState::Running)?;
    for name in [
        hvm_on(&bench, "lab-1")?.name,
        hvm_on(&bench, "lab-2")?.name,
        pv.name,
        "Control domain on host: lab-2".to_owned(),
    ] {
        let mut screen = screens::speaks_rfb(&bench, &name).await?;
        screens::moves(&mut screen, SOON).await?;
    }
    let name = hvm_on(&bench, "lab-2")?.name;
    screens::several_look_at_once(&bench, &name).await
}

#[tokio::test]
async fn a_screen_is_opened_where_its_vm_runs_also_after_another_member_leads() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let name = hvm_on(&bench, "lab-2")?.name;
    bed.pool.promote(1);
    let mut screen = screens::speaks_rfb(&bench, &name).await?;
    screens::moves(&mut screen, SOON).await
}

#[tokio::test]
async fn a_vm_that_does_not_run_or_has_no_screen_is_told_so() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 48).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let halted = find(&bench, &[GuestType::Hvm], PowerState::Halted)?;
    assert!(!halted.consoles.contains(&ConsoleKind::Graphical));
    screens::is_refused_while_it_does_not_run(&bench, &halted.name).await?;
    let paused = find(&bench, &[GuestType::Hvm], PowerState::Running)?;
    acts::pauses_and_unpauses(&bench, &guest(&paused.name)).await?;
    bench.perform(Action::VmPause, paused.id).await.0?;
    let is_paused = |view: &wxa_driver::conformance::View| {
        view.vms
            .get(&paused.id)
            .is_some_and(|vm| vm.power == PowerState::Paused)
    };
    bench.wait("it paused", SOON, is_paused).await?;
    screens::is_refused_while_it_does_not_run(&bench, &paused.name).await?;

    let mute = find(&bench, &[GuestType::Pvh], PowerState::Running)?;
    assert_eq!(mute.consoles, [ConsoleKind::Pv]);
    let error = bench
        .driver()
        .console(mute.id, ConsoleKind::Graphical)
        .await
        .err();
    let error = error.ok_or_else(|| Broken("it has one".to_owned()))?;
    assert_eq!(error.kind, ErrorKind::NotSupported { action: None });
    assert_eq!(error.message, format!("{} has no screen.", mute.name));
    Ok(())
}

#[tokio::test]
async fn a_screen_ends_when_its_vm_is_shut_down() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = hvm_on(&bench, "lab-2")?;
    let screen = screens::speaks_rfb(&bench, &vm.name).await?;
    bench.perform(Action::VmPowerOff, vm.id).await.0?;
    screens::ends_with_its_vm(screen, SOON).await
}

#[tokio::test]
async fn an_account_that_may_not_open_a_screen_is_told_so() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    for (account, guests) in [("read-only", false), ("vm-operator", true)] {
        let driver = XapiDriver::new(XapiConfig {
            user: account.to_owned(),
            ..bed.config(0)
        });
        let bench = Bench::start(driver, SOON).await?;
        let control = bench.vm("Control domain on host: lab-1")?;
        let guest = hvm_on(&bench, "lab-2")?;
        for (vm, may) in [(control, false), (guest, guests)] {
            let opened = bench.driver().console(vm.id, ConsoleKind::Graphical).await;
            match (opened, may) {
                (Ok(_), true) => {}
                (Err(error), false) => {
                    assert_eq!(error.kind, ErrorKind::PermissionDenied, "{account}: {error}");
                    assert!(error.message.contains("this account"), "{error}");
                }
                (opened, _) => return Err(Broken(format!("{account} at {}: {opened:?}", vm.name))),
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_pool_that_allows_one_console_at_a_time_says_that_somebody_else_has_it() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = hvm_on(&bench, "lab-1")?;
    let other = bed.other(0).await;
    let pool = other.call("pool.get_all", serde_json::json!([])).await[0].clone();
    let limit = serde_json::json!([pool, true]);
    other.call("pool.set_limit_console_sessions", limit).await;
    let first = screens::speaks_rfb(&bench, &vm.name).await?;
    let second = bench.driver().console(vm.id, ConsoleKind::Graphical).await;
    let error = second.err().ok_or_else(|| Broken("two have it".to_owned()))?;
    assert_eq!(error.kind, ErrorKind::Busy);
    assert!(error.message.contains("one at a time"), "{error}");
    drop(first);
    let again = async { while screens::speaks_rfb(&bench, &vm.name).await.is_err() {} };
    tokio::time::timeout(SOON, again)
        .await
        .map_err(|_| Broken("it is still held".to_owned()))
}
