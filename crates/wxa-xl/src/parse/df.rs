//! `df -P -k -T`: mounted file systems.
use super::printable;
use wxa_model::{Bytes, host_details::FileSystem};

/// File systems that are kept at most.
const MOST: usize = 1000;
/// Kinds that keep nothing anywhere.
const NOWHERE: [&str; 9] = [
    "tmpfs", "devtmpfs", "overlay", "squashfs", "efivarfs", "ramfs", "proc", "sysfs", "cgroup2",
];

/// Parses the table; none when it is not one. Lines that make no sense are left out.
pub fn parse(text: &str) -> Option<Vec<FileSystem>> {
    let mut lines = text.lines();
    lines.next().filter(|head| head.contains("1024-blocks"))?;
    let kept = |one: &FileSystem| !NOWHERE.contains(&one.kind.as_str()) && one.size.0 > 0;
    Some(lines.filter_map(line).filter(kept).take(MOST).collect())
}

/// `SOURCE TYPE BLOCKS USED AVAILABLE 12% MOUNT`, where source and mount may hold spaces.
fn line(line: &str) -> Option<FileSystem> {
    let starts: Vec<usize> = word_starts(line);
    let word = |i: usize| {
        let start = *starts.get(i)?;
        line.get(start..)?.split_whitespace().next()
    };
    (1..starts.len().saturating_sub(5)).find_map(|kind| {
        let number = |i: usize| word(kind + i)?.parse::<u64>().ok();
        let (size, used, available) = (number(1)?, number(2)?, number(3)?);
        let percent = word(kind + 4)?;
        percent
            .strip_suffix('%')
            .filter(|n| *n == "-" || n.parse::<u64>().is_ok())?;
        Some(FileSystem {
            source: printable(line.get(..*starts.get(kind)?)?.trim()),
            kind: printable(word(kind)?),
            mount: printable(line.get(*starts.get(kind + 5)?..)?.trim_end()),
            size: Bytes::kib(size),
            used: Bytes::kib(used),
            available: Bytes::kib(available),
        })
    })
}

fn word_starts(line: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut between = true;
    for (at, c) in line.char_indices() {
        if between && !c.is_whitespace() {
            starts.push(at);
        }
        between = c.is_whitespace();
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TABLE: &str = "\
Filesystem               Type     1024-blocks     Used Available Capacity Mounted on
udev                     devtmpfs      491112        0    491112       0% /dev
/dev/vda                 ext4         3029644  1021084   1834272      36% /
/dev/mapper/vg0-images   xfs         52403200 49782784   2620416      95% /srv/xen images
//nas/guest disks        cifs       104857600 10485760  94371840      10% /mnt/nas
none                     ext4               0        0         0       -% /empty
";

    #[test]
    fn file_systems_with_something_in_them_are_read() {
        let all = parse(TABLE).unwrap();
        let seen: Vec<_> = all
            .iter()
            .map(|one| {
                (
                    one.source.as_str(),
                    one.kind.as_str(),
                    one.mount.as_str(),
                    one.available,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("/dev/vda", "ext4", "/", Bytes::kib(1_834_272)),
                (
                    "/dev/mapper/vg0-images",
                    "xfs",
                    "/srv/xen images",
                    Bytes::kib(2_620_416)
                ),
                ("//nas/guest disks", "cifs", "/mnt/nas", Bytes::kib(94_371_840)),
            ]
        );
        assert!((all[1].fullness() - 0.95).abs() < 0.001);
    }

    #[test]
    fn a_real_table_is_read() {
        let all = parse(include_str!("../../tests/captures/df.txt")).unwrap();
        let seen: Vec<_> = all
            .iter()
            .map(|one| (one.source.as_str(), one.mount.as_str(), one.size))
            .collect();
        assert_eq!(seen, [("/dev/vda", "/", Bytes::kib(3_026_216))]);
    }

    #[test]
    fn what_is_no_table_is_not_read() {
        assert_eq!(parse("df: invalid option -- 'T'\n"), None);
        assert_eq!(parse(""), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "1024-blocks\n([a-zé/]{0,6} {0,3}[0-9]{0,22} {0,2}[0-9%-]{0,4} ?){0,8}.{0,20}") {
            parse(&text);
        }
    }
}
