//! How much one guest may tell: marks are kept and news go to every viewer, so a guest that tells without end is slowed down. Pure.
use wxa_model::UnixMillis;

/// So much is told at once.
const BURST: u64 = 40;
/// And one more after so many milliseconds each.
const REFILL_MS: u64 = 10_000;

/// What may be told still.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    left: u64,
    refilled: UnixMillis,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            left: BURST,
            refilled: UnixMillis(0),
        }
    }
}

impl Flow {
    /// Whether one more may be told now.
    pub(super) fn take(&mut self, now: UnixMillis) -> bool {
        let more = now.0.saturating_sub(self.refilled.0) / REFILL_MS;
        if self.left.saturating_add(more) >= BURST {
            *self = Self {
                left: BURST,
                refilled: now,
            };
        } else {
            self.left += more;
            self.refilled.0 += more * REFILL_MS;
        }
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boot_is_told_at_once_and_a_flood_is_not() {
        let mut flow = Flow::default();
        let told = (0..1000).filter(|n| flow.take(UnixMillis(1_000_000 + n))).count();
        assert_eq!(told, 40);
        let told = (0..100)
            .filter(|n| flow.take(UnixMillis(1_010_000 + n * 1000)))
            .count();
        assert_eq!(told, 10, "one in ten seconds");
        assert!(flow.take(UnixMillis(9_000_000)), "and after a while all again");
    }
}
