//! API tokens.
use crate::{Fresh, at, fresh, new_user};
use uuid::Uuid;
use wxa_model::{Grant, HostId, Role, Scope, TokenId, UserId};
use wxa_store::{ApiTokenRecord, Error};

fn token(n: u128, name: &str) -> ApiTokenRecord {
    ApiTokenRecord {
        id: TokenId(Uuid::from_u128(n)),
        user: UserId(Uuid::from_u128(2)),
        name: name.into(),
        grant: Grant {
            role: Role::Operator,
            scope: Scope::Host(HostId(Uuid::from_u128(7))),
        },
        created_at: at(n as u64),
        expires_at: at(1000),
        last_used_at: None,
        last_used_from: String::new(),
    }
}

async fn with_users() -> Fresh {
    let store = fresh().await;
    let admin = [Grant::admin_everywhere()];
    store.user_insert(&new_user(1, "ada", &admin)).await.unwrap();
    store.user_insert(&new_user(2, "bob", &[])).await.unwrap();
    store
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_listed_and_taken_back() {
    let store = with_users().await;
    let (first, second) = (token(5, "backup"), token(6, "report"));
    store.api_token_insert(&first, &[5; 32]).await.unwrap();
    store.api_token_insert(&second, &[6; 32]).await.unwrap();
    let taken = store.api_token_insert(&token(7, "BACKUP"), &[7; 32]).await;
    assert!(matches!(taken, Err(Error::Duplicate)), "{taken:?}");
    assert_eq!(
        store.api_token_by_hash(&[5; 32]).await.unwrap(),
        Some(first.clone())
    );
    assert_eq!(store.api_token_by_hash(&[9; 32]).await.unwrap(), None);
    assert_eq!(
        store.api_token_list(first.user).await.unwrap(),
        [second.clone(), first.clone()]
    );

    store.api_token_touch(&first, at(70), "192.0.2.7").await.unwrap();
    let used = store.api_token_get(first.id).await.unwrap().unwrap();
    assert_eq!(
        (used.last_used_at, used.last_used_from.as_str()),
        (Some(at(70)), "192.0.2.7")
    );
    let owner = store.user_get(first.user).await.unwrap().unwrap();
    assert_eq!(owner.last_seen_at, Some(at(70)), "its owner's account was seen");

    assert!(store.api_token_delete(first.id).await.unwrap());
    assert!(!store.api_token_delete(first.id).await.unwrap());
    assert_eq!(store.api_token_by_hash(&[5; 32]).await.unwrap(), None);
}

#[tokio::test]
async fn tokens_die_with_their_owner_and_sleep_while_it_is_disabled() {
    let store = with_users().await;
    let token = token(5, "backup");
    store.api_token_insert(&token, &[5; 32]).await.unwrap();
    store.user_set_disabled(token.user, Some(at(1))).await.unwrap();
    assert_eq!(store.api_token_by_hash(&[5; 32]).await.unwrap(), None);
    store.user_set_disabled(token.user, None).await.unwrap();
    assert!(store.api_token_by_hash(&[5; 32]).await.unwrap().is_some());
    store.user_delete(token.user).await.unwrap();
    assert_eq!(store.api_token_get(token.id).await.unwrap(), None);
}
