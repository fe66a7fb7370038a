//! What lines say, as data: the first row that applies and fits a line tells.
//!
//! Each has an example, as the one who prints it prints it; the tests hold each row to its own, and all together to what real
//! guests printed from their first byte on (`logs/`).
use crate::pattern::Pattern::{
    self, AfterWord, Begins, BeginsAndHas, BeginsWithout, EarlyKernel, Has, LoginPrompt, ShellPrompt,
};
use Moves::{After, Anew, AnewButLinux, Onward};
use wxa_model::console::{
    GuestEvent::{self, Oops, OutOfMemory, SoftLockup},
    GuestPhase::{self, BootLoader, Firmware, Fsck, Init, Kernel, Login, Panicked, Shutdown},
};

/// What a line tells.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What it tells.
    pub tells: GuestEvent,
    /// When it is believed.
    pub moves: Moves,
    /// How the line is recognised.
    pub pattern: Pattern,
    /// Who prints it.
    pub by: &'static str,
    /// Such a line.
    pub example: &'static str,
}

/// When a line is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// Whatever was before.
    Anew,
    /// The same, of a kernel that is not Linux: of that, programs print it.
    AnewButLinux,
    /// Unless the guest has come further already: services are started in a running guest too.
    Onward,
    /// Only directly after this.
    After(GuestPhase),
}

/// What is known of a guest's kernel in its present boot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    /// Nothing, or that it is not Linux.
    #[default]
    Unknown,
    /// It is Linux.
    Linux,
}

impl Rule {
    /// Whether it is believed of a guest in that phase, of whose kernel that much is known.
    pub fn applies(&self, now: Option<GuestPhase>, kernel: Family) -> bool {
        match (self.moves, self.tells) {
            (Onward, GuestEvent::Phase(next)) => now.is_none_or(|now| now < next),
            (After(before), _) => now == Some(before),
            (AnewButLinux, _) => kernel != Family::Linux,
            (Anew | Onward, _) => true,
        }
    }

    /// What is known of the guest's kernel when it told this; none where that says nothing new.
    pub(crate) fn family(&self) -> Option<Family> {
        match (self.moves, self.tells) {
            (Anew, GuestEvent::Phase(Firmware | BootLoader)) => Some(Family::Unknown),
            (Anew, GuestEvent::Phase(Kernel)) if self.by.starts_with("Linux") => Some(Family::Linux),
            (Anew, GuestEvent::Phase(Kernel)) => Some(Family::Unknown),
            _ => None,
        }
    }
}

const fn phase(
    phase: GuestPhase,
    moves: Moves,
    pattern: Pattern,
    by: &'static str,
    example: &'static str,
) -> Rule {
    Rule {
        tells: GuestEvent::Phase(phase),
        moves,
        pattern,
        by,
        example,
    }
}

const fn trouble(tells: GuestEvent, pattern: Pattern, by: &'static str, example: &'static str) -> Rule {
    Rule {
        tells,
        moves: Anew,
        pattern,
        by,
        example,
    }
}

