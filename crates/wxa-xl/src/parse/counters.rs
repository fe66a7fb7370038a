//! What the control domain's kernel counts of the host's own devices: a few small files of /proc and /sys.
use super::{files, printable};

/// Where the kernel links what is behind an interface or a disk: only real ones have a `device` there, not bridges,
/// guests' interfaces, partitions, volumes and loops.
pub const FIND: [&str; 8] = [
    "find",
    "-L",
    "/sys/class/net",
    "/sys/block",
    "-maxdepth",
    "2",
    "-name",
    "device",
];
/// What is read of each file: the longest has a dozen and a half numbers.
pub const BYTES_OF_EACH: usize = 512;
const LOAD: &str = "/proc/loadavg";
/// Interfaces and disks that are read at most: all in one command.
const MOST_NICS: usize = 32;
const MOST_DISKS: usize = 128;
/// The kernel's names are shorter, the two together.
const LONGEST_NAME: usize = 64;

/// The host's own devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// Network interfaces, by name.
    pub nics: Vec<String>,
    /// Disks, by name.
    pub disks: Vec<String>,
}

/// What was counted since the host started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counters {
    /// Processes that run or wait to, averaged over a minute.
    pub load: Option<f32>,
    /// Interfaces with the bytes that they received and sent.
    pub nics: Vec<(String, u64, u64)>,
    /// Disks.
    pub disks: Vec<(String, DiskCounters)>,
}

/// What was counted of a disk, by `/sys/block/…/stat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskCounters {
    /// Read requests that were completed.
    pub reads: u64,
    /// 512-byte sectors read.
    pub sectors_read: u64,
    /// Milliseconds that read requests took, all together.
    pub read_ms: u64,
    /// Write requests that were completed.
    pub writes: u64,
    /// 512-byte sectors written.
    pub sectors_written: u64,
    /// Milliseconds that write requests took, all together.
    pub write_ms: u64,
}

impl Devices {
    /// Reads what [`FIND`] prints; it complains of links that lead in circles as well.
    pub fn parse(text: &str) -> Self {
        let mut devices = Self::default();
        for line in text.lines() {
            let Some(path) = line.strip_suffix("/device") else {
                continue;
            };
            // A name that is not plain is no word for a path.
            let plain = |name: &&str| {
                (1..=LONGEST_NAME).contains(&name.len())
                    && printable(name) == **name
                    && !name.contains('/')
                    && !name.starts_with('.')
            };
            if let Some(nic) = path.strip_prefix("/sys/class/net/").filter(plain) {
                devices.nics.push(nic.to_owned());
            } else if let Some(disk) = path.strip_prefix("/sys/block/").filter(plain) {
                devices.disks.push(disk.to_owned());
            }
        }
        for (names, most) in [(&mut devices.nics, MOST_NICS), (&mut devices.disks, MOST_DISKS)] {
            names.sort();
            names.dedup();
            names.truncate(most);
        }
        devices
    }

    /// The files to read, in this order.
    pub fn files(&self) -> Vec<String> {
        let nics = self
            .nics
            .iter()
            .flat_map(|nic| ["rx", "tx"].map(|way| format!("/sys/class/net/{nic}/statistics/{way}_bytes")));
        let disks = self.disks.iter().map(|disk| format!("/sys/block/{disk}/stat"));
        std::iter::once(LOAD.to_owned())
            .chain(nics)
            .chain(disks)
            .collect()
    }

    /// Reads what `head -v -c 512 -- FILES` prints. What could not be read is left out.
    pub fn counters(&self, output: &[u8]) -> Counters {
        let texts = files::contents(output, &self.files());
        let mut texts = texts
            .into_iter()
            .map(|text| text.and_then(|text| std::str::from_utf8(text).ok()));
        let load = texts.next().flatten().and_then(load);
        let mut counters = Counters {
            load,
            ..Counters::default()
        };
        let number = |text: Option<&str>| text?.trim().parse::<u64>().ok();
        for nic in &self.nics {
            let (rx, tx) = (number(texts.next().flatten()), number(texts.next().flatten()));
            if let (Some(rx), Some(tx)) = (rx, tx) {
                counters.nics.push((nic.clone(), rx, tx));
            }
        }
        for disk in &self.disks {
            if let Some(stat) = texts.next().flatten().and_then(stat) {
                counters.disks.push((disk.clone(), stat));
            }
        }
        counters
    }
}

