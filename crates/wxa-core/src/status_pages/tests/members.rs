//! What services consist of: filters, lost hosts, restarts.
use super::*;
use crate::{Roll, ServiceSpec};
use wxa_store::metrics::Renamed;

async fn members(bench: &Bench, name: &str) -> Option<Vec<Watched>> {
    let picture = bench.status_picture().await.unwrap();
    bench.a_second_later().await;
    let resolved = bench.status_resolved(&picture).await.unwrap();
    let services = picture.pages.values().flat_map(|page| &page.services);
    let service = services.into_iter().find(|service| service.name == name)?;
    let parts = resolved.of(service.id)?;
    Some(parts.members.keys().copied().collect())
}

async fn specs(bench: &Bench) -> Vec<ServiceSpec> {
    let picture = bench.status_picture().await.unwrap();
    bench.a_second_later().await;
    bench.status_resolved(&picture).await.unwrap().specs(&picture)
}

fn guests(numbers: &[u128]) -> Option<Vec<Watched>> {
    Some(numbers.iter().map(|n| Watched::Vm(vm_id(*n))).collect())
}

#[tokio::test]
async fn a_filter_finds_what_passes_now_and_its_creator_may_see() {
    let bench = Bench::start().await;
    let tess = bench
        .user("tess", Role::Operator, Scope::Tag("prod".into()))
        .await;
    let olga = bench.operator().await;
    bench
        .page(&tess, a_page(vec![a_service("Hers", filter("vm-"))]))
        .await;
    bench
        .page(&olga, a_page(vec![a_service("All", filter("vm- host:xen-1"))]))
        .await;
    assert_eq!(members(&bench, "Hers").await, guests(&[3]));
    assert_eq!(members(&bench, "All").await, guests(&[1, 2, 3]));
    bench.listed(&[1, 3, 5]).await;
    assert_eq!(
        members(&bench, "All").await,
        guests(&[1, 3, 5]),
        "what is gone from its host is gone"
    );
    bench.stop().await;
}

#[tokio::test]
async fn a_lost_host_takes_nothing_away_not_even_over_a_restart() {
    let bench = Bench::start().await;
    let (olga, admin) = (bench.operator().await, Ctx::command_line());
    let tess = bench
        .user("tess", Role::Operator, Scope::Tag("prod".into()))
        .await;
    let page = a_page(vec![
        a_service("Filtered", filter("vm-")),
        a_service("Picked", picked(&[2])),
    ]);
    let page = bench.page(&olga, page).await;
    let token = bench.link(&olga, page).await;
    let hers = bench
        .page(&tess, a_page(vec![a_service("Hers", picked(&[3]))]))
        .await;
    let hers = bench.link(&tess, hers).await;
    assert_eq!(members(&bench, "Filtered").await, guests(&[1, 2, 3]));
    bench.lost().await;
    assert_eq!(
        members(&bench, "Filtered").await,
        guests(&[1, 2, 3]),
        "what they do is not known now"
    );

    let bench = bench.restarted().await;
    assert_eq!(members(&bench, "Filtered").await, guests(&[1, 2, 3]));
    assert_eq!(bench.services(&token).await, ["Filtered", "Picked"]);
    assert_eq!(
        bench.services(&hers).await,
        ["Hers"],
        "the tag that it had is known"
    );
    bench.user_set_grants(&admin, "olga", &tess.grants).await.unwrap();
    assert_eq!(
        bench.services(&token).await,
        ["Filtered"],
        "rights hold for what is not seen too"
    );
    bench.user_set_grants(&admin, "olga", &olga.grants).await.unwrap();
    assert_eq!(
        members(&bench, "Filtered").await,
        guests(&[1, 2, 3]),
        "and come back"
    );
    bench.listed(&[1, 2]).await;
    assert_eq!(members(&bench, "Filtered").await, guests(&[1, 2]));
    bench.stop().await;
}

