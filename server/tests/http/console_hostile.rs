//! Consoles of guests that mean no good, and of many people.
use axum::http::StatusCode;
use std::{
    io,
    sync::{Arc, Mutex},
};
use tokio::task::JoinSet;
use wxa_model::{PowerState, Role, Scope, VmId};
use wxa_sim::{GuestSpec, sentinels};
use wxa_testkit::{Client, TestApp, wait_until};
use wxa_wire::{ConsoleQuery, ConsoleSearchQuery, operation as op};

/// What is logged, as it is logged.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn signed_in_at_the_guest(client: &Client, vm: VmId) -> wxa_testkit::ConsoleClient {
    let mut console = client.console(vm, &ConsoleQuery::default()).await;
    console.connected().await;
    console.type_text("\r").await;
    console.wait_for("login:").await;
    console.type_text("root\r").await;
    console.wait_for("Password:").await;
    console.type_text("guest\r").await;
    console.wait_for(":~#").await;
    console
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_typed_printed_or_looked_for_is_logged_however_much_is_logged() {
    let logged = Logged::default();
    let writer = logged.clone();
    tracing_subscriber::fmt()
        .with_env_filter(server::logs::filter("trace").expect("a filter"))
        .with_writer(move || writer.clone())
        .init();
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (admin, vm) = (app.admin().await, app.vm_id("web-01"));
    let mut console = signed_in_at_the_guest(&admin, vm).await;
    console.type_text("zebra-4711").await;
    console.wait_for("zebra-4711").await;
    let query = ConsoleSearchQuery {
        q: "zebra-4711".into(),
        ..ConsoleSearchQuery::default()
    };
    let found = admin
        .call::<op::ConsoleSearch>(vm, query)
        .await
        .expect("searched");
    assert_eq!(found.hits.len(), 1);
    let path = format!("/api/v1/vms/{vm}/console/download?format=asciicast");
    assert!(admin.get(&path).await.body.contains("zebra-4711"));
    drop(console);
    let logged = logged.0.lock().expect("the log");
    let text = String::from_utf8_lossy(&logged);
    assert!(
        text.contains("web-01") || text.contains("sqlx"),
        "something is logged"
    );
    let line = text.lines().find(|line| line.contains("zebra-4711"));
    assert_eq!(line, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_guest_prints_is_a_file_to_take_away_and_never_a_page_of_ours() {
    let mut host = super::fleet::host("xen-1");
    host.guests.push(GuestSpec::new(sentinels::FLOODS_RAW));
    let app = TestApp::with_host(host).await;
    let (admin, vm) = (app.admin().await, app.vm_id(sentinels::FLOODS_RAW));
    let mut console = admin.console(vm, &ConsoleQuery::default()).await;
    while console.offset < 1 << 20 {
        console.clear();
        console.read().await.expect("it goes on");
    }
    admin.call::<op::VmPowerOff>(vm, ()).await.expect("accepted");
    app.powered(sentinels::FLOODS_RAW, PowerState::Halted).await;
    drop(console);
    for (format, content_type) in [
        ("text", "text/plain; charset=utf-8"),
        ("raw", "application/octet-stream"),
        ("asciicast", "application/x-asciicast"),
    ] {
        let path = format!("/api/v1/vms/{vm}/console/download?format={format}");
        let reply = admin.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.header("content-type"), content_type);
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert!(reply.header("content-disposition").starts_with("attachment;"));
        assert!(!reply.body.is_empty());
        if format != "raw" {
            let acts = |character: char| character.is_control() && !"\n\t".contains(character);
            assert!(
                !reply.body.contains(acts),
                "{format} does something to a terminal that shows it"
            );
        }
    }
    let query = ConsoleSearchQuery {
        q: "a".into(),
        ..ConsoleSearchQuery::default()
    };
    let found = admin
        .call::<op::ConsoleSearch>(vm, query)
        .await
        .expect("searched");
    assert!(found.hits.len() <= 100);
    for hit in found.hits {
        assert!(
            !hit.line
                .contains(|character: char| character.is_control() && character != '\t')
        );
    }
}

/// Reads until a word was printed; returns the offset after it.
async fn sees(mut console: wxa_testkit::ConsoleClient, word: &str) -> u64 {
    while !console.text().contains(word) {
        if console.screen.len() > 64 << 10 {
            console.clear();
        }
        console.read().await.expect("it goes on");
    }
    console.offset
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_people_see_the_same_console_and_those_who_never_read_are_nobodys_trouble() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let vm = app.vm_id("web-01");
    let admin = app.admin().await;
    let mut clients = Vec::new();
    for n in 0..5 {
        clients.push(
            app.signed_in(&format!("person-{n}"), Role::Operator, Scope::Everything)
                .await,
        );
    }
    let path = format!("/api/v1/vms/{vm}/console");
    let (mut deaf, mut viewers) = (Vec::new(), JoinSet::new());
    for client in &clients {
        deaf.push(client.raw_socket(&path).await);
        for _ in 0..9 {
            viewers.spawn(sees(
                client.console(vm, &ConsoleQuery::default()).await,
                "zebra-4711",
            ));
        }
    }
    let mut typist = signed_in_at_the_guest(&admin, vm).await;
    typist
        .wait_until("all are there", |console| console.viewers.len() == 51)
        .await;
    typist.type_text("yes\r").await;
    let from = typist.offset;
    // More than is kept for those who look.
    while typist.offset < from + (512 << 10) {
        typist.clear();
        typist.read().await.expect("it goes on");
    }
    typist.type_text("\x03").await;
    typist.wait_for("^C").await;
    typist.type_text("zebra-4711").await;
    typist.wait_for("zebra-4711").await;
    let offsets = viewers.join_all().await;
    assert_eq!((offsets.len(), offsets.iter().min()), (45, Some(&typist.offset)));
    drop((deaf, typist));
    wait_until("all have left", || async {
        match app.open_sockets() {
            0 => Ok(()),
            open => Err(open),
        }
    })
    .await;
}
