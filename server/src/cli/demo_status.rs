//! A status page of the demo's fleet, for everybody to read, with an incident and planned maintenance.
use wxa_core::{Core, Ctx, NewIncident, NewMaintenance, NewService, NewStatusPage};
use wxa_model::{
    ServiceId, UnixMillis, UserId,
    status::{Audience, Counts, IncidentStage, Language, Members, Rule, Shown},
};

/// Where it is read.
pub(super) const PATH: &str = "/status/demo";

const HOUR_MS: u64 = 3_600_000;

/// Names that managers know, and the filters behind them.
const SERVICES: &[(&str, &str, &str, Rule)] = &[
    ("Web shop", "Where customers order.", "name:web", Rule::Any),
    ("Order database", "", "name:db", Rule::AtLeast(2)),
    ("E-mail", "", "name:mail", Rule::Any),
    ("Software builds", "For developers only.", "name:build", Rule::Any),
];

/// Makes it in the name of `admin`. One from an earlier run stays as it is.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn make(core: &Core, admin: UserId) -> anyhow::Result<()> {
    let ctx = Ctx {
        user: Some(admin),
        ..Ctx::command_line()
    };
    let service = |(name, about, filter, rule): &(&str, &str, &str, Rule)| NewService {
        id: None,
        name: (*name).to_owned(),
        about: (*about).to_owned(),
        members: Members::Filter((*filter).to_owned()),
        rule: *rule,
        checks: Vec::new(),
    };
    let page = NewStatusPage {
        title: "Example Ltd".into(),
        about: "IT services".into(),
        slug: "demo".into(),
        audience: Audience::Everybody,
        shown: Shown {
            capacity: true,
            ..Shown::default()
        },
        language: Language::En,
        time_zone: "Europe/Vienna".into(),
        services: SERVICES.iter().map(service).collect(),
    };
    let made = match core.status_page_create(&ctx, page).await {
        Ok(made) => made.page,
        // It is there from an earlier run.
        Err(wxa_core::Error::Invalid { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let of = |name: &str| -> Vec<ServiceId> {
        let called = made.services.iter().filter(|service| service.name == name);
        called.map(|service| service.id).collect()
    };
    let now = core.now();
    let tomorrow = UnixMillis(now.0 + 26 * HOUR_MS);
    let work = NewMaintenance {
        title: "New disks for the database servers".into(),
        text: "Orders are accepted all the time; reports may be an hour late.".into(),
        services: of("Order database"),
        from: tomorrow,
        until: UnixMillis(tomorrow.0 + 2 * HOUR_MS),
        counts: Counts::No,
    };
    core.maintenance_create(&ctx, made.id, work).await?;
    let incident = NewIncident {
        title: "Builds waited for a free server".into(),
        services: of("Software builds"),
        began_at: Some(UnixMillis(now.0.saturating_sub(5 * HOUR_MS))),
        stage: IncidentStage::Resolved,
        text: "One of the build servers was restarted. What waited has been built.".into(),
    };
    core.incident_create(&ctx, made.id, incident).await?;
    Ok(())
}
