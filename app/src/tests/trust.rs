//! By what a pool is known, where in it a VM starts, and what is said when another pool answers.
use super::{page, page_with, says};
use crate::{Boot, sample};
use uuid::Uuid;
use wxa_model::{HostId, KnownMember, Link, Object, Trust, VmId};
use wxa_wire::HostTrustView;

fn pool() -> HostId {
    HostId(Uuid::from_u128(20))
}

/// The sample's VMs of pool `prod`: erp-01, erp-db, desk-07, files-01, archive.
fn vm(n: u128) -> String {
    format!("/vms/{}/overview", VmId(Uuid::from_u128(40 + n)))
}

/// The menu of members on a page.
#[track_caller]
fn places(html: &str) -> &str {
    let menu = html
        .split_once("menu places")
        .and_then(|(_, rest)| rest.split_once("</details>"));
    assert!(menu.is_some(), "there is no choice in {html}");
    menu.map(|(menu, _)| menu).unwrap_or_default()
}

fn settings(view: &HostTrustView) -> String {
    let asked = format!("/api/v1/hosts/{}/key", pool());
    page_with(
        &format!("/hosts/{}/settings", pool()),
        sample::boot_with(&asked, view),
    )
}

fn known(trust: Trust) -> HostTrustView {
    HostTrustView {
        fingerprint: match trust {
            Trust::Pin => "AA:BB:CC".into(),
            Trust::System | Trust::Authority { .. } => String::new(),
        },
        trust,
        pool: Some(Uuid::from_u128(7)),
        members: vec![KnownMember {
            address: "192.0.2.7".into(),
            names: vec!["xcp-07".into()],
            fingerprints: Vec::new(),
        }],
    }
}

#[test]
fn a_vm_of_a_pool_starts_where_one_chooses_and_members_that_take_none_say_why() {
    let halted = page(&vm(4));
    let menu = places(&halted);
    says(
        menu,
        &[
            "aria-label=\"Start on a chosen host\"",
            "xcp-01",
            " free",
            "xcp-02 is in maintenance and takes no VMs.",
        ],
    );
    let suspended = page(&vm(2));
    says(
        places(&suspended),
        &["aria-label=\"Resume on a chosen host\"", "xcp-01"],
    );
    let running = page(&vm(0));
    says(places(&running), &["It is already running."]);
    let plain = page(&format!("/vms/{}/overview", super::web_01()));
    assert!(
        !plain.contains("menu places"),
        "a plain host leaves no choice: {plain}"
    );
}

#[test]
fn a_member_without_room_says_what_is_free_and_what_is_needed() {
    let mut boot = sample::boot();
    for object in boot.inventory.iter_mut().flat_map(|all| &mut all.objects) {
        if let Object::Vm(one) = object {
            one.memory_max = wxa_model::Bytes(900 << 40);
        }
    }
    says(places(&page_with(&vm(4), boot)), &["needs 900 TiB"]);
}

#[test]
fn a_pools_settings_say_by_what_it_is_known_and_which_members_it_told() {
    let pinned = settings(&known(Trust::Pin));
    says(
        &pinned,
        &[
            "One certificate, confirmed by an administrator",
            "AA:BB:CC",
            "192.0.2.7",
            "xcp-07",
            "Change…",
        ],
    );
    let given = Trust::Authority {
        certificates: "-----BEGIN CERTIFICATE-----\nabc".into(),
    };
    let vouched = settings(&known(given));
    says(
        &vouched,
        &[
            "an authority vouches for which was given here",
            "A renewed one is accepted without a question.",
            "never a private key",
        ],
    );
    assert!(!vouched.contains("SHA-256"), "there is no fingerprint: {vouched}");
    says(
        &settings(&known(Trust::System)),
        &["vouches for which the server's machine trusts"],
    );
}

#[test]
fn adding_a_pool_offers_an_authority_in_the_place_of_comparing() {
    says(
        &page("/hosts/add?way=pool"),
        &[
            "the certificate that I compared",
            "an authority of my own (PEM)",
            "name=\"pool-trust\"",
        ],
    );
    assert!(!page("/hosts/add").contains("pool-trust"), "SSH has keys");
}

#[test]
fn another_pool_at_the_address_is_a_warning_with_a_decision_for_administrators() {
    let mut boot: Boot = sample::boot();
    for object in boot.inventory.iter_mut().flat_map(|all| &mut all.objects) {
        if let Object::Host(host) = object
            && host.id == pool()
        {
            host.link = Link::OtherPool {
                kept: Uuid::from_u128(1),
                seen: Uuid::from_u128(2),
            };
        }
    }
    says(
        &page_with(&format!("/hosts/{}/overview", pool()), boot),
        &[
            "Another pool answers here than the one that was added",
            "00000000-0000-0000-0000-000000000001",
            "00000000-0000-0000-0000-000000000002",
            "Take the one that answers",
        ],
    );
}
