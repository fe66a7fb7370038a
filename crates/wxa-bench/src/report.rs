//! All that was measured, for people and as JSON.

use std::fmt;

use serde::Serialize;

use crate::console::Console;
use crate::events::Events;
use crate::first_page::FirstPage;
use crate::machine::{Memory, Moment};
use crate::page::Page;
use crate::pool::Pool;
use crate::sizes::Sizes;

/// A server with a fleet of some size.
#[derive(Debug, Serialize)]
pub struct Fleet {
    pub page: Page,
    /// After a short rest with nobody signed in.
    pub at_rest: Memory,
    /// After everything that was measured on it.
    pub after_work: Memory,
}

/// On real Xen, in emulation: for information.
#[derive(Debug, Serialize)]
pub struct Real {
    pub console: Console,
    pub events: Events,
}

/// The report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// dev or release.
    pub profile: String,
    pub processors: usize,
    pub before: Moment,
    pub after: Moment,
    pub sizes: Sizes,
    /// None when no browser was asked for, or it found no living page.
    pub first_page: Option<FirstPage>,
    /// 2 hosts, 42 VMs.
    pub demo: Fleet,
    /// 4 hosts, 1,000 VMs.
    pub large: Fleet,
    /// One pool, 2,000 VMs.
    pub pool: Pool,
    pub console: Console,
    pub events: Events,
    /// None when the bed wasn't asked for, or was too slow.
    pub real: Option<Real>,
    /// What could not be measured, and why.
    pub problems: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{} build, {} processors; repeats as min / median / max",
            self.profile, self.processors
        )?;
        writeln!(f, "  before     {}", self.before)?;
        writeln!(f, "  after      {}", self.after)?;
        writeln!(f, "\nWhat browsers download, in bytes\n{}", self.sizes)?;
        if let Some(page) = &self.first_page {
            writeln!(f, "\nFirst page, empty cache, until it is live\n{page}")?;
        }
        for (what, fleet) in [
            ("2 hosts, 42 VMs", &self.demo),
            ("4 hosts, 1,000 VMs", &self.large),
        ] {
            writeln!(f, "\nServer with {what}\n{}", fleet.page)?;
            writeln!(f, "  at rest    {}", fleet.at_rest)?;
            writeln!(f, "  after work {}", fleet.after_work)?;
        }
        writeln!(f, "\nA simulated pool of 2,000 VMs\n{}", self.pool)?;
        writeln!(f, "\nEcho of a typed byte, simulated host\n{}", self.console)?;
        writeln!(
            f,
            "\nxl pause / unpause to the delta at the live socket, simulated host\n{}",
            self.events
        )?;
        if let Some(real) = &self.real {
            writeln!(
                f,
                "\nEcho of a typed byte, real Xen in emulation\n{}",
                real.console
            )?;
            writeln!(
                f,
                "\nxl pause / unpause to the delta, real Xen in emulation\n{}",
                real.events
            )?;
        }
        for problem in &self.problems {
            writeln!(f, "\nNot measured: {problem}")?;
        }
        Ok(())
    }
}
