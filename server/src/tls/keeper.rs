//! Follows the certificate's files: what is new in them is shown without a restart, what is broken is not.
use std::{fs, io, os::unix::fs::MetadataExt, sync::Arc, time::Duration};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{MissedTickBehavior, interval},
};

use super::{Shown, Source};

/// Looking at two files costs nothing.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A certificate of our own is looked at for its age this often.
const RENEW_EVERY: Duration = Duration::from_secs(6 * 3600);

/// What tells one content of the files from another.
type Stamp = [Option<(u64, i64, i64, u64)>; 2];

/// What was seen of the files, and whether somebody asked for reading them anew. Begun before they are first read, it
/// misses nothing that happens until they are followed.
pub struct Watch {
    hang_up: Signal,
    seen: Stamp,
}

impl Watch {
    /// From now on.
    ///
    /// # Errors
    /// When signals cannot be watched.
    pub fn begin(source: &Source) -> io::Result<Self> {
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            seen: stamp(source),
        })
    }
}

/// Follows the files for as long as it is polled; SIGHUP has it look at once, and read them even when they look the same.
pub async fn keep(source: Source, shown: Arc<Shown>, watch: Watch) {
    let Watch {
        mut hang_up,
        mut seen,
    } = watch;
    if source.is_self_signed() {
        // It may just have been written by ourselves.
        seen = stamp(&source);
    }
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut renew = interval(RENEW_EVERY);
    renew.set_missed_tick_behavior(MissedTickBehavior::Delay);
    renew.tick().await;
    loop {
        let asked = tokio::select! {
            _ = look.tick() => false,
            _ = renew.tick() => source.is_self_signed(),
            _ = hang_up.recv() => true,
        };
        let now = stamp(&source);
        if asked || now != seen {
            reload(&source, &shown);
            // A certificate of our own may just have been written.
            seen = if source.is_self_signed() {
                stamp(&source)
            } else {
                now
            };
        }
    }
}

fn reload(source: &Source, shown: &Shown) {
    match source.load() {
        Ok(pair) => {
            if pair.fingerprint != shown.pair().fingerprint {
                tracing::info!(
                    fingerprint = pair.fingerprint,
                    ends = pair.ends,
                    "another TLS certificate is shown from now on"
                );
            }
            for warning in &pair.warnings {
                tracing::warn!("{warning}");
            }
            shown.replace(pair);
        }
        Err(problems) => {
            tracing::error!("{problems}\nthe one from before is shown until this is put right");
            shown.keep_despite(problems);
        }
    }
}

fn stamp(source: &Source) -> Stamp {
    let (cert, key) = source.paths();
    [cert, key].map(|path| {
        let facts = fs::metadata(path).ok()?;
        Some((facts.ino(), facts.mtime(), facts.mtime_nsec(), facts.size()))
    })
}
