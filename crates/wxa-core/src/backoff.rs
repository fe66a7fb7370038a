//! How long to wait before trying again: a pure function, with chance as a parameter.
use std::time::Duration;

/// Doubling pauses between two limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The least pause, and the base of the doubling.
    pub first: Duration,
    /// The longest pause.
    pub most: Duration,
}

impl Backoff {
    /// The pause after `failures` in a row (1 for the first). `jitter` in 0..1 spreads it over the upper half of its
    /// range, so that a hundred clients that lost the same peer do not come back in the same moment.
    pub fn delay(&self, failures: u32, jitter: f64) -> Duration {
        let doubled = 2u32.saturating_pow(failures.saturating_sub(1).min(16));
        let full = self.first.saturating_mul(doubled).min(self.most);
        full.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
            .max(self.first.min(self.most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOSTS: Backoff = Backoff {
        first: Duration::from_secs(1),
        most: Duration::from_secs(30),
    };

    #[test]
    fn pauses_double_up_to_the_longest() {
        let seconds: Vec<f32> = (1..=7).map(|n| HOSTS.delay(n, 1.0).as_secs_f32()).collect();
        assert_eq!(seconds, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        assert_eq!(HOSTS.delay(6, 0.0), Duration::from_secs(15));
    }

    proptest! {
        #[test]
        fn a_pause_is_never_outside_its_limits(failures: u32, jitter: f64) {
            let pause = HOSTS.delay(failures, if jitter.is_nan() { 0.5 } else { jitter });
            prop_assert!((HOSTS.first..=HOSTS.most).contains(&pause));
        }
    }
}
