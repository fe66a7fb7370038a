//! The numbers that virtual disks have in xenstore, as names: Xen's `vbd-interface` document gives the rules.

/// First number of the range for many disks.
const EXTENDED: u32 = 1 << 28;
/// More letters than a disk ever has.
const MOST_LETTERS: usize = 4;

/// The guest's name of the disk with that number, e.g. `xvda`, with its partition where it is one; a number that fits no
/// rule stays a number.
pub fn name(device: u32) -> String {
    let (kind, disk, partition) = match device {
        EXTENDED.. if device < EXTENDED << 1 => ("xvd", (device - EXTENDED) >> 8, device & 0xff),
        0..EXTENDED => match (device >> 8, device & 0xff) {
            (202, minor) => ("xvd", minor >> 4, minor & 15),
            (8, minor) => ("sd", minor >> 4, minor & 15),
            (3, minor) => ("hd", minor >> 6, minor & 63),
            (22, minor) => ("hd", 2 + (minor >> 6), minor & 63),
            _ => return device.to_string(),
        },
        _ => return device.to_string(),
    };
    let part = if partition == 0 {
        String::new()
    } else {
        partition.to_string()
    };
    format!("{kind}{}{part}", letters(disk))
}

/// 0 is `a`, 25 `z`, 26 `aa`.
fn letters(number: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = number;
    while letters.len() < MOST_LETTERS {
        letters.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
        if rest == 0 {
            break;
        }
        rest -= 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_named_as_guests_name_them() {
        for (number, expected) in [
            (51_712, "xvda"),
            (51_728, "xvdb"),
            (51_713, "xvda1"),
            (51_952, "xvdp"),
            (268_439_552, "xvdq"),
            (EXTENDED + (26 << 8), "xvdaa"),
            (768, "hda"),
            (832, "hdb"),
            (5632, "hdc"),
            (2048, "sda"),
            (99, "99"),
        ] {
            assert_eq!(name(number), expected, "{number}");
        }
    }

    proptest! {
        #[test]
        fn every_number_has_a_short_name(number in any::<u32>()) {
            prop_assert!((1..=12).contains(&name(number).len()));
        }
    }
}
