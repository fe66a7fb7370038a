//! The pages about objects: a host looked at closely, tags, notes and saved filters.
use super::{page, page_with, says, web_01};
use crate::sample;
use wxa_model::{Grant, PowerState, Role, Scope};

/// The page of a host that was looked at closely.
fn host_page(tab: &str) -> String {
    let host = sample::host(1, wxa_model::Link::Up).id;
    let web_01 = sample::vm(10, "web-01", PowerState::Running).id;
    let asked = format!("/api/v1/hosts/{host}/details?age=known");
    let boot = sample::boot_with(&asked, &sample::details::details(web_01));
    page_with(&format!("/hosts/{host}/{tab}"), boot)
}

#[test]
fn a_hosts_health_comes_with_what_to_do() {
    let html = host_page("overview");
    says(
        &html,
        &[
            "/srv/xen is 97 % full",
            "Critical",
            "The host wants to be rebooted",
            "1 line that looks like trouble",
            "Looked at ",
            "Look again",
        ],
    );
    let host = sample::host(1, wxa_model::Link::Up).id;
    says(
        &page(&format!("/hosts/{host}/overview")),
        &["The host has not been looked at yet."],
    );
}

#[test]
fn a_hosts_hardware_storage_and_network_have_their_tabs() {
    let hardware = host_page("hardware");
    says(
        &hardware,
        &[
            "AMD EPYC 7443P",
            "dom0_mem=4096M",
            "Node 0",
            "0-31",
            "xen-utils-4.17 4.17.5-1",
            "on 16 threads",
            "&lt;b&gt;IO_PAGE_FAULT",
        ],
    );
    let storage = host_page("storage");
    let link = format!("href=\"/vms/{}/overview\"", web_01());
    says(&storage, &["vg0/web-01", "/srv/xen", "97 %", &link]);
    let network = host_page("network");
    says(&network, &["xenbr0", "network card", "vif9.0", &link]);
}

#[test]
fn settings_of_a_host_are_for_administrators() {
    let html = host_page("settings");
    says(
        &html,
        &[
            "Name, as you call it",
            "Frankfurt",
            "/etc/xen",
            "Set new credentials",
            "Remove the host",
        ],
    );
    let mut boot = sample::boot();
    if let Some(session) = &mut boot.session {
        session.grants = vec![Grant {
            role: Role::Operator,
            scope: Scope::Everything,
        }];
    }
    let host = sample::host(1, wxa_model::Link::Up).id;
    let html = page_with(&format!("/hosts/{host}/settings"), boot);
    says(&html, &["There is nothing at this address"]);
    // The tree keeps the tab one is on; the page's own tabs do not have it.
    let tabs = html
        .split_once("class=\"tabs\"")
        .and_then(|(_, rest)| rest.split_once("</nav>"));
    let (tabs, _) = tabs.expect("tabs");
    assert!(!tabs.contains("/settings"), "no tab leads there: {tabs}");
}

#[test]
fn saved_filters_are_in_the_menu_and_the_applied_one_is_named() {
    let mut boot = sample::boot();
    let saved = |n, name: &str, query: &str, share| wxa_model::SavedFilter {
        id: wxa_model::FilterId(uuid::Uuid::from_u128(n)),
        name: name.into(),
        page: wxa_model::FilterPage::Vms,
        query: query.into(),
        share,
    };
    let all = [
        saved(1, "Big ones", "mem:>8G", wxa_model::FilterShare::Mine),
        saved(2, "Down", "state:halted", wxa_model::FilterShare::Everybody),
    ];
    boot.replies.insert(
        "/api/v1/filters".into(),
        serde_json::value::to_raw_value(&all).expect("filters are JSON"),
    );
    let html = page_with("/vms?q=state%3Ahalted", boot);
    says(
        &html,
        &[
            "href=\"/vms?q=mem:%3E8G\"",
            "Delete the filter Big ones",
            "aria-current=\"true\"",
            "Save the present filter as",
        ],
    );
}

#[test]
fn tags_and_notes_are_shown_where_they_are() {
    let mut boot = sample::boot();
    for object in boot
        .inventory
        .iter_mut()
        .flat_map(|inventory| &mut inventory.objects)
    {
        if let wxa_model::Object::Vm(vm) = object
            && vm.name == "web-01"
        {
            vm.notes = "Ask <Ada> first".into();
        }
    }
    let html = page_with(&format!("/vms/{}/overview", web_01()), boot);
    says(
        &html,
        &[
            "href=\"/vms?q=tag:web\"",
            "Remove the tag web",
            "Add a tag",
            "Ask &lt;Ada&gt; first",
            "Edit",
        ],
    );
    says(&page("/vms"), &["tag:build", "tree-tags"]);
}