/// The first of `0.14 0.09 0.05 1/234 5678`.
fn load(text: &str) -> Option<f32> {
    let load = text.split_whitespace().next()?.parse::<f32>().ok()?;
    (load.is_finite() && load >= 0.0).then_some(load)
}

/// Reads, reads merged, sectors, milliseconds, the same of writes, and more: the kernel's `block/stat` document.
fn stat(text: &str) -> Option<DiskCounters> {
    let mut words = text.split_whitespace();
    let mut next = || words.next()?.parse::<u64>().ok();
    let (reads, _, sectors_read, read_ms) = (next()?, next()?, next()?, next()?);
    let (writes, _, sectors_written, write_ms) = (next()?, next()?, next()?, next()?);
    Some(DiskCounters {
        reads,
        sectors_read,
        read_ms,
        writes,
        sectors_written,
        write_ms,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_real_kernel_is_read() {
        let devices = Devices::parse(include_str!("../../tests/captures/find-devices.txt"));
        assert_eq!(
            devices,
            Devices {
                nics: vec!["eth0".into()],
                disks: vec!["vda".into()]
            }
        );
        let read = devices.counters(include_bytes!("../../tests/captures/head-counters.txt"));
        let disk = DiskCounters {
            reads: 2_882_588,
            sectors_read: 114_801_906,
            read_ms: 4_080_048,
            writes: 930_913,
            sectors_written: 241_048_208,
            write_ms: 751_806,
        };
        assert_eq!(
            read,
            Counters {
                load: Some(2.47),
                nics: vec![("eth0".into(), 1_480_668_246, 4_843_364)],
                disks: vec![("vda".into(), disk)],
            }
        );
    }

    #[test]
    fn what_is_not_there_or_makes_no_sense_is_left_out() {
        let devices = Devices::parse(
            "/sys/class/net/eth0/device\n/sys/class/net/eth1/device\n/sys/class/net/../device\n/sys/block//device\n\
             /sys/block/sda/device\n/sys/block/sdb/device\nfind: File system loop detected\n/etc/device\n",
        );
        assert_eq!((devices.nics.len(), devices.disks.len()), (2, 2));
        let output = b"==> /sys/class/net/eth0/statistics/rx_bytes <==\n5\n\n==> /sys/class/net/eth0/statistics/tx_bytes <==\n7\n\n\
            ==> /sys/class/net/eth1/statistics/rx_bytes <==\n5\n\n==> /sys/block/sda/stat <==\n1 2 3\n\n==> /sys/block/sdb/stat <==\n1 0 2 3 4 0 5 6 0\n";
        let read = devices.counters(output);
        assert_eq!(read.load, None);
        assert_eq!(read.nics, [("eth0".to_owned(), 5, 7)]);
        assert_eq!(
            read.disks
                .iter()
                .map(|(name, _)| name.as_str())
                .collect::<Vec<_>>(),
            ["sdb"]
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            found in "(/sys/(class/net|block)/.{0,5}/device\n){0,4}.{0,20}",
            text in "(==> /sys/block/a/stat <==\n.{0,40}\n){0,3}.{0,40}",
        ) {
            let devices = Devices::parse(&found);
            prop_assert!(devices.files().iter().all(|path| path.starts_with("/proc/") || path.starts_with("/sys/")));
            devices.counters(text.as_bytes());
            Devices { nics: vec![], disks: vec!["a".into()] }.counters(text.as_bytes());
        }

        #[test]
        fn a_host_with_very_many_devices_is_asked_for_some(count in 0usize..400) {
            let text: String = (0..count).map(|n| format!("/sys/block/sd{n}/device\n/sys/class/net/eth{n}/device\n")).collect();
            prop_assert!(Devices::parse(&text).files().len() <= 1 + 2 * MOST_NICS + MOST_DISKS);
        }
    }
}
