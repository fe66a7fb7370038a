//! Browsers that open a socket and never read from it.
use wxa_model::PowerState;
use wxa_testkit::{TestApp, frame, wait_until};
use wxa_wire::operation as op;

/// Each of these is answered with measurements, read or not.
pub const WISH_FOR_ALL: &[u8] = br#"{"samples":{"wish":{"vms":[]}}}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_that_asks_and_never_reads_is_cut_off_and_costs_others_nothing() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let viewer = app.viewer().await;
    let vm = app.vm_id("web-01");
    let mut live = admin.live().await;
    live.wish(vec![vm]).await;
    live.wait_until("measurements come", |live| !live.host_samples.is_empty())
        .await;

    let mut deaf = viewer.raw_socket("/api/v1/live").await;
    deaf.send_frame(1, br#"{"hello":{"epoch":0,"revision":0}}"#).await;
    // The server stops taking questions when its answers are not read: its memory holds one of them.
    deaf.send_until_stuck(&frame(1, WISH_FOR_ALL).repeat(64)).await;
    assert_eq!(app.open_sockets(), 2);

    admin.call::<op::VmPause>(vm, ()).await.expect("accepted");
    live.wait_until("others see what happens", |live| {
        live.power(vm) == Some(PowerState::Paused)
    })
    .await;
    wait_until("it is cut off", || async {
        match app.open_sockets() {
            1 => Ok(()),
            open => Err(open),
        }
    })
    .await;
    let rest = deaf.read_to_end().await;
    assert!(!rest.is_empty(), "what was sent before is there");
    live.wait_until("others go on", |live| live.ticks > 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_that_is_not_read_costs_the_other_viewers_nothing() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    let path = format!("/api/v1/vms/{vm}/console");
    let deaf = admin.raw_socket(&path).await;
    let mut reader = admin.console(vm, &Default::default()).await;
    reader.connected().await;
    reader.type_text("\r").await;
    reader.wait_for("login:").await;
    reader.type_text("root\r").await;
    reader.wait_for("Password:").await;
    reader.type_text("guest\r").await;
    reader.wait_for(":~#").await;
    reader.type_text("yes\r").await;
    let from = reader.offset;
    // More than the history holds: whoever reads gets every byte of it in time.
    while reader.offset < from + (512 << 10) {
        reader.clear();
        reader.read().await.expect("it goes on");
    }
    assert_eq!(reader.skipped, 0, "nothing was left out for the one who reads");
    reader.type_text("\x03").await;
    drop(deaf);
}
