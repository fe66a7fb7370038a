//! What consoles printed: kept, read, searched, taken away, let go of.
use axum::http::StatusCode;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use wxa_core::AuditOutcome;
use wxa_model::VmId;
use wxa_testkit::{Client, TestApp, wait_until};
use wxa_wire::{
    ConsoleHistoryQuery, ConsoleMarksQuery, ConsoleQuery, ConsoleSearchQuery, ConsoleStatus,
    HostRecordingParams, HostRecordingWay, RecordingSettings, VmRecordingParams, operation as op,
    operation::NoId,
};

/// Somebody has typed a word that nobody else types.
async fn typed(client: &Client, vm: VmId, word: &str) {
    let mut console = client.console(vm, &ConsoleQuery::default()).await;
    console.connected().await;
    console.type_text("\r").await;
    console.wait_for("login:").await;
    console.type_text(word).await;
    console.wait_for(word).await;
}

async fn history(client: &Client, vm: VmId) -> String {
    let mut query = ConsoleHistoryQuery {
        most: Some(500),
        ..ConsoleHistoryQuery::default()
    };
    let mut bytes = Vec::new();
    loop {
        let view = client
            .call::<op::ConsoleHistory>(vm, query.clone())
            .await
            .expect("a stretch");
        for piece in view.pieces {
            bytes.extend(BASE64_STANDARD.decode(piece.base64).expect("base64"));
        }
        query.from = view.next;
        if view.next.is_none() {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_printed_is_found_after_everybody_left_and_after_a_restart() {
    let mut app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    typed(&anna, vm, "zebra-4711").await;
    let marks = async |client: &Client| {
        client
            .call::<op::ConsoleMarks>(vm, ConsoleMarksQuery::default())
            .await
            .expect("marks")
    };
    let before = marks(&anna).await;
    assert!(history(&anna, vm).await.contains("zebra-4711"));
    app.restart().await;
    let anna = anna.on(&app);
    let after = marks(&anna).await;
    assert_eq!(after.epoch, before.epoch, "the same history");
    assert!(after.kept.last().expect("something").to >= before.kept.last().expect("something").to);
    assert!(history(&anna, vm).await.contains("zebra-4711"));

    let mut console = anna.console(vm, &ConsoleQuery::default()).await;
    console.wait_for("zebra-4711").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_are_found_whatever_their_case_with_their_place() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    typed(&anna, vm, "Zebra-4711").await;
    let search = async |q: &str| {
        let query = ConsoleSearchQuery {
            q: q.to_owned(),
            ..ConsoleSearchQuery::default()
        };
        anna.call::<op::ConsoleSearch>(vm, query).await
    };
    let found = search("zEBRA-4711").await.expect("searched");
    assert_eq!((found.hits.len(), found.before), (1, None));
    let hit = &found.hits[0];
    let part: String = hit
        .line
        .chars()
        .skip(hit.begin as usize)
        .take(hit.len as usize)
        .collect();
    assert_eq!(part, "Zebra-4711");
    let from = ConsoleHistoryQuery {
        from: Some(hit.offset),
        ..ConsoleHistoryQuery::default()
    };
    let there = anna
        .call::<op::ConsoleHistory>(vm, from)
        .await
        .expect("a stretch");
    let bytes = BASE64_STANDARD.decode(&there.pieces[0].base64).expect("base64");
    let begins: String = hit.line.chars().take(4).collect();
    assert!(
        String::from_utf8_lossy(&bytes).starts_with(&begins),
        "{begins:?} {bytes:?}"
    );
    // All of it is one row of the audit log.
    let row = app.ended_row("console_search").await;
    assert_eq!(
        (row.on.as_str(), row.by.as_str(), row.outcome),
        ("web-01", "admin", Some(AuditOutcome::Done))
    );
    let rows = app.audit().await;
    let told = rows
        .iter()
        .filter(|row| ["console_search", "console_history"].contains(&row.what.as_str()));
    assert_eq!(told.count(), 1);
    assert_eq!(search("nobody typed this").await.expect("searched").hits, []);
    assert!(search("").await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_taken_away_as_text_as_bytes_and_as_a_cast() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    typed(&anna, vm, "zebra-4711").await;
    let file = async |format: &str| {
        let reply = anna
            .get(&format!("/api/v1/vms/{vm}/console/download?format={format}"))
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        reply
    };
    let text = file("text").await;
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        text.header("content-disposition"),
        "attachment; filename=\"web-01-console.txt\""
    );
    assert!(text.body.contains("zebra-4711") && !text.body.contains('\u{1b}'));
    assert!(file("raw").await.body.contains("zebra-4711"));
    let cast = file("asciicast").await.body;
    let lines: Vec<serde_json::Value> = cast
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines[0]["version"], 2);
    let printed: String = lines[1..]
        .iter()
        .map(|event| event[2].as_str().expect("text"))
        .collect();
    assert!(printed.contains("zebra-4711"), "{printed}");
    let row = app.ended_row("console_download").await;
    assert_eq!(
        (row.on.as_str(), row.outcome),
        ("web-01", Some(AuditOutcome::Done))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_much_is_kept_is_set_for_all_and_for_one() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    let known = anna.call::<op::RecordingGet>(NoId, ()).await.expect("settings");
    let settings = RecordingSettings {
        days: 3,
        off_tags: vec!["Lab ".into()],
        ..known.settings
    };
    anna.call::<op::RecordingSet>(NoId, settings.clone())
        .await
        .expect("set");
    let own = VmRecordingParams {
        on: Some(false),
        ..VmRecordingParams::default()
    };
    anna.call::<op::VmRecordingSet>(vm, own).await.expect("set");
    let view = anna.call::<op::VmRecordingGet>(vm, ()).await.expect("settings");
    assert_eq!((view.common.days, view.own.on), (3, Some(false)));
    assert_eq!(view.common.off_tags, ["lab"]);
    assert_eq!(
        view.not_recorded.as_deref(),
        Some("Recording is switched off for this guest.")
    );
    let wild = RecordingSettings {
        window_bytes: 1,
        ..settings
    };
    assert!(anna.call::<op::RecordingSet>(NoId, wild).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_is_not_recorded_leaves_nothing_behind() {
    let mut app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    let own = VmRecordingParams {
        on: Some(false),
        ..VmRecordingParams::default()
    };
    anna.call::<op::VmRecordingSet>(vm, own).await.expect("set");
    typed(&anna, vm, "zebra-4711").await;
    app.restart().await;
    let anna = anna.on(&app);
    assert!(!history(&anna, vm).await.contains("zebra-4711"));
    let view = anna.call::<op::VmRecordingGet>(vm, ()).await.expect("settings");
    assert_eq!(view.bytes, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_whose_consoles_stay_attached_is_recorded_though_nobody_looks_and_can_be_let_go_of() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let (anna, vm) = (app.admin().await, app.vm_id("web-01"));
    let host = app.host(0).1;
    let attached = HostRecordingParams {
        way: HostRecordingWay::Attached,
    };
    anna.call::<op::HostRecordingSet>(host, attached)
        .await
        .expect("set");
    wait_until("it is recorded", || async {
        let view = anna.call::<op::VmRecordingGet>(vm, ()).await.expect("settings");
        view.not_recorded.is_none().then_some(()).ok_or(view)
    })
    .await;
    let view = anna.call::<op::HostRecordingGet>(host, ()).await.expect("a view");
    assert_eq!(view.way, HostRecordingWay::Attached);
    assert!(view.recorded > 0, "{view:?}");

    let mut console = anna.console(vm, &ConsoleQuery::default()).await;
    console.connected().await;
    anna.call::<op::ConsoleRelease>(vm, ()).await.expect("released");
    console
        .wait_until("it is let go of", |console| {
            matches!(&console.status, Some(ConsoleStatus::Failed { why }) if why.contains("admin released"))
        })
        .await;
    let row = app.ended_row("console_release").await;
    assert_eq!(row.on, "web-01");
}
