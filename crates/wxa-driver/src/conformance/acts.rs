//! Acts on VMs: what the driver says and what the host then shows.
use super::{
    bench::{Bench, Broken, Guest, check},
    terminal::Terminal,
};
use crate::ErrorKind;
use wxa_model::{Action, PowerState, SysrqKey, Vm, VmAct};

/// Starts a halted VM: it keeps its id.
///
/// # Errors
/// What is wrong.
pub async fn starts(bench: &Bench, guest: &Guest) -> Result<Vm, Broken> {
    let before = bench.vm(&guest.name)?;
    check(match before.power {
        PowerState::Halted => Ok(()),
        other => Err(format!("{} is {other:?}, not halted", guest.name)),
    })?;
    act(bench, guest, Action::VmStart).await?;
    let after = shows(bench, guest, &before, PowerState::Running).await?;
    let (again, _) = bench.perform(Action::VmStart, before.id).await;
    check(match again {
        Err(error) if matches!(error.kind, ErrorKind::Refused { .. }) => Ok(()),
        other => Err(format!("starting a running VM: {other:?}")),
    })?;
    Ok(after)
}

/// Pauses and unpauses a running VM.
///
/// # Errors
/// What is wrong.
pub async fn pauses_and_unpauses(bench: &Bench, guest: &Guest) -> Result<(), Broken> {
    let before = bench.vm(&guest.name)?;
    act(bench, guest, Action::VmPause).await?;
    shows(bench, guest, &before, PowerState::Paused).await?;
    act(bench, guest, Action::VmUnpause).await?;
    shows(bench, guest, &before, PowerState::Running).await?;
    Ok(())
}

/// Sends SysRq keys to the kernel of a running guest, which prints on its attached console what it knows; without a key nothing
/// is sent, and a guest that is paused is sent nothing either.
///
/// # Errors
/// What is wrong.
pub async fn takes_sysrq_keys(bench: &Bench, guest: &Guest, terminal: &mut Terminal) -> Result<(), Broken> {
    let vm = bench.vm(&guest.name)?.id;
    let help = SysrqKey::new('h').ok_or_else(|| Broken("no key for help".to_owned()))?;
    let act = VmAct::sysrq(vm, help);
    check(match bench.driver().equivalent_command(act) {
        Some(command) if command.ends_with(" h") => Ok(()),
        other => Err(format!("the command for the key h is {other:?}")),
    })?;
    for _ in 0..2 {
        // Twice: a key that was taken makes room for the next one.
        let (result, steps) = bench.perform_act(act).await;
        result.map_err(|error| Broken(format!("sending h: {:?}: {}", error.kind, error.message)))?;
        check(match steps.iter().any(|step| step.contains("SysRq h")) {
            true => Ok(()),
            false => Err(format!("no step names the key: {steps:?}")),
        })?;
        terminal.expect("sysrq: HELP : ", guest.acts_within).await?;
    }
    let (without, _) = bench.perform(Action::VmSysrq, vm).await;
    check(match without {
        Err(error) if matches!(error.kind, ErrorKind::Refused { .. }) => Ok(()),
        other => Err(format!("without a key: {other:?}")),
    })?;
    act_on(bench, guest, Action::VmPause, PowerState::Paused).await?;
    let (paused, _) = bench.perform_act(act).await;
    act_on(bench, guest, Action::VmUnpause, PowerState::Running).await?;
    check(match paused {
        Err(error) if matches!(error.kind, ErrorKind::Refused { .. }) => Ok(()),
        other => Err(format!("to a paused guest: {other:?}")),
    })
}

/// A driver whose hosts have no SysRq keys does not offer them, and says so when it is asked all the same.
///
/// # Errors
/// What is wrong.
pub async fn offers_no_sysrq_keys(bench: &Bench, guest: &Guest) -> Result<(), Broken> {
    let vm = bench.vm(&guest.name)?.id;
    check(
        match bench.driver().capabilities().actions.contains(&Action::VmSysrq) {
            false => Ok(()),
            true => Err("SysRq keys are offered".to_owned()),
        },
    )?;
    let help = SysrqKey::new('h').ok_or_else(|| Broken("no key for help".to_owned()))?;
    let (result, _) = bench.perform_act(VmAct::sysrq(vm, help)).await;
    let said = ErrorKind::NotSupported {
        action: Some(Action::VmSysrq),
    };
    check(match result {
        Err(error) if error.kind == said => Ok(()),
        other => Err(format!("sending h: {other:?}")),
    })
}

