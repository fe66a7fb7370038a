//! `xl list`: one line per domain that exists now.
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

/// Parses the table; `None` when it is not one. Lines that make no sense are left out.
pub fn parse(text: &str) -> Option<Vec<XlDomain>> {
    let mut lines = text.lines();
    let header = lines.next()?;
    if !header.starts_with("Name ") || !header.contains("State") {
        return None;
    }
    Some(lines.filter_map(line).collect())
}

fn line(line: &str) -> Option<XlDomain> {
    let (name, words) = words_from_right(line, 5)?;
    let [domid, memory, vcpus, state, time] = words.as_slice() else {
        return None;
    };
    Some(XlDomain {
        domid: domid.parse().ok()?,
        name: name.to_owned(),
        memory_mib: memory.parse().ok()?,
        vcpus: vcpus.parse().ok()?,
        state: DomainState::from_xl(state)?,
        cpu_seconds: time.parse().ok().filter(|seconds: &f64| seconds.is_finite())?,
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
