//! Members that go and coordinators that change.
use crate::{
    bed::{Bed, SOON, find},
    between::{Answer, Between},
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use wxa_driver::{
    Driver, ErrorKind,
    conformance::{Bench, Broken, View},
};
use wxa_model::{Action, GuestType, PowerState};
use wxa_sim::{Pace, sentinels};
use wxa_xapi::{XapiConfig, XapiDriver};

const ANY: &[GuestType] = &[GuestType::Hvm, GuestType::Pv, GuestType::Pvh];

#[tokio::test]
async fn a_pool_of_one_without_a_name_is_called_after_its_host() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.hosts = 1).await?;
    let other = bed.other(0).await;
    let pools = other.call("pool.get_all", json!([])).await;
    other.call("pool.set_name_label", json!([pools[0], ""])).await;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let view = bench.view();
    assert_eq!(view.facts.unwrap_or_default().hostname, "lab-1");
    assert_eq!(view.members.len(), 1);
    let vm = find(&bench, ANY, PowerState::Running)?;
    bench.perform(Action::VmPause, vm.id).await.0?;
    bench.perform(Action::VmUnpause, vm.id).await.0?;
    Ok(())
}

#[tokio::test]
async fn a_member_that_is_off_is_shown_so_and_the_rest_goes_on() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    bed.pool.cut_host(1);
    let live = |view: &View, wanted: bool| {
        view.members
            .values()
            .any(|member| member.name == "lab-2" && member.live == wanted)
    };
    let view = bench
        .wait("the member off", SOON, |view| live(view, false))
        .await?;
    let before = view.batches;
    bench
        .wait("measurements of the other", SOON, |view| {
            view.batches > before + 1
        })
        .await?;
    bed.pool.restore_host(1);
    let view = bench
        .wait("the member back", SOON, |view| live(view, true))
        .await?;
    assert!(
        view.ended.is_none() && view.faults.is_empty(),
        "{:?}",
        view.faults
    );
    Ok(())
}

#[tokio::test]
async fn a_coordinator_that_dies_during_an_act_leaves_its_outcome_open_and_another_is_found()
-> Result<(), Broken> {
    let bed = Bed::start(|config| {
        config.named_vms = vec![sentinels::SLOW_START.to_owned()];
        config.pace = Pace::Lifelike;
    })
    .await?;
    let driver = bed.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let before = bench.view();
    let vm = bench.vm(sentinels::SLOW_START)?;
    let act = bench.perform(Action::VmStart, vm.id);
    let kill = async {
        let other = bed.other(0).await;
        let reference = other.vm(sentinels::SLOW_START).await;
        // Begun as seen by others, so that it is under way.
        while other.call("VM.get_current_operations", json!([reference])).await == json!({}) {
            tokio::task::yield_now().await;
        }
        bed.pool.cut_host(0);
    };
    let ((result, steps), ()) = tokio::join!(act, kill);
    assert_eq!(
        result.err().map(|error| error.kind),
        Some(ErrorKind::TimedOut { maybe_done: true })
    );
    assert!(!steps.is_empty());
    let ended = bench
        .wait("the end of the watch", SOON, |view| view.ended.is_some())
        .await?;
    assert!(ended.ended.is_some_and(|ended| ended.starts_with("Unreachable")));
    // Nobody leads: that is said.
    let error = driver.probe().await.err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Unreachable));
    bed.pool.promote(1);
    let again = Bench::start(driver, SOON).await?;
    let after = again.view();
    assert!(before.vms.keys().eq(after.vms.keys()));
    let leads = after.members.values().find(|member| member.facts.coordinator);
    assert_eq!(leads.map(|member| member.name.as_str()), Some("lab-2"));
    Ok(())
}

#[tokio::test]
async fn another_coordinator_is_followed_within_the_watch() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    bed.pool.promote(1);
    let leads = |view: &View| {
        view.synced
            && view
                .members
                .values()
                .any(|member| member.name == "lab-2" && member.facts.coordinator)
    };
    let view = bench.wait("the other coordinator", SOON, leads).await?;
    assert!(view.ended.is_none());
    let vm = find(&bench, ANY, PowerState::Running)?;
    bench.perform(Action::VmPause, vm.id).await.0?;
    bench
        .wait("paused", SOON, |view| {
            view.vms
                .get(&vm.id)
                .is_some_and(|vm| vm.power == PowerState::Paused)
        })
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_toolstack_that_restarts_is_signed_in_at_again() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let vm = find(&bench, ANY, PowerState::Running)?;
    bed.pool.restart_toolstack();
    bench.perform(Action::VmPause, vm.id).await.0?;
    let paused = |view: &View| {
        view.vms
            .get(&vm.id)
            .is_some_and(|vm| vm.power == PowerState::Paused)
    };
    let view = bench.wait("paused", SOON, paused).await?;
    assert!(
        view.ended.is_none() && view.faults.is_empty(),
        "{:?}",
        view.faults
    );
    assert!(view.longest_silence < Duration::from_secs(5));
    Ok(())
}

const LOGIN: &str = "session.login_with_password";

/// What a member says of who coordinates the pool.
fn named(address: &str) -> String {
    let error = json!({"code": 1, "message": "HOST_IS_SLAVE", "data": [address]});
    json!({"jsonrpc": "2.0", "error": error, "id": 1}).to_string()
}

#[tokio::test]
async fn a_coordinator_that_has_just_failed_is_not_asked_again_because_a_member_names_it()
-> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let dead = Between::start(&bed, 0, |_, _, _| Answer::Half).await;
    let port = dead.config().port;
    let member = Between::start_at(&format!("127.0.0.10:{port}"), &bed, 1, |_, _, _| {
        Answer::Body(named("127.0.0.9"))
    })
    .await;
    let driver = XapiDriver::new(XapiConfig {
        members: vec![member.member()],
        ..dead.config()
    });
    let error = driver.probe().await.err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Unreachable));
    assert_eq!(
        (dead.asked(), member.asked()),
        (vec![LOGIN.into()], vec![LOGIN.into()])
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_dead_coordinator_that_a_member_still_names_delays_nobody() -> Result<(), Broken> {
    let bed = Bed::start(|_| {}).await?;
    let gone = Between::start(&bed, 0, |_, _, _| Answer::Half).await;
    let port = gone.config().port;
    let is_asked = Arc::new(AtomicBool::new(false));
    let asked = is_asked.clone();
    let silent = Between::start_at(&format!("127.0.0.11:{port}"), &bed, 0, move |_, _, _| {
        asked.store(true, Ordering::SeqCst);
        Answer::Silence
    })
    .await;
    // The pool has not told of it: its certificate comes with its name.
    let print = silent.member().fingerprints.concat();
    let names_it = Between::start_at(&format!("127.0.0.10:{port}"), &bed, 1, move |_, _, _| {
        let body = named("127.0.0.11");
        let answer = format!(
            "HTTP/1.1 200 OK\r\nx-xenapi-response-host-certificate-thumbprint: {print}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Answer::Raw(answer.into_bytes().leak())
    })
    .await;
    // It answers when the one that is named has been asked.
    let leads = Between::start_at(&format!("127.0.0.12:{port}"), &bed, 0, move |_, _, _| {
        let began = Instant::now();
        while !is_asked.load(Ordering::SeqCst) && began.elapsed() < SOON {
            std::thread::yield_now();
        }
        Answer::AsItIs
    })
    .await;
    let driver = XapiDriver::new(XapiConfig {
        members: vec![names_it.member(), leads.member()],
        ..gone.config()
    });
    let began = Instant::now();
    driver.probe().await?;
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    Ok(())
}
