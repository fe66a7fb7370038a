//! What libFuzzer says about a run.

/// Above the rows.
pub const HEAD: &str = "target          executions        /s   coverage     new   corpus";

/// A run in numbers.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// How often the target ran.
    pub executions: u64,
    per_second: u64,
    /// Counters that any input reached.
    coverage: u64,
    /// Those of them that no input reached before this run.
    new: u64,
    /// Inputs that are kept.
    corpus: u64,
    /// Everything that was said, when the target broke.
    pub failure: Option<String>,
}

impl Said {
    /// Reads the output of a run that ended with `code`.
    pub fn read(code: i32, output: String) -> Self {
        let before = last(&output, "INITED", "cov:");
        let coverage = ["DONE", "NEW", "REDUCE", "pulse", "INITED"]
            .iter()
            .map(|event| last(&output, event, "cov:"))
            .max()
            .unwrap_or_default();
        let corpus = ["DONE", "REDUCE", "NEW", "INITED"]
            .iter()
            .map(|event| last(&output, event, "corp:"))
            .find(|inputs| *inputs > 0);
        Self {
            executions: stat(&output, "number_of_executed_units"),
            per_second: stat(&output, "average_exec_per_sec"),
            coverage,
            new: coverage.saturating_sub(before),
            corpus: corpus.unwrap_or_default(),
            failure: (code != 0).then_some(output),
        }
    }

    /// A row of the table.
    pub fn row(&self, name: &str) -> String {
        let broke = if self.failure.is_some() { "   BROKE" } else { "" };
        format!(
            "{name:<14} {:>11} {:>9} {:>10} {:>7} {:>8}{broke}",
            self.executions, self.per_second, self.coverage, self.new, self.corpus
        )
    }
}

/// `stat::average_exec_per_sec:     114025`
fn stat(output: &str, name: &str) -> u64 {
    output
        .lines()
        .filter_map(|line| line.strip_prefix("stat::")?.strip_prefix(name)?.strip_prefix(':'))
        .find_map(|number| number.trim().parse().ok())
        .unwrap_or_default()
}

/// The number after `key` in the last line about `event`: `#1048576 DONE cov: 512 ft: 1000 corp: 88/5kb …`.
fn last(output: &str, event: &str, key: &str) -> u64 {
    let lines = output.lines().rev().filter(|line| line.starts_with('#'));
    lines
        .filter(|line| line.split_whitespace().nth(1) == Some(event))
        .find_map(|line| {
            let number = line.split_whitespace().skip_while(|word| *word != key).nth(1)?;
            number.split('/').next()?.parse().ok()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "INFO: Seed: 1\n#4\tINITED cov: 120 ft: 121 corp: 3/2kb exec/s: 0 rss: 50Mb\n\
        #9\tNEW    cov: 130 ft: 140 corp: 4/2kb lim: 8 exec/s: 0 rss: 50Mb L: 5/5 MS: 1 x\n\
        #5000\tDONE   cov: 150 ft: 300 corp: 41/3kb lim: 80 exec/s: 2500 rss: 60Mb\nDone 5000 runs in 2 second(s)\n\
        stat::number_of_executed_units: 5000\nstat::average_exec_per_sec:     2500\nstat::new_units_added:          38\n";

    #[test]
    fn the_numbers_of_a_run_are_read() {
        let said = Said::read(0, OUTPUT.to_owned());
        assert_eq!(
            (
                said.executions,
                said.per_second,
                said.coverage,
                said.new,
                said.corpus
            ),
            (5000, 2500, 150, 30, 41)
        );
        assert_eq!(said.failure, None);
    }

    #[test]
    fn a_broken_target_keeps_what_was_said() {
        let said = Said::read(
            77,
            "thread panicked\n#7\tNEW cov: 10 ft: 1 corp: 2/2b\n".to_owned(),
        );
        assert_eq!((said.coverage, said.corpus), (10, 2));
        assert!(said.row("x").ends_with("BROKE"));
        assert!(said.failure.is_some_and(|output| output.contains("panicked")));
    }
}
