//! `xl dmesg`: the lines of the hypervisor's log that look like trouble.
use super::printable;

/// Lines that are kept, the newest ones.
const MOST: usize = 60;
/// Characters of a line that are kept.
const CHARS: usize = 300;
/// Words of trouble, in lower case.
const TROUBLE: [&str; 13] = [
    "error",
    "fail",
    "fault",
    "panic",
    "oops",
    "crash",
    "warning",
    "bug",
    "corrupt",
    "out of memory",
    "unable to",
    "machine check",
    "watchdog",
];
/// What looks like trouble and is none, in lower case.
const HARMLESS: [&str; 5] = [
    "loglevel:",
    "machine check reporting enabled",
    "polling timer",
    "default",
    "debug",
];

/// The lines, oldest first; none when it is not the hypervisor's log.
pub fn parse(text: &str) -> Option<Vec<String>> {
    let mut from_xen = text
        .lines()
        .filter_map(|line| line.strip_prefix("(XEN) "))
        .peekable();
    // An empty log is one that was cleared.
    if from_xen.peek().is_none() && !text.trim().is_empty() {
        return None;
    }
    let looks_bad = |line: &&str| {
        let line = line.to_lowercase();
        TROUBLE.iter().any(|word| line.contains(word)) && !HARMLESS.iter().any(|word| line.contains(word))
    };
    let mut lines: Vec<&str> = from_xen.filter(looks_bad).collect();
    lines.drain(..lines.len().saturating_sub(MOST));
    let short = |line: &str| printable(line.trim_end()).chars().take(CHARS).collect();
    Some(lines.into_iter().map(short).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_host_that_is_well_says_nothing_bad() {
        assert_eq!(
            parse(include_str!("../../tests/captures/xl-dmesg.txt")),
            Some(vec![])
        );
        assert_eq!(parse(""), Some(vec![]));
        assert_eq!(parse("xencall: error: Could not obtain handle"), None);
    }

    #[test]
    fn trouble_is_told_and_bounded() {
        let text = "(XEN) Brought up 4 CPUs\n(XEN) Domain 7 (vcpu#0) crashed on cpu#1:\n(XEN) AMD-Vi: IO_PAGE_FAULT: 0000:03:00.0\n";
        assert_eq!(
            parse(text).unwrap(),
            [
                "Domain 7 (vcpu#0) crashed on cpu#1:",
                "AMD-Vi: IO_PAGE_FAULT: 0000:03:00.0"
            ]
        );
        let many =
            "(XEN) error \u{1b}[31m\n".repeat(500) + &format!("(XEN) last fault {}\n", "x".repeat(9000));
        let lines = parse(&many).unwrap();
        assert_eq!((lines.len(), lines[59].chars().count()), (MOST, CHARS));
        assert!(!lines[0].contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\(XEN\\) .{0,40}(error|Ünable to|fault)?\n){0,5}.{0,40}") {
            parse(&text);
        }
    }
}
