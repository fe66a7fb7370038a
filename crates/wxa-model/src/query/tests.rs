//! The filter language, by example.
use super::*;
use crate::console::GuestPhase;

fn names(text: &str) -> Result<Vec<&'static str>, String> {
    let prod = ["prod".to_owned(), "web".to_owned()];
    let addresses = ["10.20.1.7".to_owned(), "2001:db8::7".to_owned()];
    let billing = ["Billing".to_owned()];
    let rack = ["rack-4".to_owned()];
    let gib = 1u64 << 30;
    let vm = |name: &'static str, state, host, memory, tags| Subject {
        name,
        state,
        phase: match name {
            "web-01" => Some(GuestPhase::Panicked),
            "db 1" => Some(GuestPhase::Fsck),
            _ => None,
        },
        host,
        pool: if host == "xen-10" { "" } else { "prod" },
        site: "Vienna",
        guest: "pvh",
        memory,
        vcpus: 2,
        addresses: if name == "web-01" { &addresses } else { &[] },
        tags,
        pool_tags: if name == "web-01" { &billing } else { &[] },
        host_tags: if host == "xen-10" { &rack } else { &[] },
        id: crate::VmId(uuid::Uuid::from_u128(0x5f0c_1b9e << 96)),
    };
    let all = [
        vm("web-01", "running", "xen-1", 8 * gib, &prod[..]),
        vm("web-02", "halted", "xen-2", 16 * gib, &prod[..]),
        vm("db 1", "unknown", "xen-10", gib / 2, &[]),
    ];
    let filter = parse(text)?;
    let names = ["web-01", "web-02", "db 1"];
    let passing = all.iter().zip(names).filter(|(vm, _)| filter.matches(vm));
    Ok(passing.map(|(_, name)| name).collect())
}

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    assert_eq!(names(text).as_deref(), Ok(expected), "{text}");
}

#[test]
fn words_are_conditions_that_must_all_hold() {
    finds("", &["web-01", "web-02", "db 1"]);
    finds("WEB", &["web-01", "web-02"]);
    finds("web state:running", &["web-01"]);
    finds("\"db 1\"", &["db 1"]);
    finds("name:\"db 1\"", &["db 1"]);
    finds("tag:rack-4", &["db 1"]);
    finds("tag:billing", &["web-01"]);
    finds("bill", &["web-01"]);
    finds("tag:prod host:xen-2", &["web-02"]);
    finds("pool:PROD state:halted", &["web-02"]);
    finds("!pool:prod", &["db 1"]);
    finds("5f0c", &["web-01", "web-02", "db 1"]);
}

#[test]
fn addresses_are_found_by_how_they_begin() {
    finds("10.20.1.7", &["web-01"]);
    finds("10.20.", &["web-01"]);
    finds("\"2001:DB8::\"", &["web-01"]);
    finds("ip:10", &["web-01"]);
    finds("ip:2001:db8::7", &["web-01"]);
    finds("!ip:10.20.1.7", &["web-02", "db 1"]);
    finds("20.1.7", &[]);
    // A number alone is part of a name.
    finds("10", &["db 1"]);
}

#[test]
fn guests_are_found_by_how_far_they_have_come() {
    finds("phase:panicked", &["web-01"]);
    finds("phase:Panic", &["web-01"]);
    finds("phase:booting", &["db 1"]);
    finds("phase:fsck", &["db 1"]);
    finds("phase:login", &[]);
    finds("!phase:panicked !phase:booting", &["web-02"]);
    finds("phase:", &["web-01", "web-02", "db 1"]);
}

#[test]
fn not_and_or_and_parentheses() {
    finds("!tag:prod", &["db 1"]);
    finds("state:running | state:unknown", &["web-01", "db 1"]);
    finds("web !(state:halted | state:crashed)", &["web-01"]);
    finds("site:vienna (web-02|db)", &["web-02", "db 1"]);
}

#[test]
fn numbers_compare_in_binary_units() {
    finds("mem:>8G", &["web-02"]);
    finds("mem:>=8GiB", &["web-01", "web-02"]);
    finds("mem:512M", &["db 1"]);
    finds("cpu:2 mem:<1g", &["db 1"]);
}

#[test]
fn what_is_half_typed_hides_nothing() {
    for text in ["state:", "mem:", "mem:>", "!", "web |", "(web", "\"web"] {
        assert!(names(text).is_ok_and(|found| found.len() >= 2), "{text}");
    }
}

#[test]
fn mistakes_are_explained() {
    assert_eq!(
        names("sate:running"),
        Err(
            "“sate:” is not known: use name, state, phase, host, pool, site, ip, tag, type, mem or cpu."
                .into()
        )
    );
    assert_eq!(
        names("mem:>much"),
        Err("“much” is not a number: write e.g. mem:>8G.".into())
    );
    assert_eq!(names("a)"), Err("There is a “)” without a “(” before it.".into()));
    assert!(parse(&"(".repeat(9000)).is_err());
}

#[test]
fn chips_toggle_their_term() {
    let on = toggle("web", "state:running");
    assert_eq!(on, "web state:running");
    assert!(has(&on, "state:running"));
    assert_eq!(toggle(&on, "state:running"), "web");
    assert_eq!(term("host", "xen 1"), "host:\"xen 1\"");
}

#[test]
fn what_says_nothing_is_told_apart_wherever_it_stands() {
    for text in [
        "",
        "tag:",
        "()",
        "mem:",
        "mem:>",
        "!",
        "|",
        "\"\"",
        "web tag:",
        "!(tag:)",
        "web | (db ip:)",
    ] {
        assert!(parse(text).unwrap().is_unfinished(), "{text}");
    }
    for text in ["web", "tag:shop", "web |", "!tag:shop (mem:>8G | cpu:4)"] {
        assert!(!parse(text).unwrap().is_unfinished(), "{text}");
    }
}

#[test]
fn what_a_filter_asks_for_is_known_wherever_it_stands() {
    for text in [
        "state:running",
        "tag:shop !power:halted",
        "web | (db state:paused)",
    ] {
        assert!(parse(text).unwrap().is_about(Field::State), "{text}");
    }
    assert!(!parse("tag:shop running").unwrap().is_about(Field::State));
}
