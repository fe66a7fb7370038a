//! What is typed is what is saved, and what cannot be saved says so at its field.
use super::{problem::slug_problem, *};
use uuid::Uuid;
use wxa_model::{
    CheckId, HostId, ServiceId, StatusPageId, UnixMillis, UserId, VmId,
    status::{Check, CheckKind, Service},
};

fn page() -> StatusPage {
    let id = Uuid::from_u128;
    let check = |n, kind| Check {
        id: CheckId(id(n)),
        kind,
        every_s: 30,
        may_go_inside: n == 3,
    };
    let service = |n, name: &str, members, rule, checks| Service {
        id: ServiceId(id(n)),
        name: name.into(),
        about: "Where orders come from".into(),
        members,
        rule,
        checks,
    };
    StatusPage {
        id: StatusPageId(id(1)),
        slug: "example".into(),
        title: "Example Ltd".into(),
        about: "IT services".into(),
        creator: UserId(id(1)),
        created_at: UnixMillis(1),
        audience: Audience::SignedIn,
        shown: Shown {
            members: true,
            ..Shown::default()
        },
        language: Language::De,
        time_zone: "Europe/Vienna".into(),
        services: vec![
            service(
                1,
                "Web shop",
                Members::Filter("tag:shop".into()),
                Rule::AtLeast(2),
                vec![
                    check(
                        1,
                        CheckKind::Http {
                            url: "https://shop.example/".into(),
                            status: Some(200),
                            text: Some(" Welcome".into()),
                        },
                    ),
                    check(
                        2,
                        CheckKind::Tcp {
                            host: "shop.example".into(),
                            port: 443,
                        },
                    ),
                ],
            ),
            service(
                2,
                "Files",
                Members::Picked {
                    vms: vec![VmId(id(7))],
                    hosts: vec![HostId(id(8))],
                },
                Rule::Any,
                vec![check(4, CheckKind::Login)],
            ),
            service(
                3,
                "Post",
                Members::Picked {
                    vms: vec![],
                    hosts: vec![],
                },
                Rule::All,
                vec![check(
                    3,
                    CheckKind::Certificate {
                        host: "mail.example".into(),
                        port: 993,
                        days: 21,
                    },
                )],
            ),
        ],
    }
}

fn edited(with: impl FnOnce(PageEdit)) {
    Owner::new().with(|| with(PageEdit::new(&params_of(&page()))));
}

fn told(edit: PageEdit) -> Vec<(Place, String)> {
    edit.problems()
        .into_iter()
        .map(|one| (one.place, one.text))
        .collect()
}

#[test]
fn a_page_that_is_opened_and_not_touched_is_saved_as_it_was() {
    edited(|edit| {
        assert_eq!(edit.params(), params_of(&page()));
        assert_eq!(edit.problems(), []);
    });
}

#[test]
fn services_are_moved_one_by_one_and_not_past_the_ends() {
    edited(|edit| {
        let names = || -> Vec<String> { edit.params().services.into_iter().map(|one| one.name).collect() };
        let keys = edit.keys();
        assert_eq!(edit.shift(keys[0], Way::Up), None);
        assert_eq!(edit.shift(keys[2], Way::Down), None);
        assert_eq!(edit.shift(keys[0], Way::Down), Some(2));
        assert_eq!(names(), ["Files", "Web shop", "Post"]);
        edit.remove(keys[1]);
        assert_eq!(names(), ["Web shop", "Post"]);
    });
}

#[test]
fn what_is_missing_is_told_at_its_field() {
    edited(|edit| {
        let keys = edit.keys();
        let services = edit.services.get_untracked();
        edit.title.set(" ".into());
        edit.slug.set("Not a slug".into());
        services[0].filter.set("sate:running".into());
        services[0].least.set("none".into());
        services[1].name.set("Web shop".into());
        services[1].needs.set(Needs::AtLeast);
        services[1].least.set("3".into());
        services[2].checks.get_untracked()[0].port.set("0".into());
        let new = edit.add();
        let told = told(edit);
        let places: Vec<Place> = told.iter().map(|(place, _)| *place).collect();
        assert_eq!(
            places,
            [
                Place::Title,
                Place::Slug,
                Place::Service(keys[0], Field::Members),
                Place::Service(keys[0], Field::Least),
                Place::Service(keys[1], Field::Name),
                Place::Service(keys[1], Field::Least),
                Place::Check(keys[2], 0, Field::Port),
                Place::Service(new, Field::Name),
                Place::Service(new, Field::Members),
            ]
        );
        let of = |at: usize| told.get(at).map(|(_, text)| text.as_str());
        assert!(of(2).is_some_and(|text| text.contains("sate")), "{told:?}");
        assert_eq!(of(5), Some("Only 2 are picked."));
    });
}

