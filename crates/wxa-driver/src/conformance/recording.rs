//! What a host records of its guests' consoles by itself.
use super::bench::{Bench, Broken, Guest, HostShell, check};
use crate::{Driver, ErrorKind, LogPlace, Recorded, Switch};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::timeout,
};
use wxa_model::{ConsoleKind, VmId};

/// What was told of one console.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// All bytes, in the order in which they came.
    pub bytes: Vec<u8>,
    /// Where the next byte stands.
    pub next: Option<LogPlace>,
    /// What was said to be missing.
    pub missed: Vec<Option<u64>>,
    /// In how many files it came.
    pub files: usize,
}

impl Heard {
    /// The bytes as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Everything that was told.
#[derive(Clone, Debug, Default)]
pub struct Tapes {
    /// By console.
    pub consoles: BTreeMap<VmId, Heard>,
    /// Whether all was told that was there at the beginning.
    pub caught_up: bool,
    /// Reports that should not have come.
    pub faults: Vec<String>,
    /// How it ended.
    pub ended: Option<String>,
}

/// A recording that goes on in the background.
#[derive(Debug)]
pub struct Recording {
    tapes: watch::Receiver<Tapes>,
    _running: JoinSet<()>,
}

impl Recording {
    /// Begins, with the places that an earlier one reached.
    pub fn start(driver: Arc<dyn Driver>, known: Vec<((VmId, ConsoleKind), LogPlace)>) -> Self {
        let (told_in, mut told) = mpsc::channel(8);
        let (tapes_in, tapes) = watch::channel(Tapes::default());
        let mut running = JoinSet::new();
        running.spawn(async move {
            let ended = tapes_in.clone();
            let record = async {
                let error = driver.record(known, told_in).await;
                ended.send_modify(|tapes| tapes.ended = Some(format!("{:?}: {}", error.kind, error.message)));
            };
            let fold = async {
                while let Some(report) = told.recv().await {
                    tapes_in.send_modify(|tapes| tapes.take(report));
                }
            };
            tokio::join!(record, fold);
        });
        Self {
            tapes,
            _running: running,
        }
    }

    /// What has been told until now.
    pub fn tapes(&self) -> Tapes {
        self.tapes.borrow().clone()
    }

    /// Where it has come, for the next one.
    pub fn places(&self) -> Vec<((VmId, ConsoleKind), LogPlace)> {
        let tapes = self.tapes.borrow();
        let places = tapes.consoles.iter();
        places
            .filter_map(|(vm, heard)| Some(((*vm, ConsoleKind::Pv), heard.next?)))
            .collect()
    }

    /// Waits until what was told fulfils `until`.
    ///
    /// # Errors
    /// When that takes longer than `within`, when it ends, or when it told what it should not.
    pub async fn wait(
        &self,
        what: &str,
        within: Duration,
        mut until: impl FnMut(&Tapes) -> bool,
    ) -> Result<Tapes, Broken> {
        let mut tapes = self.tapes.clone();
        let waiting = async {
            loop {
                {
                    let now = tapes.borrow_and_update();
                    if let Some(fault) = now.faults.first() {
                        return Err(Broken(fault.clone()));
                    }
                    if until(&now) {
                        return Ok(now.clone());
                    }
                    if let Some(ended) = &now.ended {
                        return Err(Broken(format!(
                            "the recording ended while waiting for {what}: {ended}"
                        )));
                    }
                }
                if tapes.changed().await.is_err() {
                    return Err(Broken(format!("the recording is gone while waiting for {what}")));
                }
            }
        };
        match timeout(within, waiting).await {
            Ok(result) => result,
            Err(_) => {
                let seen: Vec<String> = self
                    .tapes()
                    .consoles
                    .iter()
                    .map(|(vm, heard)| {
                        format!("{vm}: {} bytes, missed {:?}", heard.bytes.len(), heard.missed)
                    })
                    .collect();
                Err(Broken(format!(
                    "{what} did not come within {within:?}; told: {}",
                    seen.join("; ")
                )))
            }
        }
    }

