//! Pools: their pages, their members', the tree, what is offered on their VMs, and how one is added.
use super::{page, page_with, says};
use crate::{Boot, sample};
use uuid::Uuid;
use wxa_model::{
    Action, Grant, HostId, Link, NoConsole, Object, RefusedAction, Role, Scope, UnixMillis, VmId,
};
use wxa_wire::{PoolSshAccount, PoolSshMember, PoolSshView, SignInWay};

fn host(n: u128) -> String {
    HostId(Uuid::from_u128(n)).to_string()
}

/// The sample's VMs of pool `prod` begin here: erp-01, erp-db, desk-07, files-01, archive.
fn vm(n: u128) -> String {
    VmId(Uuid::from_u128(40 + n)).to_string()
}

fn pool_page(tab: &str) -> String {
    let asked = format!("/api/v1/hosts/{}/details?age=known", host(20));
    let boot = sample::boot_with(&asked, &sample::pool_details());
    page_with(&format!("/hosts/{}/{tab}", host(20)), boot)
}

/// The part of a page from `begin` to `end`.
#[track_caller]
fn part<'a>(html: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = html.split_once(begin).map(|(_, rest)| rest);
    let part = rest.and_then(|rest| rest.split_once(end)).map(|(part, _)| part);
    assert!(part.is_some(), "{begin} … {end} is missing in {html}");
    part.unwrap_or_default()
}

fn change(boot: &mut Boot, n: u128, change: impl Fn(&mut wxa_model::Host)) {
    for object in boot.inventory.iter_mut().flat_map(|all| &mut all.objects) {
        if let Object::Host(host) = object
            && host.id.0.as_u128() == n
        {
            change(host);
        }
    }
}

#[test]
fn a_pools_page_sums_up_its_members_and_says_what_is_wrong() {
    let html = pool_page("overview");
    says(
        &html,
        &[
            "<title>prod · WebXenAdmin</title>",
            "XCP-ng 8.3.0",
            "of 32 threads",
            "of 128 GiB",
            "xcp-01",
            "Coordinator",
            "Maintenance",
            "nfs-fast is 93 % full",
            "nfs-fast is not attached on xcp-02",
            "of 5 running",
        ],
    );
    let tabs = part(&html, "class=\"tabs\"", "</nav>");
    says(
        tabs,
        &[
            "/hosts\"",
            "/storage\"",
            "/network\"",
            "/templates\"",
            "/settings\"",
        ],
    );
    assert!(!tabs.contains("/hardware"), "a pool is no machine: {tabs}");
}

#[test]
fn a_pools_storage_and_networks_have_their_tabs() {
    says(
        &pool_page("storage"),
        &[
            "nfs-fast",
            "shelf &lt;2",
            "default",
            "930 GiB of 1000 GiB",
            "More is promised to disks than there is",
            "not on xcp-02",
            "images of discs, shared",
        ],
    );
    says(
        &pool_page("network"),
        &[
            "xenbr0",
            "management",
            "xcp-01: eth0, xcp-02: eth0",
            "9000",
            ">40<",
        ],
    );
    says(
        &pool_page("templates"),
        &[
            "debian-12-base",
            "<details class=\"fold\">",
            "2 that every pool comes with",
            "Debian Bookworm 12",
            "before the update",
            "erp-01",
        ],
    );
    says(&pool_page("hosts"), &["xcp-02.example", "0 of 1", "Maintenance"]);
    says(&pool_page("vms"), &["Mark erp-01", "Mark archive", "5 VMs"]);
}

#[test]
fn a_member_is_below_its_pool_and_has_no_settings_of_its_own() {
    let html = page(&format!("/hosts/{}/overview", host(21)));
    let pool = format!("href=\"/hosts/{}/overview\">prod<", host(20));
    says(part(&html, "class=\"crumbs\"", "</nav>"), &["Frankfurt", &pool]);
    says(
        &html,
        &["Coordinator", "4.17.5-3", "settings are the pool", "Add a tag"],
    );
    let tabs = part(&html, "class=\"tabs\"", "</nav>");
    for tab in ["settings", "hardware", "storage", "network"] {
        assert!(
            !tabs.contains(&format!("/{tab}\"")),
            "{tab} is none of a member's: {tabs}"
        );
        let none = page(&format!("/hosts/{}/{tab}", host(21)));
        says(&none, &["There is nothing at this address"]);
    }
    let vms = page(&format!("/hosts/{}/vms", host(21)));
    says(&vms, &["Mark erp-01", "2 VMs"]);
    assert!(
        !vms.contains("Mark archive"),
        "that is on the pool, not on this member"
    );
}

