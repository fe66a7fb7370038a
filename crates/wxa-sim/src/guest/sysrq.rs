//! SysRq keys: what the kernel prints and does, as Linux 6.1 does it with every key allowed.
use std::time::Duration;

use super::{Cue, GuestOs, Mode, Signal, Step, Then, boot};

/// What a key that the kernel does not know is answered with.
const HELP: &str = "HELP : loglevel(0-9) reboot(b) crash(c) terminate-all-tasks(e) memory-full-oom-kill(f) kill-all-tasks(i) \
                    thaw-filesystems(j) sak(k) show-backtrace-all-active-cpus(l) show-memory-usage(m) nice-all-RT-tasks(n) \
                    poweroff(o) show-registers(p) show-all-timers(q) unraw(r) sync(s) show-task-states(t) unmount(u) \
                    force-fb(v) show-blocked-tasks(w) dump-ftrace-buffer(z) ";

impl GuestOs {
    /// Does what a key says; nothing in a kernel that has ended.
    pub(crate) fn sysrq(&mut self, key: char, now: Duration) -> Step {
        let mut step = Step::default();
        if self.mode == Mode::Dead {
            return step;
        }
        let (action, more) = words(key, self.facts.memory_mib);
        step.output.extend_from_slice(b"\r\n");
        for line in std::iter::once(format!("sysrq: {action}")).chain(more) {
            let line = format!("[{:>12.6}] {line}\r\n", now.as_secs_f64());
            self.remember(&line);
            step.output.extend_from_slice(line.as_bytes());
        }
        match key {
            'c' => {
                self.mode = Mode::Stopping;
                self.chatter_at = None;
                self.cues = boot::sysrq_panic_cues(&self.facts, now).into();
            }
            'b' => {
                self.mode = Mode::Dead;
                self.chatter_at = None;
                self.cues.clear();
                step.signal = Some(Signal::Reboot);
            }
            'o' => {
                self.mode = Mode::Stopping;
                self.chatter_at = None;
                let line = format!("[{:>12.6}] reboot: Power down\r\n", now.as_secs_f64());
                self.cues = [Cue {
                    at: now + Duration::from_millis(50),
                    text: line,
                    then: Then::End(Signal::PowerOff),
                }]
                .into();
            }
            // Whoever had signed in is gone, and init offers the console anew.
            'e' | 'i' if matches!(self.mode, Mode::Password | Mode::Shell | Mode::Flooding(_)) => {
                self.line.clear();
                self.log_out(&mut step);
            }
            _ => {}
        }
        step
    }
}

/// The kernel's first line, and what it tells after that.
fn words(key: char, memory_mib: u64) -> (String, Vec<String>) {
    let of = |action: &str, more: &[&str]| -> (String, Vec<String>) {
        (
            action.to_owned(),
            more.iter().map(|&line| line.to_owned()).collect(),
        )
    };
    match key {
        '0'..='9' => (
            "Changing Loglevel".to_owned(),
            vec![format!("sysrq: Loglevel set to {key}")],
        ),
        'b' => of("Resetting", &[]),
        'c' => of("Trigger a crash", &[]),
        'e' => of("Terminate All Tasks", &[]),
        'f' => of(
            "Manual OOM execution",
            &["kworker/0:1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0"],
        ),
        'i' => of("Kill All Tasks", &[]),
        'j' => of("Emergency Thaw of all frozen filesystems", &[]),
        'k' => of("SAK", &[]),
        'l' => of("Show backtrace of all active CPUs", &["NMI backtrace for cpu 0"]),
        'm' => (
            "Show Memory".to_owned(),
            vec![
                "Mem-Info:".to_owned(),
                format!("{} pages RAM", memory_mib * 256),
                "0 pages HighMem/MovableOnly".to_owned(),
            ],
        ),
        'n' => of("Nice All RT Tasks", &[]),
        'o' => of("Power Off", &[]),
        'p' => of("Show Regs", &["CPU: 0 PID: 0 Comm: swapper/0 Not tainted"]),
        'q' => of(
            "Show clockevent devices & pending hrtimers (no others)",
            &["Timer List Version: v0.10"],
        ),
        'r' => of("Keyboard mode set to system default", &[]),
        's' => of("Emergency Sync", &["Emergency Sync complete"]),
        't' => of(
            "Show State",
            &["task:systemd         state:S stack:0     pid:1     ppid:0      flags:0x00000002"],
        ),
        'u' => of("Emergency Remount R/O", &["Emergency Remount complete"]),
        'v' => of("Restore framebuffer console", &[]),
        'w' => of("Show Blocked State", &[]),
        'z' => of(
            "Dump ftrace buffer",
            &["Dumping ftrace buffer:", "   (ftrace buffer empty)"],
        ),
        _ => of(HELP, &[]),
    }
}
