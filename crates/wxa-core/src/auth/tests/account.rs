//! One's own account: password, reset link, sessions.
use super::session::{AT_ONCE, hang_on};
use crate::{
    Ctx, Error,
    core::test_core::{PASSWORD, TestCore, stranger},
};
use std::time::Duration;
use tokio::time::timeout;
use wxa_model::Grant;

const NEW: &str = "another horse battery";

#[tokio::test]
async fn changing_ones_password_asks_for_the_old_one_and_ends_the_other_sessions() {
    let core = TestCore::start().await;
    let here = core.with_admin().await;
    let there = core
        .session_create(&stranger(), "ada", &PASSWORD.into())
        .await
        .unwrap();
    let ctx = core.resolve(&here.token).await.unwrap();
    let other = core.resolve(&there.token).await.unwrap();
    let other_end = hang_on(&core, other.session.unwrap()).await;

    let wrong = core
        .account_set_password(&ctx, &"not the old one".into(), &NEW.into())
        .await;
    assert!(
        matches!(wrong, Err(Error::Invalid { field: "old", .. })),
        "{wrong:?}"
    );
    let short = core
        .account_set_password(&ctx, &PASSWORD.into(), &"short".into())
        .await;
    assert!(
        matches!(
            short,
            Err(Error::Invalid {
                field: "password",
                ..
            })
        ),
        "{short:?}"
    );
    core.account_set_password(&ctx, &PASSWORD.into(), &NEW.into())
        .await
        .unwrap();

    timeout(AT_ONCE, other_end).await.unwrap();
    core.resolve(&here.token).await.unwrap();
    core.session_create(&stranger(), "ada", &NEW.into())
        .await
        .unwrap();
    core.stop().await;
}

#[tokio::test]
async fn an_open_browser_is_no_place_to_guess_the_password() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    let ctx = core.resolve(&session.token).await.unwrap();
    let (wrong, new) = ("not the old one".into(), NEW.into());
    let guess = || core.account_set_password(&ctx, &wrong, &new);
    for _ in 0..6 {
        assert!(matches!(guess().await, Err(Error::Invalid { .. })));
    }
    assert!(matches!(guess().await, Err(Error::TooMany { .. })));
    core.stop().await;
}

#[tokio::test]
async fn a_reset_link_sets_a_password_once_within_a_day_and_ends_old_sessions() {
    let core = TestCore::start().await;
    let admin = core.with_admin().await;
    let ctx = core.resolve(&admin.token).await.unwrap();
    let bob = core
        .user_create(&ctx, "bob", Some(&PASSWORD.into()), &[])
        .await
        .unwrap();
    let before = core
        .session_create(&stranger(), "bob", &PASSWORD.into())
        .await
        .unwrap();
    let void = core.user_reset_link(&ctx, bob).await.unwrap();
    let link = core.user_reset_link(&ctx, bob).await.unwrap();
    core.clock.advance(Duration::from_secs(24 * 3600 - 1));

    let replaced = core.password_reset(&stranger(), &void.token, &NEW.into()).await;
    assert!(matches!(replaced, Err(Error::Unauthenticated)), "{replaced:?}");
    let short = core
        .password_reset(&stranger(), &link.token, &"short".into())
        .await;
    assert!(
        matches!(
            short,
            Err(Error::Invalid {
                field: "password",
                ..
            })
        ),
        "{short:?}"
    );
    let signed_in = core.session_create_by_link(&stranger(), &link.token).await;
    assert!(
        matches!(signed_in, Err(Error::Unauthenticated)),
        "it is no sign-in link"
    );
    let session = core
        .password_reset(&stranger(), &link.token, &NEW.into())
        .await
        .unwrap();
    assert_eq!(session.user, bob);
    let again = core.password_reset(&stranger(), &link.token, &NEW.into()).await;
    assert!(matches!(again, Err(Error::Unauthenticated)), "{again:?}");
    assert!(core.resolve(&before.token).await.is_err(), "old sessions ended");
    core.session_create(&stranger(), "bob", &NEW.into())
        .await
        .unwrap();

    let late = core.user_reset_link(&Ctx::command_line(), bob).await.unwrap();
    core.clock.advance(Duration::from_secs(24 * 3600));
    let late = core.password_reset(&stranger(), &late.token, &NEW.into()).await;
    assert!(matches!(late, Err(Error::Unauthenticated)), "{late:?}");
    core.user_disable(&Ctx::command_line(), bob).await.unwrap();
    let disabled = core.user_reset_link(&Ctx::command_line(), bob).await;
    assert!(
        matches!(disabled, Err(Error::Invalid { field: "user", .. })),
        "{disabled:?}"
    );
    core.stop().await;
}

