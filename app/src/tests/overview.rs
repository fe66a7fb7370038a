//! The overview, for one host and for many, and before there is any.
use super::{page, page_with, says};
use crate::{Boot, prefetch, sample};
use uuid::Uuid;
use wxa_model::{HostId, Object, PowerState, TopBy, VmId};
use wxa_wire::{TopEntry, TopList, TopView};

/// Adds top lists.
pub fn with_top(boot: &mut Boot) {
    let entry = |n: u128, name: &str, value, most| TopEntry {
        vm: VmId(Uuid::from_u128(n)),
        name: name.into(),
        host: HostId(Uuid::from_u128(1)),
        value,
        most,
    };
    let view = TopView {
        at: sample::NOW,
        lists: vec![
            TopList {
                by: TopBy::Cpu,
                entries: vec![
                    entry(12, "db-01", 1.28, Some(2.0)),
                    entry(10, "web-01", 0.4, Some(2.0)),
                ],
            },
            TopList {
                by: TopBy::Disk,
                entries: vec![entry(13, "db-02", 6.5e7, None)],
            },
        ],
    };
    if let Ok(reply) = serde_json::value::to_raw_value(&view) {
        boot.replies.insert(prefetch("/overview")[0].clone(), reply);
    }
}

fn with_lists() -> Boot {
    let mut boot = sample::boot();
    with_top(&mut boot);
    boot
}

#[test]
fn the_overview_says_what_is_wrong_what_is_busy_and_what_changed() {
    let html = page_with("/", with_lists());
    says(
        &html,
        &[
            "<title>Overview · WebXenAdmin</title>",
            "things need you",
            "queue-01 crashed",
            "xen-3: not reached",
            "connection timed out",
            "unable to add disk devices",
            "db-01",
            "64 %",
            "Reboot db-02",
            "of 96 threads",
            "Hosts and pools",
            "prod",
            "All sites",
        ],
    );
}

#[test]
fn what_is_ranked_by_stands_in_the_address() {
    let html = page_with("/overview?top=disk", with_lists());
    says(&html, &["db-02", "65.0 MB/s", "href=\"/overview?top=network\""]);
    assert!(!html.contains("64 %"));
}

#[test]
fn before_there_is_a_host_the_overview_says_what_to_do() {
    let mut boot = sample::boot();
    if let Some(inventory) = &mut boot.inventory {
        inventory.objects.clear();
    }
    let html = page_with("/", boot.clone());
    says(&html, &["No host yet", "href=\"/hosts/add\""]);
    if let Some(session) = &mut boot.session {
        session.grants.clear();
    }
    says(&page_with("/", boot), &["An administrator adds hosts"]);
}

#[test]
fn one_host_without_trouble_is_well() {
    let mut boot = sample::boot();
    if let Some(inventory) = &mut boot.inventory {
        inventory.objects.retain(|object| match object {
            Object::Host(host) => host.id.0.as_u128() == 1,
            Object::Site(site) => site.id.0.as_u128() == 1,
            Object::Vm(vm) => vm.host.0.as_u128() == 1 && vm.power != PowerState::Crashed,
            Object::Task(_) | Object::PoolTask(_) => false,
        });
    }
    let html = page_with("/", boot);
    says(
        &html,
        &[
            "All is well; 5 of 7 VMs run",
            "Nothing that is known of.",
            "Nothing has been done yet.",
            "Frankfurt",
        ],
    );
}

#[test]
fn every_page_leads_to_the_overview() {
    says(
        &page("/vms"),
        &["href=\"/overview\" class=\"brand\"", "<a href=\"/overview\""],
    );
}

#[test]
fn what_was_found_on_any_host_is_told_however_many_there_are() {
    let mut boot = sample::boot();
    let host = HostId(Uuid::from_u128(1));
    let finding = wxa_model::health::Finding {
        level: wxa_model::health::Level::Warn,
        title: "/srv is 93 % full".into(),
        advice: "Make room.".into(),
    };
    let look = |host, findings| wxa_wire::HostFindings {
        host,
        at: sample::NOW,
        findings,
        repositories: Vec::new(),
    };
    let others = (1000..1400).map(|n| look(HostId(Uuid::from_u128(n)), Vec::new()));
    let view = wxa_wire::FindingsView {
        hosts: others.chain([look(host, vec![finding])]).collect(),
        unseen: 0,
    };
    let reply = serde_json::value::to_raw_value(&view).unwrap();
    let url = prefetch("/overview")
        .into_iter()
        .find(|url| url.ends_with("/findings"));
    boot.replies.insert(url.unwrap(), reply);
    says(&page_with("/", boot), &["/srv is 93 % full", "Make room."]);
}
