//! Who may do what: the whole operation table, walked by everybody.
use axum::http::StatusCode;
use uuid::Uuid;
use wxa_model::Permission;
use wxa_testkit::{Client, TestApp};
use wxa_wire::{OPERATIONS, OperationRow, close, operation::Method, operation::Shape};

/// A body that every operation with parameters takes for well-formed.
fn body(row: &OperationRow) -> Option<String> {
    let host = r#""address":"127.0.0.1","port":1,"user":"root","fingerprint":"SHA256:AAAA""#;
    let password = r#"{"password":{"password":"x"}}"#;
    Some(match row.name {
        "setup_create" => r#"{"token":"t","name":"n","password":"long enough to be one"}"#.into(),
        "session_create" => r#"{"name":"n","password":"p"}"#.into(),
        "host_probe" => r#"{"address":"127.0.0.1","port":1}"#.into(),
        "host_test" | "host_add" => format!(r#"{{{host},"credential":{password}}}"#),
        "host_trust_key" => r#"{"fingerprint":"SHA256:AAAA"}"#.into(),
        "host_set_credential" => password.into(),
        _ => return None,
    })
}

async fn status(client: &Client, row: &OperationRow, id: Uuid) -> StatusCode {
    client
        .send(row.method.name(), &row.path_for(&id), body(row).as_deref())
        .await
        .status
}

fn operations() -> impl Iterator<Item = &'static OperationRow> {
    // Signing out is for anybody, and would end the walk.
    OPERATIONS
        .iter()
        .filter(|row| row.shape == Shape::Json && row.name != "session_delete")
}

fn target(app: &TestApp, row: &OperationRow, vm: &str) -> Uuid {
    if row.path.contains("/hosts/") {
        app.host(0).1.0
    } else {
        app.vm_id(vm).0
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_session_only_signing_in_is_answered() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let nobody = app.anonymous();
    for row in operations() {
        let status = status(&nobody, row, target(&app, row, "web-01")).await;
        let is_open = row.permission == Permission::Anyone;
        assert_eq!(
            status == StatusCode::UNAUTHORIZED,
            !is_open || row.name == "session_create",
            "{}: {status}",
            row.name
        );
    }
    let console = format!("/api/v1/vms/{}/console", app.vm_id("web-01"));
    for path in ["/api/v1/live", &console] {
        assert_eq!(
            nobody.socket(path).await.closed().await.code,
            Some(close::SIGNED_OUT),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_looks_and_changes_nothing() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let viewer = app.viewer().await;
    for row in operations() {
        let status = status(&viewer, row, target(&app, row, "web-01")).await;
        match row.permission {
            Permission::Anyone => {}
            Permission::SignedIn | Permission::View => assert_eq!(status, StatusCode::OK, "{}", row.name),
            Permission::Operate | Permission::Console | Permission::Administer => {
                assert_eq!(status, StatusCode::FORBIDDEN, "{}", row.name);
            }
        }
    }
    let console = viewer
        .socket(&format!("/api/v1/vms/{}/console", app.vm_id("web-01")))
        .await;
    assert_eq!(console.closed().await.code, Some(close::FORBIDDEN));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_another_host_is_not_there() {
    let one = super::fleet::host("xen-1");
    let two = super::fleet::other_host("xen-2");
    let app = TestApp::builder().with_host(one).with_host(two).start().await;
    let operator = app.operator_on(app.host(1).1).await;
    for row in operations().filter(|row| row.path.contains("/vms/")) {
        let elsewhere = status(&operator, row, app.vm_id("web-01").0).await;
        assert_eq!(elsewhere, StatusCode::NOT_FOUND, "{}", row.name);
    }
    let console = operator
        .socket(&format!("/api/v1/vms/{}/console", app.vm_id("web-01")))
        .await;
    assert_eq!(console.closed().await.code, Some(close::NOT_FOUND));

    let mut live = operator.live().await;
    live.wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    assert!(live.vm(app.vm_id("mail-01")).is_some(), "its own host is seen");
    assert!(live.vm(app.vm_id("web-01")).is_none(), "the other one is not");
    assert!(live.host(app.host(0).1).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_an_administrator_asks_for_is_forbidden_or_unaudited() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    for row in operations() {
        if row.name == "host_remove" {
            continue;
        }
        let id = if row.path.contains("/hosts/") {
            app.host(0).1.0
        } else {
            app.vm_id("build-01").0
        };
        let status = status(&admin, row, id).await;
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
        assert!(
            !refused || row.permission == Permission::Anyone,
            "{}: {status}",
            row.name
        );
        assert!(
            !status.is_server_error() || status == StatusCode::BAD_GATEWAY,
            "{}: {status}",
            row.name
        );
        if status.is_success() && row.method != Method::Get {
            let rows = app.audit().await;
            assert!(
                rows.iter()
                    .any(|entry| entry.what == row.name && entry.by == "admin"),
                "{}",
                row.name
            );
        }
    }
    let removed = admin
        .send("DELETE", &format!("/api/v1/hosts/{}", app.host(0).1), None)
        .await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
}
