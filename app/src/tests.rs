//! Every page rendered on the server with made-up data: what it says, and that no style attribute slips in.
use crate::{App, Assets, Boot, knows, prefetch, sample, shell};
use leptos::prelude::*;
use leptos_router::location::RequestUrl;
use wxa_model::{Grant, PowerState, Role, Scope};

fn page_with(url: &str, boot: Boot) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(RequestUrl::new(&format!("http://leptos.dev{url}")));
        let assets = Assets {
            js: "/assets/app.js".into(),
            wasm: "/assets/app.wasm".into(),
            css: std::env::var("WXA_RENDER_CSS").unwrap_or_else(|_| "/assets/main.css".into()),
            icons: std::env::var("WXA_RENDER_ICONS").unwrap_or_else(|_| "/assets/icons.svg".into()),
            ..Assets::default()
        };
        shell(boot, assets).to_html()
    })
}

fn page(url: &str) -> String {
    page_with(url, sample::boot())
}

fn web_01() -> String {
    sample::vm(10, "web-01", PowerState::Running).id.to_string()
}

#[track_caller]
fn says(html: &str, texts: &[&str]) {
    for text in texts {
        assert!(html.contains(text), "“{text}” is missing in {html}");
    }
    assert!(!html.contains(" style="), "a style attribute is in {html}");
}

#[test]
fn the_list_shows_states_use_and_age() {
    let html = page("/vms");
    says(
        &html,
        &[
            "<title>VMs · WebXenAdmin</title>",
            "web-01",
            "Crashed",
            "Unknown · 6 min",
            "Rebooting 40 %",
            "state:running",
            "Frankfurt",
            "id=\"boot\"",
            "import init, { hydrate } from \"/assets/app.js\"",
        ],
    );
    assert!(
        !html.contains("aria-label=\"Mark Domain-0\""),
        "the control domain is no VM of the list"
    );
}

#[test]
fn filter_and_order_come_from_the_address() {
    let html = page("/vms?q=state%3Acrashed");
    says(&html, &["queue-01", "1 of 15 VMs"]);
    assert!(!html.contains("Mark web-01"));
    says(&page("/vms?q=sate:x"), &["“sate:” is not known"]);
    says(&page("/vms?q=nosuch"), &["No VM passes this filter"]);
}

#[test]
fn the_details_show_what_may_be_done_and_why_not() {
    let html = page(&format!("/vms?sel={}", web_01()));
    says(
        &html,
        &[
            "Details of web-01",
            "Start: it is already running.",
            "/etc/xen/web-01.cfg",
        ],
    );
}

#[test]
fn a_vm_has_its_page_and_tabs() {
    let id = web_01();
    says(
        &page(&format!("/vms/{id}/overview")),
        &[
            "<title>web-01 · WebXenAdmin</title>",
            "Shut down",
            "Power off…",
            "/dev/vg0/web-01",
            "xenbr0",
            "Facts",
        ],
    );
    says(
        &page(&format!("/vms/{id}/history")),
        &["Reboot web-01", "Audit log"],
    );
    says(&page(&format!("/vms/{id}/console")), &["web-01 console"]);
    says(
        &page("/vms/00000000-0000-0000-0000-0000000000ff/overview"),
        &["There is nothing at this address"],
    );
}

#[test]
fn a_host_tells_what_is_wrong() {
    let host = |n| format!("/hosts/{}/overview", sample::host(n, wxa_model::Link::Up).id);
    says(&page(&host(1)), &["Connected", "credit2", "4.17.5", "Domain-0"]);
    says(
        &page(&host(3)),
        &[
            "The host is not reached",
            "connection timed out",
            "Trying again in",
        ],
    );
    says(
        &page(&host(4)),
        &[
            "another key than the one that was confirmed",
            "SHA256:Zt9g",
            "Trust the new key",
        ],
    );
    says(
        &page(&host(1).replace("overview", "vms")),
        &["Mark web-01", "Mark ldap-01"],
    );
}

#[test]
fn the_other_pages_are_there() {
    says(
        &page("/hosts/add"),
        &["Where is it?", "Is it the right one?", "How to sign in?"],
    );
    says(&page("/tasks"), &["Reboot db-02", "unable to add disk devices"]);
    says(&page("/audit"), &["Audit log"]);
    says(&page("/nowhere"), &["Not found"]);
    assert!(!knows("/nowhere") && knows("/"));
    assert_eq!(prefetch("/audit"), ["/api/v1/audit?limit=200"]);
}

