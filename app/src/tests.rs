//! Every page rendered on the server with made-up data: what it says, and that no style attribute slips in.
mod languages;

use crate::{App, Assets, Boot, knows, prefetch, sample, shell};
use leptos::prelude::*;
use leptos_router::location::RequestUrl;
use wxa_model::{Grant, PowerState, Role, Scope};

mod charts;
mod console;
mod objects;
mod overview;
mod pool_tasks;
mod pools;
mod scale;
mod sharing;
mod status;
mod trust;

fn page_with(url: &str, boot: Boot) -> String {
    let owner = Owner::new();
    let html = owner.with(|| page_in_owner(url, boot));
    // The server's tasks go from thread to thread: whatever a rendering leaves behind is dropped on any of them.
    let dropped = std::thread::spawn(move || owner.cleanup()).join();
    assert!(dropped.is_ok(), "{url} leaves something that is its thread's");
    html
}

fn page_in_owner(url: &str, boot: Boot) -> String {
    provide_context(RequestUrl::new(&format!("http://leptos.dev{url}")));
    let assets = Assets {
        js: "/assets/app.js".into(),
        wasm: "/assets/app.wasm".into(),
        css: std::env::var("WXA_RENDER_CSS").unwrap_or_else(|_| "/assets/main.css".into()),
        icons: std::env::var("WXA_RENDER_ICONS").unwrap_or_else(|_| "/assets/icons.svg".into()),
        ..Assets::default()
    };
    shell(boot, assets).to_html()
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
fn that_a_page_is_on_its_way_is_said_beside_what_is_busy() {
    let html = page("/vms");
    let (before, main) = html.split_once("<main").unwrap();
    let place = r#"<p role="status" class="sr">"#;
    assert!(before.contains(place) && !before.contains("Loading"), "{before}");
    assert!(!main.contains(&format!("{place}Loading")));
}

#[test]
fn while_somebody_signs_in_the_browser_fetches_what_comes_next_and_runs_nothing() {
    let html = page("/login?next=/vms");
    says(
        &html,
        &[
            "<link rel=\"prefetch\" href=\"/assets/app.js\">",
            "<link rel=\"prefetch\" href=\"/assets/app.wasm\">",
        ],
    );
    assert!(!html.contains("<script"), "{html}");
    assert!(!page("/vms").contains("prefetch"));
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
    says(&html, &["queue-01", "1 of 20 VMs"]);
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
        &["No news from the host", "connection timed out", "Trying again in"],
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
    says(
        &page("/tasks"),
        &[
            "Reboot db-02",
            "unable to add disk devices",
            "action=\"/tasks\"",
            "/tasks/00000000-0000-0000-0000-000000000002",
        ],
    );
    says(&page("/audit"), &["Audit log"]);
    says(
        &page("/settings"),
        &["High contrast", "Time zone", "Letter size", "root@web-01"],
    );
    says(
        &page("/help"),
        &[
            "First steps",
            "domid",
            "href=\"/vms?q=mem:%3E%3D8G\"",
            "mark all from the last mark to here",
        ],
    );
    says(&page("/nowhere"), &["Not found"]);
    assert!(!knows("/nowhere") && knows("/"));
    assert_eq!(
        prefetch("/audit?by=ada&before=7"),
        ["/api/v1/audit?by=ada&before=7&limit=100", "/api/v1/filters"]
    );
    assert_eq!(prefetch("/vms?by=ada"), ["/api/v1/filters"]);
}

#[test]
fn users_show_what_each_may_do_and_who_is_disabled() {
    let mut boot = sample::boot();
    sample::with_users(&mut boot);
    let users = page_with("/users", boot.clone());
    says(
        &users,
        &[
            "<title>Users · WebXenAdmin</title>",
            "Operator on host xen-1, Viewer in site Frankfurt",
            "Viewer on what is tagged lab",
            "Disabled",
            "No password yet",
            "never",
            "New user",
        ],
    );
    let user = page_with(&format!("/users/{}", sample::user_id(2)), boot.clone());
    says(
        &user,
        &[
            "ada",
            "Firefox on Linux",
            "192.0.2.7",
            "backup",
            "Make a reset link",
            "Type ada to remove it",
        ],
    );
    let nobody = page_with(&format!("/users/{}", sample::user_id(99)), boot.clone());
    says(&nobody, &["There is nothing at this address"]);
    says(
        &page_with("/account", boot.clone()),
        &["This one", "Change password", "Administrator everywhere"],
    );
    if let Some(session) = &mut boot.session {
        session.grants.clear();
    }
    for url in ["/users", "/users/add"] {
        says(
            &page_with(url, boot.clone()),
            &["Only administrators manage users"],
        );
    }
}

#[test]
fn the_audit_log_shows_rows_filter_and_whether_it_is_intact() {
    let row = sample::audit_row(7, "vm_start", Some("refused"));
    let mut check = sample::audit_check();
    let with = |url: &str, check: &wxa_wire::AuditCheckView| {
        let page = wxa_wire::AuditPageView {
            rows: vec![row.clone()],
            next: Some(7),
            check: Some(check.clone()),
        };
        page_with(url, sample::boot_with(&prefetch(url)[0], &page))
    };
    let html = with("/audit?by=ada&outcome=refused", &check);
    says(
        &html,
        &[
            "ada",
            "Refused",
            "It is already running.",
            "Intact",
            "before=7",
            "value=\"ada\"",
            "/api/v1/audit/export?format=csv&amp;by=ada&amp;outcome=refused",
        ],
    );
    check.intact = false;
    check.breaks = vec!["row 3: it was taken out".into()];
    check.break_count = 5;
    says(
        &with("/audit", &check),
        &[
            "Not as it was written",
            "row 3: it was taken out",
            "and 4 more",
            "webxenadmin audit accept",
        ],
    );
}

#[test]
fn a_task_has_a_page_with_the_hosts_words_and_a_way_to_try_again() {
    let vm = sample::vm(18, "win-ad-old", PowerState::Halted);
    let task = wxa_model::Task {
        action: wxa_model::Action::VmStart,
        outcome: Some(wxa_model::TaskOutcome::Failed {
            why: "Starting it was refused: no memory.\n\nThe host said:\nlibxl: error: <b>".into(),
        }),
        ended_at: Some(sample::NOW),
        ..sample::task(77, &vm)
    };
    let details = wxa_wire::TaskDetailsView {
        steps: vec![wxa_wire::TaskStepView {
            at: sample::NOW,
            step: "Building the domain".into(),
        }],
        audit: Some(sample::audit_row(7, "vm_start", Some("failed"))),
        task,
    };
    let url = format!("/tasks/{}", details.task.id);
    let html = page_with(&url, sample::boot_with(&prefetch(&url)[0], &details));
    says(
        &html,
        &[
            "Start win-ad-old",
            "Failed: Starting it was refused: no memory.",
            "The host said:\nlibxl: error: &lt;b&gt;",
            "Building the domain",
            "Start again",
            "Audit log",
        ],
    );
}

#[test]
fn the_system_page_says_what_is_wrong_first() {
    let mut system = sample::system();
    let with = |system: &wxa_wire::SystemView| {
        page_with("/system", sample::boot_with(&prefetch("/system")[0], system))
    };
    says(
        &with(&system),
        &[
            "Everything works",
            "Intact",
            "xen-1",
            "host xen-1",
            "measurements",
            "ops",
            "write-ahead log",
        ],
    );
    system.workers[0].state = wxa_wire::system::WorkerStateView::Failed;
    system.workers[0].last_failure = Some("no route".into());
    says(&with(&system), &["1 worker failed for good", "no route"]);
    system.data.database = None;
    says(&with(&system), &["The database does not answer"]);
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
        ("/reset?token=abc", ["action=\"/reset\"", "value=\"abc\""]),
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
    let console = page_with(&format!("/vms/{id}/console"), boot.clone());
    assert!(console.contains("console-terminal"), "they may watch: {console}");
    let list = page_with("/vms", boot);
    assert!(!list.contains("Add a host or pool"));
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
    let asked = format!("/api/v1{}", host(20).replace("overview", "details?age=known"));
    let told = serde_json::value::to_raw_value(&sample::pool_details()).expect("details are JSON");
    let suspended = wxa_model::VmId(uuid::Uuid::from_u128(42));
    let pages = [
        ("overview", "/overview".to_owned()),
        ("vm-performance", format!("/vms/{id}/performance")),
        ("host-performance", host(1).replace("overview", "performance")),
        ("vms", "/vms".to_owned()),
        ("vms-panel", format!("/vms?sel={id}&q=")),
        ("vm", format!("/vms/{id}/overview")),
        ("console", format!("/vms/{id}/console")),
        ("history", format!("/vms/{id}/history")),
        ("host", host(1)),
        ("host-down", host(3)),
        ("host-key", host(4)),
        ("pool", host(20)),
        ("pool-hosts", host(20).replace("overview", "hosts")),
        ("pool-storage", host(20).replace("overview", "storage")),
        ("pool-network", host(20).replace("overview", "network")),
        ("pool-settings", host(20).replace("overview", "settings")),
        ("member", host(21)),
        ("pool-vm", format!("/vms/{suspended}/overview")),
        ("host-add", "/hosts/add".into()),
        ("host-settings", host(1).replace("overview", "settings")),
        ("tasks", "/tasks".into()),
        ("users", "/users".into()),
        ("user", format!("/users/{}", sample::user_id(2))),
        ("your-account", "/account".into()),
        ("login", "/login?next=/vms&error=unauthenticated".into()),
        ("setup", "/setup".into()),
        ("settings", "/settings".into()),
        ("help", "/help".into()),
        ("missing", "/nowhere".into()),
    ];
    for theme in ["light", "dark", "contrast"] {
        for (name, url) in &pages {
            let mut boot = sample::boot();
            sample::with_users(&mut boot);
            boot.replies.insert(asked.clone(), told.clone());
            charts::with_history(
                &mut boot,
                crate::charts::Of::Vm(sample::vm(10, "web-01", PowerState::Running).id),
                crate::charts::VM,
            );
            overview::with_top(&mut boot);
            boot.preferences.theme = wxa_model::preferences::Theme::from_name(theme).unwrap_or_default();
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
