//! What a guest prints while it boots, stops or panics.

use std::time::Duration;

use super::{Cue, GuestFacts, Signal, Then};
use crate::config::{GuestType, Pace};
use crate::dice::Dice;

/// Kernel release of every simulated guest.
pub(crate) const KERNEL: &str = "6.1.0-28-amd64";

/// Scripted durations at the host's pace.
pub(crate) fn paced(pace: Pace, duration: Duration) -> Duration {
    match pace {
        Pace::Lifelike => duration,
        Pace::Quick => duration / 20,
    }
}

/// The whole boot, up to the login prompt.
pub(crate) fn boot_cues(facts: &GuestFacts, dice: &mut Dice) -> Vec<Cue> {
    let mut script = Script::new(facts, Duration::ZERO);
    for (at, line) in kernel_lines(facts) {
        let jitter = dice.below(900) as f64 * 1e-6;
        script.kernel(at + jitter, &line);
    }
    let mut at = 2.9;
    script.text(
        at,
        "\r\nWelcome to Debian GNU/Linux 12 (bookworm)!\r\n\r\n".into(),
    );
    for unit in UNITS {
        at += 0.04 + dice.below(160) as f64 * 1e-3;
        script.unit(at, unit);
    }
    script.text(
        at + 0.4,
        format!(
            "\r\nDebian GNU/Linux 12 {} {}\r\n\r\n{} login: ",
            facts.name,
            facts.tty(),
            facts.name
        ),
    );
    script.finish(Then::BootDone)
}

/// A clean stop.
pub(crate) fn stop_cues(facts: &GuestFacts, signal: Signal, now: Duration, dice: &mut Dice) -> Vec<Cue> {
    let mut script = Script::new(facts, now);
    let mut at = 0.05;
    script.text(at, "\r\n".into());
    for unit in STOP_UNITS {
        at += 0.03 + dice.below(120) as f64 * 1e-3;
        script.unit(at, unit);
    }
    let (target, last) = match signal {
        Signal::Reboot => (
            "Reached target \x1b[0;1;39mreboot.target\x1b[0m - System Reboot.",
            "reboot: Restarting system",
        ),
        Signal::PowerOff | Signal::Crash => (
            "Reached target \x1b[0;1;39mpoweroff.target\x1b[0m - System Power Off.",
            "reboot: Power down",
        ),
    };
    script.text(at + 0.1, format!("[\x1b[0;32m  OK  \x1b[0m] {target}\r\n"));
    script.stamped(
        at + 0.3,
        "systemd-shutdown[1]: Syncing filesystems and block devices.",
    );
    script.stamped(at + 0.6, last);
    script.finish(Then::End(signal))
}

/// A kernel panic.
pub(crate) fn panic_cues(facts: &GuestFacts, now: Duration) -> Vec<Cue> {
    let mut script = Script::new(facts, now);
    script.text(0.0, "\r\n".into());
    for line in [
        "BUG: kernel NULL pointer dereference, address: 0000000000000008".to_owned(),
        "#PF: supervisor read access in kernel mode".to_owned(),
        "Oops: 0000 [#1] PREEMPT SMP NOPTI".to_owned(),
        format!("CPU: 0 PID: 331 Comm: kworker/0:2 Not tainted {KERNEL} #1  Debian 6.1.119-1"),
        "RIP: 0010:blkif_queue_rq+0x1a3/0x7f0 [xen_blkfront]".to_owned(),
        "Call Trace:".to_owned(),
        " <TASK>".to_owned(),
        " __blk_mq_do_dispatch_sched+0x29a/0x2d0".to_owned(),
        " blk_mq_run_work_fn+0x1b/0x30".to_owned(),
        " process_one_work+0x1c7/0x380".to_owned(),
        " </TASK>".to_owned(),
        "Kernel panic - not syncing: Fatal exception".to_owned(),
        "Kernel Offset: 0x1a400000 from 0xffffffff81000000".to_owned(),
        "---[ end Kernel panic - not syncing: Fatal exception ]---".to_owned(),
    ] {
        script.stamped(0.01, &line);
    }
    script.finish(Then::End(Signal::Crash))
}

