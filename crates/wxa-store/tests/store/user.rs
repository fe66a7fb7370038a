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
            agent: String::new(),
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
            0 => assert!(store.user_set_password_hash(bob.id, "new", None).await.unwrap()),
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

#[tokio::test]
async fn changing_ones_own_password_keeps_the_session_at_hand() {
    let store = fresh().await;
    let bob = new_user(2, "bob", &[]);
    store.user_insert(&bob).await.unwrap();
    for n in 1..=2u8 {
        let session = SessionRecord {
            id: Uuid::from_u128(n.into()),
            user: bob.id,
            from: "::1".into(),
            agent: String::new(),
            created_at: at(0),
            last_seen_at: at(0),
            expires_at: at(100),
        };
        store.session_insert(&session, &[n; 32]).await.unwrap();
    }
    let keep = Some(Uuid::from_u128(1));
    assert!(store.user_set_password_hash(bob.id, "new", keep).await.unwrap());
    let left: Vec<_> = store.session_list(bob.id).await.unwrap();
    assert_eq!(
        left.iter().map(|left| left.id).collect::<Vec<_>>(),
        [Uuid::from_u128(1)]
    );
}

#[tokio::test]
async fn a_reset_link_sets_a_password_once_and_not_for_a_disabled_account() {
    let store = fresh().await;
    let (ada, bob) = (
        new_user(1, "ada", &[Grant::admin_everywhere()]),
        new_user(2, "bob", &[]),
    );
    store.user_insert(&ada).await.unwrap();
    store.user_insert(&bob).await.unwrap();
    let reset = |hash: [u8; 32]| {
        let store = &store;
        async move {
            store
                .token_insert(TokenPurpose::Reset(bob.id), &hash, at(0), at(100))
                .await
                .unwrap();
        }
    };
    reset([1; 32]).await;
    reset([2; 32]).await;
    let set = |hash: [u8; 32], now| {
        let store = &store;
        async move {
            store
                .user_set_password_by_link(&hash, at(now), "new")
                .await
                .unwrap()
        }
    };
    assert_eq!(set([1; 32], 1).await, None, "a new link replaces the one before");
    assert_eq!(set([2; 32], 100).await, None, "too late");
    assert_eq!(
        store.token_reset_user(&[2; 32], at(99)).await.unwrap(),
        Some(bob.id)
    );
    assert_eq!(
        store.token_take_login(&[2; 32], at(1)).await.unwrap(),
        None,
        "it signs nobody in"
    );
    assert_eq!(set([2; 32], 99).await, Some(bob.id));
    assert_eq!(set([2; 32], 99).await, None, "used up");
    assert_eq!(
        store.user_password_hash(bob.id).await.unwrap().as_deref(),
        Some("new")
    );

    assert!(store.user_set_disabled(bob.id, Some(at(1))).await.unwrap());
    reset([3; 32]).await;
    assert_eq!(set([3; 32], 1).await, None, "disabled");
}

#[tokio::test]
async fn an_account_is_renamed_and_removed_but_never_the_last_administrator() {
    let store = fresh().await;
    let (ada, bob) = (
        new_user(1, "ada", &[Grant::admin_everywhere()]),
        new_user(2, "bob", &[Grant::admin_everywhere()]),
    );
    store.user_insert(&ada).await.unwrap();
    store.user_insert(&bob).await.unwrap();
    assert!(matches!(
        store.user_rename(bob.id, "ADA").await,
        Err(Error::Duplicate)
    ));
    assert!(
        store.user_rename(bob.id, "Bob").await.unwrap(),
        "only the letters' case changes"
    );
    assert!(!store.user_rename(UserId(Uuid::nil()), "x").await.unwrap());
    assert!(store.user_delete(bob.id).await.unwrap());
    assert!(!store.user_delete(bob.id).await.unwrap());
    assert!(matches!(store.user_delete(ada.id).await, Err(Error::LastAdmin)));
    assert_eq!(store.user_get(ada.id).await.unwrap().unwrap().grants, ada.grants);
}
