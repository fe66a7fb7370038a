//! One-time tokens.
use crate::{at, fresh, new_user};
use wxa_store::TokenPurpose;

#[tokio::test]
async fn a_sign_in_token_works_once_and_in_time() {
    let store = fresh().await;
    let ada = new_user(1, "ada", &[]);
    store.user_insert(&ada).await.unwrap();
    for hash in [[1; 32], [2; 32]] {
        store
            .token_insert(TokenPurpose::Login(ada.id), &hash, at(0), at(100))
            .await
            .unwrap();
    }
    assert_eq!(
        store.token_take_login(&[1; 32], at(99)).await.unwrap(),
        Some(ada.id)
    );
    assert_eq!(
        store.token_take_login(&[1; 32], at(99)).await.unwrap(),
        None,
        "used up"
    );
    assert_eq!(
        store.token_take_login(&[2; 32], at(100)).await.unwrap(),
        None,
        "too late"
    );
    assert_eq!(
        store.token_take_login(&[3; 32], at(0)).await.unwrap(),
        None,
        "never made"
    );
}

#[tokio::test]
async fn a_new_setup_token_voids_the_one_before() {
    let store = fresh().await;
    for hash in [[1; 32], [2; 32]] {
        store
            .token_insert(TokenPurpose::Setup, &hash, at(0), at(100))
            .await
            .unwrap();
    }
    assert!(!store.token_is_setup(&[1; 32], at(1)).await.unwrap());
    assert!(store.token_is_setup(&[2; 32], at(99)).await.unwrap());
    assert!(
        !store.token_is_setup(&[2; 32], at(100)).await.unwrap(),
        "too late"
    );
    assert_eq!(
        store.token_take_login(&[2; 32], at(1)).await.unwrap(),
        None,
        "it is for something else"
    );
}