#[tokio::test]
async fn wrong_links_are_slowed_down_and_right_ones_are_not() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let link = core.user_reset_link(&Ctx::command_line(), "ada").await.unwrap();
    for _ in 0..21 {
        let wrong = core.session_create_by_link(&stranger(), &"guess".into()).await;
        assert!(matches!(wrong, Err(Error::Unauthenticated)), "{wrong:?}");
    }
    let wrong = core
        .password_reset(&stranger(), &"guess".into(), &NEW.into())
        .await;
    assert!(matches!(wrong, Err(Error::TooMany { .. })), "{wrong:?}");
    core.password_reset(&stranger(), &link.token, &NEW.into())
        .await
        .unwrap();
    core.stop().await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_and_by_administrators() {
    let core = TestCore::start().await;
    let admin = core.with_admin().await;
    let admin = core.resolve(&admin.token).await.unwrap();
    let bob = core
        .user_create(&admin, "bob", Some(&PASSWORD.into()), &[])
        .await
        .unwrap();
    let browser = Ctx {
        agent: "Mozilla/5.0 (X11; Linux x86_64)".into(),
        ..stranger()
    };
    let mut sessions = Vec::new();
    for _ in 0..3 {
        let session = core
            .session_create(&browser, "bob", &PASSWORD.into())
            .await
            .unwrap();
        sessions.push(core.resolve(&session.token).await.unwrap());
    }
    let own = core.session_list(&sessions[0]).await.unwrap();
    assert_eq!(own.len(), 3);
    assert_eq!(
        (own[0].from.as_str(), own[0].agent.as_str()),
        ("192.0.2.1", browser.agent.as_str())
    );
    assert!(matches!(
        core.user_sessions(&sessions[0], bob).await,
        Err(Error::Forbidden)
    ));
    let foreign = core.session_end(&sessions[0], admin.session.unwrap()).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");

    let second = sessions[1].session.unwrap();
    let end = hang_on(&core, second).await;
    core.session_end(&sessions[0], second).await.unwrap();
    timeout(AT_ONCE, end).await.unwrap();
    core.session_end_others(&sessions[0]).await.unwrap();
    let left = core.user_sessions(&admin, bob).await.unwrap();
    assert_eq!(
        left.iter().map(|one| Some(one.id)).collect::<Vec<_>>(),
        [sessions[0].session]
    );
    let end = hang_on(&core, sessions[0].session.unwrap()).await;
    core.user_end_sessions(&admin, bob).await.unwrap();
    timeout(AT_ONCE, end).await.unwrap();
    assert!(core.user_sessions(&admin, bob).await.unwrap().is_empty());

    let seen = core.user_list(&admin).await.unwrap();
    assert_eq!(
        seen[1].last_seen_at,
        Some(core.now()),
        "bob was seen, though no session is left"
    );
    core.stop().await;
}

#[tokio::test]
async fn an_administrator_is_never_kept_out_by_guesses_from_elsewhere() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let elsewhere = Ctx::anonymous("198.51.100.7", "r");
    for _ in 0..40 {
        let _ = core
            .session_create(&elsewhere, "ada", &"wrong horse battery".into())
            .await;
        core.clock.advance(Duration::from_millis(500));
    }
    core.session_create(&stranger(), "ada", &PASSWORD.into())
        .await
        .unwrap();
    assert_eq!(
        core.user_list(&Ctx::command_line()).await.unwrap()[0].grants,
        [Grant::admin_everywhere()]
    );
    core.stop().await;
}
