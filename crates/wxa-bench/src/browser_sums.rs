//! What the browser's raw figures come to.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::browser_raw::{Held, Profile, Raw, Request, Round, Seen, Time};
use crate::stats::{Quantiles, Range};

/// How long the script waits for a change.
const LONGEST_MS: f64 = 15_000.0;

/// A product's page; times in milliseconds.
#[derive(Debug, Serialize)]
pub struct BrowserPage {
    pub product: String,
    pub chromium: String,
    /// From the last click of signing in until the first row was painted.
    pub row_ms: Range,
    /// … until the page does what it is told, as its adapter tells.
    pub interactive_ms: Range,
    /// The longest task of the main thread from that click until two seconds after.
    pub longest_block_ms: Range,
    /// The same task without what the machine did for others meanwhile, where Chromium tells.
    pub longest_block_cpu_ms: Option<Range>,
    /// All tasks over 50 ms together.
    pub long_tasks_ms: Range,
    /// What the longest block of the last round consists of, as far as Chromium has names.
    pub longest_block: Vec<Time>,
    /// Used heap of script after a collection, and WebAssembly memory.
    pub heap_bytes: Range,
    pub js_bytes: Range,
    pub wasm_bytes: Range,
    /// Blink's own objects, not in the heap.
    pub embedder_bytes: Range,
    /// Nodes in the document: elements, texts, comments.
    pub nodes: Range,
    pub elements: Range,
    /// As DevTools' monitor counts them, with shadow trees and what waits to be collected.
    pub nodes_counted: Range,
    /// From an empty cache until two seconds after the page was interactive, the sign-in page included.
    pub requests: Range,
    pub bytes: Range,
    /// Of these the sign-in page's.
    pub requests_of_sign_in_page: Range,
    pub bytes_of_sign_in_page: Range,
    /// What sockets brought besides, unpacked.
    pub socket_bytes: Range,
    pub requests_of_last: Vec<Request>,
    /// From a keystroke in the filter to the paint after which rows changed no more.
    pub filter_ms: Option<Quantiles>,
    /// The same, until the next paint whatever it showed.
    pub filter_next_paint_ms: Option<Quantiles>,
    /// Main thread at work in that time.
    pub filter_busy_ms: Option<Quantiles>,
    /// Between frames while the wheel turns.
    pub scroll_frames_ms: Option<Quantiles>,
    pub scrolled_px: Option<f64>,
    /// From a change in the hypervisor to the paint that shows it, nothing else happening.
    pub event_quiet: Option<Painted>,
    /// The same with a thousand other changes a second.
    pub event_storm: Option<Painted>,
    /// Between frames in that storm.
    pub storm_frames_ms: Option<Quantiles>,
    /// As `heap_bytes`, after the storm.
    pub heap_after_storm_bytes: Option<f64>,
    /// Where the main thread's time goes: `signIn`, `filter`, `storm`. Of visits of their own.
    pub profiles: BTreeMap<String, Profile>,
    pub problems: Vec<String>,
}

/// How late changes are painted.
#[derive(Debug, Serialize)]
pub struct Painted {
    pub ms: Option<Quantiles>,
    /// Of these not painted within a quarter of a minute, which is what they count with.
    pub lost: usize,
}

