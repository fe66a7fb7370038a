//! The first run.
use crate::{
    AuditFilter, AuditOutcome, Ctx, Error,
    core::test_core::{PASSWORD, TestCore, stranger},
};
use std::time::Duration;
use wxa_model::Grant;

#[tokio::test]
async fn the_token_makes_one_administrator_who_is_signed_in() {
    let core = TestCore::start().await;
    assert!(core.setup_needed().await.unwrap());
    let token = core.setup_token_create().await.unwrap();
    let session = core
        .setup_create(&stranger(), &token, "ada", &PASSWORD.into())
        .await
        .unwrap();
    assert_eq!(
        (session.name.as_str(), session.grants.as_slice()),
        ("ada", &[Grant::admin_everywhere()][..])
    );
    let ctx = core.resolve(&session.token).await.unwrap();
    assert_eq!((ctx.user, ctx.name.as_str()), (Some(session.user), "ada"));

    assert!(!core.setup_needed().await.unwrap());
    let again = core
        .setup_create(&stranger(), &token, "eve", &PASSWORD.into())
        .await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    assert!(matches!(core.setup_token_create().await, Err(Error::Conflict(_))));

    let rows = core.audit_list(&ctx, AuditFilter::default()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].what.as_str(), rows[0].by.as_str()),
        ("setup_create", "ada")
    );
    assert_eq!(rows[0].outcome, Some(AuditOutcome::Done));
    core.stop().await;
}

#[tokio::test]
async fn a_wrong_old_or_replaced_token_makes_nobody() {
    let core = TestCore::start().await;
    let replaced = core.setup_token_create().await.unwrap();
    let old = core.setup_token_create().await.unwrap();
    let wrong = "guess".into();
    core.clock.advance(Duration::from_secs(24 * 3600 - 1));
    for token in [&replaced, &wrong] {
        let error = core
            .setup_create(&stranger(), token, "eve", &PASSWORD.into())
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Invalid { field: "token", .. }),
            "{error:?}"
        );
    }
    core.clock.advance(Duration::from_secs(1));
    let error = core
        .setup_create(&stranger(), &old, "eve", &PASSWORD.into())
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Invalid { field: "token", .. }),
        "{error:?}"
    );
    assert!(core.setup_needed().await.unwrap());
    core.stop().await;
}

#[tokio::test]
async fn a_wrong_form_leaves_the_token_good() {
    let core = TestCore::start().await;
    let token = core.setup_token_create().await.unwrap();
    for (name, password, field) in [
        ("ada", "elevenchars", "password"),
        ("", PASSWORD, "name"),
        ("a b", PASSWORD, "name"),
        ("-ada", PASSWORD, "name"),
    ] {
        let error = core
            .setup_create(&stranger(), &token, name, &password.into())
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::Invalid { field: f, .. } if *f == field),
            "{name:?}: {error:?}"
        );
    }
    core.setup_create(&stranger(), &token, "ada", &"twelve chars".into())
        .await
        .unwrap();
    core.stop().await;
}

#[tokio::test]
async fn an_account_made_at_the_command_line_ends_the_first_run_too() {
    let core = TestCore::start().await;
    let admin = [Grant::admin_everywhere()];
    core.user_create(&Ctx::command_line(), "ada", Some(&PASSWORD.into()), &admin)
        .await
        .unwrap();
    assert!(!core.setup_needed().await.unwrap());
    core.session_create(&stranger(), "ada", &PASSWORD.into())
        .await
        .unwrap();
    core.stop().await;
}