    /// Waits until a VM's console has printed `words`.
    ///
    /// # Errors
    /// As for [`Self::wait`].
    pub async fn hears(&self, vm: VmId, words: &str, within: Duration) -> Result<Heard, Broken> {
        let tapes = self
            .wait(&format!("{words:?}"), within, |tapes| {
                tapes
                    .consoles
                    .get(&vm)
                    .is_some_and(|heard| heard.text().contains(words))
            })
            .await?;
        Ok(tapes.consoles.get(&vm).cloned().unwrap_or_default())
    }
}

impl Tapes {
    fn take(&mut self, report: Recorded) {
        match report {
            Recorded::Printed {
                vm,
                kind,
                from,
                bytes,
            } => {
                let heard = self.consoles.entry(vm).or_default();
                let meets = heard
                    .next
                    .is_none_or(|next| next.file != from.file || next.offset == from.offset);
                let fault = if kind != ConsoleKind::Pv {
                    Some(format!("a {kind:?} console was recorded"))
                } else if bytes.is_empty() || bytes.len() > 64 << 10 {
                    Some(format!("a piece has {} bytes", bytes.len()))
                } else if !meets {
                    Some(format!(
                        "a piece of {vm} begins at {from:?}, the last one ended at {:?}",
                        heard.next
                    ))
                } else {
                    None
                };
                if heard.next.is_none_or(|next| next.file != from.file) {
                    heard.files += 1;
                }
                heard.next = Some(LogPlace {
                    file: from.file,
                    offset: from.offset + bytes.len() as u64,
                });
                heard.bytes.extend_from_slice(&bytes);
                self.faults.extend(fault);
            }
            Recorded::Missed { vm, bytes, at, .. } => {
                let heard = self.consoles.entry(vm).or_default();
                heard.missed.push(bytes);
                heard.next = Some(at);
            }
            Recorded::CaughtUp if self.caught_up => self.faults.push("it caught up twice".to_owned()),
            Recorded::CaughtUp => self.caught_up = true,
        }
    }
}

/// What a guest prints is told though nobody is attached: its boot whole, byte for byte as the host logged it.
///
/// # Errors
/// What is wrong.
pub async fn boot_is_told(
    bench: &Bench,
    recording: &Recording,
    guest: &Guest,
    words: &str,
) -> Result<Heard, Broken> {
    let vm = bench.vm(&guest.name)?.id;
    let heard = recording.hears(vm, words, guest.boots_within).await?;
    let log = bench.driver().console_log(vm, 4 << 20).await?;
    let same = heard
        .bytes
        .iter()
        .zip(log.iter())
        .all(|(told, logged)| told == logged);
    check(if same {
        Ok(())
    } else {
        Err("what was told is not what the host logged".to_owned())
    })?;
    Ok(heard)
}

/// Who goes on where it left off gets what was logged meanwhile, whole and once.
///
/// # Errors
/// What is wrong.
pub async fn goes_on(
    bench: &Bench,
    before: Recording,
    guest: &Guest,
    meanwhile: impl Future<Output = Result<(), Broken>>,
    words: &str,
) -> Result<Recording, Broken> {
    let vm = bench.vm(&guest.name)?.id;
    let places = before.places();
    let until = before.tapes().consoles.get(&vm).and_then(|heard| heard.next);
    drop(before);
    meanwhile.await?;
    let recording = Recording::start(bench.driver().clone(), places);
    let heard = recording.hears(vm, words, guest.boots_within).await?;
    let tapes = recording
        .wait("all that had been logged", guest.acts_within, |tapes| {
            tapes.caught_up
        })
        .await?;
    let first = tapes.consoles.get(&vm).and_then(|heard| {
        let next = heard.next?;
        Some(LogPlace {
            file: next.file,
            offset: next.offset.checked_sub(heard.bytes.len() as u64)?,
        })
    });
    check(
        if heard.missed.is_empty() && (first == until || heard.files > 1) {
            Ok(())
        } else {
            Err(format!(
                "it left off at {until:?} and went on at {first:?}, missing {:?}",
                heard.missed
            ))
        },
    )?;
    Ok(recording)
}

/// A host that records nothing says so at once.
///
/// # Errors
/// What is wrong.
pub async fn is_not_supported(driver: &Arc<dyn Driver>, within: Duration) -> Result<(), Broken> {
    let (told, _heard) = mpsc::channel(8);
    let began = Instant::now();
    let error = timeout(within, driver.record(Vec::new(), told))
        .await
        .map_err(|_| Broken(format!("it records after {:?}", began.elapsed())))?;
    check(match error.kind {
        ErrorKind::NotSupported { .. } => Ok(()),
        other => Err(format!("it says {other:?}: {}", error.message)),
    })
}

/// A host's logging is switched on, and off again: what it would change is said before, guests go on, and what they print from
/// then on is told.
///
/// # Errors
/// What is wrong.
pub async fn is_switched(bench: &Bench, shell: &dyn HostShell, guest: &Guest) -> Result<(), Broken> {
    let driver = bench.driver();
    let before = bench.vm(&guest.name)?;
    is_not_supported(driver, guest.acts_within).await?;
    let settings = "cat /etc/default/xen";
    let untouched = shell.run(settings).await?;
    let off = driver.logging().await?;
    check(if !off.on && !off.change.is_empty() {
        Ok(())
    } else {
        Err(format!("a host that does not log tells {off:?}"))
    })?;

    driver.set_logging(Switch::On).await?;
    let on = driver.logging().await?;
    check(if on.on && !on.change.is_empty() {
        Ok(())
    } else {
        Err(format!("a host that logs now tells {on:?}"))
    })?;
    let recording = Recording::start(driver.clone(), Vec::new());
    let mut terminal = super::consoles::attach_when_free(bench, guest).await?;
    for (shown, typed) in &guest.sign_in {
        terminal.expect(shown, guest.acts_within).await?;
        terminal.write(typed.clone()).await?;
    }
    terminal.expect(&guest.prompt, guest.acts_within).await?;
    terminal.write("echo 'logged-'42\r".to_owned()).await?;
    recording.hears(before.id, "logged-42", guest.acts_within).await?;

    driver.set_logging(Switch::Off).await?;
    let now = shell.run(settings).await?;
    let after = bench.vm(&guest.name)?;
    check(if now != untouched {
        Err(format!("what was switched on left something behind:\n{now}"))
    } else if after.native_id != before.native_id {
        Err("the guest was disturbed".to_owned())
    } else {
        Ok(())
    })?;
    is_not_supported(driver, guest.acts_within).await
}
