//! That documents are small, whole, in order, and fetch nothing.
use super::*;
use crate::status::{kiosk, reading::Wish, sample, sheet};

fn documents() -> Vec<(String, String, Rendered)> {
    let mut all = Vec::new();
    for (name, view) in sample::all() {
        for language in Language::ALL {
            for kind in [PAGE, Kind::Kiosk(0), Kind::Kiosk(7)] {
                let page = rendered(&view, kind, language);
                let text = String::from_utf8(page.plain.to_vec()).expect("text");
                all.push((format!("{name} {language:?} {kind:?}"), text, page));
            }
        }
    }
    all
}

#[test]
fn a_page_is_one_request_of_a_few_kilobytes() {
    for (name, text, page) in documents() {
        let packed = page.gzip.expect("packed").len();
        assert!(packed < 30_000, "{name}: {packed} bytes");
        for fetched in [
            "src=",
            "url(http",
            "@import",
            "<script",
            "<link rel=\"stylesheet",
            "<iframe",
            "srcset",
        ] {
            assert!(!text.replace("src=x", "").contains(fetched), "{name}: {fetched}");
        }
        // The only addresses: data for the icon, the names of two namespaces in it, and our own.
        for (at, _) in text.match_indices("href=\"") {
            let to = text
                .get(at + 6..)
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_default();
            let own =
                to.starts_with('?') || to.starts_with('#') || to.starts_with(PATH) || to.starts_with("data:");
            assert!(own, "{name}: {to}");
        }
    }
}

#[test]
fn nothing_in_a_document_needs_more_than_its_policy_allows() {
    for (name, text, _) in documents() {
        assert_eq!(text.matches("<style>").count(), 1, "{name}");
        for (at, _) in text.match_indices('<') {
            let tag = text
                .get(at..)
                .and_then(|rest| rest.split('>').next())
                .unwrap_or_default();
            // Without the values of attributes.
            let tag: String = tag.split('"').step_by(2).collect();
            for refused in [" style=", " onload=", " onclick=", " onerror=", "http-equiv"] {
                assert!(!tag.contains(refused), "{name}: {tag}");
            }
        }
        let sheet = text
            .split_once("<style>")
            .and_then(|(_, rest)| rest.split_once("</style>"));
        let kind = if name.contains("Kiosk") {
            Kind::Kiosk(0)
        } else {
            PAGE
        };
        assert_eq!(sheet.expect("a sheet").0, sheet::text(kind), "{name}");
    }
}

#[test]
fn headings_are_in_order_and_there_is_one_of_the_first_level() {
    for (name, text, _) in documents() {
        let levels: Vec<u8> = text
            .match_indices("<h")
            .filter_map(|(at, _)| text.as_bytes().get(at + 2).copied())
            .filter(u8::is_ascii_digit)
            .map(|digit| digit - b'0')
            .collect();
        assert_eq!(levels.first(), Some(&1), "{name}");
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
        for pair in levels.windows(2) {
            assert!(
                pair.last() <= pair.first().map(|level| level + 1).as_ref(),
                "{name}: {levels:?}"
            );
        }
    }
}

#[test]
fn every_tag_is_closed_and_no_id_is_there_twice() {
    let empty = ["meta", "link", "input", "br", "!doctype"];
    for (name, text, _) in documents() {
        let mut open: Vec<&str> = Vec::new();
        for tag in text.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("a whole tag");
            let word = tag
                .split([' ', '/'])
                .find(|part| !part.is_empty())
                .unwrap_or_default();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(word), "{name}");
            } else if !tag.ends_with('/') && !empty.contains(&word) {
                open.push(word);
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
        let mut ids: Vec<&str> = text
            .match_indices(" id=\"")
            .filter_map(|(at, _)| text.get(at + 5..)?.split('"').next())
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}");
    }
}