#[tokio::test]
async fn what_was_on_a_removed_host_is_forgotten() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    bench
        .page(&olga, a_page(vec![a_service("All", filter("vm-"))]))
        .await;
    assert_eq!(members(&bench, "All").await, guests(&[1, 2, 3]));
    bench.lost().await;
    let bench = bench.restarted().await;
    assert_eq!(members(&bench, "All").await, guests(&[1, 2, 3]));
    bench.live().inventory.send(InventoryCmd::RemoveHost(HOST)).await;
    bench.live().inventory.settled().await;
    assert_eq!(members(&bench, "All").await, guests(&[]));
    bench.registered().await;
    assert_eq!(
        members(&bench, "All").await,
        guests(&[]),
        "nothing is remembered of it"
    );
    bench.stop().await;
}

#[tokio::test]
async fn what_is_listed_is_not_pushed_out_by_what_is_remembered() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    bench
        .page(&olga, a_page(vec![a_service("All", filter("vm-"))]))
        .await;
    let early: Vec<u128> = (1..=2000).collect();
    bench.listed(&early).await;
    assert_eq!(members(&bench, "All").await, guests(&early));
    bench.lost().await;
    let bench = bench.restarted().await;
    assert_eq!(members(&bench, "All").await, guests(&early));
    let other = HostId(uuid::Uuid::from_u128(99));
    let inventory = &bench.live().inventory;
    inventory.send(InventoryCmd::PutHost(record(other))).await;
    for event in [
        DriverEvent::ResyncBegin,
        DriverEvent::Listed(wxa_model::Vm {
            host: other,
            ..vm(3000, PowerState::Running)
        }),
        DriverEvent::ResyncEnd,
    ] {
        let at = bench.now();
        let host = other;
        inventory.send(InventoryCmd::Driver { host, at, event }).await;
    }
    inventory.settled().await;
    let members = members(&bench, "All").await.unwrap();
    assert_eq!(members.len(), 2000);
    let live = bench.live().inventory.now().vms().map(|vm| vm.id).next();
    assert!(members.contains(&Watched::Vm(live.unwrap())), "it is listed");
    bench.stop().await;
}

#[tokio::test]
async fn before_hosts_were_listed_more_members_may_turn_up() {
    let bench = Bench(TestCore::start().await);
    bench.registered().await;
    let olga = bench.operator().await;
    bench
        .page(&olga, a_page(vec![a_service("All", filter("vm-"))]))
        .await;
    let roll = async || specs(&bench).await[0].roll;
    assert_eq!(roll().await, Roll::Partial);
    bench.listed(&[1]).await;
    assert_eq!(roll().await, Roll::Whole);
    bench.stop().await;
}

#[tokio::test]
async fn a_host_that_was_never_reached_leaves_what_was_found_whole() {
    let bench = Bench::start().await;
    let dead = HostId(uuid::Uuid::from_u128(99));
    bench
        .live()
        .inventory
        .send(InventoryCmd::PutHost(record(dead)))
        .await;
    let olga = bench.operator().await;
    bench
        .page(&olga, a_page(vec![a_service("All", filter("vm-"))]))
        .await;
    let specs = specs(&bench).await;
    assert_eq!((specs[0].members.len(), specs[0].roll), (3, Roll::Whole));
    bench.stop().await;
}

#[tokio::test]
async fn what_passes_no_more_leaves_its_service_on_the_page() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = a_page(vec![
        a_service("Shop", filter("tag:prod")),
        a_service("None", filter("tag:there-is-none")),
    ]);
    let page = bench.page(&olga, page).await;
    let token = bench.link(&olga, page).await;
    bench.listed(&[1]).await;
    bench.a_second_later().await;
    bench.until(page, Standing::Unknown).await;
    bench.a_second_later().await;
    let view = bench.open(&token).await.unwrap().view;
    let told: Vec<_> = view
        .services
        .iter()
        .map(|service| (service.name.as_str(), service.standing))
        .collect();
    assert_eq!(told, [("Shop", Standing::Unknown), ("None", Standing::Unknown)]);
    bench.stop().await;
}

