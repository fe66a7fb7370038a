//! The first page in a browser that never was here: bytes, requests, and when it can be used. Playwright drives it.

use std::fmt;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

use crate::server::{PASSWORD, Server, USER};
use crate::stats::Range;

/// One visit, as `end2end/bench/first-page.mjs` prints it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Visit {
    first_contentful_paint_ms: f64,
    interactive_ms: f64,
    requests: Vec<Request>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Request {
    url: String,
    /// As it travelled, with its headers.
    bytes: f64,
    encoding: String,
}

/// All visits together.
#[derive(Debug, Serialize)]
pub struct FirstPage {
    /// Until the page follows the server; the WebSocket is not counted.
    pub requests: Range,
    pub bytes: Range,
    pub first_contentful_paint_ms: Range,
    /// From the navigation's start until the page says that it is live.
    pub interactive_ms: Range,
    requests_of_last: Vec<Request>,
}

/// Visits `visits` times, each with an empty cache.
///
/// # Errors
/// When there is no Playwright or no browser, or the page doesn't come alive.
pub async fn measure(server: &Server, script: &Path, visits: usize) -> Result<FirstPage> {
    let done = Command::new("node")
        .arg(script)
        .env("WXA_URL", format!("http://{}", server.address))
        .env("WXA_USER", USER)
        .env("WXA_PASSWORD", PASSWORD)
        .env("WXA_VISITS", visits.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("starting node")?;
    ensure!(
        done.status.success(),
        "{} failed: {}\n  what to do: `cargo xtask setup` installs Playwright and a browser",
        script.display(),
        String::from_utf8_lossy(&done.stderr)
    );
    let visits: Vec<Visit> =
        serde_json::from_slice(&done.stdout).context("reading what the browser measured")?;
    let range = |of: fn(&Visit) -> f64| Range::of(visits.iter().map(of).collect());
    Ok(FirstPage {
        requests: range(|visit| visit.requests.len() as f64),
        bytes: range(|visit| visit.requests.iter().map(|request| request.bytes).sum()),
        first_contentful_paint_ms: range(|visit| visit.first_contentful_paint_ms),
        interactive_ms: range(|visit| visit.interactive_ms),
        requests_of_last: visits
            .last()
            .map(|visit| visit.requests.clone())
            .unwrap_or_default(),
    })
}

impl fmt::Display for FirstPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  {} requests, {} bytes on the wire (aim: 10)",
            self.requests.median, self.bytes.median
        )?;
        for request in &self.requests_of_last {
            writeln!(
                f,
                "    {:>8}  {:<5} {}",
                request.bytes, request.encoding, request.url
            )?;
        }
        writeln!(
            f,
            "  first contentful paint ms  {}",
            self.first_contentful_paint_ms
        )?;
        write!(f, "  interactive ms             {}", self.interactive_ms)
    }
}