async fn act_on(bench: &Bench, guest: &Guest, action: Action, power: PowerState) -> Result<(), Broken> {
    let before = bench.vm(&guest.name)?;
    act(bench, guest, action).await?;
    shows(bench, guest, &before, power).await.map(drop)
}

/// Reboots: another run of the same VM.
///
/// # Errors
/// What is wrong.
pub async fn reboots(bench: &Bench, guest: &Guest) -> Result<Vm, Broken> {
    let before = bench.vm(&guest.name)?;
    act(bench, guest, Action::VmReboot).await?;
    let view = bench
        .wait(
            &format!("another run of {}", guest.name),
            guest.acts_within,
            |view| {
                view.vms.get(&before.id).is_some_and(|vm| {
                    vm.power == PowerState::Running
                        && vm.native_id.is_some()
                        && vm.native_id != before.native_id
                })
            },
        )
        .await?;
    view.vms
        .get(&before.id)
        .cloned()
        .ok_or_else(|| Broken(format!("{} is gone after a reboot", guest.name)))
}

/// Shuts down: the VM stays, halted, with the same id.
///
/// # Errors
/// What is wrong.
pub async fn shuts_down(bench: &Bench, guest: &Guest) -> Result<(), Broken> {
    let before = bench.vm(&guest.name)?;
    let steps = act(bench, guest, Action::VmShutdown).await?;
    check(if steps.is_empty() {
        Err("shutting down told no step".to_owned())
    } else {
        Ok(())
    })?;
    shows(bench, guest, &before, PowerState::Halted).await?;
    Ok(())
}

/// Pulls the plug.
///
/// # Errors
/// What is wrong.
pub async fn powers_off(bench: &Bench, guest: &Guest) -> Result<(), Broken> {
    let before = bench.vm(&guest.name)?;
    act(bench, guest, Action::VmPowerOff).await?;
    shows(bench, guest, &before, PowerState::Halted).await?;
    for action in [
        Action::VmPowerOff,
        Action::VmShutdown,
        Action::VmPause,
        Action::VmUnpause,
    ] {
        let (result, _) = bench.perform(action, before.id).await;
        check(match result {
            Err(error) if matches!(error.kind, ErrorKind::Refused { .. }) => Ok(()),
            other => Err(format!("{} on a halted VM: {other:?}", action.name())),
        })?;
    }
    Ok(())
}

/// A start that cannot be is refused with the host's words, and the VM stays halted.
///
/// # Errors
/// What is wrong.
pub async fn start_is_refused(bench: &Bench, name: &str, words: &str) -> Result<String, Broken> {
    let vm = bench.vm(name)?;
    let (result, _) = bench.perform(Action::VmStart, vm.id).await;
    let said = match result {
        Err(error) if matches!(error.kind, ErrorKind::Refused { .. }) => error.message,
        other => return Err(Broken(format!("starting {name}: {other:?}"))),
    };
    check(if said.contains(words) {
        Ok(())
    } else {
        Err(format!("the refusal does not say {words:?}: {said}"))
    })?;
    Ok(said)
}

async fn act(bench: &Bench, guest: &Guest, action: Action) -> Result<Vec<String>, Broken> {
    let vm = bench.vm(&guest.name)?;
    check(
        match bench.driver().equivalent_command(VmAct::new(action, vm.id)) {
            Some(_) => Ok(()),
            None => Err(format!("no command is named for {}", action.name())),
        },
    )?;
    let (result, steps) = bench.perform(action, vm.id).await;
    match result {
        Ok(()) => Ok(steps),
        Err(error) => Err(Broken(format!(
            "{} {}: {:?}: {}",
            action.name(),
            guest.name,
            error.kind,
            error.message
        ))),
    }
}

async fn shows(bench: &Bench, guest: &Guest, before: &Vm, power: PowerState) -> Result<Vm, Broken> {
    let view = bench
        .wait(
            &format!("{} {power:?} with its id", guest.name),
            guest.acts_within,
            |view| view.vms.get(&before.id).is_some_and(|vm| vm.power == power),
        )
        .await?;
    view.vms
        .get(&before.id)
        .cloned()
        .ok_or_else(|| Broken(format!("{} is gone", guest.name)))
}
