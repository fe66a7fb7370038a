//! Which log is whose, and how far each was read. A log belongs to a guest by its name; how far it was read belongs to the log.
use super::{
    names::guest_of,
    request::{FILES, Listed, PIECE, Scope, Want},
};
use bytes::Bytes;
use std::collections::{BTreeMap, HashMap, HashSet};
use wxa_driver::{LogPlace, Recorded};
use wxa_model::{ConsoleKind, VmId};

/// xenconsoled logs the paravirtual console only: an emulated serial port belongs to the device model.
const KIND: ConsoleKind = ConsoleKind::Pv;
/// A log that is further behind is not read through: the end of it is worth more than hours of the beginning.
const FAR_BEHIND: u64 = 256 << 20;
/// What is read of it then.
const LATEST: u64 = 64 << 20;
/// Pieces of one report.
const REPORT: usize = 64 << 10;

/// Everything that is known of the logs.
#[derive(Debug)]
pub(super) struct Ledger {
    logs: HashMap<u64, Log>,
    /// How far logs were read in an earlier run, and for whom, by file; until they are seen.
    known: HashMap<u64, (VmId, u64)>,
    /// Guests of that run whose log has not been seen in this one.
    absent: HashSet<VmId>,
    behind: Behind,
    turns: u64,
}

/// What was there when this began and has not been told yet.
#[derive(Debug)]
enum Behind {
    /// Nothing was listed yet.
    Unknown,
    /// How far each log was when the first list came.
    Logs(HashMap<u64, u64>),
    /// Nothing any more.
    Nothing,
}

#[derive(Debug)]
struct Log {
    listed: Listed,
    /// Offset of the next byte to be read; none before it is known whether it is to be read at all.
    read: Option<u64>,
    owner: Option<VmId>,
    /// When it was last read from, in turns.
    turn: u64,
    /// Whether the first list had it.
    first: bool,
    /// How long it was when its owner was last looked for in vain.
    strange_at: Option<u64>,
}

impl Log {
    fn unread(&self) -> u64 {
        self.listed
            .size
            .saturating_sub(self.read.unwrap_or(self.listed.size))
    }

    fn place(&self, offset: u64) -> LogPlace {
        LogPlace {
            file: self.listed.file,
            offset,
        }
    }
}

impl Ledger {
    /// Of what was known in an earlier run.
    pub(super) fn new(known: Vec<((VmId, ConsoleKind), LogPlace)>) -> Self {
        let mut furthest: HashMap<u64, (VmId, u64)> = HashMap::new();
        let known = known.into_iter().filter(|((_, kind), _)| *kind == KIND);
        let mut absent = HashSet::new();
        for ((vm, _), place) in known {
            absent.insert(vm);
            let entry = furthest.entry(place.file).or_insert((vm, place.offset));
            if entry.1 < place.offset {
                *entry = (vm, place.offset);
            }
        }
        Self {
            logs: HashMap::new(),
            known: furthest,
            absent,
            behind: Behind::Unknown,
            turns: 0,
        }
    }

    /// Takes in a list.
    pub(super) fn list(&mut self, listed: Vec<Listed>, scope: Scope) -> Vec<Recorded> {
        let mut told = Vec::new();
        if scope == Scope::All {
            let there: HashSet<u64> = listed.iter().map(|log| log.file).collect();
            self.logs.retain(|file, log| {
                let gone = !there.contains(file);
                if gone && log.unread() > 0 {
                    told.extend(missed(log, Some(log.unread()), log.listed.size));
                }
                !gone
            });
        }
        let first = matches!(self.behind, Behind::Unknown);
        for new in listed {
            let log = self.logs.entry(new.file).or_insert_with(|| Log {
                listed: new.clone(),
                read: None,
                owner: None,
                turn: 0,
                first,
                strange_at: None,
            });
            log.listed = new;
            if let Some((vm, offset)) = self.known.remove(&log.listed.file) {
                log.read = Some(offset);
                log.owner = Some(vm);
                self.absent.remove(&vm);
            }
            // It was cut: what had come since the last look is gone, however much that was.
            if log.read.is_some_and(|read| read > log.listed.size) {
                told.extend(missed(log, None, 0));
                log.read = Some(0);
            }
        }
        if first {
            let sizes = self.logs.iter().map(|(file, log)| (*file, log.listed.size));
            self.behind = Behind::Logs(sizes.collect());
        }
        told
    }

    /// Finds out whose each log is now, by its name and by whose it was, and where those begin that are new.
    pub(super) fn assign(&mut self, owner: impl Fn(&str, Option<VmId>) -> Option<VmId>) -> Vec<Recorded> {
        let mut told = Vec::new();
        let mut fresh: BTreeMap<VmId, Vec<u64>> = BTreeMap::new();
        for log in self.logs.values_mut() {
            if let Some(owner) = owner(&log.listed.name, log.owner) {
                log.owner = Some(owner);
                if log.read.is_none() {
                    fresh.entry(owner).or_default().push(log.listed.file);
                }
            }
        }
        for (vm, files) in fresh {
            self.begin(vm, files, &mut told);
        }
        for log in self.logs.values_mut() {
            if log.unread() > FAR_BEHIND {
                let to = log.listed.size.saturating_sub(LATEST);
                let skipped = to.saturating_sub(log.read.unwrap_or(to));
                told.extend(missed(log, Some(skipped), to));
                log.read = Some(to);
            }
        }
        told
    }

