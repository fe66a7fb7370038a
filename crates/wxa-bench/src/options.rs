//! What is measured, and how thoroughly.

use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;

/// The sizes that everything is measured at, in VMs of one pool.
pub const SIZES: [usize; 4] = [100, 1_000, 2_000, 10_000];
/// The two between which costs are compared.
pub const GROWTH: (usize, usize) = (1_000, 10_000);

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// What browsers download, file by file
    Sizes,
    /// The page in a browser at every size
    Page,
    /// The server at every size: memory, processor, delta latency
    Server,
    /// 1, 100 and 1,000 sockets at once
    Viewers,
    /// Measurements over time at every size: taken in, rolled up, a year read
    Metrics,
    /// Two and four plain hosts: the first page, rendered pages, events
    Hosts,
    /// Consoles: echo and throughput against raw SSH, guests that are recorded, many open ones
    Console,
}

/// How many repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// One round or two: whether it works, and roughly how it stands.
    Quick,
    /// What is told to others.
    Full,
}

impl Effort {
    /// Repeats of each measurement, which tell its noise.
    pub fn rounds(self) -> usize {
        self.pick(2, 5)
    }

    /// How long something idle is watched.
    pub fn idle(self) -> Duration {
        Duration::from_secs(self.pick(10, 30))
    }

    /// How long a server is left alone before its memory is read: the measurements of the hosts fill their rings meanwhile.
    pub fn rest(self) -> Duration {
        Duration::from_secs(self.pick(5, 10))
    }

    /// One of two numbers.
    pub fn pick<T>(self, quick: T, full: T) -> T {
        match self {
            Effort::Quick => quick,
            Effort::Full => full,
        }
    }
}

/// Sizes for people: `10,000`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 100, 1_000, 10_000, 1_234_567].map(thousands);
        assert_eq!(texts, ["0", "100", "1,000", "10,000", "1,234,567"]);
    }
}
