//! When to try the socket again.

/// Milliseconds to wait before attempt `attempt` (0 is the first after a loss). `jitter` is from 0 to 1 and keeps many
/// browsers from coming back at the same moment.
pub fn delay_ms(attempt: u32, jitter: f64) -> u32 {
    let base = 500u32.saturating_mul(1 << attempt.min(5)).min(15_000);
    base / 2 + (f64::from(base / 2) * jitter.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_spread_out_but_never_give_up() {
        let longest: Vec<u32> = (0..8).map(|n| delay_ms(n, 1.0)).collect();
        assert_eq!(longest, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
        assert_eq!(delay_ms(0, 0.0), 250);
        assert_eq!(delay_ms(u32::MAX, 7.0), 15_000);
    }
}
