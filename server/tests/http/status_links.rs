//! Links to status pages over HTTP, and opening them.
use axum::http::StatusCode;
use wxa_core::{Ctx, Door, Opened, Shut};
use wxa_model::{Role, Scope, UnixMillis};
use wxa_testkit::TestApp;
use wxa_wire::{SecretText, StatusLinkEnded, StatusLinkParams, operation as op};

use super::status_pages::{made, operator, page};

pub fn link(label: &str) -> StatusLinkParams {
    StatusLinkParams {
        label: label.into(),
        expires_at: None,
        password: None,
        addresses: vec![],
        language: None,
        time_zone: None,
    }
}

async fn open(app: &TestApp, token: &SecretText) -> Result<Opened, Shut> {
    let door = Door::Link {
        token: &token.0,
        from: [192, 0, 2, 1].into(),
        unlocked: None,
    };
    app.core()
        .status_open(&Ctx::anonymous("192.0.2.1", "test"), door)
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_made_rotated_and_taken_back() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let olga = operator(&app, "olga", app.host(0).1).await;
    let page = made(&olga, page("Example Ltd", vec![])).await.page.id;
    let created = olga
        .call::<op::StatusLinkCreate>(page, link("Board"))
        .await
        .expect("a link");
    assert_eq!(app.ended_row("status_link_create").await.on, "Example Ltd: Board");
    open(&app, &created.token).await.expect("it opens");
    let rotated = olga
        .call::<op::StatusLinkRotate>(created.link.id, ())
        .await
        .expect("a new one");
    assert_eq!(open(&app, &created.token).await.err(), Some(Shut::NotFound));
    open(&app, &rotated.token).await.expect("it opens");

    let opens = olga
        .call::<op::StatusLinkOpens>(created.link.id, ())
        .await
        .expect("who");
    let told: Vec<_> = opens
        .opens
        .iter()
        .map(|open| (open.from.as_str(), open.count))
        .collect();
    assert_eq!(told, [("192.0.2.1", 2)]);
    olga.call::<op::StatusLinkRevoke>(created.link.id, ())
        .await
        .expect("taken back");
    assert_eq!(open(&app, &rotated.token).await.err(), Some(Shut::NotFound));
    let listed = olga.call::<op::StatusLinkList>(page, ()).await.expect("links");
    assert_eq!(
        (listed[0].ended, listed[0].opens),
        (Some(StatusLinkEnded::Revoked), 2)
    );
    assert_eq!(listed[0].by, "olga");
    let refused = olga
        .call::<op::StatusLinkRotate>(created.link.id, ())
        .await
        .expect_err("it ended");
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_of_links_are_in_no_list_and_no_audit_row() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let olga = operator(&app, "olga", app.host(0).1).await;
    let page = made(&olga, page("Example Ltd", vec![])).await.page.id;
    let new = StatusLinkParams {
        password: Some(SecretText("blue horses swim".into())),
        ..link("Board")
    };
    let created = olga
        .call::<op::StatusLinkCreate>(page, new)
        .await
        .expect("a link");
    let path = format!("/api/v1/status-pages/{page}/links");
    let told = format!("{} {:?}", olga.get(&path).await.body, app.audit().await);
    assert!(told.contains("\"has_password\":true"));
    for secret in [created.token.0.as_str(), "blue horses swim", "argon2"] {
        assert!(!told.contains(secret), "{secret} is in {told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_are_for_who_builds_the_page_and_no_script() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let olga = operator(&app, "olga", app.host(0).1).await;
    let page = made(&olga, page("Example Ltd", vec![])).await.page.id;
    let created = olga
        .call::<op::StatusLinkCreate>(page, link("Board"))
        .await
        .expect("a link");
    let otto = operator(&app, "otto", app.host(0).1).await;
    let script = app
        .script_of("olga", Role::Operator, Scope::Host(app.host(0).1))
        .await;
    for (who, status) in [(&otto, StatusCode::NOT_FOUND), (&script, StatusCode::FORBIDDEN)] {
        let id = created.link.id;
        let refused = [
            who.call::<op::StatusLinkList>(page, ()).await.err(),
            who.call::<op::StatusLinkCreate>(page, link("Mine")).await.err(),
            who.call::<op::StatusLinkRotate>(id, ()).await.err(),
            who.call::<op::StatusLinkRevoke>(id, ()).await.err(),
            who.call::<op::StatusLinkOpens>(id, ()).await.err(),
        ];
        for refused in refused {
            assert_eq!(refused.expect("refused").status, status);
        }
    }
    for (wrong, field) in [
        (
            StatusLinkParams {
                label: String::new(),
                ..link("")
            },
            "label",
        ),
        (
            StatusLinkParams {
                expires_at: Some(UnixMillis(1)),
                ..link("a")
            },
            "expires_at",
        ),
        (
            StatusLinkParams {
                addresses: vec!["everywhere".into()],
                ..link("a")
            },
            "addresses",
        ),
        (
            StatusLinkParams {
                time_zone: Some("Vienna".into()),
                ..link("a")
            },
            "time_zone",
        ),
        (
            StatusLinkParams {
                password: Some(SecretText("1234567".into())),
                ..link("a")
            },
            "password",
        ),
    ] {
        let refused = olga
            .call::<op::StatusLinkCreate>(page, wrong)
            .await
            .expect_err(field);
        assert_eq!(refused.body.field.as_deref(), Some(field));
    }
}
