//! A status page with everything on it: services of all kinds, links, notices, and what readers see.
use super::{NOW, user_id};
use crate::{Boot, pages::status};
use uuid::Uuid;
use wxa_model::{
    CheckId, HostId, NoticeId, ServiceId, StatusLinkId, StatusPageId, UnixMillis, VmId,
    status::{
        Audience, Availability, Check, CheckKind, Counts, Incident, IncidentStage, IncidentUpdate, Language,
        Maintenance, Members, Rule, Service, Shown, Standing, StatusPage,
        view::{AvailabilityView, MemberView, ServiceView, StatusView},
    },
};
use wxa_wire::{
    CheckView, LeftOff, LeftOffWhy, NoticesView, StatusLinkEnded, StatusLinkView, StatusPageEntry,
    StatusPageView,
};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The page's id.
pub fn status_page_id() -> StatusPageId {
    StatusPageId(Uuid::from_u128(1))
}

fn service_id(n: u128) -> ServiceId {
    ServiceId(Uuid::from_u128(n))
}

fn page() -> StatusPage {
    let service = |n, name: &str, members, rule, checks| Service {
        id: service_id(n),
        name: name.into(),
        about: String::new(),
        members,
        rule,
        checks,
    };
    let shop = Check {
        id: CheckId(Uuid::from_u128(1)),
        kind: CheckKind::Http {
            url: "https://shop.example/".into(),
            status: None,
            text: Some("Basket".into()),
        },
        every_s: 60,
        may_go_inside: false,
    };
    let picked = |n| Members::Picked {
        vms: vec![VmId(Uuid::from_u128(n))],
        hosts: vec![HostId(Uuid::from_u128(1))],
    };
    StatusPage {
        id: status_page_id(),
        slug: "example".into(),
        title: "Example Ltd".into(),
        about: "IT services".into(),
        creator: user_id(1),
        created_at: UnixMillis(NOW.0 - 40 * DAY_MS),
        audience: Audience::SignedIn,
        shown: Shown::default(),
        language: Language::De,
        time_zone: "Europe/Vienna".into(),
        services: vec![
            service(
                1,
                "Web shop",
                Members::Filter("web".into()),
                Rule::AtLeast(2),
                vec![shop],
            ),
            service(2, "Files", picked(10), Rule::Any, vec![]),
            service(3, "Payroll", picked(11), Rule::All, vec![]),
        ],
    }
}

/// As its author sees it; `creator` is the name of the account that it belongs to.
pub fn status_page(creator: &str) -> StatusPageView {
    StatusPageView {
        page: page(),
        creator: creator.into(),
        shut: None,
        left_off: vec![LeftOff {
            service: service_id(3),
            why: LeftOffWhy::NotSeen,
        }],
        standings: vec![(service_id(1), Standing::Up), (service_id(2), Standing::Degraded)],
        checks: vec![CheckView {
            check: CheckId(Uuid::from_u128(1)),
            at: UnixMillis(NOW.0 - 30_000),
            standing: Standing::Up,
            why: "It answered 200 within 40 ms.".into(),
        }],
    }
}

/// In the list.
pub fn status_entry() -> StatusPageEntry {
    let page = page();
    StatusPageEntry {
        id: page.id,
        slug: page.slug,
        title: page.title,
        creator: "ops".into(),
        created_at: page.created_at,
        audience: page.audience,
        services: page.services.into_iter().map(|one| (one.id, one.name)).collect(),
        standing: Some(Standing::Degraded),
        links: 2,
        shut: None,
    }
}

fn links() -> Vec<StatusLinkView> {
    let link = |n, label: &str| StatusLinkView {
        id: StatusLinkId(Uuid::from_u128(n)),
        label: label.into(),
        by: "ops".into(),
        created_at: UnixMillis(NOW.0 - 3 * DAY_MS),
        expires_at: Some(UnixMillis(NOW.0 + 87 * DAY_MS)),
        ended: None,
        has_password: true,
        addresses: vec!["192.0.2.0/24".into()],
        language: Some(Language::En),
        time_zone: None,
        last_opened_at: Some(UnixMillis(NOW.0 - HOUR_MS)),
        opens: 12,
    };
    let mut old = link(2, "Auditors");
    old.ended = Some(StatusLinkEnded::Revoked);
    old.last_opened_at = None;
    vec![link(1, "Board"), old]
}

fn notices() -> NoticesView {
    let update = |ago: u64, stage, text: &str| IncidentUpdate {
        at: UnixMillis(NOW.0 - ago),
        stage,
        text: text.into(),
    };
    NoticesView {
        incidents: vec![Incident {
            id: NoticeId(Uuid::from_u128(1)),
            title: "The web shop is slow".into(),
            services: vec![service_id(1)],
            began_at: UnixMillis(NOW.0 - 2 * HOUR_MS),
            ended_at: None,
            updates: vec![
                update(
                    2 * HOUR_MS,
                    IncidentStage::Investigating,
                    "We are looking for the cause.",
                ),
                update(HOUR_MS, IncidentStage::Identified, "The cause is found."),
            ],
        }],
        maintenance: vec![Maintenance {
            id: NoticeId(Uuid::from_u128(2)),
            title: "Updates for the files".into(),
            text: "Files pause for a few minutes.".into(),
            services: vec![],
            from: UnixMillis(NOW.0 + DAY_MS),
            until: UnixMillis(NOW.0 + DAY_MS + HOUR_MS),
            counts: Counts::No,
            told_at: UnixMillis(NOW.0 - DAY_MS),
        }],
    }
}

fn as_read() -> StatusView {
    let of = |days: u64, down_ms: u64| Availability {
        up_ms: days * DAY_MS - down_ms,
        down_ms,
        ..Availability::default()
    };
    let availability = AvailabilityView {
        day: of(1, 0),
        week: of(7, 0),
        month: of(30, 600_000),
        quarter: Availability {
            unknown_ms: 50 * DAY_MS,
            ..of(40, 600_000)
        },
        days: (0..90)
            .map(|day| match day {
                0..50 => Availability::default(),
                70 => of(1, 600_000),
                _ => of(1, 0),
            })
            .collect(),
    };
    let service = |name: &str, standing| ServiceView {
        name: name.into(),
        about: String::new(),
        standing,
        since: Some(UnixMillis(NOW.0 - 3 * HOUR_MS)),
        in_maintenance: false,
        availability: Some(availability.clone()),
        members: vec![MemberView {
            name: "web-01".into(),
            standing: Standing::Up,
        }],
        more_members: 0,
    };
    StatusView {
        title: "Example Ltd".into(),
        about: "IT services".into(),
        language: Language::De,
        time_zone: "Europe/Vienna".into(),
        updated_at: NOW,
        standing: Some(Standing::Degraded),
        services: vec![
            service("Web shop", Standing::Up),
            service("Files", Standing::Degraded),
        ],
        incidents: vec![],
        maintenance: vec![],
        capacity: None,
    }
}

/// Puts the page, its links, its notices and what readers see among a page's replies.
pub fn with_status(boot: &mut Boot, view: &StatusPageView) {
    let id = status_page_id();
    for (url, reply) in [
        (status::LIST_URL.to_owned(), json(&vec![status_entry()])),
        (status::page_url(id), json(view)),
        (status::links_url(id), json(&links())),
        (status::notices_url(id), json(&notices())),
        (status::preview_url(id), json(&as_read())),
    ] {
        boot.replies.insert(url, reply);
    }
}

fn json(value: &impl serde::Serialize) -> Box<serde_json::value::RawValue> {
    serde_json::value::to_raw_value(value).unwrap_or_default()
}
