//! The server's time for a rendered page, on a kept connection.

use std::fmt;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::server::Server;
use crate::stats::Spread;

/// Requests before the first that counts.
const WARM_UP: usize = 20;

/// The outcome.
#[derive(Debug, Serialize)]
pub struct Page {
    /// Where `/` leads somebody who is signed in.
    pub path: String,
    /// The document as it travels, in bytes.
    pub bytes: usize,
    /// How it is packed.
    pub encoding: String,
    /// From sending the request until its last byte is here.
    pub time: Spread,
}

/// Asks `each` times in each of `rounds` rounds.
///
/// # Errors
/// When the page can't be had.
pub async fn measure(server: &Server, rounds: usize, each: usize) -> Result<Page> {
    let mut http = server.http().await?;
    let mut path = "/".to_owned();
    while let Some(next) = http.get(&path).await?.header("location") {
        ensure!(next != path, "{path} leads to itself");
        path = next.to_owned();
    }
    let mut last = None;
    for _ in 0..WARM_UP {
        last = Some(http.get(&path).await?);
    }
    let last = last.context("no page")?;
    ensure!(last.status == 200, "GET {path}: {}", last.status);

    let mut times = Vec::new();
    for _ in 0..rounds {
        let mut round = Vec::with_capacity(each);
        for _ in 0..each {
            let begun = Instant::now();
            http.get(&path).await?;
            round.push(begun.elapsed());
        }
        times.push(round);
    }
    Ok(Page {
        path,
        bytes: last.body.len(),
        encoding: last.header("content-encoding").unwrap_or("none").to_owned(),
        time: Spread::of(&times),
    })
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "  GET {:<6} {} ({} bytes, {})",
            self.path, self.time, self.bytes, self.encoding
        )
    }
}
