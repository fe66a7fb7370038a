//! The operating systems inside the pool's VMs. One is made when somebody first looks at its console: what it printed before then
//! follows from when it was started, so nothing is missed.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::broadcast;

use super::value::Ref;
use super::vm;
use super::world::World;
use crate::config::GuestType;
use crate::dice::Dice;
use crate::guest::{GuestFacts, GuestOs, Room, Signal, Step};
use crate::sentinels::Behaviour;

/// How much of a console is kept for who comes later.
const HISTORY: usize = 64 << 10;
/// How many pieces a slow viewer may lag behind.
const QUEUE: usize = 256;

/// All guests somebody has looked at, and when the others were started.
#[derive(Debug, Default)]
pub(super) struct Guests {
    booted: HashMap<Ref, Duration>,
    consoles: HashMap<Ref, Console>,
    /// Those that a member's own tool is attached to: one at a time.
    held: HashSet<Ref>,
    /// Consoles that clients have open, and how many of them.
    looked_at: HashMap<Ref, usize>,
}

#[derive(Debug)]
struct Console {
    os: GuestOs,
    started: Duration,
    history: Vec<u8>,
    output: broadcast::Sender<Bytes>,
}

/// A viewer's end of a console.
#[derive(Debug)]
pub(super) struct Attached {
    pub(super) history: Bytes,
    pub(super) output: broadcast::Receiver<Bytes>,
}

impl Guests {
    /// A VM begins to boot.
    pub(super) fn boots(&mut self, vm: Ref, now: Duration) {
        self.booted.insert(vm, now);
    }

    /// A VM is gone from its host, and all that its guest knew.
    pub(super) fn forget(&mut self, vm: Ref) {
        self.booted.remove(&vm);
        self.consoles.remove(&vm);
        self.held.remove(&vm);
    }

    /// Takes a console for a member's own tool; whether it was free.
    pub(super) fn hold(&mut self, vm: Ref) -> bool {
        self.held.insert(vm)
    }

    /// Lets it go.
    pub(super) fn release(&mut self, vm: Ref) {
        self.held.remove(&vm);
    }

    /// A client opens a console.
    pub(super) fn look(&mut self, console: Ref) {
        *self.looked_at.entry(console).or_default() += 1;
    }

    /// A client leaves it.
    pub(super) fn look_away(&mut self, console: Ref) {
        if let Some(count) = self.looked_at.get_mut(&console) {
            *count -= 1;
            if *count == 0 {
                self.looked_at.remove(&console);
            }
        }
    }

    /// Whether any client has it open.
    pub(super) fn is_looked_at(&self, console: Ref) -> bool {
        self.looked_at.contains_key(&console)
    }
}

impl World {
    /// Looks at a VM's text console.
    pub(super) fn attach(&mut self, vm: Ref) -> Attached {
        if !self.guests.consoles.contains_key(&vm) {
            let console = self.new_console(vm);
            self.guests.consoles.insert(vm, console);
        }
        self.wake_guest(vm);
        match self.guests.consoles.get(&vm) {
            Some(console) => Attached {
                history: Bytes::copy_from_slice(&console.history),
                output: console.output.subscribe(),
            },
            // It has just switched itself off.
            None => Attached {
                history: Bytes::new(),
                output: broadcast::channel(1).1,
            },
        }
    }

    /// When a guest does something by itself; none when nobody has looked at it.
    pub(super) fn guest_wakes(&self, vm: Ref) -> Option<Duration> {
        let console = self.guests.consoles.get(&vm)?;
        Some(console.started + console.os.next_wake()?)
    }

    /// Lets a guest do what is due.
    pub(super) fn wake_guest(&mut self, vm: Ref) {
        let now = self.now;
        if let Some(console) = self.guests.consoles.get_mut(&vm) {
            let step = console.os.step(now.saturating_sub(console.started), Room::Free);
            self.digest(vm, step);
        }
    }

    /// Types on a guest's console.
    pub(super) fn type_at(&mut self, vm: Ref, bytes: &[u8]) {
        let now = self.now;
        if self.db.text("VM", vm, "power_state") == "Running"
            && let Some(console) = self.guests.consoles.get_mut(&vm)
        {
            let step = console.os.input(bytes, now.saturating_sub(console.started));
            self.digest(vm, step);
        }
    }

    fn digest(&mut self, vm: Ref, step: Step) {
        if let Some(console) = self.guests.consoles.get_mut(&vm)
            && !step.output.is_empty()
        {
            console.history.extend_from_slice(&step.output);
            let surplus = console.history.len().saturating_sub(HISTORY);
            console.history.drain(..surplus);
            // Nobody looking is fine.
            let _ = console.output.send(Bytes::from(step.output));
        }
        let is_control = self.db.get("VM", vm, "is_control_domain").is_true();
        match step.signal {
            Some(_) if is_control => {}
            Some(Signal::PowerOff) => vm::halt(self, vm),
            Some(Signal::Crash) => vm::crash(self, vm),
            Some(Signal::Reboot) => {
                let host = self.db.reference("VM", vm, "resident_on");
                vm::place(self, vm, host, super::operations::Then::Runs);
            }
            None => {}
        }
    }

    fn new_console(&self, vm: Ref) -> Console {
        let db = &self.db;
        // A control domain calls itself as its host is called.
        let name = match db.get("VM", vm, "is_control_domain").is_true() {
            true => db.text("host", db.reference("VM", vm, "resident_on"), "name_label"),
            false => db.text("VM", vm, "name_label"),
        };
        let started = self.guests.booted.get(&vm).copied();
        let behaviour = match Behaviour::of(name) {
            // That it crashes is the pool's doing: its other clients must see it too.
            Behaviour::Crashes => Behaviour::Normal,
            other => other,
        };
        let facts = GuestFacts {
            name: name.to_owned(),
            guest_type: match db.text("VM", vm, "domain_type") {
                "pvh" => GuestType::Pvh,
                "hvm" => GuestType::Hvm,
                _ => GuestType::Pv,
            },
            memory_mib: u64::try_from(db.get("VM", vm, "memory_static_max").int() >> 20).unwrap_or(0),
            vcpus: u32::try_from(db.get("VM", vm, "VCPUs_at_startup").int()).unwrap_or(1),
            behaviour,
            pace: self.config.pace,
            epoch: self.epoch + started.unwrap_or_default().as_secs_f64(),
        };
        let dice = Dice::new(self.config.seed, name);
        let mut os = GuestOs::booting(facts, dice);
        let history = match started {
            Some(_) => Vec::new(),
            None => os.settle(self.now),
        };
        Console {
            os,
            started: started.unwrap_or_default(),
            history,
            output: broadcast::channel(QUEUE).0,
        }
    }
}