#[tokio::test]
async fn filters_that_would_hide_an_outage_are_refused() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    for text in [
        "state:running",
        "tag:prod !(power:halted)",
        "ip:10.0.0.1",
        "tag:",
        "()",
        "vm- mem:",
    ] {
        let page = a_page(vec![a_service("Shop", filter(text))]);
        assert_eq!(
            wrong(bench.status_page_create(&olga, page).await),
            "services",
            "{text}"
        );
    }
    bench.stop().await;
}

#[tokio::test]
async fn more_members_than_can_be_followed_are_refused_and_never_taken_for_all() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = || a_page(vec![a_service("All", filter("vm-"))]);
    let made = bench.page(&olga, page()).await;
    let many: Vec<u128> = (1..=2001).collect();
    bench.listed(&many).await;
    let specs = specs(&bench).await;
    assert_eq!((specs[0].members.len(), specs[0].roll), (2000, Roll::Partial));
    assert_eq!(wrong(bench.status_page_create(&olga, page()).await), "services");
    let same = bench
        .status_page_get(&olga, made)
        .await
        .unwrap()
        .page
        .services
        .remove(0);
    let renamed = NewService {
        id: Some(same.id),
        ..a_service("Everything", same.members)
    };
    bench
        .status_page_set(&olga, made, a_page(vec![renamed]))
        .await
        .unwrap();
    bench.stop().await;
}

#[tokio::test]
async fn hosts_are_members_too() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let host = |id| Members::Picked {
        vms: vec![],
        hosts: vec![id],
    };
    bench
        .page(&olga, a_page(vec![a_service("Machines", host(HOST))]))
        .await;
    assert_eq!(members(&bench, "Machines").await, Some(vec![Watched::Host(HOST)]));
    let unknown = a_page(vec![a_service("Machines", host(HostId(uuid::Uuid::nil())))]);
    assert_eq!(wrong(bench.status_page_create(&olga, unknown).await), "services");
    bench.stop().await;
}

#[tokio::test]
async fn what_services_consist_of_is_found_at_most_once_a_second() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    bench
        .page(&olga, a_page(vec![a_service("All", filter("vm-"))]))
        .await;
    let picture = bench.status_picture().await.unwrap();
    let resolved = async || bench.status_resolved(&picture).await.unwrap();
    let first = resolved().await;
    bench.listed(&[1, 2]).await;
    assert!(
        Arc::ptr_eq(&first, &resolved().await),
        "the inventory alone is no hurry"
    );
    bench.a_second_later().await;
    assert_eq!(members(&bench, "All").await, guests(&[1, 2]));
    bench.stop().await;
}

#[tokio::test]
async fn signing_out_makes_nothing_anew() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    bench
        .page(&olga, a_page(vec![a_service("All", filter("vm-"))]))
        .await;
    let before = bench.status_picture().await.unwrap().revision;
    bench.inner.session_changes.note();
    assert_eq!(bench.status_picture().await.unwrap().revision, before);
    bench.page(&olga, a_page(vec![])).await;
    assert_ne!(bench.status_picture().await.unwrap().revision, before);
    bench.stop().await;
}

#[tokio::test]
async fn what_was_picked_stays_on_the_page_when_it_has_another_id() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let services = vec![a_service("Shop", picked(&[1])), a_service("Rest", filter("vm-3"))];
    let page = bench.page(&olga, a_page(services)).await;
    let token = bench.link(&olga, page).await;
    assert_eq!(members(&bench, "Shop").await, guests(&[1]));
    let renamed = Renamed {
        vms: [(vm_id(1), vm_id(11))].into(),
        ..Renamed::default()
    };
    bench.move_history(HOST, &renamed).await.unwrap();
    assert_eq!(members(&bench, "Shop").await, guests(&[11]));
    assert_eq!(
        bench.services(&token).await,
        ["Shop", "Rest"],
        "also before it is listed there"
    );
    bench.listed(&[3, 11]).await;
    assert_eq!(bench.services(&token).await, ["Shop", "Rest"]);
    bench.move_history_back(HOST, &renamed).await.unwrap();
    assert_eq!(members(&bench, "Shop").await, guests(&[1]));
    bench.stop().await;
}
