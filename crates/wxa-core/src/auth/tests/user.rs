//! Accounts: for administrators, and with effect at once.
use super::session::{AT_ONCE, hang_on};
use crate::{
    Core, Ctx, Error,
    core::test_core::{PASSWORD, TestCore, stranger},
};
use std::time::Duration;
use tokio::time::timeout;
use wxa_model::{Grant, Role, Scope};

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
    assert!(
        matches!(disabled, Err(Error::Invalid { field: "user", .. })),
        "{disabled:?}"
    );
    let stripped = core.user_set_grants(&ctx, "ada", &[viewer()]).await;
    assert!(
        matches!(stripped, Err(Error::Invalid { field: "user", .. })),
        "{stripped:?}"
    );
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
