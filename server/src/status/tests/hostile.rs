//! Names, titles and texts come from people and hosts: whatever they are, they stay text.
use super::*;
use crate::status::sample;
use proptest::prelude::*;

const FORMS: [Kind; 5] = [PAGE, Kind::Kiosk(0), Kind::Kiosk(1), Kind::Badge, Kind::Feed];

/// The names of all elements, in order.
fn elements(document: &str) -> Vec<String> {
    document
        .split('<')
        .skip(1)
        .map(|tag| {
            let end = tag.find([' ', '>', '/']).filter(|end| *end > 0);
            tag.get(..end.unwrap_or(1)).unwrap_or_default().to_owned()
        })
        .collect()
}

/// All texts are `text`, of so much else as it takes to show them.
fn with_text(text: &str) -> StatusView {
    let mut view = sample::hostile();
    let all = serde_json::to_string(&view).expect("json");
    let evil = serde_json::to_string(&view.title).expect("json");
    let text = serde_json::to_string(text).expect("json");
    view = serde_json::from_str(&all.replace(&evil, &text)).expect("a view");
    view
}

#[test]
fn evil_names_are_shown_and_are_no_markup() {
    for kind in FORMS {
        let evil = html(&sample::hostile(), kind, Language::En);
        let harmless = html(&with_text("harmless"), kind, Language::En);
        assert_eq!(elements(&evil), elements(&harmless), "{kind:?}");
        assert!(!evil.contains("<script") && !evil.contains("<img"), "{kind:?}");
        assert!(evil.contains("&lt;script&gt;"), "{kind:?}");
        assert!(!evil.contains(['\u{0}', '\u{1b}']), "{kind:?}");
    }
}

#[test]
fn a_name_that_turns_the_direction_of_writing_does_so_for_itself_only() {
    let evil = html(&sample::hostile(), PAGE, Language::En);
    for (at, _) in evil.match_indices('\u{202e}') {
        let before = evil.get(..at).unwrap_or_default();
        let isolated = before.rfind("<bdi>") > before.rfind("</bdi>");
        let in_attribute_or_title = before.rfind('<') > before.rfind('>')
            || before.ends_with("=x onerror=alert(1)&gt;&quot;&#39;&amp;");
        assert!(
            isolated || in_attribute_or_title,
            "{}",
            before.get(at.saturating_sub(200)..).unwrap_or_default()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_text_changes_the_elements_of_a_document(text in "[^a]{1,30}") {
        for kind in FORMS {
            let shown = elements(&html(&with_text(&text), kind, Language::De));
            prop_assert_eq!(shown, elements(&html(&with_text("harmless"), kind, Language::De)));
        }
    }
}