#[test]
fn pages_before_sign_in_are_plain_forms() {
    for (url, texts) in [
        (
            "/login?next=/vms",
            ["action=\"/login\"", "name=\"next\" value=\"/vms\""],
        ),
        ("/setup?token=abc", ["action=\"/setup\"", "value=\"abc\""]),
        ("/link?token=abc", ["action=\"/link\"", "value=\"abc\""]),
    ] {
        let boot = Boot {
            problem: Some("unauthenticated".into()),
            ..Boot::default()
        };
        let html = page_with(url, boot);
        says(&html, &texts);
        says(&html, &["do not match"]);
        assert!(!html.contains("<script"), "{url} needs no script");
    }
}

#[test]
fn a_viewer_looks_but_does_not_act() {
    let mut boot = sample::boot();
    if let Some(session) = &mut boot.session {
        session.grants = vec![Grant {
            role: Role::Viewer,
            scope: Scope::Everything,
        }];
    }
    let id = web_01();
    says(
        &page_with(&format!("/vms/{id}/overview"), boot.clone()),
        &["Your role lets you look, not act"],
    );
    says(
        &page_with(&format!("/vms/{id}/console"), boot.clone()),
        &["Your role does not open consoles"],
    );
    let list = page_with("/vms", boot);
    assert!(!list.contains("Add a host"));
}

#[test]
fn a_name_cannot_break_out_of_the_page() {
    let mut boot = sample::boot();
    if let Some(inventory) = &mut boot.inventory {
        let mut evil = sample::vm(99, "</script><b>evil", PowerState::Running);
        evil.tags = vec!["\"><i>".into()];
        inventory.objects.push(wxa_model::Object::Vm(evil));
    }
    let html = page_with("/vms", boot);
    assert!(!html.contains("<b>evil") && !html.contains("\"><i>"), "{html}");
}

#[test]
fn nothing_is_needed_to_render_the_app_alone() {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(Boot::default());
        provide_context(RequestUrl::new("/vms"));
        view! { <App/> }.to_html()
    });
    says(&html, &["No host yet"]);
}

/// For looking at pages without a server: `WXA_RENDER_DIR=… cargo nextest run -p app --features ssr write_pages`.
#[test]
fn write_pages() {
    let Ok(dir) = std::env::var("WXA_RENDER_DIR") else {
        return;
    };
    let id = web_01();
    let host = |n| format!("/hosts/{}/overview", sample::host(n, wxa_model::Link::Up).id);
    let pages = [
        ("vms", "/vms".to_owned()),
        ("vms-panel", format!("/vms?sel={id}&q=")),
        ("vm", format!("/vms/{id}/overview")),
        ("console", format!("/vms/{id}/console")),
        ("history", format!("/vms/{id}/history")),
        ("host", host(1)),
        ("host-down", host(3)),
        ("host-key", host(4)),
        ("host-add", "/hosts/add".into()),
        ("tasks", "/tasks".into()),
        ("login", "/login?next=/vms&error=unauthenticated".into()),
        ("setup", "/setup".into()),
        ("missing", "/nowhere".into()),
    ];
    for theme in ["light", "dark", "contrast"] {
        for (name, url) in &pages {
            let mut boot = sample::boot();
            boot.theme = theme.into();
            let html = page_with(url, boot);
            std::fs::write(format!("{dir}/{name}-{theme}.html"), html).expect("the folder can be written to");
        }
    }
}

#[test]
fn the_browser_reads_what_the_server_wrote() {
    let boot = sample::boot();
    let text = serde_json::to_string(&boot).expect("boot data are written");
    let back: Boot = serde_json::from_str(&text).expect("and read");
    assert_eq!(back.inventory, boot.inventory);
    assert_eq!(back.samples, boot.samples);
    assert_eq!(back.session, boot.session);
}

#[test]
fn a_guests_name_is_never_markup() {
    let mut boot = sample::boot();
    let objects = boot
        .inventory
        .iter_mut()
        .flat_map(|inventory| &mut inventory.objects);
    for object in objects {
        if let wxa_model::Object::Vm(vm) = object
            && vm.name == "web-01"
        {
            vm.name = "</title></script><img src=x>".into();
        }
    }
    for url in ["/vms".to_owned(), format!("/vms/{}/overview", web_01())] {
        let html = page_with(&url, boot.clone());
        says(&html, &["img src=x"]);
        assert!(!html.contains("<img"), "{html}");
    }
}
