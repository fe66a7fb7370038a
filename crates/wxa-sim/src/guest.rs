//! The operating system inside a simulated guest: a state machine fed with its own clock and with what is typed on its console.

pub(crate) mod boot;
pub(crate) mod programs;
mod sysrq;
pub(crate) mod terminal;

use std::collections::VecDeque;
use std::time::Duration;

use crate::config::{GuestType, Pace};
use crate::dice::Dice;
use crate::sentinels::Behaviour;

/// What the hypervisor gets to know from a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    PowerOff,
    Reboot,
    Crash,
}

/// What a guest is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Booting,
    Login,
    Password,
    Shell,
    Flooding(Flood),
    Stopping,
    Dead,
}

/// What is written without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flood {
    Yes,
    Log,
    /// Random bytes and escape sequences.
    Raw,
    /// To xenstore, not to the console.
    Store,
}

/// How many nodes a flooding guest writes to xenstore each 10 ms.
const STORE_WRITES: u32 = 200;
/// How many bytes a raw flood prints each 10 ms.
const RAW_BYTES: usize = 1 << 20;

/// Whether whoever reads the console keeps up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Free,
    Full,
}

/// Facts a guest knows about itself.
#[derive(Debug, Clone)]
pub(crate) struct GuestFacts {
    pub(crate) name: String,
    pub(crate) guest_type: GuestType,
    pub(crate) memory_mib: u64,
    pub(crate) vcpus: u32,
    pub(crate) behaviour: Behaviour,
    pub(crate) pace: Pace,
    /// Seconds since 1970 at the guest's time zero.
    pub(crate) epoch: f64,
}

impl GuestFacts {
    /// The device of its text console: an HVM guest has a serial port for one, the others the paravirtual console.
    pub(crate) fn tty(&self) -> &'static str {
        match self.guest_type {
            GuestType::Hvm => "ttyS0",
            GuestType::Pv | GuestType::Pvh => "hvc0",
        }
    }
}

/// A thing to print at a time, and what follows from it.
#[derive(Debug, Clone)]
pub(crate) struct Cue {
    pub(crate) at: Duration,
    pub(crate) text: String,
    pub(crate) then: Then,
}

/// What follows a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Nothing,
    BootDone,
    End(Signal),
}

/// The machine. Times are the guest's own: they stand still while it is paused.
#[derive(Debug)]
pub(crate) struct GuestOs {
    pub(crate) facts: GuestFacts,
    pub(crate) mode: Mode,
    pub(crate) user: String,
    pub(crate) line: String,
    pub(crate) history: Vec<String>,
    pub(crate) escape: terminal::Escape,
    pub(crate) recalled: Option<usize>,
    pub(crate) kernel_log: Vec<String>,
    pub(crate) cues: VecDeque<Cue>,
    pub(crate) dice: Dice,
    flood_at: Duration,
    flooded_lines: u64,
    chatter_at: Option<Duration>,
}

/// What a step produced.
#[derive(Debug, Default)]
pub(crate) struct Step {
    pub(crate) output: Vec<u8>,
    pub(crate) signal: Option<Signal>,
    /// How often the guest wrote to its own part of xenstore.
    pub(crate) store_writes: u32,
}

impl GuestOs {
    /// A guest that starts to boot at its time zero.
    pub(crate) fn booting(facts: GuestFacts, dice: Dice) -> Self {
        let mut os = Self {
            facts,
            mode: Mode::Booting,
            user: String::new(),
            line: String::new(),
            history: Vec::new(),
            escape: terminal::Escape::None,
            recalled: None,
            kernel_log: Vec::new(),
            cues: VecDeque::new(),
            dice,
            flood_at: Duration::ZERO,
            flooded_lines: 0,
            chatter_at: None,
        };
        os.cues = boot::boot_cues(&os.facts, &mut os.dice).into();
        os
    }

    /// Skips the boot: the guest has been up for a while. Returns what its console would have shown.
    pub(crate) fn settle(&mut self, now: Duration) -> Vec<u8> {
        let mut output = Vec::new();
        while let Some(cue) = self.cues.pop_front() {
            self.remember(&cue.text);
            output.extend_from_slice(cue.text.as_bytes());
        }
        self.mode = Mode::Login;
        self.after_boot(now);
        output
    }

