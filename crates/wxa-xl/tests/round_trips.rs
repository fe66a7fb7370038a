//! What a host says is what is read, whatever its guests are called: each output is printed as the tool prints it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]
use proptest::{collection::vec, prelude::*};
use wxa_xl::parse::{
    cfg::{self, Value},
    definition, files, stderr, watch_line,
    xentop::{self, Line},
    xl_list, xl_uptime,
};

/// A guest's name: spaces, quotes, options, other alphabets; one line, and no space at its end.
fn name() -> impl Strategy<Value = String> {
    "(--?)?[^\\p{Cc}\\p{Z}]([^\\p{Cc}\\p{Zl}\\p{Zp}]{0,30}[^\\p{Cc}\\p{Z}])?".prop_map(|name| name)
}

proptest! {
    #[test]
    fn xl_list_is_read_as_it_was_printed(
        domains in vec((0u32..30_000, name(), 1u64..1_000_000, 1u32..128, 0u32..1_000_000), 0..8),
    ) {
        let mut text = "Name                                        ID   Mem VCPUs\tState\tTime(s)\n".to_owned();
        for (domid, name, memory, vcpus, tenths) in &domains {
            text += &format!("{name:<40} {domid:>5} {memory:>5} {vcpus:>5}     -b---- {:>8.1}\n", f64::from(*tenths) / 10.0);
        }
        let read = xl_list::parse(&text).unwrap();
        prop_assert_eq!(read.len(), domains.len());
        for (read, (domid, name, memory, vcpus, tenths)) in read.iter().zip(&domains) {
            prop_assert_eq!((read.domid, &read.name, read.memory_mib, read.vcpus), (*domid, name, *memory, *vcpus));
            prop_assert!((read.cpu_seconds - f64::from(*tenths) / 10.0).abs() < 0.01);
        }
    }

    #[test]
    fn xl_uptime_is_read_as_it_was_printed(domains in vec((0u32..30_000, name(), 0u64..100_000_000), 0..8)) {
        let mut text = "Name                                ID Uptime\n".to_owned();
        for (domid, name, seconds) in &domains {
            let days = match seconds / 86_400 {
                0 => String::new(),
                1 => "1 day, ".to_owned(),
                days => format!("{days} days, "),
            };
            let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
            text += &format!("{name:<32} {domid:>5} {days}{hours:>2}:{minutes:02}:{:02}\n", seconds % 60);
        }
        let wanted: Vec<_> = domains.iter().map(|(domid, _, seconds)| (*domid, *seconds)).collect();
        prop_assert_eq!(xl_uptime::parse(&text), wanted);
    }

    #[test]
    fn a_row_of_xentop_is_read_as_it_was_printed(
        name in name(),
        cpu in 0u32..100_000,
        counts in vec(0u64..1_000_000_000, 6),
        limited in any::<bool>(),
    ) {
        let [memory, rx, tx, read, written, vcpus] = counts.as_slice() else { unreachable!() };
        let vcpus = vcpus % 512;
        let limit = if limited { "2097152        5.0" } else { "no limit       n/a" };
        let percent = f64::from(cpu) / 10.0;
        let line = format!(
            "{name:>10} --b---     1234 {percent:>6.1} {memory:>10} 40.0 {limit} {vcpus:>5} 1 {rx} {tx} 2 0 3 4 {read} {written} 0"
        );
        let Line::Row(row) = xentop::parse(&line) else {
            return Err(TestCaseError::fail(format!("not read: {line}")));
        };
        prop_assert_eq!(row.name, name);
        prop_assert_eq!(u64::from(row.vcpus), vcpus);
        prop_assert!((f64::from(row.cpu_percent) - percent).abs() < 0.1);
        prop_assert_eq!(row.memory_kib, *memory);
        let seen = [row.net_rx_kib, row.net_tx_kib, row.reads, row.writes, row.sectors_read, row.sectors_written];
        prop_assert_eq!(seen, [*rx, *tx, 3, 4, *read, *written].map(Some));
        prop_assert_eq!(row.cpu_seconds, Some(1234));
    }

    #[test]
    fn a_listing_of_files_is_read_as_it_was_printed(
        names in proptest::collection::btree_set("[^/\0]{1,20}", 0..8),
        autostarted in any::<bool>(),
    ) {
        let mut bytes = Vec::new();
        for (inode, name) in names.iter().enumerate() {
            bytes.extend(format!("800:{inode} 17.5 f 210 /etc/xen/{name}.cfg\0").into_bytes());
            if autostarted {
                bytes.extend(format!("800:{inode} 17.5 f 210 /etc/xen/auto/{inode}\0").into_bytes());
            }
        }
        let Some(listing) = files::listing(&bytes, "/etc/xen") else {
            return Err(TestCaseError::fail("not taken for a listing"));
        };
        let wanted: Vec<String> = names.iter().map(|name| format!("/etc/xen/{name}.cfg")).collect();
        let mut read: Vec<_> = listing.definitions.keys().cloned().collect();
        read.sort_by_key(|path| wanted.iter().position(|other| other == path));
        prop_assert_eq!(&read, &wanted);
        prop_assert_eq!(listing.autostart.len(), if autostarted { wanted.len() } else { 0 });
    }

    #[test]
    fn files_are_told_apart_whatever_is_in_them(texts in vec("[^=>]{0,60}", 1..6), missing in 0usize..6) {
        let paths: Vec<String> = (0..texts.len()).map(|n| format!("/etc/xen/{n}.cfg")).collect();
        let there = |n: usize| n != missing;
        let mut output = String::new();
        for (n, text) in texts.iter().enumerate().filter(|(n, _)| there(*n)) {
            let between = if output.is_empty() { "" } else { "\n" };
            output += &format!("{between}==> {} <==\n{text}", paths[n]);
        }
        let read = files::contents(output.as_bytes(), &paths);
        for (n, text) in texts.iter().enumerate() {
            prop_assert_eq!(read[n], there(n).then_some(text.as_bytes()), "file {}", n);
        }
    }

    #[test]
    fn settings_are_read_as_they_were_written(
        settings in proptest::collection::btree_map("[a-z_][a-z0-9_]{0,10}", value(), 0..8),
    ) {
        let text: String = settings.iter().map(|(name, value)| format!("{name} = {}\n", written(value))).collect();
        let read = cfg::parse(&text).unwrap();
        for (n, (name, value)) in settings.iter().enumerate() {
            prop_assert_eq!(read.get(name), Some((n + 1, value)), "{}", text);
        }
    }

    #[test]
    fn a_guests_name_and_memory_are_those_of_its_definition(name in "[^\"\\\\\\p{Cc}]{1,30}", memory in 1u32..1_000_000) {
        let read = definition::parse(&format!("name = \"{name}\"\nmemory = {memory}\n")).unwrap();
        prop_assert_eq!((read.name, read.memory_mib), (name, u64::from(memory)));
    }

    #[test]
    fn only_what_toolstacks_write_is_news(domid in 1u32..30_000, path in "[a-z/-]{0,20}") {
        for line in [format!("/local/domain/{domid}"), format!("/local/domain/{domid}/name")] {
            prop_assert!(watch_line::is_news(&line));
        }
        for own in ["data", "device", "control", "drivers", "attr"] {
            let line = format!("/local/domain/{domid}/{own}/{path}");
            prop_assert!(!watch_line::is_news(&line));
        }
    }

    #[test]
    fn complaints_are_bounded_and_cannot_play_with_a_terminal(text in "(\\PC|\u{1b}\\[31m|\n|\r|\t){0,400}", times in 1usize..50) {
        let tidy = stderr::tidy(&text.repeat(times));
        prop_assert!(tidy.len() < 8192);
        prop_assert!(!tidy.chars().any(|c| c.is_control() && c != '\n'));
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        "[^\"\\\\\\p{Cc}]{0,20}".prop_map(Value::Text),
        (-1_000_000i64..1_000_000).prop_map(Value::Number),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| vec(inner, 0..4).prop_map(Value::List))
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("\"{text}\""),
        Value::Number(number) => number.to_string(),
        Value::List(items) => format!("[ {} ]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
    }
}
