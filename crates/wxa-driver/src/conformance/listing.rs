//! Listing and watching.
use super::bench::{Bench, Broken, HostShell, check};
use crate::ErrorKind;
use std::time::{Duration, Instant};
use wxa_model::{Action, PowerState, SiteId, VmAct, VmId, ids::VmIdentity};

/// The first resync is complete and makes sense; measurements and signs of life follow.
///
/// # Errors
/// What is wrong.
pub async fn resync_is_complete(bench: &Bench, names: &[&str]) -> Result<(), Broken> {
    let view = bench.view();
    check(if view.faults.is_empty() {
        Ok(())
    } else {
        Err(view.faults.join("; "))
    })?;
    for name in names {
        bench.vm(name)?;
    }
    let control = view
        .control_domain()
        .ok_or_else(|| Broken("no control domain is listed".to_owned()))?;
    check(match control.power {
        PowerState::Running => Ok(()),
        other => Err(format!("the control domain is {other:?}")),
    })?;
    let facts = view.facts.unwrap_or_default();
    check(
        if facts.cpus > 0
            && facts.memory_total.0 > 0
            && !facts.xen_version.is_empty()
            && !facts.hostname.is_empty()
        {
            Ok(())
        } else {
            Err(format!("the facts are empty: {facts:?}"))
        },
    )?;
    for vm in view.vms.values() {
        let running = matches!(vm.power, PowerState::Running | PowerState::Paused);
        check(
            if running != vm.native_id.is_some() && vm.power != PowerState::Stopping {
                Err(format!(
                    "{} is {:?} with native id {:?}",
                    vm.name, vm.power, vm.native_id
                ))
            } else {
                Ok(())
            },
        )?;
    }
    for vm in view.vms.values().filter(|_| !view.members.is_empty()) {
        check(
            if vm.native_id.is_some() && !view.members.contains_key(&vm.host) {
                Err(format!("{} runs, but on no member of the pool", vm.name))
            } else {
                Ok(())
            },
        )?;
    }
    let batches = view.batches;
    let view = bench
        .wait("three more batches of samples", Duration::from_secs(20), |view| {
            view.batches >= batches + 3
        })
        .await?;
    let samples = view.samples.clone().unwrap_or_default();
    check(match samples.host.cpu {
        Some(cpu) if cpu >= 0.0 => Ok(()),
        other => Err(format!("the host's CPU use is {other:?} after several samples")),
    })?;
    let running = view.vms.values().filter(|vm| vm.native_id.is_some()).count();
    check(if samples.vms.len() >= running.saturating_sub(1) {
        Ok(())
    } else {
        Err(format!(
            "{} of {running} running VMs were measured",
            samples.vms.len()
        ))
    })?;
    check(
        if view.longest_silence <= Duration::from_secs(5) && view.alive.is_some() {
            Ok(())
        } else {
            Err(format!("no sign of life for {:?}", view.longest_silence))
        },
    )
}

/// What does not exist is not found, and the control domain is not acted on.
///
/// # Errors
/// What is wrong.
pub async fn refuses_what_cannot_be(bench: &Bench) -> Result<(), Broken> {
    let control = bench
        .view()
        .control_domain()
        .cloned()
        .ok_or_else(|| Broken("no control domain is listed".to_owned()))?;
    for action in bench.driver().capabilities().actions {
        let (result, _) = bench.perform(action, control.id).await;
        check(match result {
            Err(error) if matches!(error.kind, ErrorKind::Refused { .. }) => Ok(()),
            other => Err(format!("{} on the control domain: {other:?}", action.name())),
        })?;
        check(
            match bench.driver().equivalent_command(VmAct::new(action, control.id)) {
                None => Ok(()),
                Some(command) => Err(format!("a command to stop the host is offered: {command}")),
            },
        )?;
    }
    let nobody = VmId::derive(
        SiteId(control.id.0),
        control.host,
        &VmIdentity::Name("nobody at all"),
    );
    let (result, _) = bench.perform(Action::VmStart, nobody).await;
    check(match result {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
        other => Err(format!("starting nobody: {other:?}")),
    })?;
    let console = bench.driver().console(nobody, wxa_model::ConsoleKind::Pv).await;
    check(match console {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(format!("the console of nobody: {error:?}")),
        Ok(_) => Err("nobody has a console".to_owned()),
    })
}

/// Somebody pauses and unpauses a running VM on the host itself: both are reported. Returns how long after the
/// command had ended each was.
///
/// # Errors
/// What is wrong.
pub async fn sees_what_others_do(
    bench: &Bench,
    host: &dyn HostShell,
    name: &str,
    rounds: usize,
) -> Result<Vec<Duration>, Broken> {
    let id = bench.vm(name)?.id;
    let mut took = Vec::new();
    for round in 0..rounds {
        let (verb, power) = if round % 2 == 0 {
            ("pause", PowerState::Paused)
        } else {
            ("unpause", PowerState::Running)
        };
        host.run(&format!("xl {verb} {name}")).await?;
        let done = Instant::now();
        let view = bench
            .wait(&format!("{name} {power:?}"), Duration::from_secs(15), |view| {
                view.vms.get(&id).is_some_and(|vm| vm.power == power)
            })
            .await?;
        let told = view.reported.get(&id).copied().unwrap_or(done);
        took.push(told.saturating_duration_since(done));
    }
    if rounds % 2 == 1 {
        host.run(&format!("xl unpause {name}")).await?;
    }
    Ok(took)
}