/// All rules.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    // Firmware and what it starts.
    phase(Firmware, Anew, Begins("SeaBIOS (version "), "SeaBIOS: HVM guests with `serial=`", "SeaBIOS (version 1.16.2-debian-1.16.2-1)"),
    phase(Firmware, Anew, Begins("UEFI firmware (version "), "EDK II on a serial port", "UEFI firmware (version 2022.11-6 built at 13:23:33 on Mar 13 2023)"),
    phase(Firmware, Onward, Begins("BdsDxe: "), "EDK II's boot manager", "BdsDxe: loading Boot0001 \"UEFI QEMU HARDDISK\" from PciRoot(0x0)/Pci(0x1,0x1)/Ata(0x0)"),
    phase(Firmware, Onward, Begins("Booting from "), "SeaBIOS", "Booting from Hard Disk..."),
    phase(BootLoader, Anew, Begins("GRUB loading"), "GRUB's first stage", "GRUB loading.."),
    phase(BootLoader, Anew, Begins("Welcome to GRUB"), "GRUB", "Welcome to GRUB!"),
    phase(BootLoader, Anew, Begins("GNU GRUB  version "), "GRUB's menu, and pygrub's", "GNU GRUB  version 2.06-13+deb12u2"),
    phase(BootLoader, Anew, Begins("pygrub version "), "pygrub", "pygrub version 0.7"),
    phase(BootLoader, Onward, Begins("iPXE "), "iPXE", "iPXE 1.0.0+git-20190125.36a4c85-5.1 -- Open Source Network Boot Firmware -- http://ipxe.org"),
    phase(BootLoader, Onward, Begins("ISOLINUX "), "ISOLINUX", "ISOLINUX 6.04 20191223  Copyright (C) 1994-2015 H. Peter Anvin et al"),
    phase(BootLoader, Onward, Begins("SYSLINUX "), "SYSLINUX", "SYSLINUX 6.04 20191223 Copyright (C) 1994-2015 H. Peter Anvin et al"),
    phase(BootLoader, Onward, Begins("Booting `"), "GRUB, when an entry was chosen", "Booting `Debian GNU/Linux'"),
    phase(BootLoader, Anew, Begins("(XEN) Xen version "), "Xen itself, on the console of a control domain or of a nested one", "(XEN) Xen version 4.17.7 (Debian 4.17.7+13-g2445b30a44-0+deb12u1)"),
    // Kernels. The first line of one is a boot, whatever was before.
    phase(Kernel, Anew, Begins("Linux version "), "Linux", "[    0.000000] Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org)"),
    phase(Kernel, Anew, Begins("mapping kernel into physical memory"), "Linux as a PV guest", "mapping kernel into physical memory"),
    phase(Kernel, Anew, Begins("---<<BOOT>>---"), "FreeBSD", "---<<BOOT>>---"),
    phase(Kernel, Anew, Begins("Copyright (c) 1992-2"), "FreeBSD", "Copyright (c) 1992-2023 The FreeBSD Project."),
    // The end of a kernel: before what could be taken for a service.
    phase(Panicked, Anew, Begins("Kernel panic - not syncing"), "Linux", "[   14.303110] Kernel panic - not syncing: sysrq triggered crash"),
    phase(Panicked, AnewButLinux, BeginsWithout("panic: ", "runtime error"), "FreeBSD, NetBSD and OpenBSD", "panic: page fault"),
    phase(Panicked, Anew, Begins("panic[cpu"), "illumos", "panic[cpu0]/thread=fffffe00047c5c20: BAD TRAP: type=e (#pf Page fault)"),
    // Going down.
    phase(Shutdown, Anew, BeginsAndHas("[  OK  ] Reached target ", "shutdown.target"), "systemd", "[  OK  ] Reached target shutdown.target - System Shutdown."),
    phase(Shutdown, Anew, BeginsAndHas("[  OK  ] Reached target ", "umount.target"), "systemd", "[  OK  ] Reached target umount.target - Unmount All Filesystems."),
    phase(Shutdown, Anew, BeginsAndHas("[  OK  ] Reached target ", "reboot.target"), "systemd", "[  OK  ] Reached target reboot.target - System Reboot."),
    phase(Shutdown, Anew, BeginsAndHas("[  OK  ] Reached target ", "poweroff.target"), "systemd", "[  OK  ] Reached target poweroff.target - System Power Off."),
    phase(Shutdown, Anew, BeginsAndHas("[  OK  ] Reached target ", "Shutdown"), "systemd before 252", "[  OK  ] Reached target Shutdown."),
    phase(Shutdown, Anew, BeginsAndHas("[  OK  ] Stopped target ", "basic.target"), "systemd", "[  OK  ] Stopped target basic.target - Basic System."),
    phase(Shutdown, Anew, Begins("systemd-shutdown[1]: "), "systemd", "[   13.547627] systemd-shutdown[1]: Syncing filesystems and block devices."),
    phase(Shutdown, Anew, Begins("INIT: Switching to runlevel: 0"), "sysvinit", "INIT: Switching to runlevel: 0"),
    phase(Shutdown, Anew, Begins("INIT: Switching to runlevel: 6"), "sysvinit", "INIT: Switching to runlevel: 6"),
    phase(Shutdown, Anew, Begins("The system is going down"), "busybox and shutdown", "The system is going down NOW!"),
    phase(Shutdown, Anew, Begins("reboot: "), "Linux: restarting, powering down, halted", "[   13.800232] reboot: Restarting system"),
    // File systems that are really checked, not looked at in passing.
    phase(Fsck, Onward, AfterWord("was not cleanly unmounted, check forced"), "e2fsck", "/dev/xvda1 was not cleanly unmounted, check forced."),
    phase(Fsck, Onward, AfterWord("contains a file system with errors, check forced"), "e2fsck", "root contains a file system with errors, check forced."),
    phase(Fsck, Onward, Begins("Pass 1: Checking inodes"), "e2fsck", "Pass 1: Checking inodes, blocks, and sizes"),
    phase(Fsck, Onward, Begins("Checking in progress on "), "systemd-fsckd", "Checking in progress on 1 disk (12.3% complete)"),
    phase(Fsck, Onward, Begins("** Phase 1 - Check Blocks"), "fsck_ffs", "** Phase 1 - Check Blocks and Sizes"),
    phase(Init, After(Fsck), Has(" files ("), "e2fsck, when done", "/dev/xvda1: 11/2048 files (0.0% non-contiguous), 1307/8192 blocks"),
    phase(Init, After(Fsck), Begins("[  OK  ] "), "systemd", "[  OK  ] Finished systemd-fsck-root.service - File System Check on Root Device."),
    // Services.
    phase(Init, Onward, BeginsAndHas("Run /", " as init process"), "Linux", "[    1.903059] Run /init as init process"),
    phase(Init, Onward, BeginsAndHas("systemd[1]: systemd ", " running in "), "systemd", "[    2.984722] systemd[1]: systemd 252.39-1~deb12u2 running in system mode (+PAM +AUDIT)"),
    phase(Init, Onward, Begins("[  OK  ] "), "systemd", "[  OK  ] Started cron.service - Regular background program processing daemon."),
    phase(Init, Onward, Begins("[FAILED] "), "systemd", "[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server."),
    phase(Init, Onward, Begins("Begin: "), "Debian's initramfs", "Begin: Loading essential drivers ... done."),
    phase(Init, Onward, Begins("Loading, please wait"), "Debian's initramfs", "Loading, please wait..."),
    phase(Init, Onward, Begins("INIT: version "), "sysvinit", "INIT: version 3.06 booting"),
    phase(Init, Onward, Begins("OpenRC "), "OpenRC", "OpenRC 0.52.1 is starting up Linux 6.6.7-0-virt (x86_64) [XEN0]"),
    phase(Init, Onward, Begins("init: "), "small systems' init", "init: tiny starts, kernel 6.1.0-56-cloud-amd64"),
    // Somebody could log in.
    phase(Login, Anew, LoginPrompt, "getty", "xen-a login: "),
    phase(Login, Anew, ShellPrompt, "shells", "root@xen:~# "),
    // Trouble that it survives, perhaps.
    trouble(OutOfMemory, Begins("Out of memory: Kill"), "Linux: killed, and before 4.20 kill", "[   57.794300] Out of memory: Killed process 230 (tail) total-vm:524308kB, anon-rss:521528kB"),
    trouble(OutOfMemory, Begins("Memory cgroup out of memory: Kill"), "Linux", "[ 1057.794300] Memory cgroup out of memory: Killed process 230 (tail) total-vm:524308kB"),
    trouble(Oops, Begins("BUG: kernel NULL pointer dereference"), "Linux", "[  331.000001] BUG: kernel NULL pointer dereference, address: 0000000000000008"),
    trouble(Oops, Begins("BUG: unable to handle "), "Linux", "[  331.000001] BUG: unable to handle page fault for address: ffffb7a2c0a31000"),
    trouble(Oops, Begins("kernel BUG at "), "Linux", "[  331.000001] kernel BUG at fs/ext4/inode.c:2721!"),
    trouble(Oops, Begins("general protection fault, "), "Linux", "[  331.000001] general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] PREEMPT SMP NOPTI"),
    trouble(Oops, Begins("Oops: "), "Linux", "[  331.000003] Oops: 0000 [#1] PREEMPT SMP NOPTI"),
    trouble(Oops, Begins("Internal error: Oops"), "Linux on ARM", "[  331.000003] Internal error: Oops: 0000000096000004 [#1] SMP"),
    trouble(SoftLockup, Begins("watchdog: BUG: soft lockup"), "Linux", "[ 4242.123456] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [kworker/0:2:331]"),
    trouble(SoftLockup, Begins("NMI watchdog: "), "Linux before 4.13, and hard lockups", "[ 4242.123456] NMI watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [swapper/0:0]"),
    trouble(SoftLockup, BeginsAndHas("rcu: INFO: rcu_", " stall"), "Linux", "[ 4242.123456] rcu: INFO: rcu_preempt self-detected stall on CPU"),
    // Last, because it fits the first minute of all the others.
    phase(Kernel, Onward, EarlyKernel, "Linux", "[    1.014000] xen_netfront: Initialising Xen virtual ethernet driver"),
];

/// For each first byte of a line, those rules that may fit, a bit for each: most of what a line costs is that most rules are not
/// even asked.
static BY_FIRST: [u128; 256] = {
    let mut all = [0; 256];
    let mut rule = 0;
    while rule < RULES.len() {
        let mut byte = 0;
        while byte < 256 {
            let fits = match RULES[rule].pattern.first() {
                Some(first) => first as usize == byte,
                None => true,
            };
            if fits {
                all[byte] |= 1 << rule;
            }
            byte += 1;
        }
        rule += 1;
    }
    all
};

/// The rules that may fit a line that begins with this byte, in order.
pub(crate) fn beginning_with(first: u8) -> impl Iterator<Item = &'static Rule> {
    let mut left = BY_FIRST.get(usize::from(first)).copied().unwrap_or_default();
    std::iter::from_fn(move || {
        let next = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        RULES.get(next as usize)
    })
}

#[cfg(test)]
mod tests;