impl BrowserPage {
    /// Sums up.
    pub fn of(raw: Raw) -> BrowserPage {
        let rounds = &raw.rounds;
        let range = |of: fn(&Round) -> f64| Range::of(rounds.iter().map(of).collect());
        let cpu: Vec<f64> = rounds
            .iter()
            .filter_map(|round| round.main.longest_cpu_ms)
            .collect();
        let keys = |of: fn(&crate::browser_raw::Key) -> Option<f64>| {
            let rounds = raw.filter.as_ref()?;
            let rounds: Vec<Vec<f64>> = rounds
                .iter()
                .map(|keys| keys.iter().filter_map(of).collect())
                .collect();
            Quantiles::of(&rounds)
        };
        let scrolls = raw.scroll.as_deref().unwrap_or_default();
        let frames: Vec<Vec<f64>> = scrolls.iter().map(|scroll| scroll.frames.clone()).collect();
        let heap = |held: &Held| held.js_bytes + held.wasm_bytes;
        BrowserPage {
            row_ms: range(|round| round.row_ms),
            interactive_ms: range(|round| round.interactive_ms),
            longest_block_ms: range(|round| round.main.longest_ms),
            longest_block_cpu_ms: (!cpu.is_empty()).then(|| Range::of(cpu)),
            long_tasks_ms: range(|round| round.main.long_tasks_ms),
            longest_block: rounds
                .last()
                .map(|round| round.main.of.clone())
                .unwrap_or_default(),
            heap_bytes: range(|round| round.memory.js_bytes + round.memory.wasm_bytes),
            js_bytes: range(|round| round.memory.js_bytes),
            wasm_bytes: range(|round| round.memory.wasm_bytes),
            embedder_bytes: range(|round| round.memory.embedder_bytes),
            nodes: range(|round| round.memory.nodes),
            elements: range(|round| round.memory.elements),
            nodes_counted: range(|round| round.memory.nodes_counted),
            requests: range(|round| round.requests),
            bytes: range(|round| round.bytes),
            requests_of_sign_in_page: range(|round| round.requests_of_sign_in_page),
            bytes_of_sign_in_page: range(|round| round.bytes_of_sign_in_page),
            socket_bytes: range(|round| round.socket_bytes),
            filter_ms: keys(|key| Some(key.settled)),
            filter_next_paint_ms: keys(|key| Some(key.paint)),
            filter_busy_ms: keys(|key| key.busy),
            scroll_frames_ms: Quantiles::of(&frames),
            scrolled_px: scrolls.iter().map(|scroll| scroll.scrolled_px).reduce(f64::max),
            event_quiet: raw.events_quiet.map(painted),
            event_storm: raw.events_storm.map(painted),
            storm_frames_ms: raw.frames_storm.and_then(|frames| Quantiles::of(&[frames])),
            heap_after_storm_bytes: raw.memory_after.as_ref().map(heap),
            profiles: raw
                .profiles
                .into_iter()
                .filter_map(|(what, profile)| Some((what, profile?)))
                .collect(),
            requests_of_last: raw.requests,
            product: raw.product,
            chromium: raw.chromium,
            problems: raw.problems,
        }
    }
}

/// A change that was not seen counts with the time that was waited: it would have taken longer.
fn painted(seen: Seen) -> Painted {
    let mut times = seen.times;
    times.extend(std::iter::repeat_n(LONGEST_MS, seen.lost));
    Painted {
        lost: seen.lost,
        ms: Quantiles::of(&[times]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page without filter box and controls, as of a product whose adapter has no more.
    const LEAN: &str = r#"{
        "product": "Other", "chromium": "1", "problems": ["filter: nothing within 1 s"], "filter": null, "scroll": null,
        "requests": [{"url": "/", "bytes": 10, "encoding": "br"}],
        "profiles": {"signIn": {"wholeMs": 10, "busyMs": 4, "top": [{"what": "f", "ms": 3}]}, "filter": null},
        "rounds": [{
            "rowMs": 100.5, "interactiveMs": 200, "requests": 3, "bytes": 1000, "socketBytes": 0,
            "requestsOfSignInPage": 1, "bytesOfSignInPage": 400,
            "main": {"longestMs": 60, "longestCpuMs": null, "longTasks": 1, "longTasksMs": 60, "of": []},
            "memory": {"jsBytes": 2000, "wasmBytes": 3000, "embedderBytes": 1, "backingBytes": 0, "nodesCounted": 9,
                       "nodes": 7, "elements": 5, "workers": 0}
        }]
    }"#;

    #[test]
    fn a_change_that_was_not_seen_is_not_left_out() {
        let seen = Seen {
            times: vec![10.0],
            lost: 1,
        };
        assert_eq!(
            painted(seen).ms.map(|ms| (ms.samples, ms.max)),
            Some((2, LONGEST_MS))
        );
    }

    #[test]
    fn a_page_that_can_do_less_is_summed_up_all_the_same() -> Result<(), serde_json::Error> {
        let page = BrowserPage::of(serde_json::from_str(LEAN)?);
        assert_eq!((page.row_ms.median, page.heap_bytes.median), (100.5, 5000.0));
        assert!(
            page.filter_ms.is_none() && page.event_storm.is_none() && page.longest_block_cpu_ms.is_none()
        );
        assert_eq!(page.profiles.keys().collect::<Vec<_>>(), ["signIn"]);
        assert_eq!(page.problems.len(), 1);
        Ok(())
    }
}
