//! Accounts, for administrators.
use axum::http::StatusCode;
use wxa_core::AuditOutcome;
use wxa_model::{Grant, RefusalCode, Role, Scope};
use wxa_testkit::TestApp;
use wxa_wire::{
    LoginParams, SecretText, UserCreateParams, UserGrantsParams, UserRenameParams, close, operation as op,
    operation::NoId,
};

const PASSWORD: &str = "correct horse battery";

fn new_user(name: &str, password: Option<&str>, grants: Vec<Grant>) -> UserCreateParams {
    UserCreateParams {
        name: name.into(),
        grants,
        password: password.map(|password| SecretText(password.into())),
    }
}

fn grant(role: Role, scope: Scope) -> Grant {
    Grant { role, scope }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_made_with_several_grants_and_sees_only_what_they_reach() {
    let one = super::fleet::host("xen-1");
    let two = super::fleet::other_host("xen-2");
    let app = TestApp::builder().with_host(one).with_host(two).start().await;
    let admin = app.admin().await;
    let grants = vec![
        grant(Role::Operator, Scope::Host(app.host(1).1)),
        grant(Role::Viewer, Scope::Tag("lab".into())),
    ];
    let made = admin
        .call::<op::UserCreate>(NoId, new_user("otto", Some(PASSWORD), grants.clone()))
        .await
        .expect("made");
    assert_eq!(made.link, None);
    let users = admin.call::<op::UserList>(NoId, ()).await.expect("accounts");
    let otto = users.iter().find(|user| user.id == made.user).expect("listed");
    assert_eq!(
        (otto.grants.as_slice(), otto.last_seen_at),
        (grants.as_slice(), None)
    );
    assert!(otto.has_password && otto.disabled_at.is_none());

    let login = LoginParams {
        name: "otto".into(),
        password: SecretText(PASSWORD.into()),
    };
    let body = serde_json::to_string(&login).expect("json");
    let reply = app.anonymous().send("POST", "/api/v1/session", Some(&body)).await;
    let otto = app.anonymous().after(&reply);
    let seen = otto
        .call::<op::InventoryGet>(NoId, ())
        .await
        .expect("what he sees");
    let text = serde_json::to_string(&seen.objects).expect("json");
    assert!(text.contains("mail-01") && !text.contains("web-01"), "{text}");
    let row = app.ended_row("user_create").await;
    assert_eq!(
        (row.by.as_str(), row.on.as_str(), row.outcome),
        (
            "admin",
            "otto: operator on host xen-2, viewer on tag lab",
            Some(AuditOutcome::Done)
        )
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_without_a_password_comes_with_a_link_for_its_owner() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let params = new_user("otto", None, vec![grant(Role::Viewer, Scope::Everything)]);
    let body = serde_json::to_string(&params).expect("json");
    let reply = admin.send("POST", "/api/v1/users", Some(&body)).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(reply.header("cache-control"), "no-store", "it is shown once");
    let made: wxa_wire::UserCreated = serde_json::from_str(&reply.body).expect("json");
    let token = made.link.expect("a link").token.0;
    let form = format!("token={token}&password=longenough-1&password_again=longenough-1");
    let done = app.anonymous().form("/reset", &form).await;
    assert_eq!(done.header("location"), "/");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_new_account_is_told_by_field() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let gone = Scope::Host(wxa_model::HostId(uuid::Uuid::from_u128(7)));
    for (params, field) in [
        (new_user("admin", Some(PASSWORD), vec![]), "name"),
        (new_user("a b", Some(PASSWORD), vec![]), "name"),
        (new_user("otto", Some("short"), vec![]), "password"),
        (new_user("otto", None, vec![grant(Role::Viewer, gone)]), "grants"),
    ] {
        let refused = admin
            .call::<op::UserCreate>(NoId, params)
            .await
            .expect_err("refused");
        assert_eq!(
            (refused.status, refused.body.field.as_deref()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some(field))
        );
    }
    assert_eq!(
        admin
            .call::<op::UserList>(NoId, ())
            .await
            .expect("accounts")
            .len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changed_grants_hold_at_once_and_close_what_was_open() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let otto = app.signed_in("otto", Role::Operator, Scope::Everything).await;
    let live = otto.live().await;
    let params = UserGrantsParams {
        grants: vec![grant(Role::Viewer, Scope::Tag("lab".into()))],
    };
    let user = app.user("otto").await.id;
    admin
        .call::<op::UserSetGrants>(user, params)
        .await
        .expect("changed");
    assert_eq!(live.closed().await.code, Some(close::SIGNED_OUT));
    let otto = app.signed_in("otto", Role::Operator, Scope::Everything).await;
    let refused = otto.call::<op::VmStart>(app.vm_id("build-01"), ()).await;
    assert_eq!(refused.expect_err("not seen").status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_disabled_enabled_renamed_and_removed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let otto = app.signed_in("otto", Role::Viewer, Scope::Everything).await;
    let script = app.script_of("otto", Role::Viewer, Scope::Everything).await;
    let user = app.user("otto").await.id;
    let mut live = script.live().await;
    live.wait_until("the first picture", |live| live.snapshots == 1)
        .await;
    admin.call::<op::UserDisable>(user, ()).await.expect("disabled");
    assert_eq!(
        live.closed().await.code,
        Some(close::SIGNED_OUT),
        "the script's socket too"
    );
    for client in [&otto, &script] {
        let refused = client
            .call::<op::SessionGet>(NoId, ())
            .await
            .expect_err("locked out");
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    }
    admin.call::<op::UserEnable>(user, ()).await.expect("enabled");
    let rename = UserRenameParams {
        name: "otto.k".into(),
    };
    admin.call::<op::UserRename>(user, rename).await.expect("renamed");
    assert_eq!(
        script
            .call::<op::SessionGet>(NoId, ())
            .await
            .expect("works again")
            .name,
        "otto.k"
    );
    admin.call::<op::UserDelete>(user, ()).await.expect("removed");
    let refused = script.call::<op::SessionGet>(NoId, ()).await;
    assert_eq!(refused.expect_err("gone").status, StatusCode::UNAUTHORIZED);
    let gone = admin.call::<op::UserDelete>(user, ()).await.expect_err("gone");
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_administrator_cannot_be_disabled_demoted_or_removed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let user = app.user("admin").await.id;
    let none = UserGrantsParams { grants: vec![] };
    let refused = [
        admin.call::<op::UserDisable>(user, ()).await,
        admin.call::<op::UserSetGrants>(user, none).await,
        admin.call::<op::UserDelete>(user, ()).await,
    ];
    for refused in refused {
        let refused = refused.expect_err("refused");
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let refusal = refused.body.refusal.expect("a refusal");
        assert_eq!(refusal.code, RefusalCode::LastAdmin);
        assert!(
            refusal.sentence.contains("make another administrator first"),
            "{}",
            refusal.sentence
        );
    }
    admin
        .call::<op::SessionGet>(NoId, ())
        .await
        .expect("nothing was changed");
    let row = app.ended_row("user_delete").await;
    assert_eq!(row.outcome, Some(AuditOutcome::Refused));
}
