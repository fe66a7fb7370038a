//! Where a pool says that a VM could run.
use crate::bed::{Bed, POOL, SOON};
use serde_json::{Value, json};
use wxa_driver::{
    Driver, ErrorKind,
    conformance::{Bench, Broken},
};
use wxa_model::{PowerState, Vm, VmId};

/// The members that are possible, and the others with the pool's reasons, by name.
type Said = (Vec<String>, Vec<(String, String)>);

async fn said(bench: &Bench, driver: &dyn Driver, vm: VmId) -> Result<Said, Broken> {
    let members = bench.view().members;
    let (mut possible, mut refused) = (Vec::new(), Vec::new());
    for place in driver.places(vm).await? {
        let name = members.get(&place.host).map(|member| member.name.clone());
        let name = name.ok_or_else(|| Broken(format!("{:?} is no member", place.host)))?;
        match place.refused {
            None => possible.push(name),
            Some(why) => refused.push((name, why)),
        }
    }
    possible.sort();
    refused.sort();
    Ok((possible, refused))
}

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_pool_says_on_which_members_a_vm_could_run_and_why_not_on_the_others() -> Result<(), Broken> {
    let bed = Bed::start(|config| {
        config.hosts = 3;
        config.vms = 48;
    })
    .await?;
    let driver = bed.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let other = bed.other(0).await;
    // Of those that are down one has its disk on shared storage, another on one host's own.
    let (mut shared, mut local) = (None, None);
    for vm in bench.view().vms.into_values() {
        if vm.power != PowerState::Halted {
            continue;
        }
        let (possible, refused) = said(&bench, &*driver, vm.id).await?;
        match possible.len() {
            3 => shared = shared.or(Some(vm)),
            _ => local = local.or(Some((vm, possible, refused))),
        }
    }
    let shared: Vm = shared.ok_or_else(|| Broken("no VM can run everywhere".to_owned()))?;
    let (_, possible, refused) = local.ok_or_else(|| Broken("no VM is tied to a host".to_owned()))?;
    assert_eq!(
        (possible.len(), refused.len()),
        (1, 2),
        "{possible:?} {refused:?}"
    );
    for (_, why) in &refused {
        assert_eq!(why, "Not all storage of its disks is attached to the host.");
    }

    let reference = other.vm(&shared.name).await;
    let host =
        async |name: &str| -> Value { other.call("host.get_by_name_label", json!([name])).await[0].clone() };
    other.call("host.disable", json!([host("lab-2").await])).await;
    bed.pool.cut_host(2);
    let (possible, refused) = said(&bench, &*driver, shared.id).await?;
    assert_eq!(possible, named(&["lab-1"]));
    let expected = [
        ("lab-2", "The host is in maintenance and takes no VMs."),
        ("lab-3", "Its pool does not hear from the host."),
    ];
    let refused: Vec<(&str, &str)> = refused.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(refused, expected);

    let memory = json!([reference, (900_u64 << 40).to_string()]);
    other.call("VM.set_memory_static_max", memory).await;
    let (possible, refused) = said(&bench, &*driver, shared.id).await?;
    assert_eq!(possible, named(&[]));
    assert!(refused[0].1.contains("900 TiB are needed"), "{refused:?}");

    // What is told later was done later.
    let renamed = json!([reference, "renamed"]);
    other.call("VM.set_name_label", renamed).await;
    let view = bench
        .wait("the new name", SOON, |view| view.named("renamed").is_some())
        .await?;
    let asked = ["get_possible_hosts", "assert_can_boot_here"];
    let questions = view
        .tasks
        .values()
        .filter(|task| asked.iter().any(|asked| task.name.contains(asked)));
    assert_eq!(questions.count(), 0, "that we ask is no task to show");
    Ok(())
}

#[tokio::test]
async fn where_a_vm_that_is_gone_or_runs_the_host_itself_could_run_is_not_answered() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let driver = bed.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let control = bench.vm("Control domain on host: lab-1")?;
    let error = driver.places(control.id).await.err().map(|error| error.kind);
    assert!(matches!(error, Some(ErrorKind::Refused { .. })), "{error:?}");
    let gone = VmId(POOL.0);
    let error = driver.places(gone).await.err().map(|error| error.kind);
    assert_eq!(error, Some(ErrorKind::NotFound));
    Ok(())
}
