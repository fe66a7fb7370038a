//! Shares of time in per cent, as a page tells them. Nothing known is rounded towards better news: 100 is said of no time with
//! an outage.
use super::Availability;

impl Availability {
    /// The available part of the time that is known and counts, in per cent with a `.` before its two decimals: `99.98`,
    /// `100`, `0`, and `<0.01` for what is less; none when nothing is known.
    pub fn available_percent(&self) -> Option<String> {
        let up = u128::from(self.up_ms) + u128::from(self.degraded_ms);
        let known = up + u128::from(self.down_ms);
        if known == 0 {
            return None;
        }
        if self.down_ms == 0 {
            return Some("100".into());
        }
        Some(match (up * 10_000 / known, up) {
            (0, 0) => "0".into(),
            (0, _) => "<0.01".into(),
            (parts, _) => format!("{}.{:02}", parts / 100, parts % 100),
        })
    }

    /// The part of the time of which nothing is known, in per cent with a `.` before its decimal: `3.1`, `100`, and `<0.1` for
    /// what is less; none when all is known.
    pub fn unknown_percent(&self) -> Option<String> {
        let all = u128::from(self.all_ms());
        let unknown = u128::from(self.unknown_ms);
        if unknown == 0 {
            return None;
        }
        if unknown == all {
            return Some("100".into());
        }
        Some(match unknown * 1000 / all.max(1) {
            0 => "<0.1".into(),
            parts => format!("{}.{}", parts / 10, parts % 10),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(up_ms: u64, down_ms: u64, unknown_ms: u64) -> Availability {
        Availability {
            up_ms,
            down_ms,
            unknown_ms,
            ..Availability::default()
        }
    }

    #[test]
    fn an_outage_is_never_rounded_away_nor_made_longer() {
        let said = |up, down| time(up, down, 0).available_percent();
        assert_eq!(said(100, 0).as_deref(), Some("100"));
        assert_eq!(said(99_995, 5).as_deref(), Some("99.99"));
        assert_eq!(said(57, 43).as_deref(), Some("57.00"));
        assert_eq!(said(1, 99_999).as_deref(), Some("<0.01"));
        assert_eq!(said(0, 5).as_deref(), Some("0"));
        assert_eq!(said(0, 0), None);
    }

    #[test]
    fn unknown_time_is_told_however_short_and_is_all_only_when_it_is() {
        let said = |up, unknown| time(up, 0, unknown).unknown_percent();
        assert_eq!(said(10, 0), None);
        assert_eq!(said(100_000, 1).as_deref(), Some("<0.1"));
        assert_eq!(said(69, 31).as_deref(), Some("31.0"));
        assert_eq!(said(1, 1_000_000).as_deref(), Some("99.9"));
        assert_eq!(said(0, 5).as_deref(), Some("100"));
    }
}
