//! The pages on which status pages are made: the list, a new one, and one with its tabs.
use super::{page, page_with, says};
use crate::{Boot, pages, prefetch, sample};
use wxa_model::{Grant, Role, Scope};
use wxa_wire::{StatusPageShut, StatusPageView};

fn of(tab: &str) -> String {
    with(tab, &sample::status_page("ops"))
}

fn with(tab: &str, view: &StatusPageView) -> String {
    let mut boot = sample::boot();
    sample::with_status(&mut boot, view);
    page_with(&format!("/status-pages/{}/{tab}", sample::status_page_id()), boot)
}

fn as_viewer(mut boot: Boot) -> Boot {
    if let Some(session) = &mut boot.session {
        session.grants = vec![Grant {
            role: Role::Viewer,
            scope: Scope::Everything,
        }];
    }
    boot
}

#[test]
fn the_list_says_how_each_page_is_and_who_reads_it() {
    let mut boot = sample::boot();
    sample::with_status(&mut boot, &sample::status_page("ops"));
    says(
        &page_with("/status-pages", boot),
        &[
            "<title>Status pages · WebXenAdmin</title>",
            "Example Ltd",
            "Limited",
            "Web shop, Files, Payroll",
            "whoever is signed in, 2 links",
            "New status page",
        ],
    );
}

#[test]
fn an_empty_list_teaches_the_first_step_and_a_viewer_is_told_who_may() {
    let empty = |url: &str| sample::boot_with(url, &Vec::<wxa_wire::StatusPageEntry>::new());
    let mine = page_with("/status-pages", empty(pages::status::LIST_URL));
    says(&mine, &["No status page yet", "Begin with a filter"]);
    let viewer = page_with("/status-pages", as_viewer(empty(pages::status::LIST_URL)));
    says(&viewer, &["Your role lets you look, not publish"]);
    assert!(!viewer.contains("href=\"/status-pages/new\""));
    let new = page_with("/status-pages/new", as_viewer(sample::boot()));
    says(&new, &["Your role lets you look, not publish"]);
    assert!(!new.contains("Make the page"));
}

#[test]
fn a_page_is_begun_with_a_filter_with_what_is_marked_or_empty() {
    says(
        &page("/status-pages/new?q=mem:%3E1M"),
        &[
            "Of whatever VM passes this filter",
            "mem:&gt;1M",
            "VMs pass it now",
            "First service",
        ],
    );
    let less = page("/status-pages/new?q=mem:%3E1M%20state:running");
    says(
        &less,
        &[">mem:&gt;1M<", "Left out of the list's filter", "First service"],
    );
    let unfit = page("/status-pages/new?q=state:running");
    says(
        &unfit,
        &[
            "the list's filter cannot say what a service consists of",
            "state:",
        ],
    );
    assert!(!unfit.contains("First service"), "there is nothing to name");
    says(
        &page("/status-pages/new?from=marked"),
        &["No VM is marked any more"],
    );
    let empty = page("/status-pages/new");
    says(&empty, &["It begins without services", "Title of the page"]);
    assert!(!empty.contains("First service"), "there is nothing to name");
    // Both ways lead here from the list.
    says(&page("/vms?q=web"), &["href=\"/status-pages/new?q=web\""]);
}

#[test]
fn services_say_what_they_consist_of_how_they_are_and_why_one_is_not_shown() {
    says(
        &of("services"),
        &[
            "Web shop",
            "web · ",
            "2 picked",
            "Limited",
            "Not shown",
            "ops may not see all that was picked",
            "Move Web shop up",
            "It is the first.",
            "Add a service",
        ],
    );
}

#[test]
fn what_readers_see_and_who_they_are_is_on_one_tab_with_the_addresses_to_copy() {
    says(
        &of("look"),
        &[
            "value=\"Example Ltd\"",
            "Europe/Vienna",
            "the names of VMs and hosts",
            "everybody who can reach this server",
            "/status/example/badge.svg",
            "/status/example/status.json",
            "/status/example/feed.atom",
            "Type Example Ltd to delete it",
        ],
    );
}

#[test]
fn links_say_whom_they_are_for_until_when_and_who_opened_them() {
    says(
        &of("links"),
        &[
            "Board",
            "in 87 d",
            "password, from 192.0.2.0/24, English",
            "12 times",
            "Rotate Board",
            "Revoke Board",
            "Revoked",
            "never",
            "Make the link",
        ],
    );
    assert!(!of("links").contains("Revoke Auditors"), "it is revoked already");
}

#[test]
fn incidents_and_maintenance_are_told_with_words_to_begin_with() {
    says(
        &of("notices"),
        &[
            "The web shop is slow",
            "The cause is found.",
            "Cause known",
            "Tell more…",
            "Updates for the files",
            "does not count against availability",
            "Begins (Europe/Vienna)",
            "The service cannot be reached",
        ],
    );
}

#[test]
fn the_preview_shows_what_readers_see_with_what_is_unknown() {
    says(
        &of("preview"),
        &[
            "1 service is limited. Working: 1 of 2 services.",
            "Web shop: 99.98 % available over 90 days",
            "55.5 % of the time unknown, not counted",
            "href=\"/status-preview/00000000-0000-0000-0000-000000000001\"",
        ],
    );
}

#[test]
fn another_accounts_page_says_whose_rights_it_follows() {
    let theirs = with("services", &sample::status_page("eve"));
    says(&theirs, &["eve made this page", "not yours"]);
    assert!(!of("services").contains("made this page"));
}

#[test]
fn a_page_that_nobody_can_read_says_so_first() {
    let mut view = sample::status_page("eve");
    view.shut = Some(StatusPageShut::CreatorDisabled);
    says(
        &with("services", &view),
        &["Closed: its maker's account is disabled", "Readers find nothing"],
    );
}

#[test]
fn each_tab_asks_for_what_it_shows() {
    let at = |tab: &str| prefetch(&format!("/status-pages/{}/{tab}", sample::status_page_id()));
    for (tab, ending) in [
        ("links", "/links"),
        ("notices", "/notices"),
        ("preview", "/preview"),
    ] {
        assert!(at(tab).iter().any(|url| url.ends_with(ending)), "{tab}");
    }
    assert_eq!(at("services").len(), 2);
}
