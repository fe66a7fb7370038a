//! Saved filters.
use crate::{at, fresh, new_user};
use uuid::Uuid;
use wxa_model::{FilterId, UserId};
use wxa_store::{Error, FilterRecord};

fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn filter(n: u128, user: Option<UserId>, name: &str) -> FilterRecord {
    FilterRecord {
        id: FilterId(Uuid::from_u128(n)),
        user,
        name: name.into(),
        page: "vms".into(),
        query: "state:running".into(),
        created_at: at(1),
    }
}

#[tokio::test]
async fn everybody_sees_their_own_and_the_shared_ones() {
    let store = fresh().await;
    store.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    store.user_insert(&new_user(2, "bob", &[])).await.unwrap();
    let (mine, theirs, shared) = (
        filter(10, Some(user(1)), "web"),
        filter(11, Some(user(2)), "Web"),
        filter(12, None, "all running"),
    );
    for one in [&mine, &theirs, &shared] {
        assert!(store.filter_insert(one, 100).await.unwrap());
    }
    assert_eq!(
        store.filter_list(user(1)).await.unwrap(),
        [shared.clone(), mine.clone()]
    );
    assert_eq!(store.filter_list(user(2)).await.unwrap(), [shared, theirs]);
    assert_eq!(store.filter_get(mine.id).await.unwrap(), Some(mine));
}

#[tokio::test]
async fn a_name_is_one_filter_of_its_owner() {
    let store = fresh().await;
    store.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    store
        .filter_insert(&filter(10, Some(user(1)), "web"), 100)
        .await
        .unwrap();
    store.filter_insert(&filter(11, None, "web"), 100).await.unwrap();
    for owner in [Some(user(1)), None] {
        let again = store.filter_insert(&filter(12, owner, "WEB"), 100).await;
        assert!(matches!(again, Err(Error::Duplicate)), "{owner:?}");
    }
    store.filter_insert(&filter(13, None, "db"), 100).await.unwrap();
    let clash = store.filter_update(&filter(13, None, "web")).await;
    assert!(matches!(clash, Err(Error::Duplicate)));
}

#[tokio::test]
async fn a_filter_is_changed_and_forgotten() {
    let store = fresh().await;
    store.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    let mut one = filter(10, Some(user(1)), "web");
    store.filter_insert(&one, 100).await.unwrap();
    (one.name, one.query, one.user) = ("front".into(), "tag:front".into(), None);
    assert!(store.filter_update(&one).await.unwrap());
    assert_eq!(store.filter_get(one.id).await.unwrap(), Some(one.clone()));
    assert!(store.filter_delete(one.id).await.unwrap());
    assert!(!store.filter_delete(one.id).await.unwrap());
    assert!(!store.filter_update(&one).await.unwrap());
}

#[tokio::test]
async fn their_number_is_bounded_for_each_owner() {
    let store = fresh().await;
    store.user_insert(&new_user(1, "ada", &[])).await.unwrap();
    assert!(
        store
            .filter_insert(&filter(10, Some(user(1)), "a"), 1)
            .await
            .unwrap()
    );
    assert!(
        !store
            .filter_insert(&filter(11, Some(user(1)), "b"), 1)
            .await
            .unwrap()
    );
    assert!(store.filter_insert(&filter(12, None, "b"), 1).await.unwrap());
    assert!(!store.filter_insert(&filter(13, None, "c"), 1).await.unwrap());
}
