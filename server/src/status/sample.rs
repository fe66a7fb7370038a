//! Made-up status pages, for tests and for looking at them.
#![allow(
    clippy::cast_sign_loss,
    dead_code,
    reason = "made-up numbers; not every user of this file takes all of them"
)]
use wxa_model::{
    UnixMillis,
    status::{
        Availability, IncidentStage, Language, Standing,
        view::{
            AvailabilityView, CapacityView, IncidentView, MaintenanceView, MemberView, ServiceView,
            StatusView, UpdateView,
        },
    },
};

const MIN: u64 = 60_000;
const HOUR: u64 = 60 * MIN;
const DAY: u64 = 24 * HOUR;
/// Sat 28 Nov 2026, 13:20:31 UTC.
pub const NOW: UnixMillis = UnixMillis(1_795_872_031_000);

fn ago(ms: u64) -> UnixMillis {
    UnixMillis(NOW.0 - ms)
}

fn ahead(ms: u64) -> UnixMillis {
    UnixMillis(NOW.0 + ms)
}

/// What a day had besides being up: how many days ago, what, and how long.
type Trouble = (usize, Standing, u64);

/// Ninety days with troubles; today has run for fourteen hours and twenty minutes.
pub fn times(troubles: &[Trouble]) -> AvailabilityView {
    let mut days: Vec<Availability> = (0..90)
        .rev()
        .map(|ago| Availability {
            up_ms: if ago == 0 { 14 * HOUR + 20 * MIN } else { DAY },
            ..Availability::default()
        })
        .collect();
    for (ago, standing, ms) in troubles {
        let at = 89 - ago;
        if let Some(day) = days.get_mut(at) {
            let ms = (*ms).min(day.up_ms);
            day.up_ms -= ms;
            match standing {
                Standing::Up => day.maintenance_ms += ms,
                Standing::Degraded => day.degraded_ms += ms,
                Standing::Down => day.down_ms += ms,
                Standing::Unknown => day.unknown_ms += ms,
            }
        }
    }
    let sum = |n: usize| {
        days.iter()
            .rev()
            .take(n)
            .fold(Availability::default(), |a, b| Availability {
                up_ms: a.up_ms + b.up_ms,
                degraded_ms: a.degraded_ms + b.degraded_ms,
                down_ms: a.down_ms + b.down_ms,
                maintenance_ms: a.maintenance_ms + b.maintenance_ms,
                unknown_ms: a.unknown_ms + b.unknown_ms,
            })
    };
    AvailabilityView {
        day: sum(1),
        week: sum(7),
        month: sum(30),
        quarter: sum(90),
        days,
    }
}

/// A service that works.
pub fn service(name: &str, troubles: &[Trouble]) -> ServiceView {
    ServiceView {
        name: name.into(),
        about: String::new(),
        standing: Standing::Up,
        since: Some(ago(9 * DAY)),
        in_maintenance: false,
        availability: Some(times(troubles)),
        members: Vec::new(),
        more_members: 0,
    }
}

fn page(services: Vec<ServiceView>) -> StatusView {
    StatusView {
        title: "Example Ltd".into(),
        about: "IT services".into(),
        language: Language::En,
        time_zone: "Europe/Vienna".into(),
        updated_at: NOW,
        standing: services.iter().map(|service| service.standing).max(),
        services,
        incidents: Vec::new(),
        maintenance: Vec::new(),
        capacity: None,
    }
}

/// Everything works.
pub fn calm() -> StatusView {
    StatusView {
        incidents: vec![past()],
        capacity: Some(CapacityView {
            cpu: Some(0.41),
            memory: Some(0.66),
            storage: Some(0.93),
            vms: 117,
            machines: 6,
            unheard: 0,
        }),
        ..page(vec![
            service("Web shop", &[(58, Standing::Degraded, 2 * HOUR)]),
            service(
                "Order processing",
                &[(77, Standing::Down, 3 * HOUR), (31, Standing::Degraded, 40 * MIN)],
            ),
            service("E-mail", &[]),
            service(
                "Files and printing",
                &[
                    (23, Standing::Down, 40 * MIN),
                    (22, Standing::Degraded, 5 * HOUR),
                    (40, Standing::Up, 3 * HOUR),
                ],
            ),
            service("Software builds", &[(68, Standing::Down, 20 * HOUR)]),
            service(
                "Remote access",
                &(44..50)
                    .map(|ago| (ago, Standing::Unknown, DAY))
                    .collect::<Vec<_>>(),
            ),
        ])
    }
}

