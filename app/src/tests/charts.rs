//! Pages of charts: what they say before, and without, any script.
use super::{page, page_with, says, web_01};
use crate::{
    Boot,
    charts::{HOST, Kind, Of, VM, made_up},
    prefetch, sample,
};
use uuid::Uuid;
use wxa_model::{HostId, PowerState, TaskOutcome, UnixMillis, VmId};
use wxa_wire::TaskPageView;

/// Adds an hour of what `of` used.
pub fn with_history(boot: &mut Boot, of: Of, kind: Kind) {
    let (url, view) = made_up(of, kind, sample::NOW.0);
    if let Ok(reply) = serde_json::value::to_raw_value(&view) {
        boot.replies.insert(url, reply);
    }
}

fn web() -> VmId {
    sample::vm(10, "web-01", PowerState::Running).id
}

fn with_web_history() -> Boot {
    let mut boot = sample::boot();
    with_history(&mut boot, Of::Vm(web()), VM);
    boot
}

#[test]
fn a_vms_charts_say_values_units_and_resolution_without_any_script() {
    let html = page_with(&format!("/vms/{}/performance", web_01()), with_web_history());
    says(
        &html,
        &[
            "% of 2 CPUs",
            "Disk throughput",
            "Disk latency",
            "One point is 10 s; the line is the average, the band goes from minimum to maximum.",
            "allocated",
            "MB/s",
            "Mbit/s",
            "CPU as a table",
            "<th scope=\"col\" class=\"num\">in use",
            "aria-current=\"true\">1 h",
        ],
    );
    assert!(
        !html.contains("role=\"slider\""),
        "what needs a script is not promised without one"
    );
    assert!(!html.contains("Not measured here."));
}

#[test]
fn the_range_in_the_address_is_asked_for_and_shown() {
    let id = web_01();
    let (from, to) = (1_795_430_000_000u64, 1_795_433_600_000u64);
    let url = format!("/vms/{id}/performance?range=6h&from={from}&to={to}");
    let asked = prefetch(&url);
    assert_eq!(
        asked[0],
        format!(
            "/api/v1/metrics?of=vm:{id}&metrics=cpu,memory,memory_used,disk_read,disk_write,disk_read_ops,disk_write_ops,disk_latency,net_rx,net_tx&points=360&from={from}&to={to}"
        )
    );
    assert!(
        asked.contains(&format!("/api/v1/tasks?on={id}&limit=100")),
        "{asked:?}"
    );
    let html = page(&url);
    let back = format!("href=\"/vms/{id}/performance\"");
    says(
        &html,
        &[
            &back,
            "class=\"btn on\">From … to",
            "aria-pressed=\"false\" title=\"Whether the charts follow",
        ],
    );
    let day = format!("/vms/{id}/performance?range=24h");
    assert!(
        !prefetch(&day).iter().any(|url| url.contains("metrics?")),
        "a range that depends on the time is read by the browser"
    );
}

#[test]
fn what_happened_stands_under_the_charts_and_in_their_tables() {
    let vm = sample::vm(10, "web-01", PowerState::Running);
    let task = wxa_model::Task {
        started_at: UnixMillis(sample::NOW.0 - 1_200_000),
        ended_at: Some(UnixMillis(sample::NOW.0 - 1_199_000)),
        outcome: Some(TaskOutcome::Done),
        by: "nightly".into(),
        ..sample::task(77, &vm)
    };
    let mut boot = with_web_history();
    let page = TaskPageView {
        tasks: vec![task],
        next: None,
    };
    if let Ok(reply) = serde_json::value::to_raw_value(&page) {
        boot.replies
            .insert(format!("/api/v1/tasks?on={}&limit=100", vm.id), reply);
    }
    let html = page_with(&format!("/vms/{}/performance", vm.id), boot);
    says(
        &html,
        &[
            "aria-label=\"What happened\"",
            "nightly",
            "<td class=\"muted\">Reboot",
        ],
    );
}

