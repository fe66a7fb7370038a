//! How costs grow from a thousand VMs to ten thousand. With ten times as much, × 10 is what everybody expects, × 1 is what a
//! windowed page and a stream by viewport promise.

use std::fmt;

use serde::Serialize;

use crate::aims::short;
use crate::options::GROWTH;
use crate::report::Report;

/// One cost.
#[derive(Debug, Serialize)]
pub struct Growth {
    pub what: &'static str,
    pub unit: &'static str,
    /// At 1,000 VMs.
    pub small: f64,
    /// At 10,000.
    pub large: f64,
    /// The large as a multiple of the small.
    pub times: f64,
}

/// All costs that were measured at both sizes.
pub fn compare(report: &Report) -> Vec<Growth> {
    let (small, large) = GROWTH;
    let mut all = Vec::new();
    let mut say = |what, unit, small: Option<f64>, large: Option<f64>| {
        if let (Some(small), Some(large)) = (small, large)
            && small > 0.0
        {
            all.push(Growth {
                what,
                unit,
                small,
                large,
                times: large / small,
            });
        }
    };
    if let (Some(small), Some(large)) = (report.page.get(&small), report.page.get(&large)) {
        let mut page = |what, unit, of: fn(&crate::browser_sums::BrowserPage) -> Option<f64>| {
            say(what, unit, of(small), of(large));
        };
        page("page: sign-in → rows visible", "ms", |page| {
            Some(page.row_ms.median)
        });
        page("page: sign-in → interactive", "ms", |page| {
            Some(page.interactive_ms.median)
        });
        page("page: longest block", "ms", |page| {
            Some(page.longest_block_ms.median)
        });
        page("page: heap", "MB", |page| Some(page.heap_bytes.median / 1e6));
        page("page: DOM nodes", "", |page| Some(page.nodes.median));
        page("page: bytes", "kB", |page| Some(page.bytes.median / 1e3));
        page("page: filter keystroke → paint, p50", "ms", |page| {
            Some(page.filter_ms?.p50)
        });
        page("page: scroll frame, p95", "ms", |page| {
            Some(page.scroll_frames_ms?.p95)
        });
        page("page: event → pixel in a storm, p50", "ms", |page| {
            Some(page.event_storm.as_ref()?.ms?.p50)
        });
    }
    let at = |vms| report.server.iter().find(|scale| scale.vms == vms);
    if let (Some(small), Some(large)) = (at(small), at(large)) {
        let mut server = |what, unit, of: fn(&crate::scale::Scale) -> f64| {
            say(what, unit, Some(of(small)), Some(of(large)));
        };
        server("server: memory at rest", "MB", |scale| scale.at_rest.rss_mb());
        server("server: processor, idle", "%", |scale| {
            scale.idle_processor * 100.0
        });
        server("server: processor in a storm", "%", |scale| {
            scale.storm_processor * 100.0
        });
        server("server: pool added until live", "ms", |scale| scale.added_ms);
        server("server: rendered list, p50", "ms", |scale| scale.page.time.p50_ms);
        server("server: rendered list, packed", "kB", |scale| {
            scale.page.bytes as f64 / 1e3
        });
        server("server: delta in a storm, p50", "ms", |scale| {
            scale.storm.delta.p50_ms
        });
    }
    let at = |vms| report.metrics.iter().find(|metrics| metrics.vms == vms);
    if let (Some(small), Some(large)) = (at(small), at(large)) {
        let mut metrics = |what, unit, of: fn(&crate::metrics::Metrics) -> f64| {
            say(what, unit, Some(of(small)), Some(of(large)));
        };
        metrics("measurements: memory of an hour", "MB", |metrics| {
            metrics.resident_bytes as f64 / 1e6
        });
        metrics("measurements: taking one in", "µs", |metrics| {
            1e6 / metrics.ingest_per_s
        });
        metrics("measurements: writing a minute", "ms", |metrics| {
            metrics.minute_ms
        });
        metrics("measurements: packing an hour", "ms", |metrics| metrics.hour_ms);
        metrics("measurements: a year of one host", "ms", |metrics| {
            metrics.year_of_host_ms
        });
    }
    all
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "| {} | {} {} | {} {} | × {:.1} |",
            self.what,
            short(self.small),
            self.unit,
            short(self.large),
            self.unit,
            self.times
        )
    }
}