fn past() -> IncidentView {
    IncidentView {
        key: "1b2c3d4e5f607182".into(),
        title: "Printing stood still on the second floor".into(),
        services: vec!["Files and printing".into()],
        began_at: ago(23 * DAY),
        ended_at: Some(ago(23 * DAY - 40 * MIN)),
        updates: vec![
            update(
                23 * DAY - 40 * MIN,
                IncidentStage::Resolved,
                "Everything prints again. The queue was cleared.",
            ),
            update(
                23 * DAY - 5 * MIN,
                IncidentStage::Identified,
                "A print server had run out of space.",
            ),
        ],
    }
}

fn update(before: u64, stage: IncidentStage, text: &str) -> UpdateView {
    UpdateView {
        at: ago(before),
        stage,
        text: text.into(),
    }
}

/// One service degraded, an incident open, maintenance planned.
pub fn degraded() -> StatusView {
    let mut view = calm();
    if let Some(orders) = view.services.get_mut(1) {
        orders.standing = Standing::Degraded;
        orders.since = Some(ago(9 * MIN));
        orders.availability = Some(times(&[
            (77, Standing::Down, 3 * HOUR),
            (31, Standing::Degraded, 40 * MIN),
            (0, Standing::Degraded, 9 * MIN),
        ]));
        orders.members = vec![
            member("Queue 1", Standing::Down),
            member("Queue 2", Standing::Up),
            member("Database", Standing::Up),
        ];
    }
    view.standing = Some(Standing::Degraded);
    view.incidents.insert(
        0,
        IncidentView {
            key: "2c3d4e5f60718293".into(),
            title: "Order processing is slow".into(),
            services: vec!["Order processing".into()],
            began_at: ago(9 * MIN),
            ended_at: None,
            updates: vec![
                update(MIN, IncidentStage::Identified, "A second server takes over. Speed is returning; we expect normal speed by 15:00."),
                update(9 * MIN, IncidentStage::Investigating, "One server of the order queue stopped. Orders are accepted and none is lost; they arrive up to 10 minutes late."),
            ],
        },
    );
    view.maintenance = vec![MaintenanceView {
        key: "3d4e5f6071829304".into(),
        title: "New disks for the file servers".into(),
        text: "Files and printing pause for up to 5 minutes. Nothing else is touched.".into(),
        services: vec!["Files and printing".into()],
        from: ahead(8 * HOUR),
        until: ahead(9 * HOUR + 30 * MIN),
        told_at: ago(2 * DAY),
    }];
    view
}

fn member(name: &str, standing: Standing) -> MemberView {
    MemberView {
        name: name.into(),
        standing,
    }
}

/// A host is lost: of what ran there nothing is known, and of what ran partly there the rest is.
pub fn lost() -> StatusView {
    let mut view = calm();
    for (at, standing) in [(4, Standing::Unknown), (5, Standing::Unknown)] {
        if let Some(service) = view.services.get_mut(at) {
            service.standing = standing;
            service.since = Some(ago(6 * MIN));
            service.availability = Some(times(&[
                (0, Standing::Unknown, 6 * MIN),
                (68, Standing::Down, 20 * HOUR),
                (10, Standing::Unknown, 7 * HOUR),
            ]));
        }
    }
    view.standing = Some(Standing::Unknown);
    if let Some(capacity) = &mut view.capacity {
        capacity.memory = None;
        capacity.unheard = 2;
    }
    view
}

