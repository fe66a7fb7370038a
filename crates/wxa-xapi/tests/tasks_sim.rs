//! Tasks of a simulated pool: those of others, cancelling, and going on with ours.
#![allow(clippy::expect_used)]

#[path = "common/bed.rs"]
mod bed;

use bed::{Bed, SOON, find};
use secrecy::SecretString;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::watch;
use wxa_driver::{
    Driver, ErrorKind, Progress,
    conformance::{Bench, Broken, View},
};
use wxa_model::{Action, Cancel, GuestType, PoolTask, PoolWork, PowerState, TaskOutcome, Vm, VmAct};
use wxa_sim::{Pace, sentinels};
use wxa_xapi::{XapiConfig, XapiDriver};

const ANY: &[GuestType] = &[GuestType::Hvm, GuestType::Pv, GuestType::Pvh];

/// A pool on which things take their time.
async fn slow() -> Result<Bed, Broken> {
    Bed::start(|config| {
        config.pace = Pace::Lifelike;
        config.named_vms = [sentinels::SLOW_START, sentinels::NOT_CANCELLABLE]
            .map(str::to_owned)
            .into();
    })
    .await
}

fn on<'a>(view: &'a View, vm: &Vm) -> Option<&'a PoolTask> {
    view.tasks.values().find(|task| task.vm == Some(vm.id))
}

/// Somebody else starts the VM: the task as it is told once it is under way.
async fn started_by_another(bed: &Bed, bench: &Bench, vm: &Vm) -> Result<PoolTask, Broken> {
    let other = bed.other(0).await;
    let reference = other.vm(&vm.name).await;
    other
        .call("Async.VM.start", json!([reference, false, false]))
        .await;
    let view = bench
        .wait("its task", SOON, |view| {
            on(view, vm).is_some_and(PoolTask::is_running)
        })
        .await?;
    on(&view, vm).cloned().ok_or_else(|| Broken("no task".to_owned()))
}

/// Begins to start the VM, and tells what the pool calls it.
async fn begun(driver: &Arc<dyn Driver>, vm: &Vm, then: impl AsyncFnOnce(String)) -> Option<ErrorKind> {
    let (progress, mut told) = watch::channel(Progress::default());
    let act = driver.perform(VmAct::new(Action::VmStart, vm.id), &progress);
    let act = async {
        let ended = act.await;
        ended.err().map(|error| error.kind)
    };
    let meanwhile = async {
        let named = told.wait_for(|progress| progress.native.is_some() && progress.cancel != Cancel::No);
        let native = named.await.ok().and_then(|progress| progress.native.clone());
        then(native.unwrap_or_default()).await;
    };
    let (ended, ()) = tokio::join!(act, meanwhile);
    ended
}

