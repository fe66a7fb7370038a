//! What `end2end/bench/page.mjs` prints: times in milliseconds, sizes in bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One page, all rounds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Raw {
    pub product: String,
    pub chromium: String,
    pub rounds: Vec<Round>,
    pub requests: Vec<Request>,
    pub filter: Option<Vec<Vec<Key>>>,
    pub scroll: Option<Vec<Scroll>>,
    pub events_quiet: Option<Seen>,
    pub events_storm: Option<Seen>,
    pub frames_storm: Option<Vec<f64>>,
    pub memory_after: Option<Held>,
    #[serde(default)]
    pub profiles: BTreeMap<String, Option<Profile>>,
    pub problems: Vec<String>,
}

/// One sign-in, with an empty cache, from the sign-in page on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Round {
    pub row_ms: f64,
    pub interactive_ms: f64,
    pub main: Main,
    pub memory: Held,
    pub requests: f64,
    pub bytes: f64,
    pub requests_of_sign_in_page: f64,
    pub bytes_of_sign_in_page: f64,
    pub socket_bytes: f64,
}

/// The main thread from the sign-in's last click on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Main {
    pub longest_ms: f64,
    pub longest_cpu_ms: Option<f64>,
    pub long_tasks_ms: f64,
    pub of: Vec<Time>,
}

/// What a page holds, after a collection.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    pub js_bytes: f64,
    pub wasm_bytes: f64,
    pub embedder_bytes: f64,
    pub nodes_counted: f64,
    pub nodes: f64,
    pub elements: f64,
}

/// One request that the server answered.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Request {
    pub url: String,
    /// As it travelled, with its headers.
    pub bytes: f64,
    pub encoding: String,
}

/// One keystroke in the filter.
#[derive(Debug, Deserialize)]
pub struct Key {
    /// Until the next paint.
    pub paint: f64,
    /// Until the paint after which the rows changed no more.
    pub settled: f64,
    /// Main thread at work until then.
    pub busy: Option<f64>,
}

/// One turn of the wheel, down and up again.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scroll {
    /// Between the starts of two frames.
    pub frames: Vec<f64>,
    pub scrolled_px: f64,
}

/// Changes that were waited for.
#[derive(Debug, Deserialize)]
pub struct Seen {
    /// From the change to the paint that shows it.
    pub times: Vec<f64>,
    /// Not seen in time.
    pub lost: usize,
}

/// A sampling profile, summed by function.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all(deserialize = "camelCase"))]
pub struct Profile {
    pub whole_ms: f64,
    pub busy_ms: f64,
    /// Own time, the largest first.
    pub top: Vec<Time>,
}

/// A share of a time.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Time {
    pub what: String,
    pub ms: f64,
}
