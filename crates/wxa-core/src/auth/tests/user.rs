//! Accounts: for administrators, and with effect at once.
use super::session::{AT_ONCE, hang_on};
use crate::{
    AuditFilter, Core, Ctx, Error,
    core::test_core::{PASSWORD, TestCore, stranger},
};
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;
use wxa_model::{Grant, HostId, RefusalCode, Role, Scope, SiteId, UserId};
use wxa_store::NewUser;

const NEW_PASSWORD: &str = "another horse battery";

fn viewer() -> Grant {
    Grant {
        role: Role::Viewer,
        scope: Scope::Tag("lab".into()),
    }
}

#[tokio::test]
async fn accounts_are_made_listed_and_unique() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let ctx = Ctx::command_line();
    let id = core.user_create(&ctx, "bob", None, &[viewer()]).await.unwrap();
    let users = core.user_list(&ctx).await.unwrap();
    assert_eq!(
        users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(),
        ["ada", "bob"]
    );
    assert_eq!((users[1].id, users[1].grants.as_slice()), (id, &[viewer()][..]));
    let taken = core.user_create(&ctx, "BOB", None, &[]).await;
    assert!(
        matches!(taken, Err(Error::Invalid { field: "name", .. })),
        "{taken:?}"
    );
    // An account without a password signs in by link only.
    let result = core.session_create(&stranger(), "bob", &PASSWORD.into()).await;
    assert!(matches!(result, Err(Error::Unauthenticated)));
    let link = core.login_link_create(&ctx, "bob").await.unwrap();
    core.session_create_by_link(&stranger(), &link).await.unwrap();
    core.stop().await;
}

#[tokio::test]
async fn whatever_changes_an_account_ends_its_sessions_at_once() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let ctx = Ctx::command_line();
    core.user_create(&ctx, "bob", None, &[]).await.unwrap();
    for change in 0..3u8 {
        let link = core.login_link_create(&ctx, "bob").await.unwrap();
        let session = core.session_create_by_link(&stranger(), &link).await.unwrap();
        let ended = hang_on(
            &core,
            core.resolve(&session.token).await.unwrap().session.unwrap(),
        )
        .await;
        match change {
            0 => core
                .user_set_password(&ctx, "bob", &NEW_PASSWORD.into())
                .await
                .unwrap(),
            1 => core.user_set_grants(&ctx, "bob", &[viewer()]).await.unwrap(),
            _ => core.user_disable(&ctx, "bob").await.unwrap(),
        }
        timeout(AT_ONCE, ended).await.unwrap();
        assert!(
            matches!(core.resolve(&session.token).await, Err(Error::Unauthenticated)),
            "change {change}"
        );
    }
    let sign_in = || async {
        core.session_create(&stranger(), "bob", &NEW_PASSWORD.into())
            .await
    };
    assert!(matches!(sign_in().await, Err(Error::Unauthenticated)), "disabled");
    assert!(matches!(
        core.login_link_create(&ctx, "bob").await,
        Err(Error::NotFound)
    ));
    core.user_enable(&ctx, "bob").await.unwrap();
    assert_eq!(sign_in().await.unwrap().grants, [viewer()]);
    core.stop().await;
}

#[tokio::test]
async fn the_command_line_beside_a_running_server_ends_sessions_too() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let command_line = Core::open(core.config()).await.unwrap();
    let ctx = Ctx::command_line();
    command_line
        .user_create(&ctx, "bob", Some(&PASSWORD.into()), &[])
        .await
        .unwrap();
    let session = core
        .session_create(&stranger(), "bob", &PASSWORD.into())
        .await
        .unwrap();
    let ended = hang_on(
        &core,
        core.resolve(&session.token).await.unwrap().session.unwrap(),
    )
    .await;
    command_line.user_disable(&ctx, "bob").await.unwrap();
    timeout(Duration::from_secs(30), ended).await.unwrap();
    command_line.stop().await;
    core.stop().await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let ctx = Ctx::command_line();
    let disabled = core.user_disable(&ctx, "ada").await;
    assert!(is_last_admin(&disabled), "{disabled:?}");
    let stripped = core.user_set_grants(&ctx, "ada", &[viewer()]).await;
    assert!(is_last_admin(&stripped), "{stripped:?}");
    let removed = core.user_delete(&ctx, "ada").await;
    assert!(is_last_admin(&removed), "{removed:?}");
    core.stop().await;
}

