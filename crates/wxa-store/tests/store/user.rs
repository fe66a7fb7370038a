//! Accounts and their grants.
use crate::{at, fresh, new_user};
use uuid::Uuid;
use wxa_model::{Grant, HostId, Role, Scope, SiteId, UserId};
use wxa_store::{Error, SessionRecord, TokenPurpose};

#[tokio::test]
async fn grants_of_every_scope_are_kept() {
    let store = fresh().await;
    let scopes = [
        Scope::Everything,
        Scope::Site(SiteId(Uuid::from_u128(1))),
        Scope::Host(HostId(Uuid::from_u128(2))),
        Scope::Tag("prod".into()),
    ];
    let grants: Vec<_> = scopes
        .map(|scope| Grant {
            role: Role::Operator,
            scope,
        })
        .into();
    store.user_insert(&new_user(1, "bob", &grants)).await.unwrap();
    store.user_insert(&new_user(2, "Ada", &[])).await.unwrap();
    let bob = store.user_by_name("BOB").await.unwrap().unwrap();
    assert_eq!(bob.grants, grants);
    assert_eq!(store.user_get(bob.id).await.unwrap(), Some(bob.clone()));
    let names: Vec<_> = store
        .user_list()
        .await
        .unwrap()
        .into_iter()
        .map(|user| user.name)
        .collect();
    assert_eq!(names, ["Ada", "bob"]);
    assert_eq!(store.user_list().await.unwrap().pop(), Some(bob.clone()));
    assert_eq!(
        store.user_password_hash(bob.id).await.unwrap().as_deref(),
        Some("hash of bob")
    );
    assert_eq!(store.user_password_hash(UserId(Uuid::nil())).await.unwrap(), None);
    assert!(matches!(
        store.user_insert(&new_user(3, "bOb", &[])).await,
        Err(Error::Duplicate)
    ));
}

#[tokio::test]
async fn the_first_account_uses_up_the_setup_token() {
    let store = fresh().await;
    let token = [7; 32];
    let admin = new_user(1, "ada", &[Grant::admin_everywhere()]);
    assert!(
        !store.user_insert_first(&token, &admin).await.unwrap(),
        "no token yet"
    );
    store
        .token_insert(TokenPurpose::Setup, &token, at(0), at(100))
        .await
        .unwrap();
    assert!(
        !store.user_insert_first(&[8; 32], &admin).await.unwrap(),
        "another token"
    );
    assert!(store.user_insert_first(&token, &admin).await.unwrap());
    assert!(
        !store
            .user_insert_first(&token, &new_user(2, "eve", &[]))
            .await
            .unwrap(),
        "used up"
    );
    store
        .token_insert(TokenPurpose::Setup, &token, at(0), at(100))
        .await
        .unwrap();
    assert!(
        !store
            .user_insert_first(&token, &new_user(2, "eve", &[]))
            .await
            .unwrap(),
        "there is one"
    );
    assert!(
        store.token_is_setup(&token, at(50)).await.unwrap(),
        "a refusal changes nothing"
    );
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let store = fresh().await;
    let (ada, bob) = (
        new_user(1, "ada", &[Grant::admin_everywhere()]),
        new_user(2, "bob", &[]),
    );
    store.user_insert(&ada).await.unwrap();
    store.user_insert(&bob).await.unwrap();
    assert!(matches!(
        store.user_set_disabled(ada.id, Some(at(1))).await,
        Err(Error::LastAdmin)
    ));
    assert!(matches!(
        store.user_set_grants(ada.id, &[]).await,
        Err(Error::LastAdmin)
    ));
    assert_eq!(
        store.user_get(ada.id).await.unwrap().unwrap().grants,
        ada.grants,
        "nothing was changed"
    );
    store
        .user_set_grants(bob.id, &[Grant::admin_everywhere()])
        .await
        .unwrap();
    assert!(store.user_set_disabled(ada.id, Some(at(1))).await.unwrap());
    assert_eq!(
        store.user_get(ada.id).await.unwrap().unwrap().disabled_at,
        Some(at(1))
    );
    assert!(store.user_set_disabled(ada.id, None).await.unwrap());
}

#[tokio::test]
async fn whatever_changes_an_account_ends_its_sessions_and_links() {
    let store = fresh().await;
    let (ada, bob) = (
        new_user(1, "ada", &[Grant::admin_everywhere()]),
        new_user(2, "bob", &[]),
    );
    store.user_insert(&ada).await.unwrap();
    store.user_insert(&bob).await.unwrap();
    for change in 0..3u8 {
        let session = SessionRecord {
            id: Uuid::from_u128(change.into()),
            user: bob.id,
            from: "::1".into(),
            created_at: at(0),
            last_seen_at: at(0),
            expires_at: at(100),
        };
        store.session_insert(&session, &[change; 32]).await.unwrap();
        store
            .token_insert(TokenPurpose::Login(bob.id), &[100 + change; 32], at(0), at(100))
            .await
            .unwrap();
        match change {
            0 => assert!(store.user_set_password_hash(bob.id, "new").await.unwrap()),
            1 => store.user_set_grants(bob.id, &[]).await.unwrap(),
            _ => assert!(store.user_set_disabled(bob.id, Some(at(1))).await.unwrap()),
        }
        assert_eq!(
            store.session_get(session.id).await.unwrap(),
            None,
            "change {change}"
        );
        assert_eq!(
            store.token_take_login(&[100 + change; 32], at(1)).await.unwrap(),
            None,
            "change {change}"
        );
    }
    assert_eq!(
        store.user_password_hash(bob.id).await.unwrap().as_deref(),
        Some("new")
    );
}
