//! Incidents and maintenance.
use super::*;
use wxa_model::status::{Counts, IncidentStage};

fn incident(services: Vec<wxa_model::ServiceId>) -> NewIncident {
    NewIncident {
        title: "Orders are slow".into(),
        services,
        began_at: None,
        stage: IncidentStage::Investigating,
        text: "We look into it.\nMore follows.".into(),
    }
}

#[tokio::test]
async fn an_incident_is_told_as_it_goes() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let token = bench.link(&olga, page).await;
    let opened = bench
        .incident_create(&olga, page, incident(vec![]))
        .await
        .unwrap();
    bench.a_second_later().await;
    let told = |stage, text: &str| bench.incident_update_add(&olga, opened.id, stage, text.into());
    told(IncidentStage::Resolved, "It works again.").await.unwrap();
    let view = bench.open(&token).await.unwrap().view;
    let seen = &view.incidents[0];
    let texts: Vec<_> = seen.updates.iter().map(|update| update.text.as_str()).collect();
    assert_eq!(texts, ["It works again.", "We look into it.\nMore follows."]);
    assert_eq!(seen.ended_at, Some(bench.now()));
    let again = told(IncidentStage::Identified, "Not quite.").await.unwrap();
    assert_eq!(again.ended_at, None);
    bench.incident_delete(&olga, opened.id).await.unwrap();
    assert!(bench.open(&token).await.unwrap().view.incidents.is_empty());
    bench.stop().await;
}

#[tokio::test]
async fn what_somebody_ended_meanwhile_stays_ended_whatever_else_is_changed() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let opened = bench
        .incident_create(&olga, page, incident(vec![]))
        .await
        .unwrap();
    let (stage, text) = (IncidentStage::Resolved, "It works again.".into());
    let ended = bench.incident_update_add(&olga, opened.id, stage, text).await;
    let ended_at = ended.unwrap().ended_at;
    let change = |end, began_at| IncidentChange {
        title: "Orders were slow".into(),
        services: vec![],
        began_at,
        end,
    };
    let keep = change(EndChange::Keep, opened.began_at);
    let changed = bench.incident_set(&olga, opened.id, keep).await.unwrap();
    assert_eq!((changed.ended_at, ended_at), (ended_at, Some(bench.now())));
    bench.a_second_later().await;
    let late = change(EndChange::Keep, bench.now());
    assert_eq!(
        wrong(bench.incident_set(&olga, opened.id, late).await),
        "ended_at"
    );
    let open = change(EndChange::Set(None), opened.began_at);
    let opened = bench.incident_set(&olga, opened.id, open).await.unwrap();
    assert_eq!(opened.ended_at, None);
    bench.stop().await;
}

#[tokio::test]
async fn an_incident_that_is_open_is_told_of_however_many_were_over_since() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let token = bench.link(&olga, page).await;
    bench
        .incident_create(&olga, page, incident(vec![]))
        .await
        .unwrap();
    for _ in 0..30 {
        bench.a_second_later().await;
        let over = NewIncident {
            stage: IncidentStage::Resolved,
            ..incident(vec![])
        };
        bench.incident_create(&olga, page, over).await.unwrap();
    }
    let told = bench.open(&token).await.unwrap().view.incidents.clone();
    let open = told.iter().filter(|incident| incident.ended_at.is_none());
    assert_eq!((told.len(), open.count()), (30, 1));
    assert!(told.is_sorted_by_key(|incident| std::cmp::Reverse(incident.began_at)));
    bench.stop().await;
}

#[tokio::test]
async fn what_is_told_of_a_service_that_is_not_shown_is_not_told() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = a_page(vec![
        a_service("Web shop", picked(&[1])),
        a_service("Production", picked(&[3])),
    ]);
    let made = bench.status_page_create(&olga, page).await.unwrap().page;
    let token = bench.link(&olga, made.id).await;
    let (shop, production) = (made.services[0].id, made.services[1].id);
    bench
        .incident_create(&olga, made.id, incident(vec![shop]))
        .await
        .unwrap();
    bench
        .incident_create(&olga, made.id, incident(vec![shop, production]))
        .await
        .unwrap();
    let only_prod = [Grant {
        role: Role::Operator,
        scope: Scope::Tag("prod".into()),
    }];
    bench
        .user_set_grants(&Ctx::command_line(), "olga", &only_prod)
        .await
        .unwrap();
    let view = bench.open(&token).await.unwrap().view;
    let told: Vec<_> = view
        .incidents
        .iter()
        .map(|incident| incident.services.clone())
        .collect();
    assert_eq!(told, [["Production"]]);
    bench.stop().await;
}