/// One service is down, one is being maintained, one was never seen.
pub fn down() -> StatusView {
    let mut view = degraded();
    if let Some(shop) = view.services.get_mut(0) {
        shop.standing = Standing::Down;
        shop.since = Some(ago(14 * MIN));
        shop.availability = Some(times(&[(0, Standing::Down, 14 * MIN)]));
        shop.about = "Where customers order, in 14 languages.".into();
    }
    if let Some(files) = view.services.get_mut(3) {
        files.standing = Standing::Down;
        files.since = Some(ago(30 * MIN));
        files.in_maintenance = true;
    }
    if let Some(remote) = view.services.get_mut(5) {
        remote.standing = Standing::Unknown;
        remote.since = None;
        remote.availability = Some(times(
            &(0..90)
                .map(|ago| (ago, Standing::Unknown, DAY))
                .collect::<Vec<_>>(),
        ));
    }
    view.maintenance.insert(
        0,
        MaintenanceView {
            key: "4e5f607182930415".into(),
            title: "Moving the file servers".into(),
            text: String::new(),
            services: vec!["Files and printing".into()],
            from: ago(30 * MIN),
            until: ahead(HOUR),
            told_at: ago(3 * DAY),
        },
    );
    view.standing = Some(Standing::Unknown);
    view
}

/// Without any service.
pub fn empty() -> StatusView {
    page(Vec::new())
}

/// States only.
pub fn states_only() -> StatusView {
    let mut view = degraded();
    for service in &mut view.services {
        service.availability = None;
        service.members.clear();
    }
    view.capacity = None;
    view
}

/// Names as long as they can be, words without an end, and a text with lines.
pub fn long() -> StatusView {
    let mut view = degraded();
    let word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    view.title =
        "Gesellschaft für besonders lange Namen und deren Verwaltung mit beschränkter Haftung & Co. KG"
            .into();
    view.about =
        "Alles, was diese Gesellschaft für ihre Kundinnen und Kunden an Diensten betreibt, im ganzen Land"
            .into();
    for (at, service) in view.services.iter_mut().enumerate() {
        service.name = match at % 3 {
            0 => word.into(),
            1 => "A service whose name somebody wrote as a whole sentence, because they wanted readers to know what it does".into(),
            _ => "Short".into(),
        };
        service.about =
            "What it is, told at some length, so that everybody knows whether it is theirs.".into();
        service.standing = if at % 2 == 0 { Standing::Down } else { Standing::Up };
        service.members = (0..5)
            .map(|n| member(&format!("{word}-{n}"), Standing::Up))
            .collect();
        service.more_members = 12;
    }
    if let Some(incident) = view.incidents.first_mut() {
        incident.title = word.repeat(2);
        incident.services = vec![word.into(), word.into()];
        if let Some(update) = incident.updates.first_mut() {
            update.text = "First line.\nSecond line.\n\nAfter an empty one.".into();
        }
    }
    view
}

/// Forty services, each with a history.
pub fn many() -> StatusView {
    let mut view = degraded();
    view.services = (0..40)
        .map(|n| {
            let troubles: Vec<Trouble> = (0..n % 7)
                .map(|k| {
                    let standing = [Standing::Down, Standing::Degraded, Standing::Unknown][k % 3];
                    ((n * 7 + k * 13) % 90, standing, (k as u64 + 1) * 47 * MIN)
                })
                .collect();
            let mut service = service(&format!("Service {n:02} of the whole group"), &troubles);
            service.members = (0..n % 5)
                .map(|k| member(&format!("part-{k}"), Standing::Up))
                .collect();
            service
        })
        .collect();
    if let Some(service) = view.services.get_mut(17) {
        service.standing = Standing::Down;
    }
    view.standing = Some(Standing::Down);
    view
}

/// Names that would be markup, if anybody let them.
pub fn hostile() -> StatusView {
    let evil =
        "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u{202e}\u{0}\u{1b}{a}";
    let mut view = down();
    view.title = evil.into();
    view.about = evil.into();
    for service in &mut view.services {
        service.name = evil.into();
        service.about = evil.into();
        service.members = vec![member(evil, Standing::Down)];
    }
    for incident in &mut view.incidents {
        incident.title = evil.into();
        incident.services = vec![evil.into()];
        for update in &mut incident.updates {
            update.text = evil.into();
        }
    }
    for work in &mut view.maintenance {
        work.title = evil.into();
        work.text = evil.into();
        work.services = vec![evil.into()];
    }
    view
}

/// All of them, by name.
pub fn all() -> Vec<(&'static str, StatusView)> {
    vec![
        ("calm", calm()),
        ("degraded", degraded()),
        ("lost", lost()),
        ("down", down()),
        ("empty", empty()),
        ("states-only", states_only()),
        ("long", long()),
        ("many", many()),
        ("hostile", hostile()),
    ]
}
