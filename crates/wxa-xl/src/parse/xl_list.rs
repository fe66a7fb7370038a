//! `xl list`: one line per domain that exists now. Columns are known by their titles, so that another version may have
//! more of them.
use super::{state::DomainState, words_from_right};

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct XlDomain {
    /// Xen's number of this run.
    pub domid: u32,
    /// As the host calls it; `(null)` while it is put together or taken apart.
    pub name: String,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Virtual CPUs online.
    pub vcpus: u32,
    /// What it is doing.
    pub state: DomainState,
    /// CPU time used since its start, in seconds.
    pub cpu_seconds: f64,
}

/// Parses the table; `None` when it is not one, or breaks off. What an account's profile printed before it and lines that
/// make no sense are left out.
pub fn parse(text: &str) -> Option<Vec<XlDomain>> {
    if !text.ends_with('\n') {
        return None;
    }
    let mut lines = text.lines().skip_while(|line| !is_header(line));
    let columns: Vec<&str> = lines.next()?.split_whitespace().skip(1).collect();
    Some(lines.filter_map(|line| domain(line, &columns)).collect())
}

fn is_header(line: &str) -> bool {
    line.starts_with("Name ") && line.contains(" ID ") && line.contains("State")
}

fn domain(line: &str, columns: &[&str]) -> Option<XlDomain> {
    let (name, words) = words_from_right(line, columns.len())?;
    let word = |title: &str| {
        let at = columns.iter().position(|column| *column == title)?;
        words.get(at).copied()
    };
    Some(XlDomain {
        domid: word("ID")?.parse().ok()?,
        name: name.to_owned(),
        memory_mib: word("Mem").map_or(Some(0), |mib| mib.parse().ok())?,
        vcpus: word("VCPUs").map_or(Some(0), |count| count.parse().ok())?,
        state: DomainState::from_xl(word("State")?)?,
        cpu_seconds: word("Time(s)")
            .map_or(Some(0.0), |time| time.parse().ok())
            .filter(|seconds: &f64| seconds.is_finite())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CAPTURED: &str = include_str!("../../tests/captures/xl-list.txt");

    #[test]
    fn a_real_list_is_read() {
        let domains = parse(CAPTURED).unwrap();
        let seen: Vec<_> = domains
            .iter()
            .map(|d| (d.domid, d.name.as_str(), d.memory_mib, d.vcpus, d.state))
            .collect();
        use DomainState::{Paused, Running};
        assert_eq!(
            seen,
            [
                (0, "Domain-0", 1024, 1, Running),
                (8, "tiny", 128, 1, Running),
                (9, "net", 128, 1, Running),
                (10, "pvh", 128, 1, Paused),
                (11, "lvm", 128, 1, Running),
            ]
        );
    }

    #[test]
    fn names_may_hold_spaces_and_letters_of_any_language() {
        let text = "Name      ID   Mem VCPUs\tState\tTime(s)\nmein server ü 2   8   128     1     -b----      13.1\n";
        assert_eq!(parse(text).unwrap()[0].name, "mein server ü 2");
    }

    #[test]
    fn other_versions_may_have_other_columns_and_accounts_may_greet() {
        let text = "Welcome to xen-1!\nName       ID   Mem VCPUs\tState\tTime(s)  Claimed\nmy web   8   128     1     -b----      13.1   0\nbroken   x\ndb  9  1 1 r----- 2.0 0\n";
        let domains = parse(text).unwrap();
        assert_eq!((domains[0].name.as_str(), domains[0].memory_mib), ("my web", 128));
        assert_eq!((domains[1].name.as_str(), domains.len()), ("db", 2));
        assert_eq!(parse("Name ID State\nweb 3 r-----\n").unwrap()[0].vcpus, 0);
    }

    #[test]
    fn a_list_that_breaks_off_is_none() {
        let broken = &CAPTURED[..CAPTURED.len() - 20];
        assert_eq!(parse(broken), None);
    }

    #[test]
    fn an_error_is_no_list() {
        assert_eq!(parse("nosuch is an invalid domain identifier (rc=-6)"), None);
        assert_eq!(parse(""), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            parse(&format!("Name State\n{}", String::from_utf8_lossy(&bytes)));
        }
    }
}
