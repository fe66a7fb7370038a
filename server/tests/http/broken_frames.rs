//! WebSocket frames that break the protocol, and control messages that are none. Each ends its own socket and nothing else.
use wxa_model::VmId;
use wxa_testkit::{Client, TestApp, frame};
use wxa_wire::close;

/// Frames that RFC 6455 forbids, or that nobody sends with good intent.
fn broken() -> Vec<(&'static str, Vec<u8>)> {
    let huge = |len: u64| [&[0x82, 0xff][..], &len.to_be_bytes(), &[0; 4], b"x"].concat();
    vec![
        ("not masked", vec![0x81, 0x02, b'h', b'i']),
        ("a reserved opcode", frame(3, b"x")),
        ("reserved bits", vec![0xf1, 0x81, 0, 0, 0, 0, b'x']),
        ("text that is not UTF-8", frame(1, b"\xff\xfe\xfd")),
        ("a continuation of nothing", frame(0, b"x")),
        ("a ping that is too long", frame(9, &[b'x'; 200])),
        ("a ping in pieces", vec![0x09, 0x80, 0, 0, 0, 0]),
        ("a close of one byte", frame(8, b"x")),
        ("a length of 2^63", huge(1 << 63)),
        ("a length of 2^64-1", huge(u64::MAX)),
        ("a length beyond the limit", huge(64 * 1024 + 1)),
        ("no WebSocket at all", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
    ]
}

async fn ends_each(client: &Client, path: &str) {
    for (what, bytes) in broken() {
        let mut socket = client.raw_socket(path).await;
        socket.send(&bytes).await;
        // Whatever it was told before: the connection ends.
        let _ = socket.read_to_end().await;
        assert_eq!(client.get("/healthz").await.status, 200, "after {what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_frame_ends_its_live_socket_and_no_other() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut other = admin.live().await;
    ends_each(&admin, "/api/v1/live").await;
    let ticks = other.ticks;
    other
        .wait_until("the other socket goes on", |live| live.ticks > ticks)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_frame_ends_its_console_and_no_other() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let mut other = admin.console(vm, &Default::default()).await;
    other.connected().await;
    ends_each(&admin, &format!("/api/v1/vms/{vm}/console")).await;
    other.type_text("still-here").await;
    other.wait_for("still-here").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_messages_that_are_none_are_refused_with_a_code() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let many: Vec<VmId> = vec![VmId(uuid::Uuid::nil()); 501];
    let many = serde_json::json!({ "samples": { "wish": { "vms": many } } }).to_string();
    for first in [
        "",
        "null",
        "[]",
        "\"hello\"",
        &deep,
        r#"{"hello":{"epoch":-1,"revision":0}}"#,
        r#"{"hello":{"epoch":1e400,"revision":0}}"#,
        r#"{"hello":{"epoch":0}}"#,
        r#"{"hello":{"epoch":0,"revision":0},"samples":{"wish":"nothing"}}"#,
        r#"{"hello":{"epoch":0,"revision":0,"more":1}}"#,
        r#"{"samples":{"wish":{"vms":["x"]}}}"#,
        &many,
    ] {
        let mut socket = admin.socket("/api/v1/live").await;
        socket.send_text(first).await;
        assert_eq!(
            socket.closed().await.code,
            Some(close::BAD_REQUEST),
            "{first:.60}"
        );
    }
    for second in [r#"{"hello":{"epoch":0,"revision":0}}"#, &many, "{}"] {
        let mut live = admin.live().await;
        live.socket().send_text(second).await;
        assert_eq!(live.closed().await.code, Some(close::BAD_REQUEST), "{second:.60}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_asked_for_in_a_way_that_makes_no_sense_is_not_found() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    for query in ["?epoch=x&from=1", "?kind=nothing", "?from=-1", "?epoch=1&epoch=2"] {
        let socket = admin.socket(&format!("/api/v1/vms/{vm}/console{query}")).await;
        assert_eq!(socket.closed().await.code, Some(close::NOT_FOUND), "{query}");
    }
    // An offset of another history, or beyond this one, is no reason to refuse: everything is replayed.
    let query = wxa_wire::ConsoleQuery {
        epoch: Some(u64::MAX),
        from: Some(u64::MAX),
        kind: None,
        at: None,
    };
    let mut console = admin.console(vm, &query).await;
    console.connected().await;
    assert_eq!(console.began_at, 0);
}
