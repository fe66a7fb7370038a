//! Changing one's own password.
use axum::http::StatusCode;
use wxa_core::{AuditOutcome, Ctx};
use wxa_model::{Role, Scope};
use wxa_testkit::{Client, TestApp};
use wxa_wire::{LoginParams, PasswordParams, SecretText, close, operation as op, operation::NoId};

const OLD: &str = "correct horse battery";
const NEW: &str = "another horse battery";

fn params(old: &str, new: &str) -> PasswordParams {
    PasswordParams {
        old: SecretText(old.into()),
        new: SecretText(new.into()),
    }
}

async fn anna(app: &TestApp) -> Client {
    let _admin = app.admin().await;
    let anna = app.signed_in("anna", Role::Viewer, Scope::Everything).await;
    let ctx = Ctx::command_line();
    let set = app.core().user_set_password(&ctx, "anna", &OLD.into()).await;
    set.expect("a password");
    drop(anna);
    app.signed_in("anna", Role::Viewer, Scope::Everything).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_old_one_is_asked_for_and_the_other_sessions_end() {
    let app = TestApp::start().await;
    let anna = anna(&app).await;
    let elsewhere = app.signed_in("anna", Role::Viewer, Scope::Everything).await;
    let live = elsewhere.live().await;
    let wrong = anna
        .call::<op::AccountSetPassword>(NoId, params("not this one", NEW))
        .await;
    let wrong = wrong.expect_err("the old one is wrong");
    assert_eq!(
        (wrong.status, wrong.body.field.as_deref()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("old"))
    );
    assert_eq!(
        app.ended_row("account_set_password").await.outcome,
        Some(AuditOutcome::Refused)
    );

    anna.call::<op::AccountSetPassword>(NoId, params(OLD, NEW))
        .await
        .expect("changed");
    assert_eq!(live.closed().await.code, Some(close::SIGNED_OUT));
    anna.call::<op::SessionGet>(NoId, ())
        .await
        .expect("this one goes on");
    let login = LoginParams {
        name: "anna".into(),
        password: SecretText(NEW.into()),
    };
    app.anonymous()
        .call::<op::SessionCreate>(NoId, login)
        .await
        .expect("the new one signs in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_the_old_one_is_slowed_down() {
    let app = TestApp::start().await;
    let anna = anna(&app).await;
    for _ in 0..20 {
        let wrong = anna
            .call::<op::AccountSetPassword>(NoId, params("a guess", NEW))
            .await
            .expect_err("wrong");
        if wrong.status == StatusCode::TOO_MANY_REQUESTS {
            return;
        }
    }
    panic!("twenty guesses were not too many");
}