/// What a kernel prints that was told to crash itself, as Debian's does.
pub(crate) fn sysrq_panic_cues(facts: &GuestFacts, now: Duration) -> Vec<Cue> {
    let mut script = Script::new(facts, now);
    for line in [
        "Kernel panic - not syncing: sysrq triggered crash".to_owned(),
        format!("CPU: 0 PID: 19 Comm: xenwatch Not tainted {KERNEL} #1  Debian 6.1.119-1"),
        "Call Trace:".to_owned(),
        " <TASK>".to_owned(),
        " dump_stack_lvl+0x44/0x5c".to_owned(),
        " panic+0x118/0x2ed".to_owned(),
        " sysrq_handle_crash+0x16/0x20".to_owned(),
        " __handle_sysrq.cold+0x41/0x11c".to_owned(),
        " sysrq_handler+0x8e/0xd0".to_owned(),
        " xenwatch_thread+0x98/0x160".to_owned(),
        " </TASK>".to_owned(),
        "Kernel Offset: disabled".to_owned(),
        "---[ end Kernel panic - not syncing: sysrq triggered crash ]---".to_owned(),
    ] {
        script.stamped(0.01, &line);
    }
    script.finish(Then::End(Signal::Crash))
}

struct Script<'a> {
    facts: &'a GuestFacts,
    start: Duration,
    cues: Vec<Cue>,
}

impl<'a> Script<'a> {
    fn new(facts: &'a GuestFacts, start: Duration) -> Self {
        Self {
            facts,
            start,
            cues: Vec::new(),
        }
    }

    fn text(&mut self, at: f64, text: String) {
        let at = self.start + paced(self.facts.pace, Duration::from_secs_f64(at.max(0.0)));
        self.cues.push(Cue {
            at,
            text,
            then: Then::Nothing,
        });
    }

    /// What systemd has done with a unit.
    fn unit(&mut self, at: f64, unit: &str) {
        let unit = unit.replace("{tty}", self.facts.tty());
        self.text(at, format!("[\x1b[0;32m  OK  \x1b[0m] {unit}\r\n"));
    }

    /// A line of the booting kernel; its stamp counts from the kernel's start.
    fn kernel(&mut self, at: f64, line: &str) {
        self.text(at + 0.2, format!("[{at:>12.6}] {line}\r\n"));
    }

    /// A line stamped with the guest's own time.
    fn stamped(&mut self, at: f64, line: &str) {
        let stamp = (self.start + paced(self.facts.pace, Duration::from_secs_f64(at))).as_secs_f64();
        self.text(at, format!("[{stamp:>12.6}] {line}\r\n"));
    }

    fn finish(mut self, then: Then) -> Vec<Cue> {
        if let Some(last) = self.cues.last_mut() {
            last.then = then;
        }
        self.cues
    }
}

fn kernel_lines(facts: &GuestFacts) -> Vec<(f64, String)> {
    let kib = facts.memory_mib * 1024;
    let (hypervisor, booting) = match facts.guest_type {
        GuestType::Pv => ("Hypervisor detected: Xen PV", "Booting kernel on Xen"),
        GuestType::Pvh => (
            "Hypervisor detected: Xen HVM",
            "Booting paravirtualized kernel on Xen PVH",
        ),
        GuestType::Hvm => (
            "Hypervisor detected: Xen HVM",
            "Booting paravirtualized kernel on Xen HVM",
        ),
    };
    vec![
        (0.0, format!("Linux version {KERNEL} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)")),
        (0.0, format!("Command line: root=/dev/xvda1 ro console={}", facts.tty())),
        (0.0, "BIOS-provided physical RAM map:".into()),
        (0.0, "Xen: [mem 0x0000000000000000-0x000000000009ffff] usable".into()),
        (0.0, format!("Xen: [mem 0x0000000000100000-0x{:016x}] usable", facts.memory_mib * 1_048_576 - 1)),
        (0.0, "NX (Execute Disable) protection: active".into()),
        (0.0, hypervisor.into()),
        (0.0, "Xen version 4.17.".into()),
        (0.000_001, "tsc: Detected 2445.404 MHz processor".into()),
        (0.011, booting.into()),
        (0.013, format!("setup_percpu: NR_CPUS:8192 nr_cpumask_bits:{0} nr_cpu_ids:{0} nr_node_ids:1", facts.vcpus)),
        (0.041, format!("Memory: {}K/{kib}K available (14342K kernel code, 2331K rwdata, 9056K rodata, 2792K init)", kib * 95 / 100)),
        (0.052, "Dynamic Preempt: voluntary".into()),
        (0.101, format!("smp: Brought up 1 node, {} CPU{}", facts.vcpus, if facts.vcpus == 1 { "" } else { "s" })),
        (0.120, "devtmpfs: initialized".into()),
        (0.151, "xen:grant_table: Grant tables using version 1 layout".into()),
        (0.162, "NET: Registered PF_NETLINK/PF_ROUTE protocol family".into()),
        (0.204, "xen:balloon: Initialising balloon driver".into()),
        (0.243, "clocksource: Switched to clocksource xen".into()),
        (0.371, "TCP: Hash tables configured (established 8192 bind 8192)".into()),
        (0.460, "Unpacking initramfs...".into()),
        (0.832, "Freeing initrd memory: 29184K".into()),
        (0.910, "Invalid max_queues (4), will use default max: 1.".into()),
        (1.014, "xen_netfront: Initialising Xen virtual ethernet driver".into()),
        (1.121, "blkfront: xvda: flush diskcache: enabled; persistent grants: enabled; indirect descriptors: enabled; bounce buffer: disabled".into()),
        (1.152, " xvda: xvda1 xvda2".into()),
        (1.430, "Run /init as init process".into()),
        (1.902, "EXT4-fs (xvda1): mounted filesystem with ordered data mode. Quota mode: none.".into()),
        (2.351, "systemd[1]: systemd 252.31-1~deb12u1 running in system mode (+PAM +AUDIT +SELINUX +APPARMOR)".into()),
        (2.372, "systemd[1]: Detected virtualization xen.".into()),
        (2.390, format!("systemd[1]: Hostname set to <{}>.", facts.name)),
    ]
}

