//! Events that are lost and objects that go while somebody looks.
use crate::{
    bed::{Bed, SOON, find},
    between::{Answer, Between},
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, View},
};
use wxa_model::{Action, GuestType, PowerState, VmAct};
use wxa_xapi::XapiDriver;

const ANY: &[GuestType] = &[GuestType::Hvm, GuestType::Pv, GuestType::Pvh];

fn one(config: &mut wxa_sim::xapi::PoolConfig) {
    config.hosts = 1;
    config.vms = 12;
}

#[tokio::test]
async fn events_that_are_lost_between_two_tokens_are_noticed() -> Result<(), Broken> {
    let bed = Bed::start(one).await?;
    let lost = AtomicBool::new(false);
    let between = Between::start(&bed, 0, move |method, before, answer| {
        let is_new = |event: &Value| event["class"] == "vm" && event["operation"] == "add";
        let events = answer["result"]["events"].as_array();
        if method != "event.from" || before == 0 || !events.is_some_and(|events| events.iter().any(is_new)) {
            return Answer::AsItIs;
        }
        if lost.swap(true, Ordering::SeqCst) {
            return Answer::AsItIs;
        }
        let mut answer = answer.clone();
        if let Some(events) = answer["result"]["events"].as_array_mut() {
            events.retain(|event| !is_new(event));
        }
        Answer::Body(answer.to_string())
    })
    .await;
    let bench = Bench::start(XapiDriver::new(between.config()), SOON).await?;
    let vm = find(&bench, ANY, PowerState::Halted)?;
    let other = bed.other(0).await;
    let reference = other.vm(&vm.name).await;
    let made = other.call("VM.clone", json!([reference, "fresh"])).await;
    assert!(made.is_string());
    let view = bench
        .wait("the new VM", SOON, |view| {
            view.synced && view.named("fresh").is_some()
        })
        .await?;
    assert!(
        view.ended.is_none() && view.faults.is_empty(),
        "{:?}",
        view.faults
    );
    Ok(())
}

#[tokio::test]
async fn a_token_that_has_expired_makes_everything_be_read_anew() -> Result<(), Broken> {
    let bed = Bed::start(one).await?;
    let between = Between::start(&bed, 0, |method, before, _| match (method, before) {
        ("event.from", 1) => Answer::Body(
            json!({"jsonrpc": "2.0", "error": {"code": 1, "message": "EVENTS_LOST", "data": []}, "id": 1})
                .to_string(),
        ),
        _ => Answer::AsItIs,
    })
    .await;
    let bench = Bench::start(XapiDriver::new(between.config()), SOON).await?;
    let asked = || {
        between
            .asked()
            .iter()
            .filter(|name| *name == "event.from")
            .count()
    };
    bench
        .wait("another answer", SOON, |view| view.synced && asked() > 3)
        .await?;
    assert!(bench.view().faults.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_object_that_goes_between_its_event_and_the_look_at_it_does_no_harm() -> Result<(), Broken> {
    let bed = Bed::start(one).await?;
    let between = Between::start(&bed, 0, |method, before, answer| {
        if method != "event.from" || before == 0 {
            return Answer::AsItIs;
        }
        let mut answer = answer.clone();
        if let Some(events) = answer["result"]["events"].as_array_mut() {
            events.push(json!({"class": "vm", "operation": "add", "ref": "OpaqueRef:gone", "id": "1"}));
            events.push(json!({"class": "vm", "operation": "mod", "ref": "OpaqueRef:gone", "id": "1", "snapshot": null}));
            events.push(json!({"class": "vm", "operation": "del", "ref": "OpaqueRef:never", "id": "1"}));
            events.push(json!({"class": "vbd", "operation": "add", "ref": "OpaqueRef:odd", "id": "1",
                "snapshot": {"VM": "OpaqueRef:gone", "VDI": 5, "device": []}}));
            events.push(json!({"class": "vbd", "operation": "del", "ref": "OpaqueRef:odd", "id": "1"}));
        }
        Answer::Body(answer.to_string())
    })
    .await;
    let bench = Bench::start(XapiDriver::new(between.config()), SOON).await?;
    let before = bench.view().vms.len();
    let vm = find(&bench, ANY, PowerState::Running)?;
    bench.perform(Action::VmPause, vm.id).await.0?;
    let paused = |view: &View| {
        view.vms
            .get(&vm.id)
            .is_some_and(|vm| vm.power == PowerState::Paused)
    };
    let view = bench.wait("paused", SOON, paused).await?;
    assert_eq!(view.vms.len(), before);
    assert!(
        view.ended.is_none() && view.faults.is_empty(),
        "{:?}",
        view.faults
    );
    Ok(())
}

#[tokio::test]
async fn a_vm_that_was_destroyed_a_moment_ago_is_not_found() -> Result<(), Broken> {
    let bed = Bed::start(one).await?;
    let vm = find(&Bench::start(bed.driver(), SOON).await?, ANY, PowerState::Halted)?;
    // Nobody watches: it does not hear of it.
    let driver = bed.driver();
    driver.details().await?;
    let other = bed.other(0).await;
    let reference = other.vm(&vm.name).await;
    other.call("VM.destroy", json!([reference])).await;
    let (progress, _told) = tokio::sync::watch::channel(wxa_driver::Progress::default());
    let error = driver
        .perform(VmAct::new(Action::VmStart, vm.id), &progress)
        .await
        .err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::NotFound));
    Ok(())
}

#[tokio::test]
async fn moments_are_told_by_our_clock_whatever_the_pools_says() -> Result<(), Broken> {
    let bed = Bed::start(one).await?;
    let honest = Bench::start(bed.driver(), SOON).await?;
    let between = Between::start(&bed, 0, |method, _, answer| match method {
        // An hour behind: what it says happened at noon happened at one.
        "host.get_servertime" => Answer::Body(hour_earlier(answer).to_string()),
        _ => Answer::AsItIs,
    })
    .await;
    let skewed = Bench::start(XapiDriver::new(between.config()), SOON).await?;
    let vm = find(&honest, ANY, PowerState::Running)?;
    let apart = |a: &wxa_model::Vm, b: &wxa_model::Vm| Some(b.started_at?.0.abs_diff(a.started_at?.0));
    let shift = apart(&vm, &skewed.vm(&vm.name)?);
    assert!(
        shift.is_some_and(|shift| shift.abs_diff(3_600_000) < 10_000),
        "{shift:?}"
    );
    let skew = skewed.driver().details().await?.skew;
    assert!(
        skew.get().is_some_and(|skew| skew.at_least_ms() > 3_500_000),
        "{skew:?}"
    );
    Ok(())
}

/// The hour of `20240102T03:04:05Z` is put back by one, across midnight too.
fn hour_earlier(answer: &Value) -> Value {
    let told = answer["result"].as_str().unwrap_or_default();
    let stamp = told.replace('T', "").replace([':', 'Z'], "");
    let hour: u32 = stamp.get(8..10).and_then(|hour| hour.parse().ok()).unwrap_or(0);
    let day: u32 = stamp.get(6..8).and_then(|day| day.parse().ok()).unwrap_or(1);
    let (day, hour) = if hour == 0 { (day - 1, 23) } else { (day, hour - 1) };
    let put_back = format!(
        "{}{day:02}T{hour:02}{}",
        told.get(..6).unwrap_or_default(),
        told.get(11..).unwrap_or_default()
    );
    json!({"jsonrpc": "2.0", "result": put_back, "id": 1})
}