#[test]
fn a_member_has_its_own_console_for_who_administers_it() {
    let at = format!("/hosts/{}/console", host(21));
    let html = page(&at);
    says(
        &html,
        &["<title>xcp-01 console · WebXenAdmin</title>", "console-terminal"],
    );
    says(part(&html, "class=\"tabs\"", "</nav>"), &[&at, "Console"]);
    says(part(&html, "class=\"crumbs\"", "</nav>"), &["Frankfurt", "prod"]);

    let mut boot = sample::boot();
    if let Some(session) = &mut boot.session {
        session.grants = vec![Grant {
            role: Role::Operator,
            scope: Scope::Everything,
        }];
    }
    let operators = page_with(&at, boot.clone());
    says(&operators, &["There is nothing at this address"]);
    let tabs = part(&operators, "class=\"tabs\"", "</nav>");
    assert!(!tabs.contains(&at), "it is not offered: {tabs}");
    assert!(!operators.contains("console-terminal"), "nor opened");
    let domain = format!("/vms/{}/console", VmId(Uuid::from_u128(121)));
    assert!(page(&domain).contains("console-terminal"));
    says(&page_with(&domain, boot), &["Your role does not open consoles"]);

    let plain = page(&format!("/hosts/{}/console", host(2)));
    says(&plain, &["There is nothing at this address"]);
}

#[test]
fn a_member_that_its_pool_does_not_hear_says_so_without_a_next_attempt() {
    let mut boot = sample::boot();
    change(&mut boot, 22, |host| {
        host.link = Link::Down {
            since: UnixMillis(sample::NOW.0 - 360_000),
            why: "Its pool does not hear from it.".into(),
            retry_at: UnixMillis(0),
        };
    });
    let html = page_with(&format!("/hosts/{}/overview", host(22)), boot.clone());
    says(&html, &["The pool does not hear from this host."]);
    assert!(!html.contains("Trying again"), "nobody tries: {html}");
    says(
        &page_with(&format!("/hosts/{}/overview", host(20)), boot),
        &["The pool does not hear from xcp-02"],
    );
}

#[test]
fn a_pool_with_another_certificate_shows_both_and_how_to_read_it() {
    let mut boot = sample::boot();
    change(&mut boot, 20, |host| {
        host.link = Link::KeyChanged {
            pinned: "AA:BB:CC".into(),
            seen: "DD:EE:FF".into(),
        };
    });
    says(
        &page_with(&format!("/hosts/{}/overview", host(20)), boot),
        &[
            "Certificate changed",
            "This pool shows another certificate",
            "AA:BB:CC",
            "DD:EE:FF",
            "openssl x509 -noout -fingerprint -sha256",
        ],
    );
}

#[test]
fn the_tree_holds_members_below_pools_and_says_how_deep() {
    let html = page("/vms");
    let row = |id: String| part(&html, &format!("id=\"tree-{id}\""), "</a>").to_owned();
    let level = |id: String, level: u8| {
        // Attributes are written in no particular order: the whole opening tag is looked at.
        let at = html.find(&format!("id=\"tree-{id}\"")).expect("a row");
        let begin = html[..at].rfind("<a").expect("its tag");
        let tag = html[begin..].split_once('>').map_or("", |(tag, _)| tag);
        assert!(tag.contains(&format!("aria-level=\"{level}\"")), "{tag}");
    };
    level(format!("h{}", host(20)), 2);
    level(format!("h{}", host(21)), 3);
    level(format!("v{}", vm(0)), 4);
    level(format!("v{}", vm(4)), 3);
    says(&row(format!("h{}", host(20))), &["#pool"]);
    says(&row(format!("h{}", host(21))), &["#host", "Coordinator"]);
    says(&row(format!("h{}", host(22))), &["#wrench", "Maintenance"]);
}