/// What systemd tells of its units; `{tty}` is the device of the console.
const UNITS: &[&str] = &[
    "Created slice \x1b[0;1;39msystem-getty.slice\x1b[0m - Slice /system/getty.",
    "Listening on \x1b[0;1;39msystemd-journald.socket\x1b[0m - Journal Socket.",
    "Mounted \x1b[0;1;39mdev-hugepages.mount\x1b[0m - Huge Pages File System.",
    "Started \x1b[0;1;39msystemd-journald.service\x1b[0m - Journal Service.",
    "Finished \x1b[0;1;39msystemd-remount-fs.service\x1b[0m - Remount Root and Kernel File Systems.",
    "Finished \x1b[0;1;39msystemd-sysctl.service\x1b[0m - Apply Kernel Variables.",
    "Started \x1b[0;1;39msystemd-udevd.service\x1b[0m - Rule-based Manager for Device Events and Files.",
    "Reached target \x1b[0;1;39mlocal-fs.target\x1b[0m - Local File Systems.",
    "Finished \x1b[0;1;39mnetworking.service\x1b[0m - Raise network interfaces.",
    "Reached target \x1b[0;1;39mnetwork.target\x1b[0m - Network.",
    "Started \x1b[0;1;39mdbus.service\x1b[0m - D-Bus System Message Bus.",
    "Started \x1b[0;1;39mcron.service\x1b[0m - Regular background program processing daemon.",
    "Started \x1b[0;1;39msystemd-logind.service\x1b[0m - User Login Management.",
    "Started \x1b[0;1;39mssh.service\x1b[0m - OpenBSD Secure Shell server.",
    "Started \x1b[0;1;39mserial-getty@{tty}.service\x1b[0m - Serial Getty on {tty}.",
    "Reached target \x1b[0;1;39mmulti-user.target\x1b[0m - Multi-User System.",
];

const STOP_UNITS: &[&str] = &[
    "Removed slice \x1b[0;1;39msystem-getty.slice\x1b[0m - Slice /system/getty.",
    "Stopped \x1b[0;1;39mcron.service\x1b[0m - Regular background program processing daemon.",
    "Stopped \x1b[0;1;39mssh.service\x1b[0m - OpenBSD Secure Shell server.",
    "Stopped \x1b[0;1;39mserial-getty@{tty}.service\x1b[0m - Serial Getty on {tty}.",
    "Stopped target \x1b[0;1;39mnetwork.target\x1b[0m - Network.",
    "Stopped \x1b[0;1;39mnetworking.service\x1b[0m - Raise network interfaces.",
    "Unmounted \x1b[0;1;39mboot.mount\x1b[0m - /boot.",
    "Reached target \x1b[0;1;39mumount.target\x1b[0m - Unmount All Filesystems.",
];
