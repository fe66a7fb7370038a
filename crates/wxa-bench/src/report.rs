//! All that was measured: `target/bench.json` is this, as it stands. What each number means is in docs/bench.md.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::aims::{self, Judged};
use crate::browser_sums::BrowserPage;
use crate::console::Console;
use crate::events::Events;
use crate::first_page::FirstPage;
use crate::flood::Flood;
use crate::growth::{self, Growth};
use crate::machine::{Memory, Moment};
use crate::metrics::Metrics;
use crate::options::Effort;
use crate::page::Page;
use crate::recorded::Recorded;
use crate::scale::Scale;
use crate::sizes::Sizes;
use crate::viewers::Viewers;
use crate::watched::Watched;

/// Grows when a reader of the JSON has to look again.
const FORMAT: u32 = 4;

/// A server with a fleet of plain hosts.
#[derive(Debug, Serialize)]
pub struct Fleet {
    pub page: Page,
    /// After a short rest with nobody signed in.
    pub at_rest: Memory,
    /// After everything that was measured on it.
    pub after_work: Memory,
}

/// Plain hosts, simulated.
#[derive(Debug, Serialize)]
pub struct Hosts {
    /// 2 hosts, 42 VMs.
    pub demo: Fleet,
    /// None when there is no browser, or it found no living page.
    pub first_page: Option<FirstPage>,
    pub events: Events,
    /// 4 hosts, 1,000 VMs.
    pub large: Fleet,
}

/// On real Xen, in emulation: for information.
#[derive(Debug, Serialize)]
pub struct Real {
    pub console: Console,
    pub events: Events,
}

/// The report. What was not asked for is none or empty.
#[derive(Debug, Serialize)]
pub struct Report {
    pub format: u32,
    /// dev or release.
    pub profile: String,
    pub effort: Effort,
    pub processors: usize,
    pub before: Option<Moment>,
    pub after: Option<Moment>,
    /// What issue and documentation aim at, as far as it was measured.
    pub aims: Vec<Judged>,
    /// From 1,000 to 10,000 VMs.
    pub growth: Vec<Growth>,
    pub sizes: Option<Sizes>,
    /// By number of VMs.
    pub page: BTreeMap<usize, BrowserPage>,
    pub server: Vec<Scale>,
    pub viewers: Vec<Viewers>,
    pub metrics: Vec<Metrics>,
    pub hosts: Option<Hosts>,
    pub console: Option<Console>,
    pub flood: Option<Flood>,
    pub recorded: Option<Recorded>,
    pub watched: Option<Watched>,
    /// None when the bed wasn't asked for, or was too slow.
    pub real: Option<Real>,
    /// What could not be measured, and why.
    pub problems: Vec<String>,
}

impl Report {
    /// With nothing in it yet.
    pub fn new(profile: &str, effort: Effort, processors: usize) -> Report {
        Report {
            format: FORMAT,
            profile: profile.to_owned(),
            effort,
            processors,
            before: None,
            after: None,
            aims: Vec::new(),
            growth: Vec::new(),
            sizes: None,
            page: BTreeMap::new(),
            server: Vec::new(),
            viewers: Vec::new(),
            metrics: Vec::new(),
            hosts: None,
            console: None,
            flood: None,
            recorded: None,
            watched: None,
            real: None,
            problems: Vec::new(),
        }
    }

    /// Compares with the aims and between the sizes.
    pub fn judge(&mut self) {
        self.aims = aims::judge(self);
        self.growth = growth::compare(self);
    }

    /// What worked is returned; what did not is noted, and keeps nothing else back.
    pub fn take<T>(&mut self, what: &str, outcome: anyhow::Result<T>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                eprintln!("  ! {what}: {error:#}");
                self.problems.push(format!("{what}: {error:#}"));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_nothing_judges_nothing_and_is_json() -> Result<(), serde_json::Error> {
        let mut report = Report::new("release", Effort::Quick, 2);
        report.judge();
        let json = serde_json::to_value(&report)?;
        assert_eq!(
            (&json["aims"], &json["effort"]),
            (&serde_json::json!([]), &serde_json::json!("quick"))
        );
        Ok(())
    }
}
