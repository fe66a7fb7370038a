//! Consoles that several look at, and the page of a guest link.
use super::{page, page_with, says, web_01};
use crate::{Boot, prefetch, sample};
use wxa_model::{Grant, PowerState, Role, Scope};
use wxa_wire::console::links::ConsoleGuestView;

fn guest(typing: bool) -> Boot {
    Boot {
        session: None,
        inventory: None,
        now: sample::NOW,
        guest: Some(ConsoleGuestView {
            id: sample::vm(10, "web-01", PowerState::Running).id,
            vm: "web-01".into(),
            name: "Supplier <b>".into(),
            by: "ada".into(),
            typing,
            until: wxa_model::UnixMillis(sample::NOW.0 + 5 * 60_000),
        }),
        ..Boot::default()
    }
}

/// Whether the button of that name is drawn and not shown.
fn is_hidden(html: &str, name: &str) -> bool {
    let label = format!("aria-label=\"{name}\"");
    let mut buttons = html.split("<button").filter_map(|button| button.split_once('>'));
    let button = buttons.find(|(attributes, _)| attributes.contains(&label));
    assert!(button.is_some(), "no button {name} in {html}");
    button.is_some_and(|(attributes, _)| attributes.contains(" hidden"))
}

#[test]
fn a_guest_gets_the_console_and_nothing_around_it() {
    let html = page_with("/c/secret", guest(false));
    says(
        &html,
        &[
            "<title>web-01 console · WebXenAdmin</title>",
            "Supplier &lt;b&gt;, as a guest of ada",
            "ends in 5 min",
            "You may watch.",
            "aria-label=\"Serial console\"",
            "import init, { hydrate } from \"/assets/app.js\"",
        ],
    );
    for other in ["<nav", "Guest links", "/vms/", "/login"] {
        assert!(!html.contains(other), "“{other}” is in {html}");
    }
    assert!(
        is_hidden(&html, "Paste…") && is_hidden(&html, "Ctrl for the next key"),
        "{html}"
    );
    let html = page_with("/c/secret", guest(true));
    says(&html, &["You may type when you have the keyboard."]);
    assert!(
        !is_hidden(&html, "Paste…") && !is_hidden(&html, "Ctrl for the next key"),
        "{html}"
    );
    assert_eq!(prefetch("/c/secret"), [""; 0], "nothing is asked for a guest");
}

#[test]
fn a_link_that_opens_nothing_says_so_and_not_why() {
    let nothing = Boot {
        guest: None,
        ..guest(false)
    };
    let html = page_with("/c/secret", nothing.clone());
    says(&html, &["This link opens nothing"]);
    assert!(!html.contains("web-01"));
    let busy = Boot {
        problem: Some("busy".into()),
        ..nothing
    };
    says(&page_with("/c/secret", busy), &["Too many wrong links"]);
}

#[test]
fn the_secret_of_a_link_is_in_no_address_of_ours() {
    let html = page_with("/c/secret-4711", guest(false));
    assert!(!html.contains("secret-4711"), "{html}");
}

#[test]
fn who_may_only_look_gets_the_console_too_and_makes_no_links() {
    let console = format!("/vms/{}/console", web_01());
    let html = page(&console);
    says(
        &html,
        &[
            "aria-label=\"Serial console\"",
            "People at this console",
            "Guest links",
        ],
    );
    let mut boot = sample::boot();
    if let Some(session) = &mut boot.session {
        session.grants = vec![Grant {
            role: Role::Viewer,
            scope: Scope::Everything,
        }];
    }
    let html = page_with(&console, boot);
    says(&html, &["aria-label=\"Serial console\""]);
    assert!(is_hidden(&html, "Paste…") && is_hidden(&html, "Tab"), "{html}");
    assert!(html.contains("Leave with "), "who watches is in the terminal too");
    let button = html
        .split("<button")
        .find(|button| button.contains("Guest links"));
    assert!(button.is_some_and(|button| button.contains("hidden")), "{html}");
}
