//! `xentop -b -f`: a table of all domains, again and again.
use super::{state::DomainState, words_from_right};

/// One line of output.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// The header: a new table begins.
    Header,
    /// A domain.
    Row(Row),
    /// Something else.
    Other,
}

/// One domain at one moment. Counters count from the domain's start.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: DomainState,
    /// CPU time of the last interval in percent of one CPU; 0 in a domain's first table, which means unknown.
    pub cpu_percent: f32,
    /// Memory in KiB.
    pub memory_kib: u64,
    /// Virtual CPUs online.
    pub vcpus: u32,
    /// KiB received by the guest. xentop calls it NETTX: it counts what the host sends to the guest.
    pub net_rx_kib: u64,
    /// KiB sent by the guest, NETRX to xentop.
    pub net_tx_kib: u64,
    /// Network cards.
    pub nics: u32,
    /// Disks.
    pub disks: u32,
    /// 512-byte sectors read.
    pub sectors_read: u64,
    /// 512-byte sectors written.
    pub sectors_written: u64,
}

/// Reads one line.
pub fn parse(line: &str) -> Line {
    if line.trim_start().starts_with("NAME  STATE") {
        return Line::Header;
    }
    row(line).map_or(Line::Other, Line::Row)
}

fn row(line: &str) -> Option<Row> {
    let (rest, tail) = words_from_right(line, 12)?;
    let [
        _max_percent,
        vcpus,
        nics,
        tx,
        rx,
        disks,
        _oo,
        _rd,
        _wr,
        rsect,
        wsect,
        _ssid,
    ] = tail.as_slice()
    else {
        return None;
    };
    // A domain without a limit has two words there: "no limit".
    let rest = match rest.strip_suffix("no limit") {
        Some(rest) => rest.trim_end(),
        None => words_from_right(rest, 1)?.0,
    };
    let (name, head) = words_from_right(rest, 5)?;
    let [state, _cpu_seconds, cpu_percent, memory, _memory_percent] = head.as_slice() else {
        return None;
    };
    Some(Row {
        name: name.trim_start().to_owned(),
        state: DomainState::from_xentop(state)?,
        cpu_percent: cpu_percent
            .parse()
            .ok()
            .filter(|percent: &f32| percent.is_finite() && *percent >= 0.0)?,
        memory_kib: memory.parse().ok()?,
        vcpus: vcpus.parse().ok()?,
        net_rx_kib: tx.parse().ok()?,
        net_tx_kib: rx.parse().ok()?,
        nics: nics.parse().ok()?,
        disks: disks.parse().ok()?,
        sectors_read: rsect.parse().ok()?,
        sectors_written: wsect.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_tables_are_read() {
        let lines: Vec<Line> = include_str!("../../tests/captures/xentop-b-f.txt")
            .lines()
            .map(parse)
            .collect();
        assert_eq!(lines.iter().filter(|line| **line == Line::Header).count(), 2);
        assert!(!lines.contains(&Line::Other));
        let Line::Row(lvm) = &lines[8] else {
            panic!("{:?}", lines[8])
        };
        assert_eq!(lvm.name, "lvm");
        assert_eq!(lvm.cpu_percent, 0.6);
        assert_eq!((lvm.disks, lvm.sectors_read, lvm.nics), (1, 12_968, 1));
        let Line::Row(pvh) = &lines[10] else {
            panic!("{:?}", lines[10])
        };
        assert_eq!(
            (pvh.name.as_str(), pvh.state, pvh.memory_kib),
            ("pvh", DomainState::Paused, 131_136)
        );
    }

    #[test]
    fn a_domain_without_a_limit_and_a_name_with_spaces_are_read() {
        let line = "  my  web 2 -----r        423    1.5    1048576   40.0   no limit       n/a     1    0        0        0    0        0        0        0          0          0    0";
        let Line::Row(row) = parse(line) else { panic!() };
        assert_eq!(
            (row.name.as_str(), row.vcpus, row.cpu_percent),
            ("my  web 2", 1, 1.5)
        );
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in ".{0,200}") {
            parse(&line);
        }
    }
}
