//! Many tabs at once, some of which never read, on a server that may use one processor: what a viewer costs, and how late it
//! learns of a change.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use futures::StreamExt;
use futures::stream::{self, TryStreamExt};
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::Message;
use wxa_model::VmId;

use crate::live::{Live, Socket, tab};
use crate::machine;
use crate::options::Effort;
use crate::pool::{MARKED, Pool};
use crate::scale::{STORM, all_listed, server_with};
use crate::server::{Built, Cores, Server};
use crate::stats::Spread;

/// How many look on.
pub const COUNTS: [usize; 3] = [1, 100, 1_000];
/// Every so many-th never reads.
const NEVER_READS: usize = 10;
/// At most so many are timed; the others read and throw away, as does everybody beside them.
const TIMED: usize = 50;
/// Rows that a tab shows.
const SHOWN: usize = 50;
/// Tabs of a session; the server allows 32.
const PER_SESSION: usize = 25;
/// Tabs that are being opened at once.
const OPENING: usize = 20;
/// Between two changes that are timed.
const PAUSE: Duration = Duration::from_millis(250);
/// What comes later than this is not waited for.
const LONGEST: Duration = Duration::from_secs(20);

/// The outcome with so many.
#[derive(Debug, Serialize)]
pub struct Viewers {
    pub vms: usize,
    pub viewers: usize,
    /// How many of them never read.
    pub never_read: usize,
    /// While nothing happens: bytes a second to each that reads, frames' heads included.
    pub idle_bytes_per_second: f64,
    /// What the server's memory grew by for each, in KiB, when all were there and idle.
    pub kib_each: f64,
    /// Part of one processor, idle.
    pub idle_processor: f64,
    /// A thousand changes a second: from a change in the pool to its delta at those that are timed. The host's own delay is in it.
    pub delta: Spread,
    /// Changes that a timed viewer was not told within 20 seconds of the last.
    pub missed: usize,
    /// Part of one processor, in the storm.
    pub storm_processor: f64,
    /// What the server's memory grew by for each, in KiB, in the storm.
    pub kib_each_storm: f64,
    /// Bytes a second to each that reads, in the storm.
    pub storm_bytes_per_second: f64,
    /// Of those that read: whom the server cut off.
    pub cut_off: usize,
}

/// What the readers note.
#[derive(Default)]
struct Notes {
    bytes: AtomicU64,
    cut_off: AtomicUsize,
    /// Which change was seen, and when.
    seen: Mutex<Vec<(usize, Instant)>>,
}

