//! A domain's console as xenconsoled keeps it: one reader, a little memory of what nobody read, and an exclusive lock.

use bytes::Bytes;
use tokio::sync::mpsc;

use super::World;
use super::domain::Phase;
use crate::config::{ConsoleLogs, GuestType};
use crate::guest::{Room, Step};

/// Where xenconsoled logs.
pub(super) const LOGS: &str = "/var/log/xen/console";
/// How much is kept for the next reader while nobody reads.
const BACKLOG: usize = 16 << 10;
/// How many pieces a slow reader may have waiting; more is lost, as behind a full pty.
const READER_QUEUE: usize = 256;
/// A guest that floods waits while so many are waiting.
const READER_BUSY: usize = 16;

/// The console of one domain.
#[derive(Debug)]
pub(crate) struct Console {
    pub(crate) tty: String,
    backlog: Vec<u8>,
    reader: Option<mpsc::Sender<Bytes>>,
    lock: Option<u64>,
    /// Typed while the guest was paused.
    typed: Vec<u8>,
    pub(crate) log_path: Option<String>,
}

/// Somebody else holds the lock.
#[derive(Debug)]
pub(crate) struct Locked;

impl Console {
    /// A console nobody reads.
    pub(crate) fn new(tty: String, log_path: Option<String>) -> Self {
        Self {
            tty,
            backlog: Vec::new(),
            reader: None,
            lock: None,
            typed: Vec::new(),
            log_path,
        }
    }

    /// Takes the lock for ever, in the name of somebody outside.
    pub(crate) fn hold(&mut self) {
        self.lock = Some(0);
    }

    /// Gives output to the reader or keeps the end of it.
    pub(crate) fn show(&mut self, bytes: &[u8]) {
        if let Some(reader) = &self.reader
            && !reader.is_closed()
        {
            let _ = reader.try_send(Bytes::copy_from_slice(bytes));
            return;
        }
        self.reader = None;
        self.backlog.extend_from_slice(bytes);
        let extra = self.backlog.len().saturating_sub(BACKLOG);
        self.backlog.drain(..extra);
    }

    fn room(&self) -> Room {
        match &self.reader {
            Some(reader) if !reader.is_closed() && reader.capacity() + READER_BUSY < READER_QUEUE => {
                Room::Full
            }
            _ => Room::Free,
        }
    }
}

impl World {
    /// Attaches `xl console`: takes the lock and becomes the reader.
    pub(crate) fn attach(
        &mut self,
        domid: u32,
        holder: u64,
    ) -> Option<Result<mpsc::Receiver<Bytes>, Locked>> {
        let domain = self.domains.get_mut(&domid)?;
        if domain.console.lock.is_some_and(|lock| lock != holder) {
            return Some(Err(Locked));
        }
        domain.console.lock = Some(holder);
        Some(Ok(self.read_console(domid)?))
    }

    /// Becomes the reader without asking for the lock, as reading `/dev/pts/N` does.
    pub(crate) fn read_console(&mut self, domid: u32) -> Option<mpsc::Receiver<Bytes>> {
        let domain = self.domains.get_mut(&domid)?;
        let (reader, output) = mpsc::channel(READER_QUEUE);
        let backlog = std::mem::take(&mut domain.console.backlog);
        if !backlog.is_empty() {
            let _ = reader.try_send(Bytes::from(backlog));
        }
        domain.console.reader = Some(reader);
        Some(output)
    }

    /// Lets the lock go.
    pub(crate) fn detach(&mut self, domid: u32, holder: u64) {
        if let Some(domain) = self.domains.get_mut(&domid)
            && domain.console.lock == Some(holder)
        {
            domain.console.lock = None;
            domain.console.reader = None;
            self.changed();
        }
    }

    /// Types on a console. A paused guest gets it when it goes on.
    pub(crate) fn type_on(&mut self, domid: u32, bytes: &[u8]) {
        let now = self.now;
        let Some(domain) = self.domains.get_mut(&domid) else {
            return;
        };
        if domain.phase != Phase::Live {
            return;
        }
        if domain.paused_at.is_some() {
            let left = 4096_usize.saturating_sub(domain.console.typed.len());
            domain.console.typed.extend(bytes.iter().take(left));
            return;
        }
        let time = domain.guest_time(now);
        let step = domain.os.input(bytes, time);
        self.digest(domid, step);
    }

