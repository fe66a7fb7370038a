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