#[test]
fn a_check_that_could_never_pass_is_not_saved() {
    edited(|edit| {
        let services = edit.services.get_untracked();
        let check = services[0].checks.get_untracked()[0];
        for (url, is_fine) in [
            ("https://shop.example", true),
            ("HTTP://192.0.2.1:8080/x", true),
            ("shop.example", false),
            ("https://", false),
            ("ftp://shop.example", false),
            ("https:///x", false),
        ] {
            check.url.set(url.into());
            assert_eq!(edit.problems().is_empty(), is_fine, "{url}");
        }
        check.url.set("https://shop.example".into());
        check.status.set("99".into());
        assert_eq!(told(edit).len(), 1);
        check.status.set(String::new());
        check.text.set("x".repeat(Check::TEXT_MOST + 1));
        check
            .url
            .set(format!("https://shop.example/{}", "x".repeat(Check::URL_MOST)));
        let places: Vec<Place> = told(edit).into_iter().map(|(place, _)| place).collect();
        let place = |field| Place::Check(services[0].key, check.key, field);
        assert_eq!(places, [place(Field::Url), place(Field::Text)]);
    });
}

#[test]
fn after_saving_new_services_go_by_the_ids_that_they_got() {
    edited(|edit| {
        let new = edit.add();
        edit.slug.set(String::new());
        let keys = edit.keys();
        edit.shift(new, Way::Up);
        let mut saved = page();
        let mut fourth = saved.services[0].clone();
        fourth.id = ServiceId(Uuid::from_u128(9));
        fourth.checks.clear();
        saved.services.push(fourth);
        edit.adopt(&keys, &saved);
        let ids: Vec<_> = edit.params().services.iter().map(|one| one.id).collect();
        let id = |n| Some(ServiceId(Uuid::from_u128(n)));
        assert_eq!(ids, [id(1), id(2), id(9), id(3)]);
        assert_eq!(edit.params().slug, "example");
    });
}

#[test]
fn a_filter_that_would_hide_an_outage_is_told_before_it_is_sent() {
    edited(|edit| {
        let service = edit.services.get_untracked()[0];
        for wrong in ["tag:shop state:running", "ip:192.0.2.1", "tag:"] {
            service.filter.set(wrong.into());
            let told = told(edit);
            assert!(
                matches!(told.as_slice(), [(Place::Service(key, Field::Members), _)] if *key == service.key),
                "{wrong}: {told:?}"
            );
        }
    });
}

#[test]
fn what_was_just_saved_is_not_taken_for_what_somebody_else_saved() {
    edited(|edit| {
        let id = Uuid::from_u128;
        let files = edit.services.get_untracked()[1];
        files.vms.set(vec![VmId(id(9)), VmId(id(7))]);
        files.hosts.set(vec![HostId(id(8)), HostId(id(2))]);
        let mut saved = page();
        // The server keeps what is picked in order.
        saved.services[1].members = Members::Picked {
            vms: vec![VmId(id(7)), VmId(id(9))],
            hosts: vec![HostId(id(2)), HostId(id(8))],
        };
        assert_eq!(adopted(edit.params(), &saved), params_of(&saved));
    });
}

#[test]
fn an_open_page_needs_a_place_in_the_address_and_one_by_link_does_not() {
    assert_eq!(slug_problem("", Audience::Links), None);
    assert!(slug_problem("", Audience::Everybody).is_some());
    assert!(slug_problem("Shop", Audience::Links).is_some());
    assert!(slug_problem(&"x".repeat(65), Audience::Links).is_some());
    assert_eq!(slug_problem("shop-2", Audience::Everybody), None);
}