#[tokio::test]
async fn maintenance_is_told_until_it_is_over() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let made = bench
        .status_page_create(&olga, a_page(vec![a_service("Web shop", picked(&[1]))]))
        .await
        .unwrap()
        .page;
    let token = bench.link(&olga, made.id).await;
    let at = |minutes: u64| UnixMillis(bench.now().0 + minutes * 60_000);
    let work = |from, until| NewMaintenance {
        title: "New disks".into(),
        text: String::new(),
        services: vec![],
        from,
        until,
        counts: Counts::No,
    };
    let later = work(at(60), at(120));
    bench
        .maintenance_create(&olga, made.id, later.clone())
        .await
        .unwrap();
    let now = bench
        .maintenance_create(&olga, made.id, work(at(0), at(1)))
        .await
        .unwrap();
    let view = bench.open(&token).await.unwrap().view;
    let begins: Vec<_> = view.maintenance.iter().map(|work| work.from).collect();
    assert_eq!(begins, [now.from, later.from], "soonest first");
    assert!(view.services[0].in_maintenance);
    let told = |notices| NewStatusPage {
        shown: Shown {
            notices,
            ..Shown::default()
        },
        ..a_page(vec![a_service("Web shop", picked(&[1]))])
    };
    for notices in [false, true] {
        bench
            .status_page_set(&olga, made.id, told(notices))
            .await
            .unwrap();
        let view = bench.open(&token).await.unwrap().view;
        assert_eq!(view.services[0].in_maintenance, notices);
    }
    bench.0.clock.advance(std::time::Duration::from_secs(60));
    let view = bench.open(&token).await.unwrap().view;
    assert_eq!(
        (view.maintenance.len(), view.services[0].in_maintenance),
        (1, false)
    );
    let backwards = bench.maintenance_set(&olga, now.id, work(at(2), at(1))).await;
    assert_eq!(wrong(backwards), "until");
    let endless = work(at(0), UnixMillis(u64::MAX));
    assert_eq!(
        wrong(bench.maintenance_create(&olga, made.id, endless).await),
        "until"
    );
    bench.stop().await;
}

#[tokio::test]
async fn what_is_told_keeps_its_name_and_says_when_it_was_told() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let token = bench.link(&olga, page).await;
    let at = |minutes: u64| UnixMillis(bench.now().0 + minutes * 60_000);
    let work = |title: &str| NewMaintenance {
        title: title.into(),
        text: String::new(),
        services: vec![],
        from: at(60),
        until: at(120),
        counts: Counts::No,
    };
    let planned = bench.maintenance_create(&olga, page, work("New disks")).await;
    let opened = bench.incident_create(&olga, page, incident(vec![])).await;
    let (planned, opened, told_at) = (planned.unwrap(), opened.unwrap(), bench.now());
    let first = bench.open(&token).await.unwrap().view;
    bench.0.clock.advance(std::time::Duration::from_secs(600));
    let later = bench.open(&token).await.unwrap().view;
    assert_eq!(later.maintenance[0].told_at, told_at, "nothing new was told");

    let renamed = bench
        .maintenance_set(&olga, planned.id, work("New shelves"))
        .await;
    let change = IncidentChange {
        title: "Orders are late".into(),
        services: vec![],
        began_at: at(0),
        end: EndChange::Keep,
    };
    bench.incident_set(&olga, opened.id, change).await.unwrap();
    let last = bench.open(&token).await.unwrap().view;
    assert_eq!(
        (last.maintenance[0].title.as_str(), last.maintenance[0].told_at),
        ("New shelves", renamed.unwrap().told_at)
    );
    assert_eq!(last.maintenance[0].told_at, bench.now());
    assert_eq!(last.maintenance[0].key, first.maintenance[0].key);
    assert_eq!(last.incidents[0].key, first.incidents[0].key);
    assert_ne!(last.incidents[0].key, last.maintenance[0].key);
    bench.stop().await;
}

#[tokio::test]
async fn a_script_may_tell_of_incidents_unless_it_is_for_looking_only() {
    let bench = Bench::start().await;
    let olga = bench.operator().await;
    let page = bench.page(&olga, a_page(vec![])).await;
    let told = bench
        .incident_create(&script(&olga, Role::Operator), page, incident(vec![]))
        .await;
    let id = told.unwrap().id;
    let looks = script(&olga, Role::Viewer);
    let refused = bench.incident_create(&looks, page, incident(vec![])).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    assert!(matches!(
        bench.incident_delete(&looks, id).await,
        Err(Error::Forbidden)
    ));
    assert!(
        matches!(bench.maintenance_delete(&olga, id).await, Err(Error::NotFound)),
        "another kind"
    );
    bench.stop().await;
}
