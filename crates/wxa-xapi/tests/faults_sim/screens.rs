//! Hosts that do not answer as they should when a screen is opened.
use crate::{
    bed::{Bed, SOON, find},
    between::{Answer, Between},
};
use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};
use wxa_driver::{
    Error, ErrorKind,
    conformance::{Bench, Broken, screens},
};
use wxa_model::{ConsoleKind, GuestType, PowerState};
use wxa_xapi::XapiDriver;

/// What a host answers, and what is made of it.
type Case = (fn() -> Answer, ErrorKind, &'static str);

/// What opening a screen comes to at a host that answers like this.
async fn open(answer: fn() -> Answer) -> Result<Error, Broken> {
    let bed = Bed::start(|config| (config.hosts, config.vms) = (1, 24)).await?;
    let real = bed.pool.tls_address(0).map(|address| address.to_string());
    let real = format!("https://{}/console", real.unwrap_or_default());
    let ours: Arc<OnceLock<String>> = Arc::default();
    let told = ours.clone();
    let between = Between::start(&bed, 0, move |asked, _, said| match asked {
        "/console" => answer(),
        // The pool tells its consoles where we stand.
        "event.from" => Answer::Body(
            said.to_string()
                .replace(&real, told.get().map_or("", String::as_str)),
        ),
        _ => Answer::AsItIs,
    })
    .await;
    let _ = ours.set(format!("https://{}/console", between.authority()));
    let bench = Bench::start(XapiDriver::new(between.config()), SOON).await?;
    let vm = find(&bench, &[GuestType::Hvm], PowerState::Running)?;
    let opened = bench.driver().console(vm.id, ConsoleKind::Graphical).await;
    let error = opened.err();
    assert!(
        between.asked().contains(&"/console".to_owned()),
        "{:?}",
        between.asked()
    );
    error.ok_or_else(|| Broken("it was opened".to_owned()))
}

#[tokio::test]
async fn a_host_that_answers_a_screen_with_something_else_is_told_so() -> Result<(), Broken> {
    let cases: [Case; 6] = [
        (
            || Answer::Raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
            ErrorKind::Malformed,
            "no HTTP",
        ),
        (
            || Answer::Raw(b"HTTP/1.1 200 OK\r\n\r\nlogin: "),
            ErrorKind::Malformed,
            "does not begin as RFB does",
        ),
        (
            || Answer::Raw(b"HTTP/1.1 200 OK\r\n\r\n"),
            ErrorKind::Busy,
            "closed the screen at once",
        ),
        (
            || Answer::Raw(b"HTTP/1.1 418 I'm a teapot\r\n\r\n"),
            ErrorKind::Malformed,
            "HTTP 418",
        ),
        (
            || Answer::Raw(b"HTTP/1.1 503 Busy\r\n\r\n"),
            ErrorKind::Busy,
            "one at a time",
        ),
        (|| Answer::Raw(b""), ErrorKind::Unreachable, "was lost"),
    ];
    for (answer, kind, words) in cases {
        let error = open(answer).await?;
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.message.contains(words), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_host_that_never_answers_or_never_greets_is_given_up_within_fifteen_seconds() -> Result<(), Broken>
{
    let began = Instant::now();
    let (silent, mute) = tokio::join!(
        open(|| Answer::Silence),
        open(|| Answer::Stuck(b"HTTP/1.1 200 OK\r\n\r\nRF")),
    );
    for error in [silent?, mute?] {
        assert_eq!(error.kind, ErrorKind::TimedOut { maybe_done: false }, "{error}");
        assert_eq!(error.message, "The console did not open within 15 s.");
    }
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    Ok(())
}

#[tokio::test]
async fn a_screen_whose_host_is_cut_off_ends() -> Result<(), Broken> {
    let bed = Bed::start(|config| config.vms = 24).await?;
    let bench = Bench::start(bed.driver(), SOON).await?;
    let view = bench.view();
    let vm = view.vms.values().find(|vm| {
        let home = view.members.get(&vm.host);
        vm.power == PowerState::Running
            && vm.guest_type == Some(GuestType::Hvm)
            && home.is_some_and(|home| home.name == "lab-2")
    });
    let vm = vm.ok_or_else(|| Broken("no HVM guest runs on lab-2".to_owned()))?;
    let mut screen = screens::speaks_rfb(&bench, &vm.name).await?;
    screens::moves(&mut screen, SOON).await?;
    bed.pool.cut_host(1);
    // With an error or without: nothing hangs on it.
    screen.end(SOON).await?;
    Ok(())
}
