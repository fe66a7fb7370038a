//! What pages say, as it is read out.
use super::*;
use crate::status::sample;
use expect_test::{Expect, expect};
use wxa_model::status::{Availability, Standing};

fn check(view: &StatusView, language: Language, expect: &Expect) {
    expect.assert_eq(&said(&html(view, PAGE, language)));
}

#[test]
fn a_service_that_is_limited_with_its_incident_and_what_is_planned() {
    let mut view = sample::degraded();
    view.services.truncate(2);
    check(
        &view,
        Language::En,
        &expect![[r#"
        Example Ltd IT services
        Updated 14:20:31 CET
        [Stop reloading]
        Order processing is limited.
        Working: 1 of 2 services.
        Incident, since 14:11
        Order processing is slow
        Concerns: Order processing
        14:19
        Cause found A second server takes over. Speed is returning; we expect normal speed by 15:00.
        14:11
        Looking into it One server of the order queue stopped. Orders are accepted and none is lost; they arrive up to 10 minutes late.
        Services
        Web shop
        Working
        [Web shop: available 100 % of the last 90 days; days that were not all well: 1]
        24 h 100 %
        7 d 100 %
        30 d 100 %
        90 d 100 %
        [More about Web shop]
        Time Available Limited
        24 hours 100 % –
        7 days 100 % –
        30 days 100 % –
        90 days 100 % 2 h
        Days that were not all well
        1 Oct Limited 2 h
        Order processing
        Limited since 14:11 (9 min)
        2 of 3 parts work
        [Order processing: available 99.86 % of the last 90 days; days that were not all well: 3]
        24 h 100 %
        7 d 100 %
        30 d 100 %
        90 d 99.86 %
        [More about Order processing]
        Time Available Down Limited
        24 hours 100 % – 9 min
        7 days 100 % – 9 min
        30 days 100 % – 9 min
        90 days 99.86 % 3 h 49 min
        Days that were not all well
        28 Nov Limited 9 min
        28 Oct Limited 40 min
        12 Sep Down 3 h
        Parts
        Queue 1 Down
        Queue 2 Working
        Database Working
        Working Limited Down Unknown: not measured, not counted 90 days ago to today
        Planned maintenance
        New disks for the file servers
        Sat 28 Nov, 22:20 to 23:50
        Files and printing pause for up to 5 minutes. Nothing else is touched.
        Concerns: Files and printing
        Past incidents
        Printing stood still on the second floor Thu 5 Nov, 14:20 to 15:00 (40 min)
        Concerns: Files and printing
        5 Nov 15:00
        Over Everything prints again. The queue was cleared.
        5 Nov 14:25
        Cause found A print server had run out of space.
        Capacity
        41 % of processor
        66 % of memory
        93 % of storage Nearly full
        117 servers running
        6 machines they run on
        111 machines saved
        Updated Sat 28 Nov 2026, 14:20:31 CET · Reloads every minute
        Times: Europe/Vienna (CET, UTC+1)
        [Other forms of this page]
        Show UTC
        Deutsch
        Wall screen
        Feed
        JSON
    "#]],
    );
}

#[test]
fn of_a_lost_host_it_is_said_since_when_there_is_no_word_and_how_much_is_unknown() {
    let mut view = sample::lost();
    view.services.drain(..4);
    view.services.truncate(1);
    view.incidents.clear();
    check(
        &view,
        Language::En,
        &expect![[r#"
        Example Ltd IT services
        Updated 14:20:31 CET
        [Stop reloading]
        Nothing is known at the moment.
        Services
        Software builds
        No word since 14:14 (6 min)
        [Software builds: available 99.06 % of the last 90 days; days that were not all well: 1; nothing is known of 0.3 % of the time, which is not counted]
        24 h 100 % 0.6 % unknown
        7 d 100 %
        30 d 100 % 0.9 % unknown
        90 d 99.06 % 0.3 % unknown
        [More about Software builds]
        Time Available Down Unknown
        24 hours 100 % – 6 min
        7 days 100 % – 6 min
        30 days 100 % – 7 h 6 min
        90 days 99.06 % 20 h 7 h 6 min
        Days that were not all well
        18 Nov Unknown 7 h
        21 Sep Down 20 h
        Working Limited Down Unknown: not measured, not counted 90 days ago to today
        Capacity
        41 % of processor
        – of memory Unknown
        93 % of storage Nearly full
        117 servers running
        6 machines they run on
        111 machines saved
        2 machines without word, in none of these figures
        Updated Sat 28 Nov 2026, 14:20:31 CET · Reloads every minute
        Times: Europe/Vienna (CET, UTC+1)
        [Other forms of this page]
        Show UTC
        Deutsch
        Wall screen
        Feed
        JSON
    "#]],
    );
}

#[test]
fn everything_is_said_in_german() {
    let mut view = sample::down();
    view.services.drain(1..3);
    view.services.drain(2..3);
    check(
        &view,
        Language::De,
        &expect![[r#"
        Example Ltd IT services
        Stand 14:20:31 CET
        [Nicht mehr neu laden]
        Web shop ist ausgefallen.
        Über Remote access ist nichts bekannt. Files and printing wird gewartet. In Ordnung: 0 von 3 Diensten.
        Störung, seit 14:11
        Order processing is slow
        Betrifft: Order processing
        14:19
        Ursache gefunden A second server takes over. Speed is returning; we expect normal speed by 15:00.
        14:11
        Wird untersucht One server of the order queue stopped. Orders are accepted and none is lost; they arrive up to 10 minutes late.
        Wartung, bis 15:20
        Moving the file servers
        Betrifft: Files and printing
        Dienste
        Web shop
        Ausgefallen seit 14:06 (14 min)
        [Web shop: in den letzten 90 Tagen zu 99,98 % verfügbar; Tage, an denen nicht alles gut war: 1]
        24 Std. 98,37 %
        7 T. 99,85 %
        30 T. 99,96 %
        90 T. 99,98 %
        Where customers order, in 14 languages.
        [Mehr über Web shop]
        Zeit Verfügbar Ausgefallen
        24 Stunden 98,37 % 14 min
        7 Tage 99,85 % 14 min
        30 Tage 99,96 % 14 min
        90 Tage 99,98 % 14 min
        Tage, an denen nicht alles gut war
        28. Nov. Ausgefallen 14 min
        Files and printing
        Wartung: Ausgefallen seit 13:50 (30 min)
        [Files and printing: in den letzten 90 Tagen zu 99,96 % verfügbar; Tage, an denen nicht alles gut war: 2]
        24 Std. 100 %
        7 T. 100 %
        30 T. 99,90 %
        90 T. 99,96 %
        [Mehr über Files and printing]
        Zeit Verfügbar Ausgefallen Eingeschränkt Wartung
        24 Stunden 100 % – – –
        7 Tage 100 % – – –
        30 Tage 99,90 % 40 min 5 h –
        90 Tage 99,96 % 40 min 5 h 3 h
        Tage, an denen nicht alles gut war
        6. Nov. Eingeschränkt 5 h
        5. Nov. Ausgefallen 40 min
        19. Okt. Wartung 3 h
        Remote access
        Unbekannt: noch nichts aufgezeichnet
        [Remote access: über die letzten 90 Tage ist nichts bekannt]
        24 Std. – 100 % unbekannt
        7 T. – 100 % unbekannt
        30 T. – 100 % unbekannt
        90 T. – 100 % unbekannt
        [Mehr über Remote access]
        Zeit Verfügbar Unbekannt
        24 Stunden – 14 h 20 min
        7 Tage – 6 Tage 14 h
        30 Tage – 29 Tage 14 h
        90 Tage – 89 Tage 14 h
        Tage, an denen nicht alles gut war
        31. Aug. bis 28. Nov. nichts bekannt
        Funktioniert Eingeschränkt Ausgefallen Wartung Unbekannt: nicht gemessen, nicht gezählt vor 90 Tagen bis heute
        Geplante Wartung
        New disks for the file servers
        Sa. 28. Nov., 22:20 bis 23:50
        Files and printing pause for up to 5 minutes. Nothing else is touched.
        Betrifft: Files and printing
        Frühere Störungen
        Printing stood still on the second floor Do. 5. Nov., 14:20 bis 15:00 (40 min)
        Betrifft: Files and printing
        5. Nov. 15:00
        Vorbei Everything prints again. The queue was cleared.
        5. Nov. 14:25
        Ursache gefunden A print server had run out of space.
        Auslastung
        41 % der Prozessoren
        66 % des Arbeitsspeichers
        93 % des Speicherplatzes Fast voll
        117 Server in Betrieb
        6 Maschinen, auf denen sie laufen
        111 Maschinen gespart
        Stand Sa. 28. Nov. 2026, 14:20:31 CET · Wird jede Minute neu geladen
        Zeiten: Europe/Vienna (CET, UTC+1)
        [Andere Formen dieser Seite]
        In UTC zeigen
        English
        Wandbildschirm
        Feed
        JSON
    "#]],
    );
}

#[test]
fn a_page_without_services_says_so() {
    check(
        &sample::empty(),
        Language::En,
        &expect![[r#"
        Example Ltd IT services
        Updated 14:20:31 CET
        [Stop reloading]
        No services are shown here.
        Whoever made this page has not put any on it yet, or may not show them any more.
        Updated Sat 28 Nov 2026, 14:20:31 CET · Reloads every minute
        Times: Europe/Vienna (CET, UTC+1)
        [Other forms of this page]
        Show UTC
        Deutsch
        Wall screen
        Feed
        JSON
    "#]],
    );
}

#[test]
fn headlines_are_true() {
    let headline = |change: &dyn Fn(&mut StatusView)| {
        let mut view = sample::calm();
        change(&mut view);
        let html = html(&view, PAGE, Language::En);
        let (_, rest) = html.split_once("<h1>").expect("a headline");
        plain(rest.split_once("</h1>").expect("its end").0)
    };
    let set = |view: &mut StatusView, at: usize, standing, in_maintenance| {
        let service = view.services.get_mut(at).expect("a service");
        service.standing = standing;
        service.in_maintenance = in_maintenance;
    };
    use wxa_model::status::Standing::{Degraded, Down, Unknown, Up};
    assert_eq!(headline(&|_| ()), "Everything works.");
    assert_eq!(
        headline(&|view| set(view, 0, Up, true)),
        "Everything works; maintenance is under way."
    );
    assert_eq!(
        headline(&|view| set(view, 0, Down, true)),
        "Web shop is being maintained."
    );
    assert_eq!(
        headline(&|view| {
            set(view, 0, Unknown, false);
            set(view, 1, Degraded, false);
        }),
        "Order processing is limited."
    );
    assert_eq!(
        headline(&|view| (0..3).for_each(|at| set(view, at, Down, false))),
        "3 services are down."
    );
    assert_eq!(
        headline(&|view| (0..6).for_each(|at| set(view, at, Unknown, false))),
        "Nothing is known at the moment."
    );
}

#[test]
fn nothing_is_said_to_be_well_while_an_incident_is_open() {
    let mut view = sample::degraded();
    for service in &mut view.services {
        service.standing = Standing::Up;
    }
    let of = |view: &StatusView, kind| said_or_drawn(&html(view, kind, Language::En));
    for kind in [PAGE, Kind::Kiosk(0)] {
        let page = of(&view, kind);
        assert!(
            page.contains("An incident is open.\nWorking: 6 of 6 services."),
            "{page}"
        );
        assert!(!page.contains("Everything works"), "{page}");
    }
    assert!(of(&view, Kind::Badge).contains("Example Ltd: Incident"));
    assert!(of(&view, Kind::Feed).contains("<subtitle>An incident is open.</subtitle>"));
    view.services.clear();
    assert!(of(&view, PAGE).contains("An incident is open.\nIncident, since 14:11"));
    let down = of(&sample::down(), Kind::Badge);
    assert!(
        down.contains("Example Ltd: Down"),
        "what is worse is said first: {down}"
    );
}

fn said_or_drawn(document: &str) -> String {
    match document.contains("<body>") {
        true => said(document),
        false => plain(document),
    }
}

#[test]
fn one_second_of_an_outage_in_ninety_days_is_no_hundred_per_cent() {
    let mut view = sample::calm();
    view.services.truncate(1);
    let time = Availability {
        up_ms: 90 * 86_400_000 - 1000,
        down_ms: 1000,
        ..Availability::default()
    };
    for service in &mut view.services {
        if let Some(times) = &mut service.availability {
            times.quarter = time;
        }
    }
    let said = said(&html(&view, PAGE, Language::En));
    assert!(said.contains("90 d 99.99 %"), "{said}");
    assert!(
        said.contains("[Web shop: available 99.99 % of the last 90 days"),
        "{said}"
    );
}