    /// Gives a guest what was typed while it was paused.
    pub(crate) fn type_held_back(&mut self, domid: u32) {
        let Some(domain) = self.domains.get_mut(&domid) else {
            return;
        };
        let typed = std::mem::take(&mut domain.console.typed);
        if !typed.is_empty() {
            self.type_on(domid, &typed);
        }
    }

    /// Lets a guest's machine go on.
    pub(crate) fn wake(&mut self, domid: u32) {
        let now = self.now;
        let Some(domain) = self.domains.get_mut(&domid) else {
            return;
        };
        if !domain.runs() || domain.wake_at.is_none_or(|at| at > now) {
            return;
        }
        domain.wake_at = None;
        let room = domain.console.room();
        let time = domain.guest_time(now);
        let step = domain.os.step(time, room);
        self.digest(domid, step);
    }

    /// Shows what a guest printed, acts on its signal and plans its next wake-up.
    pub(crate) fn digest(&mut self, domid: u32, step: Step) {
        self.print(domid, &step.output);
        for number in 0..step.store_writes {
            // The store answers the guest only when it has told the watchers.
            if !self.store.has_room() {
                break;
            }
            let path = format!("/local/domain/{domid}/data/flood-{}", number % 16);
            self.store.write(&path, number.to_string());
        }
        match step.signal {
            Some(signal) => self.guest_ended(domid, signal),
            None => self.plan_wake(domid),
        }
    }

    /// Plans the next wake-up of a running guest.
    pub(crate) fn plan_wake(&mut self, domid: u32) {
        let Some(domain) = self.domains.get_mut(&domid).filter(|domain| domain.runs()) else {
            return;
        };
        let Some(at) = domain.os.next_wake().map(|at| at + domain.clock_behind) else {
            return;
        };
        if domain.wake_at != Some(at) {
            domain.wake_at = Some(at);
            self.plan(at, super::Event::Wake(domid));
        }
    }

    /// Puts output on a domain's console and into its log. xenconsoled sees nothing of an HVM guest's serial port: that belongs to the
    /// device model.
    pub(crate) fn print(&mut self, domid: u32, bytes: &[u8]) {
        let Some(domain) = self.domains.get_mut(&domid) else {
            return;
        };
        if bytes.is_empty() {
            return;
        }
        domain.console.show(bytes);
        if domain.config.guest_type != GuestType::Hvm
            && let Some(path) = domain.console.log_path.clone()
        {
            self.append_file(&path, bytes);
        }
    }

    /// xenconsoled begins anew: whoever is attached is cut off, and what is logged is as its settings say now.
    pub(crate) fn restart_console_daemon(&mut self) {
        let settings = self
            .files
            .get("/etc/default/xen")
            .map(|file| file.content.clone());
        let settings = String::from_utf8_lossy(&settings.unwrap_or_default()).into_owned();
        let logs = settings
            .lines()
            .filter_map(|line| line.strip_prefix("XENCONSOLED_ARGS="))
            .any(|arguments| arguments.contains("--log=guest") || arguments.contains("--log=all"));
        self.config.console_logs = if logs {
            ConsoleLogs::PerGuest
        } else {
            ConsoleLogs::Off
        };
        let there = self.files.kind(LOGS).is_some();
        let mut paths = Vec::new();
        for domain in self.domains.values_mut() {
            domain.console.reader = None;
            domain.console.log_path = (logs && there).then(|| format!("{LOGS}/guest-{}.log", domain.name));
            paths.extend(domain.console.log_path.clone());
        }
        for path in paths {
            self.append_file(&path, b"");
        }
        self.changed();
    }

    /// Appends to a file and wakes those who follow it.
    pub(crate) fn append_file(&mut self, path: &str, bytes: &[u8]) {
        let now = self.now;
        self.files.append(path, bytes, now);
        self.file_changes.send_modify(|count| *count += 1);
    }
}