#[tokio::test]
async fn what_another_client_does_is_told_with_its_progress_its_vm_and_its_end() -> Result<(), Broken> {
    let bed = slow().await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = find(&bench, ANY, PowerState::Halted)?;
    let task = started_by_another(&bed, &bench, &vm).await?;
    assert_eq!(task.work, Some(PoolWork::Act(Action::VmStart)));
    assert_eq!(
        (task.name.as_str(), task.vm_name.as_str()),
        ("Async.VM.start", vm.name.as_str())
    );
    assert_eq!((task.cancel, task.ended_at), (Cancel::Yes, None));
    let half = |view: &View| on(view, &vm).is_some_and(|task| task.percent >= Some(50));
    bench.wait("half of it", SOON, half).await?;
    let done = |view: &View| {
        on(view, &vm).is_some_and(|task| {
            task.outcome == Some(TaskOutcome::Done) && task.ended_at.is_some_and(|at| at >= task.started_at)
        })
    };
    bench.wait("its end", SOON, done).await?;
    bed.other(0)
        .await
        .call("task.destroy", json!([task.native_id]))
        .await;
    let view = bench
        .wait("it to be gone", SOON, |view| on(view, &vm).is_none())
        .await?;
    assert_eq!(view.faults, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_task_that_was_there_before_is_told_at_the_resync() -> Result<(), Broken> {
    let bed = slow().await?;
    let first = Bench::start(bed.driver(), SOON).await?;
    let vm = first.vm(sentinels::SLOW_START)?;
    let task = started_by_another(&bed, &first, &vm).await?;
    let second = Bench::start(bed.driver(), SOON).await?;
    assert!(second.view().tasks.contains_key(&task.id), "with the same id");
    Ok(())
}

#[tokio::test]
async fn our_own_acts_are_not_told_as_those_of_others() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = find(&bench, ANY, PowerState::Running)?;
    for action in [Action::VmPause, Action::VmUnpause] {
        bench.perform(action, vm.id).await.0?;
    }
    let other = bed.other(0).await;
    let mine = other.call("task.create", json!(["backup", ""])).await;
    // What is told later was done later.
    let view = bench
        .wait("the other's task", SOON, |view| !view.tasks.is_empty())
        .await?;
    let names: Vec<_> = view.tasks.values().map(|task| task.name.as_str()).collect();
    assert_eq!(names, ["backup"]);
    other.call("task.destroy", json!([mine])).await;
    Ok(())
}

#[tokio::test]
async fn cancelling_what_another_does_ends_it_as_cancelled_and_the_vm_stays() -> Result<(), Broken> {
    let bed = slow().await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = bench.vm(sentinels::SLOW_START)?;
    let task = started_by_another(&bed, &bench, &vm).await?;
    bench.driver().cancel(&task.native_id).await?;
    let cancelled = |view: &View| {
        on(view, &vm).is_some_and(|task| matches!(task.outcome, Some(TaskOutcome::Cancelled { .. })))
    };
    bench.wait("its end", SOON, cancelled).await?;
    assert_eq!(bench.vm(&vm.name)?.power, PowerState::Halted);
    let again = bench.driver().cancel(&task.native_id).await.err();
    assert!(matches!(
        again.map(|error| error.kind),
        Some(ErrorKind::Refused { .. })
    ));
    Ok(())
}

#[tokio::test]
async fn an_act_of_ours_that_is_cancelled_says_so() -> Result<(), Broken> {
    let bed = slow().await?;
    let driver = bed.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let vm = bench.vm(sentinels::SLOW_START)?;
    let cancel = async |native: String| driver.cancel(&native).await.expect("it can be cancelled");
    assert_eq!(begun(&driver, &vm, cancel).await, Some(ErrorKind::Cancelled));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_cancelled_is_told_so_and_refused_in_words() -> Result<(), Broken> {
    let bed = slow().await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = bench.vm(sentinels::NOT_CANCELLABLE)?;
    let task = started_by_another(&bed, &bench, &vm).await?;
    assert_eq!(task.cancel, Cancel::No);
    let refused = bench.driver().cancel(&task.native_id).await.err();
    let refused = refused.ok_or_else(|| Broken("it was cancelled".to_owned()))?;
    assert!(matches!(refused.kind, ErrorKind::Refused { .. }), "{refused:?}");
    assert!(
        refused.message.starts_with("The pool does not allow it"),
        "{refused}"
    );
    let unknown = bench.driver().cancel("OpaqueRef:nothing").await.err();
    assert_eq!(unknown.map(|error| error.kind), Some(ErrorKind::NotFound));
    Ok(())
}

#[tokio::test]
async fn without_the_pool_operators_role_only_ones_own_tasks_are_cancelled() -> Result<(), Broken> {
    let bed = slow().await?;
    let driver: Arc<dyn Driver> = XapiDriver::new(XapiConfig {
        user: "vm-operator".to_owned(),
        password: SecretString::from("xen"),
        ..bed.config(0)
    });
    let bench = Bench::start(driver.clone(), SOON).await?;
    let theirs = bench.vm(sentinels::NOT_CANCELLABLE)?;
    let task = started_by_another(&bed, &bench, &theirs).await?;
    let refused = driver.cancel(&task.native_id).await.err();
    let refused = refused.ok_or_else(|| Broken("it was cancelled".to_owned()))?;
    assert_eq!(refused.kind, ErrorKind::PermissionDenied);
    assert!(refused.message.contains("`task.cancel`"), "{refused}");
    let own = bench.vm(sentinels::SLOW_START)?;
    let cancel = async |native: String| driver.cancel(&native).await.expect("it is ours");
    assert_eq!(begun(&driver, &own, cancel).await, Some(ErrorKind::Cancelled));
    Ok(())
}

#[tokio::test]
async fn another_driver_goes_on_waiting_for_a_task_and_takes_it_for_ours() -> Result<(), Broken> {
    let bed = slow().await?;
    let first = bed.driver();
    let bench = Bench::start(first.clone(), SOON).await?;
    let vm = find(&bench, ANY, PowerState::Halted)?;
    let (progress, mut told) = watch::channel(Progress::default());
    let native = {
        // Dropped in the middle, as by a server that is killed.
        let act = first.perform(VmAct::new(Action::VmStart, vm.id), &progress);
        tokio::select! {
            ended = act => return Err(Broken(format!("it has ended: {ended:?}"))),
            named = told.wait_for(|progress| progress.native.is_some()) => {
                named.ok().and_then(|progress| progress.native.clone()).unwrap_or_default()
            }
        }
    };
    let second = bed.driver();
    let (sink, seen) = watch::channel(Progress::default());
    let followed = second.follow(&native, &sink);
    let watched = async {
        let bench = Bench::start(second.clone(), SOON).await?;
        let runs = |view: &View| {
            view.vms
                .get(&vm.id)
                .is_some_and(|vm| vm.power == PowerState::Running)
        };
        bench.wait("it to run", SOON, runs).await
    };
    let (followed, view) = tokio::join!(followed, watched);
    followed?;
    assert!(view?.tasks.is_empty(), "it is not told as what others do");
    assert_eq!(seen.borrow().native.as_deref(), Some(native.as_str()));
    let forgotten = second.follow("OpaqueRef:forgotten", &sink).await.err();
    assert_eq!(
        forgotten.map(|error| error.kind),
        Some(ErrorKind::TimedOut { maybe_done: true })
    );
    Ok(())
}

#[tokio::test]
async fn what_an_earlier_driver_has_done_is_not_told_as_what_others_did() -> Result<(), Broken> {
    let bed = slow().await?;
    let first = bed.driver();
    let bench = Bench::start(first.clone(), SOON).await?;
    let vm = find(&bench, ANY, PowerState::Running)?;
    let (progress, told) = watch::channel(Progress::default());
    first
        .perform(VmAct::new(Action::VmPause, vm.id), &progress)
        .await?;
    let native = told.borrow().native.clone().unwrap_or_default();
    let second = bed.driver();
    second.recognise(&[native]);
    // What is there at the resync is told at once.
    let other = bed.other(0).await;
    let theirs = other.call("task.create", json!(["backup", ""])).await;
    let bench = Bench::start(second, SOON).await?;
    let view = bench
        .wait("the other's task", SOON, |view| !view.tasks.is_empty())
        .await?;
    let names: Vec<_> = view.tasks.values().map(|task| task.name.as_str()).collect();
    assert_eq!(names, ["backup"]);
    other.call("task.destroy", json!([theirs])).await;
    Ok(())
}
