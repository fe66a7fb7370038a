//! The server as people run it behind nginx: the built program, a real nginx with the documented configuration, TLS in
//! front, under its own name. `WXA_NGINX` names the program; `cargo xtask test` finds or unpacks one.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: a failure must stop"
)]
mod bed;
mod client;

use bed::{Bed, Pings};
use client::Client;
use serde_json::Value;
use std::time::Duration;

/// nginx cuts an idle connection after this, in the tests' copy of the configuration.
const IDLE_S: u64 = 2;
const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn people_sign_in_under_the_public_name() {
    let bed = Bed::start(Pings::Often).await;
    let mut client = Client::new(&bed);
    let page = client.get("/login").await;
    assert!(page.head.starts_with("HTTP/1.1 200"), "{}", page.head);
    assert!(
        page.head.contains("strict-transport-security: max-age="),
        "{}",
        page.head
    );

    let cookie = client.sign_in(&bed).await;
    assert!(
        cookie.starts_with("__Host-wxa=") && cookie.contains("; Secure") && cookie.contains("; HttpOnly"),
        "{cookie}"
    );
    let vms = client.get("/vms").await;
    assert!(
        vms.head.starts_with("HTTP/1.1 200") && vms.body.contains("xen-1"),
        "{}",
        vms.head
    );
}

#[tokio::test]
async fn requests_from_elsewhere_are_refused() {
    let bed = Bed::start(Pings::Often).await;
    let mut client = Client::new(&bed);
    client.origin = "https://evil.example".into();
    let reply = client.log_in(&bed).await;
    assert!(reply.head.starts_with("HTTP/1.1 403"), "{}", reply.head);

    // Around nginx, as from another machine: the password came in the clear.
    let around = Client::around(&bed, "192.0.2.5:8006");
    let reply = around.log_in(&bed).await;
    assert!(
        reply.head.contains("location: /login?error=insecure"),
        "{}",
        reply.head
    );
}

#[tokio::test]
async fn the_audit_log_has_the_browsers_address() {
    let bed = Bed::start(Pings::Often).await;
    let mut client = Client::new(&bed);
    // Another address of this machine than the one nginx comes from, and one that it pretends to have.
    client.from = "127.0.0.9".parse().expect("an address");
    client
        .header("x-forwarded-for: 6.6.6.6")
        .header("forwarded: for=6.6.6.6");
    client.sign_in(&bed).await;
    let rows: Value = serde_json::from_str(&client.get("/api/v1/audit?limit=20").await.body).expect("rows");
    let from: Vec<&str> = rows["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| row["what"] == "session_create")
        .filter_map(|row| row["from"].as_str())
        .collect();
    assert_eq!(from, ["127.0.0.9"], "{rows}");
}

#[tokio::test]
async fn sockets_outlive_the_idle_time_out() {
    let bed = Bed::start(Pings::Often).await;
    let mut client = Client::new(&bed);
    client.sign_in(&bed).await;
    let mut live = client.socket("/api/v1/live").await;
    live.say(r#"{"hello":{"epoch":0,"revision":0}}"#).await;
    let vm = live.vm_named("mail-01", LONG).await;
    let mut console = client.socket(&format!("/api/v1/vms/{vm}/console?kind=pv")).await;
    console
        .until("it is connected", LONG, |text| text.contains("connected"))
        .await;
    // Twice the time-out, during which a guest prints nothing.
    console
        .pings(usize::try_from(2 * IDLE_S).expect("a number"), LONG)
        .await;
    console.send(b"\r").await;
    console
        .until("the guest's prompt", LONG, |text| text.contains("login:"))
        .await;
    live.until("it still ticks", LONG, |text| text.contains("\"tick\""))
        .await;
}

#[tokio::test]
async fn a_socket_that_is_cut_goes_on_where_it_was() {
    let bed = Bed::start(Pings::Never).await;
    let mut client = Client::new(&bed);
    client.sign_in(&bed).await;
    let mut live = client.socket("/api/v1/live").await;
    live.say(r#"{"hello":{"epoch":0,"revision":0}}"#).await;
    let vm = live.vm_named("mail-01", LONG).await;
    let path = format!("/api/v1/vms/{vm}/console?kind=pv");
    let mut console = client.socket(&path).await;
    let begin = console
        .until("it begins", LONG, |text| text.contains("\"begin\""))
        .await;
    let begin: Value = serde_json::from_str(&begin).expect("a frame");
    console.cut(LONG).await;

    let (epoch, offset) = (
        &begin["begin"]["epoch"],
        begin["begin"]["offset"].as_u64().expect("an offset"),
    );
    let from = offset + console.bytes;
    let mut again = client.socket(&format!("{path}&epoch={epoch}&from={from}")).await;
    let resumed = again
        .until("it goes on", LONG, |text| text.contains("\"begin\""))
        .await;
    let resumed: Value = serde_json::from_str(&resumed).expect("a frame");
    assert_eq!(resumed["begin"]["epoch"], *epoch, "{resumed}");
    assert_eq!(
        resumed["begin"]["offset"].as_u64(),
        Some(from),
        "nothing is missing: {resumed}"
    );
}