    /// Logs of a guest that were never read from. One that was there before a log that was read has been told of already, or was
    /// put aside before anybody listened.
    fn begin(&mut self, vm: VmId, files: Vec<u64>, told: &mut Vec<Recorded>) {
        let read = self
            .logs
            .values()
            .filter(|log| log.owner == Some(vm) && log.read.is_some());
        let last = read.map(|log| log.listed.written).max();
        let absent = self.absent.remove(&vm);
        let newest = files
            .iter()
            .filter_map(|file| self.logs.get(file))
            .max_by_key(|log| (log.listed.written, log.listed.file))
            .map(|log| log.listed.file);
        for file in files {
            let Some(log) = self.logs.get_mut(&file) else {
                continue;
            };
            let aside = is_put_aside(&log.listed.name);
            let from_its_beginning = match (log.first, last) {
                (false, _) => !aside,
                (true, Some(last)) => log.listed.written > last,
                (true, None) if absent => newest == Some(file),
                (true, None) => !aside,
            };
            log.read = Some(if from_its_beginning { 0 } else { log.listed.size });
            if absent && newest == Some(file) {
                told.extend(missed(log, None, log.read.unwrap_or_default()));
            }
        }
    }

    /// What to read next: of each guest its oldest log, those first that waited longest.
    pub(super) fn wants(&self) -> Vec<Want> {
        let mut oldest: HashMap<VmId, &Log> = HashMap::new();
        for log in self.logs.values().filter(|log| log.unread() > 0) {
            let Some(owner) = log.owner else { continue };
            let key = |log: &Log| (log.listed.written, log.listed.file);
            let entry = oldest.entry(owner).or_insert(log);
            if key(log) < key(entry) {
                *entry = log;
            }
        }
        let mut logs: Vec<&Log> = oldest.into_values().collect();
        logs.sort_by_key(|log| (log.turn, log.listed.file));
        logs.into_iter()
            .take(FILES)
            .map(|log| Want {
                file: log.listed.file,
                inode: log.listed.inode,
                from: log.read.unwrap_or_default(),
                count: log.unread().min(PIECE),
            })
            .collect()
    }

    /// Takes in what came of a wish. One that nothing came of waits for the next list: the log may be gone or cut.
    pub(super) fn took(&mut self, want: Want, bytes: &[u8]) -> Vec<Recorded> {
        self.turns += 1;
        let Some(log) = self.logs.get_mut(&want.file) else {
            return Vec::new();
        };
        log.turn = self.turns;
        let Some(vm) = log.owner else { return Vec::new() };
        if bytes.is_empty() {
            log.listed.size = want.from;
            return Vec::new();
        }
        let bytes = bytes
            .get(..usize::try_from(want.count).unwrap_or(usize::MAX).min(bytes.len()))
            .unwrap_or_default();
        let mut offset = want.from;
        let mut told = Vec::new();
        for piece in bytes.chunks(REPORT) {
            told.push(Recorded::Printed {
                vm,
                kind: KIND,
                from: log.place(offset),
                bytes: Bytes::copy_from_slice(piece),
            });
            offset = offset.saturating_add(piece.len() as u64);
        }
        log.read = Some(offset);
        told
    }

    /// Whether all that had been logged when this began has been told: true once.
    pub(super) fn has_caught_up(&mut self) -> bool {
        let Behind::Logs(behind) = &mut self.behind else {
            return false;
        };
        behind.retain(|file, to| {
            let log = self.logs.get(file).filter(|log| log.owner.is_some());
            log.is_some_and(|log| log.unread() > 0 && log.read.is_some_and(|read| read < *to))
        });
        if !behind.is_empty() {
            return false;
        }
        self.behind = Behind::Nothing;
        true
    }

    /// Whether there are new logs that are nobody's: true once for each, and again when it has grown.
    pub(super) fn has_strangers(&mut self) -> bool {
        let mut any = false;
        let strange =
            |log: &&mut Log| log.owner.is_none() && !log.first && guest_of(&log.listed.name).is_some();
        for log in self.logs.values_mut().filter(strange) {
            any |= log.strange_at.replace(log.listed.size) != Some(log.listed.size);
        }
        any
    }
}

/// Whether a name is that of a log that was put aside: `guest-web.log.1`.
fn is_put_aside(name: &str) -> bool {
    !name.ends_with(".log")
}

fn missed(log: &Log, bytes: Option<u64>, goes_on: u64) -> Option<Recorded> {
    Some(Recorded::Missed {
        vm: log.owner?,
        kind: KIND,
        bytes,
        at: log.place(goes_on),
    })
}

#[cfg(test)]
mod tests;