#[test]
fn what_happened_since_the_last_whole_pixel_stands_there_too() {
    let vm = sample::vm(10, "web-01", PowerState::Running);
    let pixel = 30 * 86_400_000 / 720;
    // A moment after a pixel has begun, whatever the sample's time is.
    let at = sample::NOW.0 / pixel * pixel + (sample::NOW.0 % pixel) / 2 + 1;
    let task = wxa_model::Task {
        started_at: UnixMillis(at),
        outcome: Some(TaskOutcome::Done),
        by: "nightly".into(),
        ..sample::task(77, &vm)
    };
    let known = TaskPageView {
        tasks: vec![task],
        next: None,
    };
    let html = |range: &str| {
        let mut boot = sample::boot();
        if let Ok(reply) = serde_json::value::to_raw_value(&known) {
            boot.replies
                .insert(format!("/api/v1/tasks?on={}&limit=100", vm.id), reply);
        }
        page_with(&format!("/vms/{}/performance?{range}", vm.id), boot)
    };
    // The document has what was fetched too: only what is drawn counts.
    let is_drawn = |range: &str| {
        let html = html(range);
        let list = html.split_once("aria-label=\"What happened\"");
        list.and_then(|(_, rest)| rest.split_once("</ul>"))
            .is_some_and(|(list, _)| list.contains("nightly"))
    };
    assert!(is_drawn("range=30d"));
    let past = format!("from={}&to={}", at - pixel, at - 1);
    assert!(!is_drawn(&past), "a range of its own ends where it says");
}

#[test]
fn other_objects_are_compared_by_name() {
    let (web, db) = (web(), VmId(Uuid::from_u128(12)));
    let mut boot = with_web_history();
    with_history(&mut boot, Of::Vm(db), VM);
    let html = page_with(&format!("/vms/{web}/performance?with=vm:{db},host:x"), boot);
    says(&html, &["No longer compare with db-01", "% of its CPUs"]);
}

#[test]
fn every_kind_of_host_has_charts_and_the_last_hour_on_its_overview() {
    for n in [1u128, 20, 21] {
        let id = HostId(Uuid::from_u128(n));
        let mut boot = sample::boot();
        with_history(&mut boot, Of::Host(id), HOST);
        let html = page_with(&format!("/hosts/{id}/performance"), boot);
        says(
            &html,
            &["Load", "In use".to_lowercase().as_str(), "CPU as a table"],
        );
        says(
            &page(&format!("/hosts/{id}/overview")),
            &["aria-label=\"The last hour\"", "id=\"chart-cpu\""],
        );
    }
}

#[test]
fn a_chart_that_the_address_opens_by_parts_shows_each_of_them_without_any_script() {
    let id = web_01();
    let url = format!("/vms/{id}/performance?by=cpu");
    let asked = prefetch(&url);
    let parts = asked.iter().find(|url| url.ends_with("&parts=true")).unwrap();
    let mut boot = with_web_history();
    let series = |cpu| wxa_wire::MetricSeries {
        metric: wxa_model::Metric::Cpu,
        part: Some(wxa_model::Part::Cpu(cpu)),
        min: vec![],
        avg: vec![Some(0.25); 360],
        max: vec![],
    };
    let view = wxa_wire::MetricsView {
        from: UnixMillis((sample::NOW.0 - 3_600_000) / 10_000 * 10_000),
        step: 10_000,
        count: 360,
        series: vec![series(0), series(1)],
        ..wxa_wire::MetricsView::default()
    };
    boot.replies
        .insert(parts.clone(), serde_json::value::to_raw_value(&view).unwrap());
    let html = page_with(&url, boot);
    let back = format!("href=\"/vms/{id}/performance\"");
    says(
        &html,
        &[
            "CPU 0",
            "CPU 1",
            "25 %",
            "aria-current=\"true\">By CPU",
            &back,
            "By disk",
            "By interface",
            "What Disk latency shows",
        ],
    );
    let site = page(&format!("/hosts/{}/performance", Uuid::from_u128(20)));
    assert!(!site.contains("By CPU"), "a pool is a sum of its members");
}

#[test]
fn when_a_vms_run_began_is_marked_though_nobody_here_began_it() {
    let id = web_01();
    let from = sample::NOW.0 - 777_600_000 - 600_000;
    let url = format!("/vms/{id}/performance?from={from}&to={}", from + 3_600_000);
    let html = page(&url);
    let happened = html
        .split("aria-label=\"What happened\"")
        .nth(1)
        .unwrap_or_default();
    assert!(happened.contains("Start"), "{happened}");
}