#[test]
fn what_only_a_pool_can_do_is_offered_on_its_vms_only() {
    let running = page(&format!("/vms/{}/overview", vm(0)));
    let offered = |html: &str, label: &str| {
        let acts = part(html, "class=\"actions\"", "class=\"tabs\"");
        acts.contains(&format!("{label}</button>")) || acts.contains(&format!("{label}<"))
    };
    for label in ["Suspend", "Reset…", "Power off…"] {
        assert!(offered(&running, label), "{label} is offered: {running}");
    }
    assert!(!offered(&running, "Resume"));
    let suspended = page(&format!("/vms/{}/overview", vm(2)));
    assert!(offered(&suspended, "Resume"), "in the place of start");
    assert!(!offered(&suspended, "Start"));
    let plain = page(&format!("/vms/{}/overview", super::web_01()));
    for label in ["Suspend", "Resume", "Reset…"] {
        assert!(!offered(&plain, label), "{label} is not for plain Xen: {plain}");
    }
}

#[test]
fn sysrq_keys_are_beside_consoles_of_plain_xen_only_and_among_no_acts() {
    let offers = |html: &str| html.contains(">SysRq<");
    let plain = page(&format!("/vms/{}/console", super::web_01()));
    assert!(offers(&plain), "{plain}");
    says(&plain, &["aria-haspopup=\"dialog\""]);
    let pool = page(&format!("/vms/{}/console", vm(0)));
    assert!(!offers(&pool), "XAPI has none: {pool}");
    let overview = page(&format!("/vms/{}/overview", super::web_01()));
    assert!(
        !overview.contains("Send SysRq"),
        "it is no act by itself: {overview}"
    );
}

#[test]
fn what_the_pool_would_refuse_is_disabled_and_says_why() {
    let mut boot = sample::boot();
    for object in boot.inventory.iter_mut().flat_map(|all| &mut all.objects) {
        if let Object::Vm(one) = object
            && one.id.to_string() == vm(0)
        {
            one.refused = vec![RefusedAction {
                action: Action::VmShutdown,
                why: "Its guest has no tools that would answer: power it off instead.".into(),
            }];
        }
    }
    says(
        &page_with(&format!("/vms/{}/overview", vm(0)), boot),
        &["Shut down: its guest has no tools that would answer: power it off instead."],
    );
}

#[test]
fn a_pools_vm_shows_pool_and_member_and_no_definition_file() {
    let on_member = page(&format!("/vms/{}/overview", vm(0)));
    let crumbs = part(&on_member, "class=\"crumbs\"", "</nav>");
    says(crumbs, &["Frankfurt", "prod", "xcp-01"]);
    assert!(!on_member.contains("Definition"), "there is no file: {on_member}");
    let told = [
        "Operating system",
        "Debian GNU/Linux 12 (bookworm)",
        ">10.20.1.40<",
        ">2001:db8::28<",
        "8.4.0",
    ];
    says(&on_member, &told);
    let halted = page(&format!("/vms/{}/overview", vm(4)));
    assert!(
        !halted.contains("Guest tools"),
        "nothing is told by a halted guest: {halted}"
    );
    says(
        &page(&format!("/vms/{}/overview", vm(4))),
        &["tied to no host of its pool"],
    );
    says(
        &page(&format!("/vms/{}/overview", super::web_01())),
        &["Definition"],
    );
}

#[test]
fn a_guest_without_a_text_console_says_why() {
    says(
        &page(&format!("/vms/{}/console?show=text", vm(0))),
        &["XAPI shows only the screen of an HVM guest"],
    );
    let pv = page(&format!("/vms/{}/console", vm(1)));
    assert!(pv.contains("console-terminal"), "a PV guest has one: {pv}");
    // It is not running, but it is known already that it would have none.
    says(
        &page(&format!("/vms/{}/console?show=text", vm(4))),
        &["XAPI shows only the screen of an HVM guest"],
    );
}

