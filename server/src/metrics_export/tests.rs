//! What is told is read by a strict parser, in both formats, and stays within its bounds.
mod strict;

use super::{Format, Page, families};
use axum::http::{HeaderMap, HeaderValue, header};
use std::sync::Arc;
use strict::{Page as Read, read};
use uuid::Uuid;
use wxa_core::{MeasuredHost, MeasuredNow, MeasuredVm, OwnFigures, Whereabouts, system::QueueStatus};
use wxa_model::{
    Bytes, HostId, HostSample, Metric, Part, PartSample, PowerState, UnixMillis, VmId, VmRole, VmSample,
};

fn vm(n: u128, name: &str, tags: usize) -> MeasuredVm {
    MeasuredVm {
        id: VmId(Uuid::from_u128(n)),
        uuid: None,
        name: name.into(),
        at: Whereabouts {
            host: "xen-1".into(),
            pool: None,
            site: "Home".into(),
            tags: (0..tags).map(|tag| format!("t{tag}")).collect(),
        },
        role: VmRole::Guest,
        power: PowerState::Running,
        vcpus: 2,
        started_at: Some(UnixMillis(1_000)),
        sample: Some(VmSample {
            cpu: Some(0.5),
            memory: Some(Bytes::mib(512)),
            disk_read: Some(f32::INFINITY),
            net_rx: Some(1500.0),
            ..VmSample::default()
        }),
        parts: vec![PartSample {
            vm: Some(VmId(Uuid::from_u128(n))),
            part: Part::Disk("xvda".into()),
            values: vec![(Metric::DiskRead, 7.0)],
        }],
    }
}

fn page(vms: Vec<MeasuredVm>) -> Page {
    let host = MeasuredHost {
        id: HostId(Uuid::from_u128(9)),
        uuid: Some(Uuid::from_u128(10)),
        at: Whereabouts {
            host: "xen-1".into(),
            pool: Some((HostId(Uuid::from_u128(11)), "lab".into())),
            site: "Home".into(),
            tags: vec!["prod".into()],
        },
        is_up: true,
        cpus: 4,
        memory_total: 1 << 30,
        booted_at: Some(UnixMillis(0)),
        sample: Some(HostSample {
            cpu: Some(1.0),
            memory_used: Some(Bytes::mib(256)),
            load: Some(0.25),
            ..HostSample::default()
        }),
        parts: vec![PartSample {
            vm: None,
            part: Part::Storage("ssd".into()),
            values: vec![(Metric::DiskLatency, 0.002)],
        }],
    };
    let queue = QueueStatus {
        name: "measurements",
        waiting: 1,
        room: 2,
        dropped: 3,
    };
    let own = OwnFigures {
        queues: vec![queue],
        samples: 12,
        ..OwnFigures::default()
    };
    Page {
        measured: MeasuredNow {
            hosts: vec![host],
            vms,
            own: Some(own),
        },
        now: UnixMillis(61_000),
        sockets: (1, 2, 0),
    }
}

