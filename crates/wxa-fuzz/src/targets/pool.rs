//! Bytes from pools: what XAPI answers.
use wxa_xapi::parse;

use super::lossy;
use crate::{Target, seeds};

pub const TARGETS: &[Target] = &[
    Target {
        name: "xapi_events",
        reads: "XAPI's `event.from`",
        run: events,
        seeds: seeds::XAPI_EVENTS,
    },
    Target {
        name: "xapi_measurements",
        reads: "XAPI's `rrd_updates`",
        run: measurements,
        seeds: seeds::XAPI_MEASUREMENTS,
    },
    Target {
        name: "xapi_answer",
        reads: "a host's HTTP answer",
        run: answer,
        seeds: seeds::XAPI_ANSWER,
    },
    Target {
        name: "xapi_console",
        reads: "where XAPI says that a console is",
        run: console,
        seeds: seeds::XAPI_CONSOLE,
    },
];

fn events(bytes: &[u8]) {
    let Some(told) = parse::events(bytes) else { return };
    let names = told.vms.iter().map(|vm| &vm.name);
    let names = names.chain(told.members.iter().map(|member| &member.name));
    for name in names.chain([&told.facts.hostname, &told.facts.product]) {
        assert!(
            !name.chars().any(char::is_control),
            "a name can play with a terminal"
        );
    }
    let members: Vec<_> = told.members.iter().map(|member| member.id).collect();
    for vm in told.vms.iter().filter(|vm| vm.native_id.is_some()) {
        assert!(
            vm.host.0.is_nil() || members.contains(&vm.host),
            "on a host that is not there"
        );
    }
}

fn measurements(bytes: &[u8]) {
    for batch in parse::measurements(bytes, "h").unwrap_or_default() {
        assert!(batch.host.cpu.is_none_or(|cpu| cpu.is_finite() && cpu >= 0.0));
        for (_, sample) in batch.vms {
            let rates = [
                sample.cpu,
                sample.disk_read,
                sample.disk_write,
                sample.net_rx,
                sample.net_tx,
            ];
            assert!(
                rates
                    .into_iter()
                    .flatten()
                    .all(|rate| rate.is_finite() && rate >= 0.0)
            );
        }
    }
}

fn answer(bytes: &[u8]) {
    let body = parse::answer("GET", bytes).unwrap_or_default();
    assert!(body.len() <= bytes.len(), "more than what came");
}

fn console(bytes: &[u8]) {
    let text = lossy(bytes);
    if let Some((host, _, target)) = parse::console_address(&text) {
        assert!(target.starts_with('/') && !host.is_empty());
        assert!(
            !format!("{host}{target}").contains(['\r', '\n', ' ']),
            "it carries another header"
        );
    }
}
