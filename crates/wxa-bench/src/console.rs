//! What the console adds to an echo: the product's way against raw SSH, in turns, to equal guests of one host.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::live::Live;
use crate::server::Server;
use crate::ssh::{DEADLINE, Ssh};
use crate::stats::Spread;
use crate::target::Target;
use crate::terminal::Terminal;

/// What is typed: not in a prompt, so that a prompt is never taken for an echo.
const KEYS: &[u8] = b"0123456789";
/// The line is erased after so many keys: shorter than any terminal is wide.
const LINE: usize = 40;

/// The outcome.
#[derive(Debug, Serialize)]
pub struct Console {
    /// Byte to echo through the console socket.
    pub product: Spread,
    /// Byte to echo through `xl console` in an SSH session.
    pub raw: Spread,
    /// The product's median less the raw one.
    pub added_p50_ms: f64,
    /// The same of the 99th percentiles.
    pub added_p99_ms: f64,
}

/// Types `each` keys both ways in each of `rounds` rounds, one here, one there, and the other way round.
///
/// # Errors
/// When a console can't be opened, or ends.
pub async fn measure(server: &Server, target: &Target, rounds: usize, each: usize) -> Result<Console> {
    let [ours, theirs] = target.guests;
    let mut live = Live::open(server).await?;
    live.until("the guests are known", DEADLINE, |live| live.vm(ours).is_some())
        .await?;
    let vm = live.vm(ours).context("a guest to type to")?.id;
    let ssh = Ssh::sign_in(&target.host).await?;
    let session = ssh.on_terminal(&format!("xl console {theirs}")).await?;
    let mut raw = Terminal::raw(session, target).await?;
    let mut product = Terminal::product(server, vm, target).await?;
    // The first keys find cold paths, in both.
    pass(&mut product, &mut raw, LINE).await?;

    let (mut of_product, mut of_raw) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (product, raw) = pass(&mut product, &mut raw, each).await?;
        of_product.push(product);
        of_raw.push(raw);
    }
    let (product, raw) = (Spread::of(&of_product), Spread::of(&of_raw));
    Ok(Console {
        added_p50_ms: product.p50_ms - raw.p50_ms,
        added_p99_ms: product.p99_ms - raw.p99_ms,
        product,
        raw,
    })
}

async fn pass(
    product: &mut Terminal,
    raw: &mut Terminal,
    count: usize,
) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let (mut of_product, mut of_raw) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for (n, key) in KEYS.iter().cycle().take(count).enumerate() {
        if n % LINE == 0 {
            product.clear().await?;
            raw.clear().await?;
        }
        // Who comes second finds a warmer machine: take turns.
        if n % 2 == 0 {
            of_product.push(product.echo(*key).await?);
            of_raw.push(raw.echo(*key).await?);
        } else {
            of_raw.push(raw.echo(*key).await?);
            of_product.push(product.echo(*key).await?);
        }
    }
    Ok((of_product, of_raw))
}

impl fmt::Display for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  product    {}", self.product)?;
        writeln!(f, "  raw SSH    {}", self.raw)?;
        write!(
            f,
            "  added      p50 {:8.2} ms   p99 {:8.2} ms   (aim: 1 ms, 5 ms)",
            self.added_p50_ms, self.added_p99_ms
        )
    }
}