/// Measures one pool with each count of viewers, each on a server of its own.
///
/// # Errors
/// When a tab can't be opened.
pub async fn measure(built: &Built, vms: usize, viewers: usize, effort: Effort) -> Result<Viewers> {
    let pool = Pool::start(vms).await?;
    let (server, _) = server_with(built, Cores::One, &pool).await?;
    let shown = window(&server, &pool).await?;
    sleep(effort.rest()).await;
    let pid = server.pid()?;
    let alone = machine::memory(pid)?.rss_kib;

    let notes = Arc::new(Notes::default());
    let readers = viewers - viewers / NEVER_READS;
    let every = readers.div_ceil(TIMED).max(1);
    let mut reading = JoinSet::new();
    let mut silent = Vec::new();
    let mut cookies = Vec::new();
    for _ in 0..viewers.div_ceil(PER_SESSION) {
        cookies.push(server.another_session().await?);
    }
    let whose = cookies.iter().cycle().take(viewers);
    let mut opening = stream::iter(whose.map(|cookie| tab(&server, cookie, &shown))).buffered(OPENING);
    let mut opened = 0;
    // Each begins to read at once: one that does not is cut off after a few seconds.
    while let Some(socket) = opening.try_next().await.context("opening tabs")? {
        if opened >= readers {
            silent.push(socket);
        } else if opened % every == 0 {
            reading.spawn(read(socket, Arc::clone(&notes), Timed::Yes));
        } else {
            reading.spawn(read(socket, Arc::clone(&notes), Timed::No));
        }
        opened += 1;
    }
    drop(opening);
    // Whatever comes first has come: the server is at rest again.
    sleep(effort.rest()).await;
    let idle = watch(pid, &notes, sleep(effort.idle())).await?;
    let kib_each = (machine::memory(pid)?.rss_kib.saturating_sub(alone)) as f64 / viewers as f64;

    pool.set_storm(STORM);
    sleep(Duration::from_secs(2)).await;
    let changes = effort.pick(20, 100);
    let mut changed = Vec::new();
    let storm = watch(pid, &notes, async {
        for n in 0..changes {
            changed.push(pool.change(&format!("{MARKED}seen-{n}-")));
            sleep(PAUSE).await;
        }
    })
    .await?;
    let kib_each_storm = (machine::memory(pid)?.rss_kib.saturating_sub(alone)) as f64 / viewers as f64;
    let expected = changes * readers.div_ceil(every);
    let last = Instant::now();
    while notes.seen.lock().await.len() < expected && last.elapsed() < LONGEST {
        sleep(PAUSE).await;
    }
    pool.set_storm(0);
    let seen = notes.seen.lock().await;
    let delays = seen.iter().filter_map(|(n, at)| Some(*at - *changed.get(*n)?));
    let delta = Spread::of(&[delays.collect()]);
    reading.abort_all();
    drop(silent);
    server.stop().await?;
    let each = |watched: &Watched| watched.bytes as f64 / watched.seconds / readers as f64;
    Ok(Viewers {
        vms,
        viewers,
        never_read: viewers / NEVER_READS,
        idle_bytes_per_second: each(&idle),
        kib_each,
        idle_processor: idle.processor,
        delta,
        missed: expected.saturating_sub(seen.len()),
        storm_processor: storm.processor,
        kib_each_storm,
        storm_bytes_per_second: each(&storm),
        cut_off: notes.cut_off.load(Ordering::Relaxed),
    })
}

async fn window(server: &Server, pool: &Pool) -> Result<Vec<VmId>> {
    let mut live = Live::open(server).await?;
    all_listed(&mut live, pool).await?;
    Ok(live.first_vms(SHOWN))
}

struct Watched {
    seconds: f64,
    bytes: u64,
    processor: f64,
}

/// What is read and used while `work` goes on.
async fn watch(pid: u32, notes: &Notes, work: impl Future<Output = ()>) -> Result<Watched> {
    let bytes = || notes.bytes.load(Ordering::Relaxed);
    let (begun, before, used) = (Instant::now(), bytes(), machine::processor_time(pid)?);
    work.await;
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Watched {
        seconds,
        bytes: bytes() - before,
        processor: (machine::processor_time(pid)? - used) / seconds,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Timed {
    Yes,
    No,
}

async fn read(mut socket: Socket, notes: Arc<Notes>, timed: Timed) {
    let mut latest = None;
    while let Some(Ok(message)) = socket.next().await {
        let at = Instant::now();
        let payload: &[u8] = match &message {
            Message::Text(text) => text.as_bytes(),
            Message::Binary(bytes) => bytes,
            Message::Close(_) => break,
            _ => &[],
        };
        let bytes = payload.len() + head(payload.len());
        notes.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        if timed == Timed::Yes
            && let Some(n) = seen(payload)
            && latest.is_none_or(|before| before < n)
        {
            latest = Some(n);
            notes.seen.lock().await.push((n, at));
        }
    }
    notes.cut_off.fetch_add(1, Ordering::Relaxed);
}

/// What a frame of a server takes besides its payload.
fn head(payload: usize) -> usize {
    match payload {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    }
}

/// The number of the change that a frame tells, whatever the frame's form: names travel as they are.
fn seen(payload: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(payload);
    let (_, rest) = text.rsplit_once(&format!("{MARKED}seen-"))?;
    rest.split('-').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_found_in_text_and_in_bytes() {
        assert_eq!(seen(br#"{"name":"0-seen-17-","power":"running"}"#), Some(17));
        assert_eq!(seen(b"\xff\x00\x0a0-seen-4-\x01\xfe"), Some(4));
        assert_eq!(seen(b"0-marked"), None);
        assert_eq!(seen(b""), None);
    }
}
