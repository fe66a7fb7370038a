//! Answers that are none.
use crate::{
    bed::{Bed, SOON},
    between::{Answer, Between},
};
use serde_json::json;
use std::time::{Duration, Instant};
use wxa_driver::{
    Driver, Error, ErrorKind,
    conformance::{Bench, Broken},
};
use wxa_sim::Pace;
use wxa_xapi::XapiDriver;

/// What a probe says when the first answer to `method` is spoilt; the next one works.
async fn probe(method: &'static str, spoilt: fn() -> Answer) -> Result<Option<Error>, Broken> {
    let bed = Bed::start(|config| config.hosts = 1).await?;
    let between = Between::start(&bed, 0, move |asked, before, _| match before {
        0 if asked == method => spoilt(),
        _ => Answer::AsItIs,
    })
    .await;
    let driver = XapiDriver::new(between.config());
    let said = driver.probe().await.err();
    driver.probe().await?;
    Ok(said)
}

#[tokio::test]
async fn an_answer_that_is_cut_is_a_lost_connection() -> Result<(), Broken> {
    let error = probe("session.login_with_password", || Answer::Half).await?;
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Unreachable));
    Ok(())
}

#[tokio::test]
async fn what_only_reads_is_asked_once_more_when_an_idle_connection_turns_out_to_be_lost()
-> Result<(), Broken> {
    let error = probe("host.get_all_records", || Answer::Half).await?;
    assert!(error.is_none(), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn answers_of_another_type_make_no_sense() -> Result<(), Broken> {
    let spoilt: [fn() -> Answer; 4] = [
        || Answer::Body(r#"{"jsonrpc":"2.0","result":[1,2],"id":1}"#.into()),
        || Answer::Body(r#"{"jsonrpc":"2.0","id":1}"#.into()),
        || Answer::Body("<html>It works!</html>".into()),
        || Answer::Body(format!("{}1{}", "[".repeat(5000), "]".repeat(5000))),
    ];
    for spoilt in spoilt {
        let error = probe("host.get_all_records", spoilt).await?;
        assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Malformed));
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_of_fifty_megabytes_is_not_read() -> Result<(), Broken> {
    let error = probe("pool.get_all_records", || Answer::Long(50)).await?;
    let error = error.ok_or_else(|| Broken("it was read".to_owned()))?;
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Malformed, "The host's answer is longer than 16 MiB.")
    );
    Ok(())
}

#[tokio::test]
async fn an_answer_that_never_ends_is_given_up() -> Result<(), Broken> {
    let began = Instant::now();
    let error = probe("pool.get_all_records", || Answer::Endless).await?;
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Malformed));
    assert!(began.elapsed() < SOON);
    Ok(())
}

/// How often events were asked for.
fn polled(between: &Between) -> usize {
    between
        .asked()
        .iter()
        .filter(|name| *name == "event.from")
        .count()
}

#[tokio::test]
async fn events_that_make_no_sense_end_the_watch() -> Result<(), Broken> {
    for body in [
        json!({"jsonrpc": "2.0", "result": {"events": [5], "token": "x"}, "id": 1}),
        json!({"jsonrpc": "2.0", "result": "", "id": 1}),
    ] {
        let bed = Bed::start(|config| config.hosts = 1).await?;
        let between = Between::start(&bed, 0, move |asked, before, _| match (asked, before) {
            ("event.from", 1..) => Answer::Body(body.to_string()),
            _ => Answer::AsItIs,
        })
        .await;
        let bench = Bench::start(XapiDriver::new(between.config()), SOON).await?;
        let view = bench.wait("the end", SOON, |view| view.ended.is_some()).await?;
        assert!(view.ended.is_some_and(|ended| ended.starts_with("Malformed")));
    }
    Ok(())
}

#[tokio::test]
async fn a_pool_that_answers_at_once_that_there_is_nothing_is_not_asked_without_pause() -> Result<(), Broken>
{
    let bed = Bed::start(|config| config.hosts = 1).await?;
    let between = Between::start(&bed, 0, |asked, before, _| match (asked, before) {
        ("event.from", 1..) => Answer::Body(
            json!({"jsonrpc": "2.0", "result": {"events": [], "token": "x"}, "id": 1}).to_string(),
        ),
        _ => Answer::AsItIs,
    })
    .await;
    let bench = Bench::start(XapiDriver::new(between.config()), SOON).await?;
    let began = Instant::now();
    bench
        .wait("time to pass", SOON, |_| began.elapsed() > Duration::from_secs(3))
        .await?;
    assert!(polled(&between) <= 6, "{:?}", between.asked());
    Ok(())
}

#[tokio::test]
async fn a_coordinator_that_hangs_is_noticed_within_ten_seconds() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.hosts = 1).await?;
    let between = Between::start(&bed, 0, |asked, before, _| match (asked, before) {
        ("event.from", 1..) => Answer::Silence,
        _ => Answer::AsItIs,
    })
    .await;
    let bench = Bench::start(XapiDriver::new(between.config()), SOON).await?;
    let began = Instant::now();
    let view = bench
        .wait("the end of the watch", SOON, |view| view.ended.is_some())
        .await?;
    assert!(began.elapsed() < Duration::from_secs(11), "{:?}", began.elapsed());
    assert!(view.ended.is_some_and(|ended| ended.starts_with("TimedOut")));
    Ok(())
}

#[tokio::test]
async fn a_quiet_pool_is_asked_seldom_and_heard_often() -> Result<(), Broken> {
    let bed = Bed::start(|config| {
        config.hosts = 1;
        config.pace = Pace::Lifelike;
    })
    .await?;
    let between = Between::start(&bed, 0, |_, _, _| Answer::AsItIs).await;
    let bench = Bench::start(XapiDriver::new(between.config()), SOON).await?;
    let before = between.asked().len();
    let began = Instant::now();
    bench
        .wait("time to pass", SOON, |_| {
            began.elapsed() > Duration::from_secs(12)
        })
        .await?;
    let asked = between.asked().len() - before;
    assert!(asked <= 4, "15 a minute: {:?}", between.asked());
    assert!(bench.view().longest_silence <= Duration::from_secs(5));
    Ok(())
}
