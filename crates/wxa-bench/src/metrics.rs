//! Measurements over time: how many a second are taken in and rolled up, what an hour of them takes, and how long a question for a
//! year takes. `wxa-bench-metrics`, a program beside this one, does it with the server's own code and no server around it.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

/// How many VMs there are on a host.
const VMS_PER_HOST: usize = 250;

/// The outcome at one size: an hour of a measurement every 5 s with eight values for each VM.
#[derive(Debug, Deserialize, Serialize)]
pub struct Metrics {
    pub vms: usize,
    pub hosts: usize,
    /// Measurements of VMs and hosts that were taken in.
    pub samples: u64,
    /// So many in a second of processor time: into rings, the minute under way and the ledger.
    pub ingest_per_s: f64,
    /// So many in a second when minutes are written.
    pub rolled_up_per_s: f64,
    /// Writing a minute of all, on average.
    pub minute_ms: f64,
    pub longest_minute_ms: f64,
    /// Packing an hour of all.
    pub hour_ms: f64,
    /// The file after that hour.
    pub file_bytes: u64,
    /// Memory of the program after that hour: all that is kept of measurements, and nothing else.
    pub resident_bytes: u64,
    /// Reading a year of hours of one host.
    pub year_of_host_ms: f64,
    pub year_of_host_values: u64,
    /// The same of all hosts, as a site's year is made of.
    pub year_of_site_ms: f64,
    pub year_of_site_values: u64,
}

/// Measures with so many VMs.
///
/// # Errors
/// When the program is not there, or fails.
pub async fn measure(vms: usize) -> Result<Metrics> {
    let own = std::env::current_exe().context("where this program is")?;
    let program = own.with_file_name("wxa-bench-metrics");
    let hosts = vms.div_ceil(VMS_PER_HOST).max(1);
    let output = Command::new(&program)
        .args([vms.to_string(), hosts.to_string()])
        .env("MALLOC_ARENA_MAX", "2")
        .stderr(Stdio::inherit())
        .output()
        .await
        .with_context(|| format!("running {}", program.display()))?;
    ensure!(
        output.status.success(),
        "{}: {}",
        program.display(),
        output.status
    );
    serde_json::from_slice(&output.stdout).context("reading what it says")
}