#[test]
fn moments_name_their_zone_for_programs_and_the_page_for_people() {
    for (name, text, _) in documents() {
        for (at, _) in text.match_indices("datetime=\"") {
            let value = text
                .get(at + 10..)
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_default();
            assert!(
                value.ends_with("+01:00") || value.ends_with("+02:00"),
                "{name}: {value}"
            );
        }
        assert!(text.contains("14:20:31 CET"), "{name}");
        if !name.contains("Kiosk") {
            assert!(text.contains("Europe/Vienna (CET, UTC+1)"), "{name}");
        }
    }
}

#[test]
fn the_same_view_gives_the_same_bytes_and_the_tag_names_them() {
    let view = sample::degraded();
    let first = rendered(&view, PAGE, Language::En);
    assert_eq!(first.plain, rendered(&view, PAGE, Language::En).plain);
    assert_ne!(first.etag, rendered(&view, PAGE, Language::De).etag);
    assert_ne!(first.etag, rendered(&sample::calm(), PAGE, Language::En).etag);
}

#[test]
fn a_page_loads_itself_anew_unless_the_reader_stops_it() {
    let view = sample::calm();
    assert_eq!(rendered(&view, PAGE, Language::En).refresh.as_deref(), Some("60"));
    let never = Kind::Page(Reload::Never);
    assert_eq!(rendered(&view, never, Language::En).refresh, None);
    assert!(html(&view, PAGE, Language::En).contains(r#"href="?reload=off""#));
    assert!(html(&view, never, Language::En).contains("Does not reload by itself"));
}

#[test]
fn a_screen_on_a_wall_shows_every_service_and_begins_again() {
    let view = sample::many();
    let mut seen = Vec::new();
    let mut at = Kind::Kiosk(0);
    loop {
        let page = rendered(&view, at, Language::En);
        seen.push(String::from_utf8(page.plain.to_vec()).expect("text"));
        let refresh = page.refresh.expect("it goes on");
        let query = refresh.strip_prefix("15; url=?").expect("to its own address");
        at = Wish::of(Some(query)).kind();
        if at == Kind::Kiosk(0) {
            break;
        }
        assert!(seen.len() < 50, "it never begins again");
    }
    assert_eq!(seen.len(), 6, "five of services, one of news");
    assert_eq!(kiosk::screen(&view, 6), 0, "the first comes after the last");
    assert_eq!(kiosk::screen(&view, u16::MAX), u16::MAX % 6);
    assert_eq!(kiosk::screen(&sample::empty(), 5), 0);
    let all = seen.concat();
    for service in &view.services {
        assert!(all.contains(&service.name), "{}", service.name);
    }
    assert!(all.contains("Order processing is slow"));
}

#[test]
fn feed_entries_keep_their_names_as_an_incident_goes_on() {
    let ids = |view: &StatusView| -> Vec<String> {
        let feed = html(view, Kind::Feed, Language::En);
        let ids = feed.split("<id>").skip(1);
        ids.filter_map(|rest| Some(rest.split_once("</id>")?.0.to_owned()))
            .collect()
    };
    let mut view = sample::degraded();
    let before = ids(&view);
    assert_eq!(before.len(), 4, "the feed, two incidents, one maintenance");
    if let Some(incident) = view.incidents.first_mut() {
        incident.updates.remove(0);
        incident.title = "Order processing was slow".into();
        incident.began_at.0 -= 60_000;
        incident.ended_at = Some(sample::NOW);
    }
    if let Some(work) = view.maintenance.first_mut() {
        work.title = "Old disks go".into();
        work.from.0 += 60_000;
    }
    view.updated_at.0 += 60_000;
    assert_eq!(ids(&view), before);
}

#[test]
fn a_feed_without_news_stays_the_same() {
    // One maintenance is under way, one is to come.
    let mut view = sample::down();
    let before = html(&view, Kind::Feed, Language::En);
    view.updated_at.0 += 60_000;
    assert_eq!(html(&view, Kind::Feed, Language::En), before);
}

#[test]
fn json_is_the_view() {
    let view = sample::degraded();
    let json = html(&view, Kind::Json, Language::De);
    assert_eq!(serde_json::from_str::<StatusView>(&json).expect("a view"), view);
}
