//! Deterministic numbers: the same seed gives the same fleet, the same load and the same host keys on every run.

use std::time::Duration;

/// A small seeded generator (splitmix64). Not for secrets of anything but a simulation.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Starts from a seed; `label` separates streams that share a seed.
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in label.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(hash)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound` (0 when `bound` is 0).
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next() % bound }
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Sixteen bytes shaped as a version 4 UUID.
    pub(crate) fn uuid(&mut self) -> uuid::Uuid {
        let bytes = (u128::from(self.next()) << 64) | u128::from(self.next());
        uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid()
    }

    /// Thirty-two bytes, for a host key.
    pub(crate) fn bytes32(&mut self) -> [u8; 32] {
        let mut out = [0; 32];
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes());
        }
        out
    }
}

/// A smooth load curve: never negative, and its integral is known in closed form, so counters do not depend on how often
/// somebody looks at them.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    base: f64,
    waves: [(f64, f64, f64); 3],
}

impl Curve {
    /// A curve around `level` (1.0 = one busy CPU).
    pub(crate) fn new(dice: &mut Dice, level: f64) -> Self {
        let mut wave = |share: f64, seconds: f64| {
            let period = seconds * (0.7 + 0.6 * dice.unit());
            (
                level * share,
                std::f64::consts::TAU / period,
                std::f64::consts::TAU * dice.unit(),
            )
        };
        let waves = [wave(0.30, 23.0), wave(0.25, 140.0), wave(0.25, 1900.0)];
        Self {
            base: level * 0.20,
            waves,
        }
    }

    /// The integral from `from` to `to`, in CPU seconds for a CPU curve.
    pub(crate) fn integral(&self, from: Duration, to: Duration) -> f64 {
        let (a, b) = (from.as_secs_f64(), to.as_secs_f64());
        let waves: f64 = self
            .waves
            .iter()
            .map(|(amp, omega, phase)| {
                amp * ((b - a) - ((omega * b + phase).cos() - (omega * a + phase).cos()) / omega)
            })
            .sum();
        (self.base * (b - a) + waves).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integral_is_additive_and_never_falls() {
        let curve = Curve::new(&mut Dice::new(7, "curve"), 0.3);
        let at = Duration::from_secs;
        let whole = curve.integral(at(0), at(500));
        let parts: f64 = (0..500).map(|s| curve.integral(at(s), at(s + 1))).sum();
        assert!((whole - parts).abs() < 1e-6);
        assert!((0..500).all(|s| curve.integral(at(s), at(s + 1)) >= 0.0));
    }

    #[test]
    fn same_seed_same_numbers() {
        assert_eq!(Dice::new(1, "a").next(), Dice::new(1, "a").next());
        assert_ne!(Dice::new(1, "a").next(), Dice::new(1, "b").next());
    }
}
