//! Who uses most now: ranked, cut down to what the caller may see, and strict about what it is asked.
use axum::http::StatusCode;
use wxa_model::TopBy;
use wxa_testkit::{Client, TestApp, wait_until};
use wxa_wire::{TopQuery, TopView, operation as op, operation::NoId};

async fn top(client: &Client, by: &str, n: u32) -> TopView {
    let query = TopQuery {
        by: by.into(),
        n: Some(n),
    };
    client
        .call::<op::MetricsTop>(NoId, query)
        .await
        .expect("a top list")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_busiest_vms_come_first_and_the_control_domain_is_none_of_them() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let view = wait_until("something is measured", async || {
        let view = top(&admin, "memory,cpu", 5).await;
        if view.lists[0].entries.is_empty() {
            Err(view)
        } else {
            Ok(view)
        }
    })
    .await;
    assert_eq!(view.lists[0].by, TopBy::Memory);
    assert_eq!(view.lists.len(), 2);
    let entries = &view.lists[0].entries;
    assert!(entries.len() <= 5);
    assert!(entries.is_sorted_by(|a, b| a.value >= b.value), "{entries:?}");
    assert!(
        entries.iter().all(|entry| entry.name != "Domain-0"),
        "{entries:?}"
    );
    assert!(
        entries
            .iter()
            .all(|entry| entry.most.is_some_and(|most| most >= entry.value)),
        "{entries:?}"
    );
    assert!(view.at.0 > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_told_of_vms_that_they_may_not_see() {
    let app = TestApp::builder()
        .with_host(super::fleet::host("xen-1"))
        .with_host(super::fleet::other_host("xen-2"))
        .start()
        .await;
    let admin = app.admin().await;
    let (one, two) = (app.host(0).1, app.host(1).1);
    wait_until("both hosts are measured", async || {
        let view = top(&admin, "memory", 100).await;
        let on = |host| view.lists[0].entries.iter().any(|entry| entry.host == host);
        if on(one) && on(two) { Ok(()) } else { Err(view.at) }
    })
    .await;
    let operator = app.operator_on(two).await;
    let view = top(&operator, "memory", 100).await;
    assert!(!view.lists[0].entries.is_empty());
    assert!(
        view.lists[0].entries.iter().all(|entry| entry.host == two),
        "{view:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_by_something_unknown_is_refused() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let wrong = admin.get("/api/v1/metrics/top?by=luck").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let all = admin.get("/api/v1/metrics/top").await;
    assert_eq!(all.status, StatusCode::OK);
}
