//! What the product aims at, and whether it is met.

use std::fmt;

use serde::Serialize;

use crate::options::thousands;
use crate::report::Report;

/// An aim with what was measured.
#[derive(Debug, Serialize)]
pub struct Judged {
    pub what: String,
    /// At this size, in VMs; none where the size does not matter.
    pub vms: Option<usize>,
    /// At most this.
    pub aim: f64,
    pub unit: &'static str,
    pub measured: f64,
    pub met: bool,
    /// What it is over the aim, as part of the aim: 0.5 is half as much again; none when met.
    pub missed_by: Option<f64>,
}

impl Judged {
    fn new(what: &str, vms: Option<usize>, aim: f64, unit: &'static str, measured: f64) -> Judged {
        let met = measured <= aim;
        Judged {
            what: what.to_owned(),
            vms,
            aim,
            unit,
            measured,
            met,
            missed_by: (!met).then(|| measured / aim - 1.0),
        }
    }
}

/// All aims for which there is a measurement.
pub fn judge(report: &Report) -> Vec<Judged> {
    let mut all = Vec::new();
    page(report, &mut all);
    server(report, &mut all);
    viewers(report, &mut all);
    if let Some(console) = &report.console {
        let mut say = |what, aim, measured| all.push(Judged::new(what, None, aim, "ms", measured));
        say("console: echo added to raw SSH, p50", 1.0, console.added_p50_ms);
        say("console: echo added to raw SSH, p99", 5.0, console.added_p99_ms);
    }
    all
}

fn page(report: &Report, all: &mut Vec<Judged>) {
    for (vms, page) in &report.page {
        let mut say = |what: &str, aim: Option<f64>, unit, measured: Option<f64>| {
            if let (Some(aim), Some(measured)) = (aim, measured) {
                all.push(Judged::new(what, Some(*vms), aim, unit, measured));
            }
        };
        let by_size = |small, middle, large| match vms {
            100 => small,
            2_000 => middle,
            10_000 => large,
            _ => None,
        };
        say(
            "sign-in → VM rows visible",
            by_size(Some(150.0), Some(250.0), Some(400.0)),
            "ms",
            Some(page.row_ms.median),
        );
        let everywhere = |aim| by_size(Some(aim), Some(aim), Some(aim));
        say(
            "longest main-thread block",
            everywhere(50.0),
            "ms",
            Some(page.longest_block_ms.median),
        );
        say(
            "heap, JS and WASM together",
            by_size(None, Some(15.0), Some(25.0)),
            "MB",
            Some(page.heap_bytes.median / 1e6),
        );
        say("DOM nodes", everywhere(2_000.0), "", Some(page.nodes.median));
        say(
            "first interactive page, bytes",
            everywhere(350.0),
            "kB",
            Some(page.bytes.median / 1e3),
        );
        say(
            "first interactive page, requests",
            everywhere(10.0),
            "",
            Some(page.requests.median),
        );
        let filter = by_size(None, None, Some(16.0));
        let key = page.filter_ms;
        say(
            "filter keystroke → paint, p50",
            filter,
            "ms",
            key.map(|key| key.p50),
        );
        say(
            "filter keystroke → paint, p95",
            filter,
            "ms",
            key.map(|key| key.p95),
        );
        let alone = report.server.iter().find(|scale| scale.vms == *vms);
        let storm = page.event_storm.as_ref().and_then(|event| event.ms);
        say(
            "event → pixel beyond the host's own delay, p99, 1,000 changes/s",
            everywhere(50.0),
            "ms",
            alone
                .zip(storm)
                // Its median: its own 99th percentile is the machine's noise, which would be taken off twice.
                .map(|(alone, storm)| storm.p99 - alone.storm.host_alone.p50_ms),
        );
    }
}

fn server(report: &Report, all: &mut Vec<Judged>) {
    for scale in &report.server {
        let most = match scale.vms {
            2_000 => 40.0,
            10_000 => 100.0,
            _ => continue,
        };
        all.push(Judged::new(
            "server's memory",
            Some(scale.vms),
            most,
            "MB",
            scale.at_rest.rss_mb(),
        ));
    }
}

fn viewers(report: &Report, all: &mut Vec<Judged>) {
    for viewers in &report.viewers {
        let vms = Some(viewers.vms);
        let mut say =
            |what: String, aim, unit, measured| all.push(Judged::new(&what, vms, aim, unit, measured));
        let count = thousands(viewers.viewers);
        if viewers.vms == 10_000 && viewers.viewers == 1 {
            let measured = viewers.idle_bytes_per_second / 1e3;
            say("idle viewer".to_owned(), 2.5, "kB/s", measured);
        }
        if viewers.viewers == 1_000 {
            let p99 = if viewers.missed > 0 {
                f64::MAX
            } else {
                viewers.delta.p99_ms
            };
            say(
                format!("{count} viewers, 1,000 changes/s: delta p99"),
                100.0,
                "ms",
                p99,
            );
            say(
                format!("{count} viewers: memory each"),
                64.0,
                "KiB",
                viewers.kib_each_storm,
            );
        }
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vms = self.vms.map(thousands).unwrap_or_default();
        let measured = if self.measured == f64::MAX {
            "not told in time".to_owned()
        } else {
            format!("{} {}", short(self.measured), self.unit)
        };
        let verdict = match self.missed_by {
            None => "met".to_owned(),
            Some(_) if self.measured == f64::MAX => "**missed**".to_owned(),
            Some(by) if by >= 1.0 => format!("**missed**, × {}", short(by + 1.0)),
            Some(by) => format!("**missed** by {:.0} %", by * 100.0),
        };
        write!(
            f,
            "| {} | {vms} | ≤ {} {} | {} | {verdict} |",
            self.what,
            short(self.aim),
            self.unit,
            measured.trim()
        )
    }
}

/// As many digits as say something.
pub fn short(value: f64) -> String {
    let size = value.abs();
    if size >= 1_000.0 {
        let whole = thousands(size.round() as usize);
        if value < 0.0 { format!("−{whole}") } else { whole }
    } else if size >= 100.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_met_at_its_edge_and_missed_by_a_part_of_itself() {
        let at_edge = Judged::new("x", None, 50.0, "ms", 50.0);
        assert!(at_edge.met && at_edge.missed_by.is_none());
        let missed = Judged::new("x", Some(2_000), 40.0, "MB", 60.0);
        assert_eq!((missed.met, missed.missed_by), (false, Some(0.5)));
        assert_eq!(
            missed.to_string(),
            "| x | 2,000 | ≤ 40 MB | 60 MB | **missed** by 50 % |"
        );
    }

    #[test]
    fn a_far_miss_is_told_as_a_multiple() {
        let missed = Judged::new("x", None, 10.0, "", 42.5).to_string();
        assert_eq!(missed, "| x |  | ≤ 10  | 42.5 | **missed**, × 4.25 |");
    }

    #[test]
    fn numbers_are_as_long_as_they_say_something() {
        let texts = [0.123, 3.0, 12.34, 345.6, 12_345.6, -2_000.4].map(short);
        assert_eq!(texts, ["0.12", "3", "12.3", "346", "12,346", "−2,000"]);
    }
}
