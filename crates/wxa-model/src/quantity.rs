//! Quantities with their units in the type.
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number of bytes. Shown in binary units, as Xen means them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bytes(pub u64);

impl Bytes {
    /// `n` KiB, saturating.
    pub const fn kib(n: u64) -> Self {
        Self(n.saturating_mul(1 << 10))
    }

    /// `n` MiB, saturating.
    pub const fn mib(n: u64) -> Self {
        Self(n.saturating_mul(1 << 20))
    }

    /// The size in GiB.
    pub fn as_gib(self) -> f64 {
        self.0 as f64 / (1u64 << 30) as f64
    }
}

impl fmt::Display for Bytes {
    /// The largest binary unit that leaves at least 1, with one decimal where it says something: `1.5 GiB`, `128 MiB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
        let mut value = self.0 as f64;
        let mut unit = UNITS[0];
        for next in &UNITS[1..] {
            if value < 1024.0 {
                break;
            }
            value /= 1024.0;
            unit = next;
        }
        let rounded = (value * 10.0).round() / 10.0;
        if rounded.fract() == 0.0 {
            write!(f, "{rounded:.0} {unit}")
        } else {
            write!(f, "{rounded:.1} {unit}")
        }
    }
}

/// A moment: milliseconds since 1970-01-01 UTC by the server's clock, never a host's or a browser's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub u64);

impl UnixMillis {
    /// Milliseconds from `earlier` to this moment; 0 when `earlier` is later.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_in_binary_units() {
        let shown: Vec<String> = [0, 1023, 1024, 1536, 128 << 20, (3 << 29) as u64]
            .map(|n| Bytes(n).to_string())
            .to_vec();
        assert_eq!(shown, ["0 B", "1023 B", "1 KiB", "1.5 KiB", "128 MiB", "1.5 GiB"]);
    }
}
