//! API tokens: what they give, when they end, and what they never can.
use super::session::{AT_ONCE, hang_on_access};
use crate::{
    AuditFilter, Core, Ctx, Error, NewToken,
    core::test_core::{PASSWORD, TestCore, stranger},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;
use tokio::time::timeout;
use wxa_model::{Grant, Permission, Role, Scope, Target, UserId};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn grant(role: Role, tag: Option<&str>) -> Grant {
    let scope = tag.map_or(Scope::Everything, |tag| Scope::Tag(tag.into()));
    Grant { role, scope }
}

fn backup(grant: Grant) -> NewToken {
    NewToken {
        name: "backup".into(),
        grant,
        days: 30,
    }
}

/// An administrator, and bob, who operates everything.
async fn with_bob(core: &TestCore) -> (Ctx, Ctx, UserId) {
    let admin = core.with_admin().await;
    let admin = core.resolve(&admin.token).await.unwrap();
    let operator = [grant(Role::Operator, None)];
    let bob = core
        .user_create(&admin, "bob", Some(&PASSWORD.into()), &operator)
        .await
        .unwrap();
    let session = core
        .session_create(&stranger(), "bob", &PASSWORD.into())
        .await
        .unwrap();
    let ctx = core.resolve(&session.token).await.unwrap();
    (admin, ctx, bob)
}

async fn by(core: &Core, secret: &SecretString) -> Result<Ctx, Error> {
    core.token_resolve(secret, "192.0.2.9", "r").await
}

#[tokio::test]
async fn a_token_acts_for_its_owner_within_its_own_bounds() {
    let core = TestCore::start().await;
    let (_, bob, _) = with_bob(&core).await;
    let (token, secret) = core
        .token_create(&bob, backup(grant(Role::Operator, Some("lab"))))
        .await
        .unwrap();
    assert!(
        secret.expose_secret().starts_with("wxa_"),
        "recognisable when it leaks"
    );
    assert!(secret.expose_secret().len() > 40);
    let ctx = by(&core, &secret).await.unwrap();
    assert_eq!((ctx.user, ctx.who().as_str()), (bob.user, "bob (token backup)"));
    let lab = ["lab".to_owned()];
    let lab = Target {
        tags: &lab,
        ..Target::default()
    };
    assert!(ctx.may(Permission::Operate, &lab));
    assert!(
        !ctx.may(Permission::View, &Target::default()),
        "its owner may, it may not"
    );

    let kept = core.token_list(&bob).await.unwrap();
    assert_eq!(kept[0].id, token.id);
    assert_eq!(
        (kept[0].last_used_at, kept[0].last_used_from.as_str()),
        (Some(core.now()), "192.0.2.9")
    );
    core.stop().await;
}

#[tokio::test]
async fn a_token_gives_no_more_than_its_owner_has_then_and_later() {
    let core = TestCore::start().await;
    let (admin, bob, id) = with_bob(&core).await;
    let more = core.token_create(&bob, backup(Grant::admin_everywhere())).await;
    assert!(
        matches!(more, Err(Error::Invalid { field: "grant", .. })),
        "{more:?}"
    );
    let (_, secret) = core
        .user_token_create(&admin, id, backup(grant(Role::Operator, None)))
        .await
        .unwrap();
    let ctx = by(&core, &secret).await.unwrap();
    let end = hang_on_access(&core, &ctx).await;
    core.user_set_grants(&admin, id, &[grant(Role::Viewer, Some("lab"))])
        .await
        .unwrap();
    timeout(AT_ONCE, end).await.unwrap();
    let ctx = by(&core, &secret).await.unwrap();
    assert_eq!(*ctx.grants, [grant(Role::Viewer, Some("lab"))]);
    core.stop().await;
}

#[tokio::test]
async fn a_token_ends_when_it_expires_is_revoked_or_its_owner_is_disabled_or_removed() {
    let core = TestCore::start().await;
    let (admin, bob, id) = with_bob(&core).await;
    for end in 0..4u8 {
        let (token, secret) = core
            .user_token_create(&admin, id, backup(grant(Role::Operator, None)))
            .await
            .unwrap();
        let ctx = by(&core, &secret).await.unwrap();
        let ended = hang_on_access(&core, &ctx).await;
        match end {
            0 => {
                core.clock.advance(30 * DAY);
                core.inner.session_changes.note();
            }
            1 => core.token_revoke(&bob, token.id).await.unwrap(),
            2 => core.user_disable(&admin, id).await.unwrap(),
            _ => core.user_delete(&admin, id).await.unwrap(),
        }
        timeout(AT_ONCE, ended).await.unwrap();
        let after = by(&core, &secret).await;
        assert!(
            matches!(after, Err(Error::Unauthenticated)),
            "end {end}: {after:?}"
        );
        if end < 3 {
            core.user_enable(&Ctx::command_line(), id).await.unwrap();
            core.inner.store.api_token_delete(token.id).await.unwrap();
        }
    }
    core.stop().await;
}

#[tokio::test]
async fn a_token_cannot_make_itself_or_anybody_a_longer_life() {
    let core = TestCore::start().await;
    let session = core.with_admin().await;
    let admin = core.resolve(&session.token).await.unwrap();
    let (token, secret) = core
        .token_create(&admin, backup(Grant::admin_everywhere()))
        .await
        .unwrap();
    let script = by(&core, &secret).await.unwrap();
    assert!(
        script.require_installation(Permission::Administer).is_ok(),
        "it administers"
    );
    let user = admin.user.unwrap();
    let password = SecretString::from("another horse battery");
    let viewer = [grant(Role::Viewer, None)];
    let refused = [
        core.token_create(&script, backup(viewer[0].clone())).await.err(),
        core.user_token_create(&script, user, backup(viewer[0].clone()))
            .await
            .err(),
        core.token_revoke(&script, token.id).await.err(),
        core.token_list(&script).await.err(),
        core.user_tokens(&script, user).await.err(),
        core.user_list(&script).await.err(),
        core.user_create(&script, "eve", Some(&password), &viewer)
            .await
            .err(),
        core.user_set_password(&script, user, &password).await.err(),
        core.user_set_grants(&script, user, &viewer).await.err(),
        core.user_rename(&script, user, "eve").await.err(),
        core.user_disable(&script, user).await.err(),
        core.user_enable(&script, user).await.err(),
        core.user_delete(&script, user).await.err(),
        core.user_reset_link(&script, user).await.err(),
        core.login_link_create(&script, user).await.err(),
        core.account_set_password(&script, &PASSWORD.into(), &password)
            .await
            .err(),
        core.session_list(&script).await.err(),
        core.session_end(&script, admin.session.unwrap()).await.err(),
        core.session_end_others(&script).await.err(),
        core.user_sessions(&script, user).await.err(),
        core.user_end_sessions(&script, user).await.err(),
        core.session_delete(&script).await.err(),
    ];
    for (n, error) in refused.iter().enumerate() {
        assert!(matches!(error, Some(Error::NotByToken)), "{n}: {error:?}");
    }
    core.stop().await;
}

#[tokio::test]
async fn tokens_have_bounds_and_names_and_strangers_do_not_see_them() {
    let core = TestCore::start().await;
    let (admin, bob, _) = with_bob(&core).await;
    let view = grant(Role::Viewer, None);
    for (name, days, field) in [
        ("", 30, "name"),
        (" x", 30, "name"),
        ("a\nb", 30, "name"),
        ("x", 0, "days"),
        ("x", 366, "days"),
    ] {
        let new = NewToken {
            name: name.into(),
            grant: view.clone(),
            days,
        };
        let refused = core.token_create(&bob, new).await;
        assert!(
            matches!(&refused, Err(Error::Invalid { field: f, .. }) if *f == field),
            "{name:?} {days}: {refused:?}"
        );
    }
    let (token, _) = core.token_create(&admin, backup(view.clone())).await.unwrap();
    core.token_create(&bob, backup(view.clone())).await.unwrap();
    let twice = core.token_create(&bob, backup(view.clone())).await;
    assert!(
        matches!(twice, Err(Error::Invalid { field: "name", .. })),
        "{twice:?}"
    );
    let foreign = core.token_revoke(&bob, token.id).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    for n in 1..50 {
        let new = NewToken {
            name: format!("token {n}"),
            ..backup(view.clone())
        };
        core.token_create(&bob, new).await.unwrap();
    }
    let new = NewToken {
        name: "one more".into(),
        ..backup(view)
    };
    let full = core.token_create(&bob, new).await;
    assert!(
        matches!(full, Err(Error::Invalid { field: "name", .. })),
        "{full:?}"
    );

    let rows = core.audit_list(&admin, AuditFilter::default()).await.unwrap();
    assert!(
        rows.iter()
            .any(|row| row.what == "token_create" && row.on == "bob: backup, viewer everywhere")
    );
    core.stop().await;
}

#[tokio::test]
async fn wrong_tokens_are_slowed_down_and_right_ones_are_not() {
    let core = TestCore::start().await;
    let (_, bob, _) = with_bob(&core).await;
    let (_, secret) = core
        .token_create(&bob, backup(grant(Role::Viewer, None)))
        .await
        .unwrap();
    let wrong = SecretString::from("wxa_guess");
    for _ in 0..21 {
        assert!(matches!(by(&core, &wrong).await, Err(Error::Unauthenticated)));
    }
    let slowed = by(&core, &wrong).await;
    assert!(
        matches!(slowed, Err(Error::TooMany { retry_after_s: 1 })),
        "{slowed:?}"
    );
    by(&core, &secret).await.unwrap();
    core.stop().await;
}
