//! Whatever is typed: it is understood or explained, and what we write ourselves means what it says.
use super::{Filter, Subject, has, parse, term, toggle};
use proptest::prelude::*;

fn subject<'a>(name: &'a str, memory: u64, vcpus: u32) -> Subject<'a> {
    Subject {
        name,
        state: "running",
        phase: None,
        host: "xen-1",
        pool: "prod",
        site: "Attic",
        guest: "pvh",
        memory,
        vcpus,
        addresses: &[],
        tags: &[],
        pool_tags: &[],
        host_tags: &[],
        id: crate::VmId(uuid::Uuid::nil()),
    }
}

/// What people type: words of the language in any order.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("state:".to_owned()),
        Just("mem:>8G".to_owned()),
        Just("cpu:<=4".to_owned()),
        Just("!".to_owned()),
        Just("|".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("\"".to_owned()),
        Just(" ".to_owned()),
        ".{0,6}",
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_is_typed_is_a_filter_or_gets_a_sentence(text in typed(), name in ".{0,10}") {
        match parse(&text) {
            Ok(filter) => {
                let one = subject(&name, 1 << 30, 2);
                let not = Filter::Not(Box::new(filter.clone()));
                prop_assert_ne!(filter.matches(&one), not.matches(&one));
            }
            Err(why) => prop_assert!(why.ends_with('.'), "{}", why),
        }
    }

    #[test]
    fn a_term_of_ours_finds_what_it_names(name in "[^\"]{1,20}") {
        let filter = parse(&term("name", &name)).unwrap();
        prop_assert!(filter.matches(&subject(&name, 0, 1)), "{:?}", filter);
    }

    #[test]
    fn a_term_that_is_switched_twice_leaves_the_words_as_they_were(
        words in proptest::collection::vec("[a-z]{1,6}", 0..5),
        term in "state:[a-z]{1,8}",
    ) {
        let text = words.join(" ");
        let on = toggle(&text, &term);
        prop_assert!(has(&on, &term));
        prop_assert_eq!(toggle(&on, &term), text);
    }

    #[test]
    fn more_conditions_never_show_more(a in typed(), b in typed(), name in "[a-z]{0,8}", memory in 0u64..1 << 40) {
        let one = subject(&name, memory, 4);
        if let (Ok(a), Ok(b)) = (parse(&a), parse(&b)) {
            let both = Filter::All(vec![a.clone(), b.clone()]);
            let either = Filter::Any(vec![a.clone(), b]);
            prop_assert!(!both.matches(&one) || a.matches(&one));
            prop_assert!(!a.matches(&one) || either.matches(&one));
        }
    }
}
