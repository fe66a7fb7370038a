//! Starting and resuming on a member that somebody chose.
use crate::{
    PV,
    bed::{Bed, SOON},
};
use wxa_driver::{
    ErrorKind, Progress,
    conformance::{Bench, Broken},
};
use wxa_model::{Action, HostId, PowerState, Vm, VmAct, VmId};

/// A paravirtual guest with that power state whose disks every member reaches.
async fn movable(bench: &Bench, power: PowerState) -> Result<Vm, Broken> {
    for vm in bench.view().vms.into_values() {
        let fits = vm.power == power && vm.guest_type.is_some_and(|kind| PV.contains(&kind));
        if !fits || vm.role != wxa_model::VmRole::Guest {
            continue;
        }
        let places = bench.driver().places(vm.id).await?;
        if places.iter().all(|place| place.refused.is_none()) {
            return Ok(vm);
        }
    }
    Err(Broken(format!("no {power:?} guest can be anywhere")))
}

#[tokio::test]
async fn a_vm_starts_and_resumes_on_the_member_that_was_chosen() -> Result<(), Broken> {
    let bed = Bed::start(|config| {
        config.hosts = 3;
        config.vms = 48;
    })
    .await?;
    let driver = bed.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let vm = movable(&bench, PowerState::Halted).await?;
    let member = |name: &str| -> Result<HostId, Broken> {
        let members = bench.view().members;
        let found = members.values().find(|member| member.name == name);
        found
            .map(|member| member.id)
            .ok_or_else(|| Broken(format!("no {name}")))
    };
    let on = |action: Action, vm: VmId, member: HostId| VmAct {
        on: Some(member),
        ..VmAct::new(action, vm)
    };
    let (second, third) = (member("lab-2")?, member("lab-3")?);
    let (progress, steps) = tokio::sync::watch::channel(Progress::default());
    let runs_on = |vm: VmId, member: HostId| {
        move |view: &wxa_driver::conformance::View| {
            view.vms
                .get(&vm)
                .is_some_and(|vm| vm.host == member && vm.power == PowerState::Running)
        }
    };
    driver
        .perform(on(Action::VmStart, vm.id, third), &progress)
        .await?;
    assert_eq!(steps.borrow().step, format!("Starting {} on lab-3", vm.name));
    bench.wait("it on lab-3", SOON, runs_on(vm.id, third)).await?;
    let other = movable(&bench, PowerState::Running).await?;
    let elsewhere = if other.host == second { third } else { second };
    bench.perform(Action::VmSuspend, other.id).await.0?;
    driver
        .perform(on(Action::VmResume, other.id, elsewhere), &progress)
        .await?;
    bench
        .wait("it elsewhere", SOON, runs_on(other.id, elsewhere))
        .await?;

    let command = driver.equivalent_command(on(Action::VmStart, vm.id, third));
    let (uuid, host) = (vm.xen_uuid.unwrap_or_default(), bench.view().members);
    let host = host.get(&third).and_then(|member| member.facts.uuid);
    let wanted = format!("xe vm-start uuid={uuid} on={}", host.unwrap_or_default());
    assert_eq!(command, Some(wanted));
    let command = driver.equivalent_command(on(Action::VmPause, vm.id, third));
    assert_eq!(command, Some(format!("xe vm-pause uuid={uuid}")));
    Ok(())
}

#[tokio::test]
async fn a_member_that_takes_no_vm_says_why() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 48).await?;
    let driver = bed.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let vm = movable(&bench, PowerState::Halted).await?;
    let members = bench.view().members;
    let second = members.values().find(|member| member.name == "lab-2");
    let second = second
        .map(|member| member.id)
        .ok_or_else(|| Broken("no lab-2".to_owned()))?;
    let (progress, _steps) = tokio::sync::watch::channel(Progress::default());
    let start = |member: HostId| VmAct {
        on: Some(member),
        ..VmAct::new(Action::VmStart, vm.id)
    };
    let other = bed.other(0).await;
    let host = other
        .call("host.get_by_name_label", serde_json::json!(["lab-2"]))
        .await[0]
        .clone();
    let reference = other.vm(&vm.name).await;
    let memory = serde_json::json!([reference, (900_u64 << 40).to_string()]);
    other.call("VM.set_memory_static_max", memory).await;
    let error = driver.perform(start(second), &progress).await.err();
    let error = error.ok_or_else(|| Broken("it was started".to_owned()))?;
    let full = ErrorKind::Refused {
        code: "HOST_NOT_ENOUGH_FREE_MEMORY".to_owned(),
    };
    assert_eq!(error.kind, full);
    assert!(error.message.contains("900 TiB are needed"), "{error}");
    other.call("host.disable", serde_json::json!([host])).await;
    let error = driver.perform(start(second), &progress).await.err();
    let message = error.map(|error| error.message);
    assert_eq!(
        message.as_deref(),
        Some("The host is in maintenance and takes no VMs.")
    );
    let gone = HostId(uuid::Uuid::from_u128(999));
    let error = driver.perform(start(gone), &progress).await.err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::NotFound));
    Ok(())
}
