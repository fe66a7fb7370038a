//! The machine below the measurements: how fast and how busy it is, and what a process takes of it.

use std::fmt;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::stats::Range;

/// How often the calibration loop runs.
const REPEATS: usize = 7;
/// Steps of one run of it; some 50 ms on a machine of 2020.
const STEPS: u64 = 30_000_000;

/// Clock ticks of a second in `/proc`: the same on every Linux that people run.
const TICKS: f64 = 100.0;

/// The machine at one moment. Two of them, around the measurements, tell whether it had other work meanwhile.
#[derive(Debug, Serialize)]
pub struct Moment {
    /// A fixed amount of arithmetic on one processor, in milliseconds.
    pub calibration_ms: Range,
    /// Processes that wanted to run, on average over the last minute.
    pub load: String,
}

/// Measures it.
pub fn moment() -> Moment {
    let calibration = (0..REPEATS).map(|_| {
        let begun = Instant::now();
        let mut x = black_box(0x9e37_79b9_7f4a_7c15_u64);
        for _ in 0..STEPS {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }
        black_box(x);
        begun.elapsed().as_secs_f64() * 1e3
    });
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    Moment {
        calibration_ms: Range::of(calibration.collect()),
        load: load.split(' ').next().unwrap_or("?").to_owned(),
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "calibration loop {} ms, load {}",
            self.calibration_ms, self.load
        )
    }
}

/// How many processors there are.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Processor time that a process has had so far, in seconds.
///
/// # Errors
/// When the process is gone, or this is not Linux.
pub fn processor_time(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/stat");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    ticks(&text)
        .map(|ticks| ticks as f64 / TICKS)
        .with_context(|| format!("{path} is not as expected"))
}

/// User's and system's ticks; the second field, a name, may hold anything, so what follows its bracket is counted.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ').skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

/// A thousand sockets need as many files on both ends. The server's process inherits the limit.
pub fn allow_many_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        eprintln!("  the limit of open files stays: {error}");
    }
}

/// Memory of a process, in KiB.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Memory {
    /// All that is resident.
    pub rss_kib: u64,
    /// Of pages shared with others only its share.
    pub pss_kib: u64,
    /// What is its own: heap and stacks, without the program's file.
    pub anonymous_kib: u64,
}

/// What a process takes now.
///
/// # Errors
/// When the process is gone, or this is not Linux.
pub fn memory(pid: u32) -> Result<Memory> {
    let path = format!("/proc/{pid}/smaps_rollup");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
            .with_context(|| format!("{path} has no {name}"))
    };
    Ok(Memory {
        rss_kib: value("Rss:")?,
        pss_kib: value("Pss:")?,
        anonymous_kib: value("Anonymous:")?,
    })
}

impl Memory {
    /// All that is resident, in millions of bytes as aims count them.
    pub fn rss_mb(&self) -> f64 {
        self.rss_kib as f64 * 1024.0 / 1e6
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |kib: u64| kib as f64 / 1024.0;
        write!(
            f,
            "RSS {:.1} MiB, Pss {:.1} MiB, of which anonymous {:.1} MiB",
            mib(self.rss_kib),
            mib(self.pss_kib),
            mib(self.anonymous_kib)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_found_behind_any_name() {
        let stat = "42 (a (very) odd) name) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 3 0 100 1 2";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("nothing"), None);
    }
}
