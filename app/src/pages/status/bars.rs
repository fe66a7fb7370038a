//! The bars of ninety days as a few paths: a day is a column, stacked by how long it was how.
use std::fmt::Write as _;
use wxa_model::status::Availability;

/// A day's width and what is left between two, and the height of all, in units of the picture.
pub(super) const DAY: u32 = 7;
const GAP: u32 = 2;
pub(super) const HEIGHT: u32 = 24;

/// The least height of something that is not up: two minutes of an outage must be seen.
const LEAST: f64 = 4.0;

/// The class of a kind of time, and the path that draws it in all days.
pub(super) fn paths(days: &[Availability]) -> Vec<(&'static str, String)> {
    const CLASSES: [&str; 5] = ["up", "maintained", "unknown", "degraded", "down"];
    let mut paths = CLASSES.map(|class| (class, String::new()));
    for (day, one) in (0..).zip(days) {
        let times = [
            one.up_ms,
            one.maintenance_ms,
            one.unknown_ms,
            one.degraded_ms,
            one.down_ms,
        ];
        let mut bottom = f64::from(HEIGHT);
        for ((_, path), height) in paths.iter_mut().zip(heights(times)) {
            if height > 0.0 {
                let top = bottom - height;
                let (x, width) = (day * DAY, DAY - GAP);
                let _ = write!(path, "M{x} {top:.1}h{width}v{height:.1}h-{width}z");
                bottom = top;
            }
        }
    }
    paths.into_iter().filter(|(_, path)| !path.is_empty()).collect()
}

/// The heights of the parts of a day, which fill the column; a day of which nothing is known is unknown.
fn heights(times: [u64; 5]) -> [f64; 5] {
    let whole = f64::from(HEIGHT);
    let all: u64 = times.iter().fold(0, |sum, time| sum.saturating_add(*time));
    if all == 0 {
        return [0.0, 0.0, whole, 0.0, 0.0];
    }
    let mut heights = times.map(|time| time as f64 / all as f64 * whole);
    let mut borrowed = 0.0;
    // What is short and not up is enlarged, at the cost of the largest.
    for (height, time) in heights.iter_mut().zip(times).skip(1) {
        if time > 0 && *height < LEAST {
            borrowed += LEAST - *height;
            *height = LEAST;
        }
    }
    let largest = heights.iter().copied().fold(0.0, f64::max);
    if let Some(height) = heights.iter_mut().find(|height| **height >= largest) {
        *height = (*height - borrowed).max(0.0);
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: u64 = 86_400_000;

    #[test]
    fn a_day_fills_its_column_and_a_short_outage_is_seen() {
        for times in [
            [DAY_MS, 0, 0, 0, 0],
            [DAY_MS - 120_000, 0, 0, 0, 120_000],
            [1, 1, 1, DAY_MS, 1],
            [0, 0, 0, 0, 0],
            [DAY_MS / 2, 0, DAY_MS / 2, 0, 0],
        ] {
            let heights = heights(times);
            let sum: f64 = heights.iter().sum();
            assert!((sum - f64::from(HEIGHT)).abs() < 0.01, "{times:?}: {heights:?}");
            for (time, height) in times.iter().zip(heights).skip(1) {
                assert!(*time == 0 || height >= LEAST, "{times:?}: {heights:?}");
            }
        }
    }

    #[test]
    fn only_kinds_that_occur_are_drawn() {
        let up = Availability {
            up_ms: DAY_MS,
            ..Availability::default()
        };
        let paths = paths(&[up, Availability::default()]);
        assert_eq!(
            paths,
            [
                ("up", "M0 0.0h5v24.0h-5z".to_owned()),
                ("unknown", "M7 0.0h5v24.0h-5z".to_owned()),
            ]
        );
    }
}