    /// When something happens next without anybody typing.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        let cue = self.cues.front().map(|cue| cue.at);
        let flood = matches!(self.mode, Mode::Flooding(_)).then_some(self.flood_at);
        [cue, flood, self.chatter_at].into_iter().flatten().min()
    }

    /// Does what is due at `now`.
    pub(crate) fn step(&mut self, now: Duration, room: Room) -> Step {
        let mut step = Step::default();
        while self.cues.front().is_some_and(|cue| cue.at <= now) {
            let Some(cue) = self.cues.pop_front() else { break };
            self.remember(&cue.text);
            step.output.extend_from_slice(cue.text.as_bytes());
            match cue.then {
                Then::Nothing => {}
                Then::BootDone => {
                    self.mode = Mode::Login;
                    self.after_boot(now);
                }
                Then::End(signal) => {
                    self.mode = Mode::Dead;
                    self.chatter_at = None;
                    step.signal = Some(signal);
                }
            }
        }
        if let Mode::Flooding(flood) = self.mode
            && self.flood_at <= now
        {
            self.flood_at = now + Duration::from_millis(10);
            if room == Room::Free {
                self.flood(flood, now, &mut step);
            }
        }
        if self.chatter_at.is_some_and(|at| at <= now) {
            self.chatter(now, &mut step.output);
        }
        step
    }

    /// Somebody asked the guest to stop, through the hypervisor or by a command of its own.
    pub(crate) fn stop(&mut self, signal: Signal, now: Duration) {
        if matches!(self.mode, Mode::Stopping | Mode::Dead) {
            return;
        }
        self.mode = Mode::Stopping;
        self.chatter_at = None;
        self.cues = boot::stop_cues(&self.facts, signal, now, &mut self.dice).into();
    }

    /// The kernel panics.
    pub(crate) fn panic(&mut self, now: Duration) {
        self.mode = Mode::Stopping;
        self.chatter_at = None;
        self.cues = boot::panic_cues(&self.facts, now).into();
    }

    /// Starts writing without end.
    pub(crate) fn start_flood(&mut self, flood: Flood, now: Duration) {
        self.mode = Mode::Flooding(flood);
        self.flood_at = now;
    }

    fn after_boot(&mut self, now: Duration) {
        match self.facts.behaviour {
            Behaviour::Crashes => {
                let delay = boot::paced(self.facts.pace, Duration::from_secs(8));
                let panic = boot::panic_cues(&self.facts, now + delay);
                self.cues.extend(panic);
            }
            Behaviour::Floods => self.start_flood(Flood::Log, now),
            Behaviour::FloodsRaw => self.start_flood(Flood::Raw, now),
            Behaviour::FloodsStore => self.start_flood(Flood::Store, now),
            _ if self.dice.below(2) == 0 => {
                self.chatter_at = Some(now + Duration::from_secs(20 + self.dice.below(40)))
            }
            _ => {}
        }
    }

    fn flood(&mut self, flood: Flood, now: Duration, step: &mut Step) {
        let output = &mut step.output;
        match flood {
            Flood::Store => step.store_writes = STORE_WRITES,
            Flood::Raw => {
                let block = raw_block();
                while output.len() < RAW_BYTES {
                    output.extend_from_slice(block);
                }
            }
            Flood::Yes => output.extend_from_slice("y\r\n".repeat(1000).as_bytes()),
            Flood::Log => {
                for _ in 0..5 {
                    self.flooded_lines += 1;
                    let line = format!(
                        "[{:>12.6}] worker[412]: request {:08} served in {} us\r\n",
                        now.as_secs_f64(),
                        self.flooded_lines,
                        120 + self.dice.below(900)
                    );
                    output.extend_from_slice(line.as_bytes());
                }
            }
        }
    }

    /// A kernel message now and then, while nobody works on the console.
    fn chatter(&mut self, now: Duration, output: &mut Vec<u8>) {
        self.chatter_at = Some(now + Duration::from_secs(60 + self.dice.below(240)));
        if self.mode != Mode::Login || !self.line.is_empty() {
            return;
        }
        let messages = [
            "xen-blkfront: xvda: flush diskcache: enabled; persistent grants: enabled",
            "systemd-journald[201]: Data hash table of /run/log/journal has a fill level at 75.0, suggesting rotation.",
            "net eth0: rx->offset: 0, size: 1500",
            "perf: interrupt took too long (2531 > 2500), lowering kernel.perf_event_max_sample_rate to 79000",
            "clocksource: timekeeping watchdog on CPU0: wd-tsc-wd read-back delay of 61us",
        ];
        let pick = usize::try_from(self.dice.below(messages.len() as u64)).unwrap_or(0);
        let message = messages.get(pick).copied().unwrap_or_default();
        let line = format!("[{:>12.6}] {message}\r\n", now.as_secs_f64());
        self.remember(&line);
        output.extend_from_slice(format!("\r\n{line}{} login: ", self.facts.name).as_bytes());
    }

    fn remember(&mut self, text: &str) {
        let lines = text.lines().filter(|line| {
            line.starts_with('[') && line.get(1..13).is_some_and(|at| at.trim().parse::<f64>().is_ok())
        });
        self.kernel_log
            .extend(lines.map(|line| line.trim_end().to_owned()));
        let extra = self.kernel_log.len().saturating_sub(400);
        self.kernel_log.drain(..extra);
    }
}

/// Random bytes with escape sequences among them, made once.
fn raw_block() -> &'static [u8] {
    static BLOCK: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BLOCK.get_or_init(|| {
        let mut dice = Dice::new(3, "raw flood");
        let mut block = Vec::new();
        while block.len() < 64 << 10 {
            for _ in 0..24 {
                block.extend_from_slice(&dice.next().to_le_bytes());
            }
            let sequences = [
                "\x1b[2J",
                "\x1b]0;title\x07",
                "\x1b[6n",
                "\x1bc",
                "\x1b[?1049h",
                "\x1bP$q\x1b\\",
            ];
            let pick = usize::try_from(dice.below(sequences.len() as u64)).unwrap_or(0);
            block.extend_from_slice(sequences.get(pick).copied().unwrap_or_default().as_bytes());
        }
        block
    })
}
