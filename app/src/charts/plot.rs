//! What one chart draws: its lines on one grid, in the unit that it shows.
use super::{
    column::{Column, Point},
    quantity::Quantity,
};

/// Colours that there are; lines beyond begin anew.
pub const COLOURS: u8 = 6;

/// A chart's lines.
#[derive(Clone, Debug)]
pub struct Plot {
    /// What is drawn, in milliseconds since 1970.
    pub window: (u64, u64),
    /// Begin of the first step.
    pub from: u64,
    /// Length of a step.
    pub step: u64,
    /// How many steps.
    pub count: usize,
    /// What its values count.
    pub quantity: Quantity,
    /// What the scale ends with; 0 for what is measured.
    pub top: f32,
    /// The lines, in the order of what is asked for.
    pub lines: Vec<Line>,
}

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Names it while the page lives.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its colour, from 0.
    pub colour: u8,
    /// How it is drawn.
    pub dash: Dash,
    /// Its values, in the chart's unit.
    pub column: Column,
}

/// How a line is drawn, so that lines are told apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Whole.
    Whole,
    /// Dashed: the second of a pair.
    Second,
    /// Dotted: an earlier time.
    Earlier,
}

impl Plot {
    /// The step that a moment is in; none outside.
    pub fn index(&self, at: u64) -> Option<usize> {
        let i = (at.checked_sub(self.from)? / self.step.max(1)) as usize;
        (i < self.count).then_some(i)
    }

    /// When step `i` begins.
    pub fn begin(&self, i: usize) -> u64 {
        self.from + i as u64 * self.step
    }

    /// The value of a line at a moment; the latest where there is none. The cross-hair tells of gaps that they are.
    pub fn value(&self, line: &Line, at: Option<u64>) -> Option<Point> {
        match at {
            Some(at) => line.column.at(self.index(at)?),
            None => line.column.latest(),
        }
    }

    /// The steps that the window shows.
    pub fn shown(&self) -> (usize, usize) {
        let before = |at: u64| (at.saturating_sub(self.from) / self.step.max(1)) as usize;
        (before(self.window.0), (before(self.window.1) + 1).min(self.count))
    }

    /// Whether anything is known of anything.
    pub fn is_known(&self) -> bool {
        self.lines.iter().any(|line| line.column.is_known())
    }

    /// About `rows` pieces of the window, oldest first, each a begin and every line's value.
    pub fn pieces(&self, rows: usize) -> Vec<(u64, Vec<Option<Point>>)> {
        let (first, last) = self.shown();
        let each = (last.saturating_sub(first)).div_ceil(rows.max(1)).max(1);
        (first..last)
            .step_by(each)
            .map(|i| {
                let values = self
                    .lines
                    .iter()
                    .map(|line| line.column.over(i, (i + each).min(last)));
                (self.begin(i), values.collect())
            })
            .collect()
    }

    /// The order in which a legend shows the lines: as they are, or largest first; what has no value comes last.
    pub fn order(&self, by: Sort, at: Option<u64>) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        if by == Sort::Value {
            let value = |i: &usize| {
                let line = self.lines.get(*i)?;
                self.value(line, at).map(|point| point.avg)
            };
            order.sort_by(|a, b| {
                let (a, b) = (value(a).unwrap_or(f32::MIN), value(b).unwrap_or(f32::MIN));
                b.total_cmp(&a)
            });
        }
        order
    }
}

/// How a legend is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As it was asked for.
    #[default]
    Asked,
    /// Largest first.
    Value,
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Two lines of six steps of 10 ms from 100, the second with a gap.
    pub fn plot() -> Plot {
        let line = |id: &str, colour, values: &[Option<f32>]| Line {
            id: id.into(),
            name: format!("line {id}"),
            colour,
            dash: Dash::Whole,
            column: Column::new(vec![], values.to_vec(), vec![]),
        };
        Plot {
            window: (110, 160),
            from: 100,
            step: 10,
            count: 6,
            quantity: Quantity::Megabytes,
            top: 0.0,
            lines: vec![
                line("a", 0, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0].map(Some)),
                line("b", 1, &[Some(9.0), Some(9.0), None, None, Some(1.0), None]),
            ],
        }
    }

    #[test]
    fn the_cross_hair_reads_the_step_it_is_in_and_a_gap_as_one() {
        let plot = plot();
        let at = |line: usize, at| plot.value(&plot.lines[line], at).map(|point| point.avg);
        assert_eq!((at(0, Some(119)), at(0, Some(120))), (Some(2.0), Some(3.0)));
        assert_eq!((at(1, Some(125)), at(1, None)), (None, Some(1.0)));
        assert_eq!((at(0, Some(99)), at(0, Some(160))), (None, None));
    }

    #[test]
    fn a_table_shows_the_window_in_a_few_pieces() {
        let pieces = plot().pieces(3);
        let begins: Vec<u64> = pieces.iter().map(|(at, _)| *at).collect();
        assert_eq!(begins, [110, 130, 150]);
        let first: Vec<Option<f32>> = pieces[0]
            .1
            .iter()
            .map(|point| point.map(|point| point.avg))
            .collect();
        assert_eq!(first, [Some(2.5), Some(9.0)]);
        assert_eq!(
            pieces[0].1[0].map(|point| (point.min, point.max)),
            Some((2.0, 3.0))
        );
    }

    #[test]
    fn a_legend_sorts_by_what_it_shows() {
        let plot = plot();
        assert_eq!(plot.order(Sort::Asked, None), [0, 1]);
        assert_eq!(plot.order(Sort::Value, Some(110)), [1, 0]);
        assert_eq!(plot.order(Sort::Value, Some(125)), [0, 1], "a gap comes last");
    }
}