fn is_last_admin(result: &Result<(), Error>) -> bool {
    matches!(result, Err(Error::Conflict(refusal)) if refusal.code == RefusalCode::LastAdmin)
}

#[tokio::test]
async fn an_account_is_renamed_and_removed_and_the_log_keeps_both_names() {
    let core = TestCore::start().await;
    let admin = core.with_admin().await;
    let ctx = core.resolve(&admin.token).await.unwrap();
    let id = core.user_create(&ctx, "bob", None, &[]).await.unwrap();
    let taken = core.user_rename(&ctx, id, "Ada").await;
    assert!(
        matches!(taken, Err(Error::Invalid { field: "name", .. })),
        "{taken:?}"
    );
    core.user_rename(&ctx, id, "robert").await.unwrap();
    core.user_delete(&ctx, "robert").await.unwrap();
    assert!(matches!(core.user_delete(&ctx, id).await, Err(Error::NotFound)));
    let rows = core.audit_list(&ctx, AuditFilter::default()).await.unwrap();
    let renamed = rows
        .iter()
        .find(|row| row.what == "user_rename" && row.on.contains("robert"));
    assert_eq!(renamed.unwrap().on, "bob → robert");
    core.stop().await;
}

#[tokio::test]
async fn a_grant_names_what_is_there_or_what_was_held_before() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let ctx = Ctx::command_line();
    let gone = Grant {
        role: Role::Viewer,
        scope: Scope::Host(HostId(Uuid::from_u128(7))),
    };
    for scope in [
        gone.scope.clone(),
        Scope::Site(SiteId(Uuid::from_u128(7))),
        Scope::Tag(" x".into()),
        Scope::Tag(String::new()),
    ] {
        let grants = [Grant {
            role: Role::Viewer,
            scope,
        }];
        let refused = core.user_create(&ctx, "bob", None, &grants).await;
        assert!(
            matches!(refused, Err(Error::Invalid { field: "grants", .. })),
            "{refused:?}"
        );
    }
    let held = NewUser {
        id: UserId(Uuid::from_u128(9)),
        name: "bob".into(),
        password_hash: None,
        grants: vec![gone.clone()],
        created_at: core.now(),
    };
    core.inner.store.user_insert(&held).await.unwrap();
    core.user_set_grants(&ctx, "bob", &[gone, viewer()])
        .await
        .unwrap();
    core.stop().await;
}

#[tokio::test]
async fn only_administrators_of_the_installation_may() {
    let core = TestCore::start().await;
    core.with_admin().await;
    let grants = [Grant {
        role: Role::Operator,
        scope: Scope::Everything,
    }];
    let site_admin = Grant {
        role: Role::Admin,
        scope: Scope::Tag("lab".into()),
    };
    for grant in [grants[0].clone(), site_admin] {
        let ctx = Ctx {
            grants: [grant].into(),
            ..stranger()
        };
        assert!(matches!(core.user_list(&ctx).await, Err(Error::Forbidden)));
        assert!(matches!(
            core.user_create(&ctx, "x", None, &[]).await,
            Err(Error::Forbidden)
        ));
        assert!(matches!(
            core.user_disable(&ctx, "ada").await,
            Err(Error::Forbidden)
        ));
        assert!(matches!(
            core.user_enable(&ctx, "nobody").await,
            Err(Error::Forbidden)
        ));
        assert!(matches!(
            core.user_set_grants(&ctx, "ada", &[]).await,
            Err(Error::Forbidden)
        ));
        let password = core.user_set_password(&ctx, "ada", &NEW_PASSWORD.into()).await;
        assert!(matches!(password, Err(Error::Forbidden)));
    }
    core.stop().await;
}
