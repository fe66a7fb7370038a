//! Sessions.
use crate::{at, fresh, new_user};
use uuid::Uuid;
use wxa_model::{Grant, UserId};
use wxa_store::SessionRecord;

fn session(n: u128) -> SessionRecord {
    SessionRecord {
        id: Uuid::from_u128(n),
        user: UserId(Uuid::from_u128(1)),
        from: "192.0.2.1".into(),
        agent: "Mozilla/5.0".into(),
        created_at: at(10),
        last_seen_at: at(10),
        expires_at: at(1000),
    }
}

#[tokio::test]
async fn a_session_is_found_by_its_tokens_hash_until_it_ends() {
    let store = fresh().await;
    store.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    store.session_insert(&session(5), &[5; 32]).await.unwrap();
    assert_eq!(store.session_by_token(&[5; 32]).await.unwrap(), Some(session(5)));
    assert_eq!(store.session_by_token(&[6; 32]).await.unwrap(), None);
    store.session_touch(&session(5), at(70)).await.unwrap();
    assert_eq!(
        store
            .session_get(session(5).id)
            .await
            .unwrap()
            .unwrap()
            .last_seen_at,
        at(70)
    );
    let seen = store
        .user_get(session(5).user)
        .await
        .unwrap()
        .unwrap()
        .last_seen_at;
    assert_eq!(seen, Some(at(70)), "its account was seen");
    assert!(store.session_delete(session(5).id).await.unwrap());
    assert!(!store.session_delete(session(5).id).await.unwrap());
    assert_eq!(store.session_by_token(&[5; 32]).await.unwrap(), None);
}

#[tokio::test]
async fn a_disabled_account_has_no_sessions_even_if_rows_were_left() {
    let store = fresh().await;
    store.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    store
        .user_insert(&new_user(2, "bob", &[Grant::admin_everywhere()]))
        .await
        .unwrap();
    store
        .user_set_disabled(session(5).user, Some(at(1)))
        .await
        .unwrap();
    store.session_insert(&session(5), &[5; 32]).await.unwrap();
    assert_eq!(store.session_by_token(&[5; 32]).await.unwrap(), None);
    assert_eq!(store.session_get(session(5).id).await.unwrap(), None);
}

#[tokio::test]
async fn the_sweep_takes_expired_and_idle_ones_only() {
    let store = fresh().await;
    store.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    let expired = SessionRecord {
        expires_at: at(500),
        last_seen_at: at(400),
        ..session(1)
    };
    let idle = SessionRecord {
        last_seen_at: at(299),
        ..session(2)
    };
    let good = SessionRecord {
        last_seen_at: at(300),
        ..session(3)
    };
    for (n, session) in [&expired, &idle, &good].into_iter().enumerate() {
        store.session_insert(session, &[n as u8; 32]).await.unwrap();
    }
    assert_eq!(store.session_delete_expired(at(500), at(300)).await.unwrap(), 2);
    assert_eq!(store.session_get(good.id).await.unwrap(), Some(good));
}

#[tokio::test]
async fn an_accounts_sessions_are_listed_and_ended_together() {
    let store = fresh().await;
    store.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    store.user_insert(&new_user(2, "bob", &[])).await.unwrap();
    let of_bob = SessionRecord {
        user: UserId(Uuid::from_u128(2)),
        ..session(9)
    };
    store.session_insert(&of_bob, &[9; 32]).await.unwrap();
    for n in 1..=3u8 {
        let one = SessionRecord {
            created_at: at(n.into()),
            ..session(n.into())
        };
        store.session_insert(&one, &[n; 32]).await.unwrap();
    }
    let ids = |list: Vec<SessionRecord>| list.into_iter().map(|one| one.id.as_u128()).collect::<Vec<_>>();
    let ada = session(1).user;
    assert_eq!(ids(store.session_list(ada).await.unwrap()), [3, 2, 1]);
    let keep = Some(Uuid::from_u128(2));
    assert_eq!(store.session_delete_all(ada, keep).await.unwrap(), 2);
    assert_eq!(ids(store.session_list(ada).await.unwrap()), [2]);
    assert_eq!(store.session_delete_all(ada, None).await.unwrap(), 1);
    assert_eq!(
        ids(store.session_list(of_bob.user).await.unwrap()),
        [9],
        "others stay"
    );
}
