//! What many durations come to: quantiles of all, and how far the repeats are apart.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// Smallest, middle and largest of a few repeats: how noisy the machine was.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Range {
    pub min: f64,
    pub median: f64,
    pub max: f64,
}

impl Range {
    /// Of at least one value; zeros when there is none.
    pub fn of(mut values: Vec<f64>) -> Range {
        values.sort_by(f64::total_cmp);
        Range {
            min: quantile(&values, 0.0),
            median: quantile(&values, 0.5),
            max: quantile(&values, 1.0),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} / {:.2} / {:.2}", self.min, self.median, self.max)
    }
}

/// Quantiles of one measurement, in milliseconds.
#[derive(Clone, Debug, Serialize)]
pub struct Spread {
    /// How many durations were measured.
    pub samples: usize,
    pub min_ms: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
    /// The repeats' own medians.
    pub p50_of_rounds_ms: Range,
    /// The repeats' own 99th percentiles.
    pub p99_of_rounds_ms: Range,
}

impl Spread {
    /// Of several rounds of the same measurement.
    pub fn of(rounds: &[Vec<Duration>]) -> Spread {
        let sorted = |durations: &mut dyn Iterator<Item = &Duration>| {
            let mut all: Vec<f64> = durations.map(|time| time.as_secs_f64() * 1e3).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let all = sorted(&mut rounds.iter().flatten());
        let each: Vec<Vec<f64>> = rounds.iter().map(|round| sorted(&mut round.iter())).collect();
        let of_rounds = |at| Range::of(each.iter().map(|round| quantile(round, at)).collect());
        Spread {
            samples: all.len(),
            min_ms: quantile(&all, 0.0),
            p50_ms: quantile(&all, 0.5),
            p99_ms: quantile(&all, 0.99),
            max_ms: quantile(&all, 1.0),
            p50_of_rounds_ms: of_rounds(0.5),
            p99_of_rounds_ms: of_rounds(0.99),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "p50 {:8.2} ms   p99 {:8.2} ms   ({} samples; rounds: p50 {}, p99 {})",
            self.p50_ms, self.p99_ms, self.samples, self.p50_of_rounds_ms, self.p99_of_rounds_ms
        )
    }
}

/// Quantiles of plain numbers, whatever their unit.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Quantiles {
    /// How many there are.
    pub samples: usize,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
    /// The repeats' own medians.
    pub p50_of_rounds: Range,
}

impl Quantiles {
    /// Of several rounds of the same measurement; none when there is no number at all.
    pub fn of(rounds: &[Vec<f64>]) -> Option<Quantiles> {
        let sorted = |mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            all
        };
        let all = sorted(rounds.concat());
        if all.is_empty() {
            return None;
        }
        let full = rounds.iter().filter(|round| !round.is_empty());
        let medians = full.map(|round| quantile(&sorted(round.clone()), 0.5));
        Some(Quantiles {
            samples: all.len(),
            p50: quantile(&all, 0.5),
            p95: quantile(&all, 0.95),
            p99: quantile(&all, 0.99),
            max: quantile(&all, 1.0),
            p50_of_rounds: Range::of(medians.collect()),
        })
    }
}

impl fmt::Display for Quantiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.1} / {:.1} / {:.1} / {:.1} ({})",
            self.p50, self.p95, self.p99, self.max, self.samples
        )
    }
}

/// The value below which the part `at` (0 to 1) of the sorted values lies.
fn quantile(sorted: &[f64], at: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    // Within the slice: `at` is at most 1.
    let index = (last as f64 * at).round() as usize;
    sorted.get(index).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_all_rounds_together() {
        let round = |from: u64| (from..from + 100).map(Duration::from_millis).collect::<Vec<_>>();
        let spread = Spread::of(&[round(1), round(101)]);
        assert_eq!((spread.samples, spread.min_ms, spread.max_ms), (200, 1.0, 200.0));
        assert_eq!((spread.p50_ms, spread.p99_ms), (101.0, 198.0));
        assert_eq!(
            (spread.p50_of_rounds_ms.min, spread.p50_of_rounds_ms.max),
            (51.0, 151.0)
        );
    }

    #[test]
    fn quantiles_of_numbers_know_the_rounds_that_have_any() {
        let found = Quantiles::of(&[vec![3.0, 1.0, 2.0], vec![], vec![10.0]]);
        let found = found.map(|found| {
            (
                found.samples,
                found.max,
                found.p50_of_rounds.min,
                found.p50_of_rounds.max,
            )
        });
        assert_eq!(found, Some((4, 10.0, 2.0, 10.0)));
        assert!(Quantiles::of(&[vec![]]).is_none());
    }

    #[test]
    fn nothing_measured_is_no_panic() {
        assert_eq!(Spread::of(&[]).p99_ms, 0.0);
    }
}