#[test]
fn the_list_has_a_column_for_pools_and_narrows_by_them() {
    let html = page("/vms?q=pool%3Aprod");
    says(&html, &["5 of 20 VMs", "pool:prod", "class=\"pool\""]);
    assert!(!html.contains("Mark web-01"));
    says(&page("/vms?q=host%3Axcp-01"), &["2 of 20 VMs"]);
    says(&page("/vms?q=10.20.1.41"), &["1 of 20 VMs"]);
    let mut boot = sample::boot();
    if let Some(all) = &mut boot.inventory {
        all.objects.retain(|object| match object {
            Object::Host(host) => host.kind == wxa_model::HostKind::Plain,
            _ => true,
        });
    }
    assert!(
        !page_with("/vms", boot).contains("class=\"pool\""),
        "nothing to tell apart"
    );
}

#[test]
fn a_pool_is_added_by_any_member_with_a_password_alone() {
    let html = page("/hosts/add");
    says(
        &html,
        &["an XCP-ng or XenServer pool", "a Xen host, over SSH", "It is"],
    );
    let pool = page("/hosts/add?way=pool");
    says(
        &pool,
        &[
            "Address of any member",
            "value=\"443\"",
            "Fetch its certificate",
            "No password is sent before you have confirmed it.",
            "Account in the pool",
            "value=\"root\"",
            "type=\"password\"",
            "Add pool",
        ],
    );
    for only_ssh in [
        "jump host",
        "known_hosts",
        "private key",
        "SSH agent",
        "Folder with",
    ] {
        assert!(!pool.contains(only_ssh), "{only_ssh} is of no use for a pool");
    }
}

#[test]
fn a_right_on_a_pool_holds_for_what_is_on_its_members() {
    let mut boot = sample::boot();
    if let Some(session) = &mut boot.session {
        session.grants = vec![
            Grant {
                role: Role::Viewer,
                scope: Scope::Everything,
            },
            Grant {
                role: Role::Operator,
                scope: Scope::Host(HostId(Uuid::from_u128(20))),
            },
        ];
    }
    let look_only = "Your role lets you look, not act";
    let page = |id: String| page_with(&format!("/vms/{id}/overview"), boot.clone());
    assert!(!page(vm(0)).contains(look_only), "on a member");
    assert!(!page(vm(4)).contains(look_only), "on the pool");
    assert!(page(super::web_01()).contains(look_only), "elsewhere");
}

#[test]
fn an_hvm_guest_says_why_it_has_no_console_and_to_administrators_where_that_is_changed() {
    let at = format!("/vms/{}/console?show=text", vm(0));
    let with = |why, role| {
        let mut boot = sample::boot();
        for object in boot.inventory.iter_mut().flat_map(|all| &mut all.objects) {
            if let Object::Vm(one) = object
                && one.name == "erp-01"
            {
                one.no_console = Some(why);
            }
        }
        if let Some(session) = &mut boot.session {
            session.grants = vec![Grant {
                role,
                scope: Scope::Everything,
            }];
        }
        page_with(&at, boot)
    };
    let settings = format!("/hosts/{}/settings", host(20));
    let html = with(NoConsole::NoSsh, Role::Admin);
    says(
        &html,
        &[
            "This VM has no text console",
            "reached over SSH: that is not set up",
            &settings,
        ],
    );
    let html = with(NoConsole::KeyUnconfirmed, Role::Operator);
    says(
        &html,
        &["key was not confirmed yet", "An administrator can change that"],
    );
    assert!(!html.contains("Set it up in the pool"), "they may not: {html}");
    let html = with(NoConsole::NoSerialPort, Role::Admin);
    says(&html, &["hvm_serial"]);
    assert!(
        !html.contains("Set it up in the pool"),
        "that is not where it is: {html}"
    );
}

