//! Notes on VMs.
use axum::http::StatusCode;
use wxa_testkit::TestApp;
use wxa_wire::{NotesParams, operation as op};

pub(crate) fn notes(was: &str, notes: &str) -> NotesParams {
    NotesParams {
        notes: notes.into(),
        was: was.into(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_are_shown_kept_and_found_again_after_a_restart() {
    let mut app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let operator = app.operator_on(app.host(0).1).await;
    let vm = app.vm_id("web-01");
    let text = "Ask Ada before a reboot.\n<b>not bold</b>";
    operator
        .call::<op::VmSetNotes>(vm, notes("", &format!("{text}\r\n\r\n")))
        .await
        .expect("noted");
    assert_eq!(app.vm("web-01").notes, text);
    let row = app.ended_row("vm_set_notes").await;
    assert_eq!(
        (row.on.as_str(), row.detail.as_str()),
        ("web-01", ""),
        "the log holds no copy of the notes"
    );
    app.restart().await;
    assert_eq!(app.vm("web-01").notes, text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_overwrites_what_they_have_not_read() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    admin
        .call::<op::VmSetNotes>(vm, notes("", "first"))
        .await
        .expect("noted");
    let late = admin
        .call::<op::VmSetNotes>(vm, notes("", "second"))
        .await
        .expect_err("somebody wrote meanwhile");
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.body.message.contains("nothing was saved"),
        "{}",
        late.body.message
    );
    assert_eq!(app.vm("web-01").notes, "first");
    admin
        .call::<op::VmSetNotes>(vm, notes("first", ""))
        .await
        .expect("emptied");
    assert_eq!(app.vm("web-01").notes, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_are_bounded_plain_text() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    for bad in ["x".repeat(9000), "bell \u{7}".into()] {
        let refused = admin
            .call::<op::VmSetNotes>(vm, notes("", &bad))
            .await
            .expect_err("no notes");
        assert_eq!(
            (refused.status, refused.body.field.as_deref()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("notes"))
        );
    }
}
