//! `xentop -b -f`: a table of all domains, again and again.
mod devices;

pub use devices::{DiskRow, NicRow};

use super::{state::DomainState, words_from_right};

/// One line of output.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// The header: a new table begins, with these columns.
    Header(Columns),
    /// A domain.
    Row(Row),
    /// A network interface of the domain above, where they are asked for.
    Nic(NicRow),
    /// A disk of the domain above, where they are asked for.
    Disk(DiskRow),
    /// Something else.
    Other,
}

/// The titles of a table's columns, without the name's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(Vec<String>);

impl Columns {
    fn of(header: &str) -> Self {
        Self(header.split_whitespace().skip(1).map(str::to_owned).collect())
    }
}

impl Default for Columns {
    /// As in Xen 4.17.
    fn default() -> Self {
        Self::of(
            "NAME STATE CPU(sec) CPU(%) MEM(k) MEM(%) MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) NETRX(k) VBDS VBD_OO VBD_RD \
             VBD_WR VBD_RSECT VBD_WSECT SSID",
        )
    }
}

/// One domain at one moment. Counters count from the domain's start; those without a column are none.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: DomainState,
    /// CPU time since its start in whole seconds.
    pub cpu_seconds: Option<u64>,
    /// CPU time of the last interval in percent of one CPU; 0 in a domain's first table, which means unknown.
    pub cpu_percent: f32,
    /// Memory in KiB.
    pub memory_kib: u64,
    /// Virtual CPUs online.
    pub vcpus: u32,
    /// KiB received by the guest. xentop calls it NETTX: it counts what the host sends to the guest.
    pub net_rx_kib: Option<u64>,
    /// KiB sent by the guest, NETRX to xentop.
    pub net_tx_kib: Option<u64>,
    /// Network cards that are counted.
    pub nics: u32,
    /// Disks that are counted: those that the host's kernel serves, not those of a QEMU.
    pub disks: u32,
    /// Read requests.
    pub reads: Option<u64>,
    /// Write requests.
    pub writes: Option<u64>,
    /// 512-byte sectors read.
    pub sectors_read: Option<u64>,
    /// 512-byte sectors written.
    pub sectors_written: Option<u64>,
}

/// Reads one line of a table with the usual columns.
pub fn parse(line: &str) -> Line {
    parse_with(line, &Columns::default())
}

/// Reads one line of a table with these columns.
pub fn parse_with(line: &str, columns: &Columns) -> Line {
    let trimmed = line.trim_start();
    if trimmed.starts_with("NAME ") && trimmed.contains(" STATE ") {
        return Line::Header(Columns::of(trimmed));
    }
    match devices::parse(trimmed) {
        Some(device) => device,
        None => row(line, columns).map_or(Line::Other, Line::Row),
    }
}

fn row(line: &str, columns: &Columns) -> Option<Row> {
    let mut rest = line;
    let mut words: Vec<(&str, &str)> = Vec::with_capacity(columns.0.len());
    for title in columns.0.iter().rev() {
        let (before, word) = words_from_right(rest, 1)?;
        let word = *word.first()?;
        // A domain without a limit has two words there: "no limit".
        rest = match before.strip_suffix("no") {
            Some(before) if word == "limit" => before.trim_end(),
            _ => before,
        };
        words.push((title, word));
    }
    let word = |title: &str| {
        let found = words.iter().find(|(column, _)| *column == title);
        found.map(|(_, word)| *word)
    };
    // A column that is not there is no zero; a word that is no number makes it another line.
    let number = |title: &str| {
        word(title)
            .map(|word| word.parse::<u64>().ok())
            .map_or(Some(None), |n| n.map(Some))
    };
    let count = |title: &str| number(title).and_then(|n| u32::try_from(n.unwrap_or(0)).ok());
    Some(Row {
        name: rest.trim().to_owned(),
        state: DomainState::from_xentop(word("STATE")?)?,
        cpu_seconds: word("CPU(sec)").and_then(|word| word.parse().ok()),
        cpu_percent: word("CPU(%)")?
            .parse()
            .ok()
            .filter(|percent: &f32| percent.is_finite() && *percent >= 0.0)?,
        memory_kib: word("MEM(k)")?.parse().ok()?,
        vcpus: count("VCPUS")?,
        net_rx_kib: number("NETTX(k)")?,
        net_tx_kib: number("NETRX(k)")?,
        nics: count("NETS")?,
        disks: count("VBDS")?,
        reads: number("VBD_RD")?,
        writes: number("VBD_WR")?,
        sectors_read: number("VBD_RSECT")?,
        sectors_written: number("VBD_WSECT")?,
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
        assert_eq!(
            lines
                .iter()
                .filter(|line| **line == Line::Header(Columns::default()))
                .count(),
            2
        );
        assert!(!lines.contains(&Line::Other));
        let Line::Row(lvm) = &lines[8] else {
            panic!("{:?}", lines[8])
        };
        assert_eq!(lvm.name, "lvm");
        assert_eq!(lvm.cpu_percent, 0.6);
        assert_eq!((lvm.disks, lvm.sectors_read, lvm.nics), (1, Some(12_968), 1));
        assert_eq!(
            (lvm.reads, lvm.writes, lvm.cpu_seconds),
            (Some(109), Some(0), Some(10))
        );
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

    #[test]
    fn another_version_may_have_more_columns() {
        let header = "      NAME  STATE   CPU(sec) CPU(%)     MEM(k) NEW NETS";
        let Line::Header(columns) = parse(header) else {
            panic!()
        };
        let Line::Row(row) = parse_with("  my web --b---  423  1.5  1048576  9.9 2", &columns) else {
            panic!()
        };
        assert_eq!(
            (row.name.as_str(), row.memory_kib, row.nics),
            ("my web", 1_048_576, 2)
        );
        assert_eq!(
            (row.reads, row.net_rx_kib),
            (None, None),
            "a column that is not there is no zero"
        );
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in ".{0,200}") {
            parse(&line);
        }
    }
}
