//! One line's values: least, mean and largest of every step; not a number where nothing is known.

/// Three columns of the same length.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Least.
    pub min: Vec<f32>,
    /// Mean.
    pub avg: Vec<f32>,
    /// Largest.
    pub max: Vec<f32>,
}

/// Least, mean and largest of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Least.
    pub min: f32,
    /// Mean.
    pub avg: f32,
    /// Largest.
    pub max: f32,
}

impl Column {
    /// From what the server says: least and largest are left out where they are the mean.
    pub fn new(min: Vec<Option<f32>>, avg: Vec<Option<f32>>, max: Vec<Option<f32>>) -> Self {
        let numbers = |values: Vec<Option<f32>>| -> Vec<f32> {
            values
                .into_iter()
                .map(|value| value.unwrap_or(f32::NAN))
                .collect()
        };
        let avg = numbers(avg);
        let or_mean = |values: Vec<Option<f32>>| {
            let values = numbers(values);
            if values.len() == avg.len() {
                values
            } else {
                avg.clone()
            }
        };
        Self {
            min: or_mean(min),
            max: or_mean(max),
            avg,
        }
    }

    /// Of `count` steps of which nothing is known.
    pub fn unknown(count: usize) -> Self {
        let none = vec![f32::NAN; count];
        Self {
            min: none.clone(),
            avg: none.clone(),
            max: none,
        }
    }

    /// The step at `i`; none for a gap.
    pub fn at(&self, i: usize) -> Option<Point> {
        let avg = self.avg.get(i).copied().filter(|value| !value.is_nan())?;
        let or_mean = |values: &[f32]| {
            values
                .get(i)
                .copied()
                .filter(|value| !value.is_nan())
                .unwrap_or(avg)
        };
        Some(Point {
            min: or_mean(&self.min),
            avg,
            max: or_mean(&self.max),
        })
    }

    /// The last step of which anything is known.
    pub fn latest(&self) -> Option<Point> {
        (0..self.avg.len()).rev().find_map(|i| self.at(i))
    }

    /// Steps `from` to `to` as one: least of the least, mean of the means, largest of the largest; none for a gap.
    pub fn over(&self, from: usize, to: usize) -> Option<Point> {
        let (mut all, mut sum, mut count) = (None::<Point>, 0.0f64, 0u32);
        for point in (from..to.min(self.avg.len())).filter_map(|i| self.at(i)) {
            sum += f64::from(point.avg);
            count += 1;
            all = Some(match all {
                None => point,
                Some(so_far) => Point {
                    min: so_far.min.min(point.min),
                    avg: point.avg,
                    max: so_far.max.max(point.max),
                },
            });
        }
        let mean = (sum / f64::from(count.max(1))) as f32;
        all.map(|point| Point { avg: mean, ..point })
    }

    /// Whether anything is known.
    pub fn is_known(&self) -> bool {
        self.avg.iter().any(|value| !value.is_nan())
    }

    /// Whether least and largest differ from the mean anywhere.
    pub fn has_band(&self) -> bool {
        (0..self.avg.len()).any(|i| self.at(i).is_some_and(|point| point.min < point.max))
    }

    /// Every value times `factor`.
    pub fn scaled(&self, factor: f32) -> Self {
        let times = |values: &[f32]| values.iter().map(|value| value * factor).collect();
        Self {
            min: times(&self.min),
            avg: times(&self.avg),
            max: times(&self.max),
        }
    }

    /// Puts a point in, or widens what stands there.
    pub fn put(&mut self, i: usize, point: Point) {
        for (values, value) in [
            (&mut self.min, point.min),
            (&mut self.avg, point.avg),
            (&mut self.max, point.max),
        ] {
            if let Some(place) = values.get_mut(i) {
                *place = value;
            }
        }
    }

    /// Adds `count` unknown steps at the end.
    pub fn grow(&mut self, count: usize) {
        for values in [&mut self.min, &mut self.avg, &mut self.max] {
            values.resize(values.len() + count, f32::NAN);
        }
    }

    /// Takes `count` steps away at the beginning.
    pub fn drop_first(&mut self, count: usize) {
        for values in [&mut self.min, &mut self.avg, &mut self.max] {
            values.drain(..count.min(values.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_a_gap_and_the_mean_stands_for_what_was_left_out() {
        let column = Column::new(vec![], vec![Some(2.0), None, Some(4.0)], vec![]);
        assert_eq!(column.at(1), None);
        let point = Point {
            min: 4.0,
            avg: 4.0,
            max: 4.0,
        };
        assert_eq!((column.at(2), column.latest()), (Some(point), Some(point)));
        assert!(!column.has_band() && column.is_known());
        assert!(!Column::unknown(3).is_known());
        assert_eq!(column.at(9), None);
    }

    #[test]
    fn several_steps_as_one_keep_the_extremes() {
        let column = Column::new(
            vec![Some(1.0), Some(0.0), None],
            vec![Some(2.0), Some(4.0), None],
            vec![Some(3.0), Some(9.0), None],
        );
        assert_eq!(
            column.over(0, 3),
            Some(Point {
                min: 0.0,
                avg: 3.0,
                max: 9.0
            })
        );
        assert_eq!(column.over(2, 3), None);
        assert!(column.has_band());
        assert_eq!(column.scaled(2.0).at(1).map(|point| point.max), Some(18.0));
    }
}
