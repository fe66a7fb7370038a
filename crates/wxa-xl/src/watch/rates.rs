//! From xentop's counters to rates. What is not known is none, never zero.
use crate::{parse::xentop::Row, world::World};
use std::collections::HashMap;
use tokio::time::Instant;
use wxa_model::{Bytes, HostFacts, HostSample, SampleBatch, UnixMillis, VmSample};

/// Remembers the table before.
#[derive(Debug, Default)]
pub(super) struct Rates {
    before: HashMap<String, (Row, Instant)>,
}

/// Two tables further apart than this, in seconds, say nothing about now.
const STALE: f32 = 30.0;

impl Rates {
    /// Makes one tick of measurements of one table.
    pub(super) fn batch(
        &mut self,
        rows: Vec<Row>,
        at: Instant,
        now: UnixMillis,
        world: &World,
        facts: Option<&HostFacts>,
    ) -> SampleBatch {
        let mut before = std::mem::take(&mut self.before);
        let mut batch = SampleBatch {
            at: now,
            host: HostSample {
                cpu: None,
                memory_used: facts
                    .map(|facts| Bytes(facts.memory_total.0.saturating_sub(facts.memory_free.0))),
                ..HostSample::default()
            },
            vms: Vec::with_capacity(rows.len()),
            parts: Vec::new(),
        };
        let mut host_cpu = 0.0;
        let mut control_known = false;
        for row in rows {
            // A name that was there before may be another run now: its counters start again.
            let last = before.remove(&row.name);
            let sample = sample(&row, last.as_ref(), at);
            if let Some(cpu) = sample.cpu {
                host_cpu += cpu;
                control_known |= row.name == "Domain-0";
            }
            if let Some(sighting) = world.running(&row.name) {
                batch.vms.push((sighting.vm.id, sample));
            }
            self.before.insert(row.name.clone(), (row, at));
        }
        // Without the control domain the sum would be too small.
        batch.host.cpu = control_known.then_some(host_cpu);
        batch
    }
}

fn sample(row: &Row, last: Option<&(Row, Instant)>, at: Instant) -> VmSample {
    let mut sample = VmSample {
        memory: Some(Bytes::kib(row.memory_kib)),
        ..VmSample::default()
    };
    let Some((before, then)) = last else {
        return sample;
    };
    let seconds = at.saturating_duration_since(*then).as_secs_f32();
    if !(0.1..=STALE).contains(&seconds) {
        return sample;
    }
    let rate = |now: u64, before: u64, unit: u64| {
        now.checked_sub(before)
            .map(|counted| counted.saturating_mul(unit) as f32 / seconds)
    };
    sample.cpu = Some(row.cpu_percent / 100.0);
    sample.disk_read = rate(row.sectors_read, before.sectors_read, 512);
    sample.disk_write = rate(row.sectors_written, before.sectors_written, 512);
    sample.net_tx = rate(row.net_tx_kib, before.net_tx_kib, 1024);
    sample.net_rx = rate(row.net_rx_kib, before.net_rx_kib, 1024);
    sample
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::xentop::{Line, parse};
    use std::time::Duration;

    fn table(text: &str) -> Vec<Row> {
        text.lines()
            .filter_map(|line| match parse(line) {
                Line::Row(row) => Some(row),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_first_table_knows_no_rates_and_counters_may_start_again() {
        let line = |cpu: &str, tx: u32, rd: u32| {
            format!(
                "  Domain-0 -----r  423  {cpu}  1048576  40.0  1048576  40.0  1  1  {tx}  0  1  0  0  0  {rd}  0  0\n"
            )
        };
        let mut rates = Rates::default();
        let world = World::default();
        let start = Instant::now();
        let mut at = |seconds: u64, text: String| {
            let rows = table(&text);
            let last = rates.before.get("Domain-0").cloned();
            let sample = sample(&rows[0], last.as_ref(), start + Duration::from_secs(seconds));
            let batch = rates.batch(
                rows,
                start + Duration::from_secs(seconds),
                UnixMillis(0),
                &world,
                None,
            );
            (batch.host.cpu, sample.net_rx, sample.disk_read)
        };
        assert_eq!(at(0, line("0.0", 5, 10)), (None, None, None));
        assert_eq!(
            at(2, line("50.0", 7, 14)),
            (Some(0.5), Some(1024.0), Some(1024.0))
        );
        assert_eq!(at(3, line("0.0", 0, 0)), (Some(0.0), None, None), "after a reset");
        assert_eq!(at(99, line("10.0", 9, 9)), (None, None, None), "after a long gap");
    }
}
