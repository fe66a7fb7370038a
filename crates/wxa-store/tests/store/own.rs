//! Tags and notes.
use crate::{at, fresh, new_user};
use uuid::Uuid;
use wxa_model::{Grant, HostId, Role, Scope, SiteId, TokenId, Transport, Trust, UserId, VmId};
use wxa_store::{ApiTokenRecord, HostRecord, OwnKey, OwnRecord, SiteRecord};

fn vm(n: u128) -> OwnKey {
    OwnKey::Vm(VmId(Uuid::from_u128(n)))
}

fn words(all: &[&str]) -> Vec<String> {
    all.iter().map(|word| (*word).to_owned()).collect()
}

#[tokio::test]
async fn tags_are_given_and_taken_and_kept_in_order() {
    let store = fresh().await;
    let given = store
        .tags_change(vm(1), &words(&["web", "prod"]), &[], 32)
        .await
        .unwrap();
    assert_eq!(given, Some(words(&["prod", "web"])));
    let again = store
        .tags_change(vm(1), &words(&["prod", "db"]), &words(&["web", "never"]), 32)
        .await
        .unwrap();
    assert_eq!(again, Some(words(&["db", "prod"])));
    let same_id = OwnKey::Host(HostId(Uuid::from_u128(1)));
    store
        .tags_change(same_id, &words(&["rack-1"]), &[], 32)
        .await
        .unwrap();
    let all = store.own_list().await.unwrap();
    assert_eq!(
        all.get(&vm(1)).map(|own| own.tags.clone()),
        Some(words(&["db", "prod"]))
    );
    assert_eq!(store.own_get(vm(1)).await.unwrap(), all[&vm(1)]);
    assert_eq!(store.own_get(vm(2)).await.unwrap(), OwnRecord::default());
    assert_eq!(
        all.get(&same_id).map(|own| own.tags.clone()),
        Some(words(&["rack-1"]))
    );
}

#[tokio::test]
async fn too_many_tags_change_nothing() {
    let store = fresh().await;
    store
        .tags_change(vm(1), &words(&["a", "b"]), &[], 3)
        .await
        .unwrap();
    let refused = store
        .tags_change(vm(1), &words(&["c", "d"]), &[], 3)
        .await
        .unwrap();
    assert_eq!(refused, None);
    assert_eq!(store.own_list().await.unwrap()[&vm(1)].tags, words(&["a", "b"]));
    let swapped = store
        .tags_change(vm(1), &words(&["c", "d"]), &words(&["a"]), 3)
        .await
        .unwrap();
    assert_eq!(swapped, Some(words(&["b", "c", "d"])));
}

#[tokio::test]
async fn notes_are_replaced_only_by_who_has_read_them() {
    let store = fresh().await;
    assert!(store.notes_replace(vm(1), "", "first").await.unwrap());
    assert!(
        !store.notes_replace(vm(1), "", "second").await.unwrap(),
        "somebody wrote meanwhile"
    );
    assert!(store.notes_replace(vm(1), "first", "second").await.unwrap());
    assert_eq!(store.own_list().await.unwrap()[&vm(1)].notes, "second");
    assert!(store.notes_replace(vm(1), "second", "").await.unwrap());
    assert!(store.own_list().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_said_follows_an_object_to_its_new_id() {
    let store = fresh().await;
    store
        .tags_change(vm(1), &words(&["prod"]), &[], 32)
        .await
        .unwrap();
    store.notes_replace(vm(1), "", "text").await.unwrap();
    store.own_copy(&[(vm(1), vm(2)), (vm(7), vm(8))]).await.unwrap();
    let all = store.own_list().await.unwrap();
    let own = OwnRecord {
        tags: words(&["prod"]),
        notes: "text".into(),
    };
    assert_eq!(
        (all.get(&vm(1)), all.get(&vm(2)), all.len()),
        (Some(&own), Some(&own), 2)
    );
}

#[tokio::test]
async fn a_forgotten_host_takes_its_tags_and_notes_along() {
    let store = fresh().await;
    let home = SiteRecord {
        id: SiteId(Uuid::from_u128(1)),
        name: "Home".into(),
        created_at: at(1),
    };
    let host = HostRecord {
        id: HostId(Uuid::from_u128(2)),
        site: home.id,
        name: "xen".into(),
        transport: Transport::Ssh,
        trust: Trust::Pin,
        jump: None,
        member_ssh: None,
        address: "xen.example".into(),
        port: 22,
        user: "root".into(),
        credential: vec![],
        fingerprint: "SHA256:abc".into(),
        native_uuid: None,
        config_dir: "/etc/xen".into(),
        created_at: at(5),
    };
    store.host_insert(&host, Some(&home)).await.unwrap();
    let on = OwnKey::Host(host.id);
    store.tags_change(on, &words(&["prod"]), &[], 32).await.unwrap();
    store.notes_replace(on, "", "rack 4").await.unwrap();
    store.host_delete(host.id).await.unwrap();
    assert!(store.own_list().await.unwrap().is_empty());
}

#[tokio::test]
async fn tags_that_grants_reach_by_are_known() {
    let store = fresh().await;
    let grant = |scope| Grant {
        role: Role::Viewer,
        scope,
    };
    let both = [grant(Scope::Tag("prod".into())), grant(Scope::Everything)];
    store.user_insert(&new_user(1, "ada", &both)).await.unwrap();
    store.user_insert(&new_user(2, "bob", &both[..1])).await.unwrap();
    assert_eq!(store.granted_tags().await.unwrap(), ["prod"]);
    let token = ApiTokenRecord {
        id: TokenId(Uuid::from_u128(9)),
        user: UserId(Uuid::from_u128(1)),
        name: "backup".into(),
        grant: grant(Scope::Tag("nightly".into())),
        created_at: at(1),
        expires_at: at(9),
        last_used_at: None,
        last_used_from: String::new(),
    };
    store.api_token_insert(&token, &[5; 32]).await.unwrap();
    assert_eq!(store.granted_tags().await.unwrap(), ["nightly", "prod"]);
}