fn told(page: Page, format: Format) -> Read {
    let mut text: Vec<u8> = families(Arc::new(page), format)
        .flat_map(|text| text.to_vec())
        .collect();
    text.extend_from_slice(format.end().unwrap_or_default());
    let text = String::from_utf8(text).expect("UTF-8");
    read(&text, format == Format::OpenMetrics).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

#[test]
fn both_formats_tell_the_same_and_what_is_not_known_is_not_told() {
    let wicked = "a \"quoted\" \\ name\nof two lines";
    let one = || page(vec![vm(1, wicked, 2), vm(2, "web", 0)]);
    let (old, new) = (told(one(), Format::Prometheus), told(one(), Format::OpenMetrics));
    assert_eq!(old.samples, new.samples);
    let value = |name: &str, with: &[(&str, &str)]| new.value(name, with);
    let first = VmId(Uuid::from_u128(1)).to_string();
    assert_eq!(
        value("xcp_vm_memory_bytes", &[("vm_name", wicked)]),
        Some(536_870_912.0)
    );
    assert_eq!(
        value("xcp_vm_cpu_usage", &[("id", &first), ("tags", ",t0,t1,")]),
        Some(0.25)
    );
    assert_eq!(
        value("xen_vm_net_rx_bytes_per_second", &[("id", &first)]),
        Some(1500.0)
    );
    assert_eq!(
        value(
            "xcp_vm_disk_throughput_read_bytes",
            &[("id", &first), ("device", "xvda")]
        ),
        Some(7.0)
    );
    assert_eq!(
        value("xcp_vm_status", &[("id", &first), ("power_state", "Running")]),
        Some(1.0)
    );
    assert_eq!(value("xcp_vm_uptime_seconds", &[("id", &first)]), Some(60.0));
    assert_eq!(
        value("xcp_host_memory_free_bytes", &[("pool_name", "lab")]),
        Some(805_306_368.0)
    );
    assert_eq!(
        value("xcp_host_disk_latency_seconds", &[("sr", "ssd")]).map(|s| (s * 1e4).round()),
        Some(20.0)
    );
    assert_eq!(value("xcp_host_load_average", &[("site", "Home")]), Some(0.25));
    assert_eq!(value("webxenadmin_samples_total", &[]), Some(12.0));
    assert_eq!(
        value("webxenadmin_queue_dropped_total", &[("queue", "measurements")]),
        Some(3.0)
    );
    for unknown in [
        "xen_vm_disk_read_bytes_per_second",
        "xen_vm_memory_used_bytes",
        "process_open_fds",
    ] {
        assert_eq!(value(unknown, &[]), None, "{unknown}");
    }
    assert_eq!(
        new.units.get("xcp_vm_memory_bytes").map(String::as_str),
        Some("bytes")
    );
}

#[test]
fn tags_and_long_names_are_cut_and_that_is_told() {
    let read = told(page(vec![vm(1, &"x".repeat(500), 13)]), Format::OpenMetrics);
    let left = |what| read.value("webxenadmin_metrics_left_out", &[("what", what)]);
    assert_eq!(
        (left("tags"), left("label_values_cut"), left("series")),
        (Some(3.0), Some(1.0), Some(0.0))
    );
}

#[test]
fn a_page_holds_only_so_many_series() {
    let mut left_out = super::LeftOut::default();
    let page = page(vec![vm(1, "a", 0), vm(2, "b", 0), vm(3, "c", 0)]);
    let labels = super::labels::Labels::new(&page.measured, &mut left_out);
    let mut budget = 2;
    let family = super::of_vms::families().remove(0);
    let text = family.text(&page, &labels, Format::Prometheus, &mut budget, &mut left_out);
    let samples = text.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!((samples, budget, left_out.series), (2, 0, 1));
}

#[test]
fn who_sees_a_part_is_told_nothing_of_the_server() {
    let mut one = page(vec![vm(1, "web", 0)]);
    one.measured.own = None;
    let read = told(one, Format::OpenMetrics);
    let own = |name: &&String| name.starts_with("process_") || name.starts_with("webxenadmin_");
    assert_eq!(read.types.keys().find(own), None);
}

#[test]
fn the_format_is_the_one_that_is_liked_best() {
    let asked = |accept: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).expect("a header"));
        Format::asked(&headers)
    };
    let prometheus = "application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,\
                      text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    assert_eq!(asked(prometheus), Format::OpenMetrics);
    assert_eq!(
        asked("text/plain;version=0.0.4;q=1,application/openmetrics-text;q=0.5"),
        Format::Prometheus
    );
    assert_eq!(
        asked("application/openmetrics-text;version=9.0.0"),
        Format::Prometheus
    );
    assert_eq!(asked("text/html"), Format::Prometheus);
    assert_eq!(Format::asked(&HeaderMap::new()), Format::Prometheus);
}
