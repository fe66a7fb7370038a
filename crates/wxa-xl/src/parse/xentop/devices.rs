//! `xentop -b -n -x`: below each domain, a line for each of its network interfaces and disks.
use super::Line;

/// A network interface of a domain, counted since the interface was plugged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NicRow {
    /// Its place among the domain's interfaces.
    pub number: u16,
    /// Bytes received by the guest; xentop looks from the host and calls them TX.
    pub rx: u64,
    /// Bytes sent by the guest, RX to xentop.
    pub tx: u64,
}

/// A disk of a domain, counted since it was plugged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskRow {
    /// Its number in xenstore; see [`crate::parse::vbd::name`].
    pub device: u32,
    /// Read requests.
    pub reads: u64,
    /// Write requests.
    pub writes: u64,
    /// 512-byte sectors read.
    pub sectors_read: u64,
    /// 512-byte sectors written.
    pub sectors_written: u64,
}

/// Such a line, its leading blanks taken off; none for any other. A domain's own line has its state and all its columns
/// behind the name, so that no name makes it one of these.
pub(super) fn parse(line: &str) -> Option<Line> {
    match line.split_once(' ')? {
        ("VBD", rest) => disk(rest).map(Line::Disk),
        (first, rest) => nic(first.strip_prefix("Net")?, rest).map(Line::Nic),
    }
}

/// `0 RX:      504bytes        7pkts        0err        0drop  TX:      836bytes       10pkts        0err        0drop`
fn nic(number: &str, rest: &str) -> Option<NicRow> {
    let mut words = rest.split_whitespace();
    let mut way = |name: &str| {
        words.next().filter(|word| *word == name)?;
        let bytes = words.next()?.strip_suffix("bytes")?.parse().ok()?;
        for unit in ["pkts", "err", "drop"] {
            words.next()?.strip_suffix(unit)?.parse::<u64>().ok()?;
        }
        Some(bytes)
    };
    let (tx, rx) = (way("RX:")?, way("TX:")?);
    words.next().is_none().then_some(())?;
    Some(NicRow {
        number: number.parse().ok()?,
        rx,
        tx,
    })
}

/// `BlkBack 51712 [ca: 0]  OO:        0   RD:      109   WR:        0   RSECT:      12968   WSECT:          0`
fn disk(rest: &str) -> Option<DiskRow> {
    let (place, counters) = rest.split_once("OO:")?;
    let device = place.split_whitespace().nth(1)?.parse().ok()?;
    let mut words = counters.split_whitespace();
    // Requests that found the ring full are of no use here.
    words.next()?.parse::<u64>().ok()?;
    let mut counter = |name: &str| {
        words.next().filter(|word| *word == name)?;
        words.next()?.parse().ok()
    };
    let row = DiskRow {
        device,
        reads: counter("RD:")?,
        writes: counter("WR:")?,
        sectors_read: counter("RSECT:")?,
        sectors_written: counter("WSECT:")?,
    };
    words.next().is_none().then_some(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::xentop;
    use proptest::prelude::*;

    #[test]
    fn devices_of_a_real_table_are_read_below_their_domains() {
        let lines: Vec<Line> = include_str!("../../../tests/captures/xentop-b-vnx.txt")
            .lines()
            .map(xentop::parse)
            .collect();
        let disks: Vec<_> = lines
            .iter()
            .filter_map(|line| match line {
                Line::Disk(disk) => Some((disk.device, disk.reads, disk.sectors_read)),
                _ => None,
            })
            .collect();
        assert_eq!(
            disks,
            [
                (51_712, 109, 12_968),
                (51_712, 173, 20_648),
                (51_712, 113, 13_448),
                (51_712, 177, 21_128)
            ]
        );
        let first = lines.iter().find_map(|line| match line {
            Line::Nic(nic) => Some(*nic),
            _ => None,
        });
        assert_eq!(
            first,
            Some(NicRow {
                number: 0,
                rx: 836,
                tx: 504
            })
        );
        let rows = lines.iter().filter(|line| matches!(line, Line::Row(_))).count();
        let nics = lines.iter().filter(|line| matches!(line, Line::Nic(_))).count();
        assert_eq!((rows, nics), (10, 4));
    }

    #[test]
    fn a_domain_that_is_called_like_a_device_is_a_domain() {
        for name in ["Net0", "VBD BlkBack 51712", "Net0 RX: 5bytes"] {
            let line =
                format!("{name} --b---  10  0.0  131072  5.0  132096  5.0  1  1  0  0  1  0  1  2  3  4  0");
            assert!(matches!(xentop::parse(&line), Line::Row(row) if row.name == name));
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read(n in any::<u16>(), v in proptest::collection::vec(any::<u64>(), 4), devid in any::<u32>()) {
            let nic = format!("Net{n} RX: {:>8}bytes {:>8}pkts        0err        0drop  TX: {:>8}bytes {:>8}pkts        0err        0drop", v[0], v[1], v[2], v[3]);
            prop_assert_eq!(parse(&nic), Some(Line::Nic(NicRow { number: n, tx: v[0], rx: v[2] })));
            let disk = format!("VBD BlkBack {devid} [ca: 0]  OO: {:>8}   RD: {:>8}   WR: {:>8}   RSECT: {:>10}   WSECT: {:>10}", 0, v[0], v[1], v[2], v[3]);
            let row = DiskRow { device: devid, reads: v[0], writes: v[1], sectors_read: v[2], sectors_written: v[3] };
            prop_assert_eq!(parse(&disk), Some(Line::Disk(row)));
        }

        #[test]
        fn no_line_makes_it_panic(line in "(Net|VBD )?[0-9]{0,20}( RX:| OO:)?.{0,80}") {
            parse(&line);
        }
    }
}
