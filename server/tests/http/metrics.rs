//! Measurements over time, and for scrapers.
use axum::{body::Body, http::StatusCode};
use wxa_model::{HostId, Metric, Role, Scope, VmId};
use wxa_testkit::{Client, Raw, TestApp, wait_until};
use wxa_wire::{MetricsQuery, MetricsView, UsageQuery, operation as op, operation::NoId};

async fn scrape(client: &Client, accept: &str) -> Raw {
    let request = client.request("GET", "/metrics").header("accept", accept);
    client
        .exchange(request.body(Body::empty()).expect("a request"))
        .await
}

async fn read(client: &Client, of: String, parts: bool) -> MetricsView {
    let query = MetricsQuery {
        of,
        parts,
        ..MetricsQuery::default()
    };
    client
        .call::<op::MetricsGet>(NoId, query)
        .await
        .expect("measurements")
}

/// Waits until a VM was measured.
async fn measured(client: &Client, vm: VmId) -> MetricsView {
    wait_until("the VM is measured", || async {
        let view = read(client, format!("vm:{vm}"), false).await;
        match view.series.iter().any(|series| series.metric == Metric::Cpu) {
            true => Ok(view),
            false => Err(view),
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scraper_is_told_what_its_token_may_see_in_the_format_it_likes() {
    let one = super::fleet::host("xen-1");
    let two = super::fleet::other_host("xen-2");
    let app = TestApp::builder().with_host(one).with_host(two).start().await;
    let admin = app.admin().await;
    measured(&admin, app.vm_id("web-01")).await;
    measured(&admin, app.vm_id("mail-01")).await;

    for nobody in [&app.anonymous(), &admin] {
        let reply = scrape(nobody, "*/*").await;
        assert_eq!(
            reply.status,
            StatusCode::UNAUTHORIZED,
            "a cookie is no token: {reply:?}"
        );
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
    let everywhere = app.script_of("admin", Role::Viewer, Scope::Everything).await;
    let reply = scrape(&everywhere, "application/openmetrics-text;version=1.0.0").await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(reply.header("content-type"), kind);
    assert!(reply.body.ends_with("# EOF\n"));
    for told in [
        "# TYPE xcp_vm_memory_bytes gauge\n",
        "# UNIT xcp_vm_memory_bytes bytes\n",
        "vm_name=\"web-01\"",
        "vm_name=\"mail-01\"",
        "process_cpu_seconds_total ",
        "webxenadmin_connections{state=\"up\"} 2\n",
    ] {
        assert!(reply.body.contains(told), "{told} in\n{}", reply.body);
    }

    let there: HostId = app.host(1).1;
    app.viewer().await;
    let part = app.script_of("viewer", Role::Viewer, Scope::Host(there)).await;
    let reply = scrape(&part, "text/plain").await;
    assert_eq!(
        reply.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert!(
        reply.body.contains("vm_name=\"mail-01\"") && !reply.body.contains("web-01"),
        "{}",
        reply.body
    );
    assert!(
        !reply.body.contains("process_") && !reply.body.contains("# EOF"),
        "{}",
        reply.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_range_is_told_for_a_vm_its_host_and_its_site_and_wrong_questions_are_explained() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    let view = measured(&admin, vm).await;
    assert!(
        view.count > 0 && view.from.0.is_multiple_of(view.step),
        "{view:?}"
    );
    let series = view.series.first().expect("a series");
    assert_eq!(series.avg.len(), view.count as usize);

    let (_, host) = app.host(0);
    let of_host = read(&admin, format!("host:{host}"), true).await;
    assert!(
        of_host.series.iter().any(|series| series.metric == Metric::Cpu),
        "{of_host:?}"
    );
    let inventory = admin.call::<op::InventoryGet>(NoId, ()).await.expect("objects");
    let site = inventory.objects.iter().find_map(|object| match object {
        wxa_model::Object::Site(site) => Some(site.id),
        _ => None,
    });
    let of_site = read(&admin, format!("site:{}", site.expect("a site")), false).await;
    assert_eq!(of_site.sum.map(|sum| sum.hosts), Some(1));

    for (query, field) in [
        ("", "of"),
        ("?of=pool:1", "of"),
        (&*format!("?of=vm:{vm}&metrics=cpu,heat"), "metrics"),
    ] {
        let reply = admin.get(&format!("/api/v1/metrics{query}")).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{query}: {reply:?}"
        );
        assert!(
            reply.body.contains(&format!(r#""field":"{field}""#)),
            "{query}: {reply:?}"
        );
    }
    let stranger = app.signed_in("lab", Role::Viewer, Scope::Tag("lab".into())).await;
    let reply = stranger.get(&format!("/api/v1/metrics?of=vm:{vm}")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_vm_used_is_told_for_today() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let vm = app.vm_id("web-01");
    let query = UsageQuery {
        of: format!("vm:{vm}"),
        ..UsageQuery::default()
    };
    let used = wait_until("something is counted", || async {
        let used = admin
            .call::<op::UsageGet>(NoId, query.clone())
            .await
            .expect("days");
        match used.days.iter().any(|day| !day.amounts.is_empty()) {
            true => Ok(used),
            false => Err(used),
        }
    })
    .await;
    let day = used.days.last().expect("today");
    assert!(
        day.amounts
            .iter()
            .all(|amount| amount.known_ms > 0 && amount.amount >= 0.0),
        "{day:?}"
    );
    let reply = admin.get("/api/v1/usage?of=host:1").await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{reply:?}");
}
