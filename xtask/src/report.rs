//! Several checks in a row, each with its result, and a table of them at the end. One that fails doesn't stop the others.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::step::elapsed;

/// How one check ended.
pub enum Outcome {
    /// All is well.
    Passed,
    /// It ran, and something is wrong.
    Failed(String),
    /// It did not run, for a reason that is no fault. Never counted as passed.
    Skipped(String),
}

struct Line {
    what: String,
    outcome: Outcome,
    time: Duration,
}

/// The results so far.
#[derive(Default)]
pub struct Report {
    lines: Vec<Line>,
    last_words: Vec<String>,
}

impl Report {
    /// Runs one check and notes how it ended. Whether it passed.
    pub fn run(&mut self, what: &str, check: impl FnOnce() -> Result<Outcome>) -> bool {
        eprintln!("\n━━ {what}");
        let begun = Instant::now();
        let outcome = check().unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Outcome::Failed(first_line(&format!("{error:#}")))
        });
        let passed = matches!(outcome, Outcome::Passed);
        self.lines.push(Line {
            what: what.to_owned(),
            outcome,
            time: begun.elapsed(),
        });
        passed
    }

    /// Notes a check that was not run.
    pub fn skip(&mut self, what: &str, why: &str) {
        self.lines.push(Line {
            what: what.to_owned(),
            outcome: Outcome::Skipped(why.to_owned()),
            time: Duration::ZERO,
        });
    }

    /// Keeps a runner's own summary for the end.
    pub fn last_words(&mut self, who: &str, lines: &[String]) {
        self.last_words
            .extend(lines.iter().map(|line| format!("{who}: {}", line.trim())));
    }

    /// Prints the table, then the runners' own summaries.
    pub fn finish(self) -> ExitCode {
        let width = self
            .lines
            .iter()
            .map(|line| line.what.chars().count())
            .max()
            .unwrap_or(0);
        println!("\n━━ Summary");
        let mut failed = false;
        for Line { what, outcome, time } in &self.lines {
            let (result, why) = match outcome {
                Outcome::Passed => ("passed", ""),
                Outcome::Failed(why) => ("FAILED", why.as_str()),
                Outcome::Skipped(why) => ("skipped", why.as_str()),
            };
            failed |= matches!(outcome, Outcome::Failed(_));
            println!(
                "{}",
                format!("  {what:width$}  {result:7}  {:>12}  {why}", elapsed(*time)).trim_end()
            );
        }
        for line in &self.last_words {
            println!("{line}");
        }
        if failed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