#[test]
fn a_pools_settings_show_how_its_hosts_are_reached_over_ssh_and_what_is_wrong_with_each() {
    let asked = format!("/api/v1/hosts/{}/member-ssh", host(20));
    let member = |n: u128, name: &str| PoolSshMember {
        host: HostId(Uuid::from_u128(n)),
        name: name.into(),
        address: format!("{name}.example"),
        pinned: Some("SHA256:pinned".into()),
        shown: None,
        algorithm: None,
        usable: None,
        problem: None,
    };
    let view = PoolSshView {
        account: Some(PoolSshAccount {
            user: "root".into(),
            port: 2222,
            sign_in: SignInWay::Key,
        }),
        members: vec![
            member(21, "xcp-01"),
            PoolSshMember {
                shown: Some("SHA256:another".into()),
                algorithm: Some("ssh-ed25519".into()),
                ..member(22, "xcp-02")
            },
        ],
    };
    let at = format!("/hosts/{}/settings", host(20));
    let html = page_with(&at, sample::boot_with(&asked, &view));
    says(
        &html,
        &[
            "Consoles of HVM guests over SSH",
            "Set up: root, port 2222, with a private key",
            "Key confirmed",
            "SHA256:pinned",
            "SHA256:another",
            "Shows another key than the confirmed one",
            "I compared it: this is xcp-02",
            "Forget the SSH account",
        ],
    );
    let nothing = PoolSshView {
        account: None,
        members: vec![],
    };
    let html = page_with(&at, sample::boot_with(&asked, &nothing));
    says(&html, &["Not set up.", "Set up…"]);
    assert!(!html.contains("Forget the SSH account"), "there is none: {html}");
    let plain = page(&format!("/hosts/{}/settings", host(2)));
    assert!(
        !plain.contains("Consoles of HVM guests"),
        "it is no pool: {plain}"
    );
}

#[test]
fn a_hosts_own_console_speaks_of_the_host_and_the_tree_offers_that_tab_only_where_it_is() {
    let at = format!("/hosts/{}/console", host(21));
    let html = page(&at);
    says(&html, &["All keys go to the host.", "Keys for the host"]);
    let mut boot = sample::boot();
    if let Some(all) = &mut boot.inventory {
        all.objects
            .retain(|object| !matches!(object, Object::Vm(vm) if vm.id == VmId(Uuid::from_u128(122))));
    }
    let html = page_with(&at, boot);
    let other = format!("/hosts/{}/", host(22));
    says(&html, &[&format!("{other}overview")]);
    assert!(!html.contains(&format!("{other}console")), "it has none: {html}");
    says(&page(&at), &[&format!("{other}console")]);
}

#[test]
fn a_pools_own_tags_stand_beside_those_given_here_once_each_and_cannot_be_taken_away() {
    let mut boot = sample::boot();
    for object in boot.inventory.iter_mut().flat_map(|all| &mut all.objects) {
        if let Object::Vm(one) = object
            && one.name == "erp-01"
        {
            one.tags = vec!["prod".into()];
            one.pool_tags = vec!["Billing".into(), "Prod".into()];
        }
    }
    let html = page_with(&format!("/vms/{}/overview", vm(0)), boot.clone());
    says(&html, &["own tags", "Billing", "Remove the tag prod"]);
    assert!(!html.contains(">Prod<"), "it is there once: {html}");
    assert!(
        !html.contains("Remove the tag Billing"),
        "that is the pool's: {html}"
    );
    let list = page_with("/vms?q=tag%3Abilling", boot);
    says(&list, &["Mark erp-01"]);
    assert!(!list.contains("Mark erp-db"), "it has no such tag: {list}");
}

#[test]
fn what_a_pool_reports_is_on_its_page_the_newest_first_with_what_it_is_about() {
    let html = pool_page("overview");
    let card = part(&html, "What the pool reports", "</section>");
    says(
        card,
        &[
            "VM_CRASHED",
            "crashed &lt;again&gt;",
            &vm(0),
            "HOST_CLOCK_SKEW_DETECTED",
            &host(22),
        ],
    );
    let at = |text: &str| card.find(text);
    assert!(
        at("VM_CRASHED") < at("POOL_MASTER_TRANSITION"),
        "the newest is first: {card}"
    );
}
