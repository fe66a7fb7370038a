//! What is wrong with a host, worst first: pure, the same wherever it is shown. Every sentence says what to do.
use crate::{
    Bytes, GuestLogging, Host, HostDetails, PowerState, Vm, VmRole,
    console::GuestPhase,
    host_details::{FileSystem, LinkKind, Machine, Volume, VolumeKind},
};
use serde::{Deserialize, Serialize};

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Something has failed or is about to.
    Bad,
    /// It should be looked at.
    Warn,
    /// Worth knowing.
    Note,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad.
    pub level: Level,
    /// What, in a few words.
    pub title: String,
    /// What it means and what to do.
    pub advice: String,
}

/// What running guests were promised, and what all defined ones would need, control domain included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promised {
    /// Virtual CPUs of everything that runs.
    pub vcpus: u32,
    /// Virtual CPUs if every definition ran.
    pub vcpus_if_all_ran: u32,
    /// Memory that everything that runs may grow to.
    pub memory: Bytes,
    /// The same if every definition ran.
    pub memory_if_all_ran: Bytes,
}

/// Adds up what `vms` of one host were promised.
pub fn promised<'a>(vms: impl IntoIterator<Item = &'a Vm>) -> Promised {
    let mut sum = Promised::default();
    let add = |sum: &mut Bytes, more: Bytes| sum.0 = sum.0.saturating_add(more.0);
    for vm in vms {
        let memory = vm.memory.max(vm.memory_max);
        sum.vcpus_if_all_ran = sum.vcpus_if_all_ran.saturating_add(vm.vcpus);
        add(&mut sum.memory_if_all_ran, memory);
        if vm.power != PowerState::Halted {
            sum.vcpus = sum.vcpus.saturating_add(vm.vcpus);
            add(&mut sum.memory, memory);
        }
    }
    sum
}

/// What is wrong with `host`, whose VMs (control domain included) are `vms`; worst first.
pub fn findings(host: &Host, details: Option<&HostDetails>, vms: &[&Vm]) -> Vec<Finding> {
    let mut found = Found::default();
    guests(&mut found, host, vms);
    if let Some(details) = details {
        let dom0 = vms.iter().find(|vm| vm.role == VmRole::ControlDomain);
        if let Some(machine) = details.machine.get() {
            control_domain(&mut found, machine, dom0.map_or(1, |vm| vm.vcpus.max(1)));
        }
        storage(&mut found, details);
        network(&mut found, details, vms);
        reboot(&mut found, details);
        clock(&mut found, details);
        if let Some(lines) = details.complaints.get().filter(|lines| !lines.is_empty()) {
            found.add(
                Level::Warn,
                format!(
                    "The hypervisor's log holds {}",
                    count(lines.len(), "line that looks", "lines that look")
                ) + " like trouble",
                "They are listed on the Hardware tab; xl dmesg on the host shows what stands around them.",
            );
        }
    }
    found.0.sort_by_key(|finding| finding.level);
    found.0
}

#[derive(Default)]
struct Found(Vec<Finding>);

impl Found {
    fn add(&mut self, level: Level, title: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding {
            level,
            title: title.into(),
            advice: advice.into(),
        });
    }
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Up to three names, and how many more.
fn names<'a>(all: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = all.into_iter().collect();
    let shown: Vec<&str> = all.iter().take(3).copied().collect();
    match all.len().saturating_sub(3) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn guests(found: &mut Found, host: &Host, vms: &[&Vm]) {
    let crashed: Vec<&str> = vms
        .iter()
        .filter(|vm| vm.power == PowerState::Crashed)
        .map(|vm| vm.name.as_str())
        .collect();
    if !crashed.is_empty() {
        found.add(
            Level::Bad,
            format!("{} crashed", names(crashed)),
            "Kept for inspection: read the end of the console, then power it off and start it again.",
        );
    }
    let panicked = vms.iter().filter(|vm| {
        let runs = matches!(vm.power, PowerState::Running | PowerState::Paused);
        runs && vm
            .understood
            .is_some_and(|told| told.phase == GuestPhase::Panicked)
    });
    let panicked: Vec<&str> = panicked.map(|vm| vm.name.as_str()).collect();
    if !panicked.is_empty() {
        found.add(
            Level::Bad,
            format!("{} panicked", names(panicked)),
            "Its kernel has given up and does nothing any more. The console shows why; reset it.",
        );
    }
    let broken: Vec<&Vm> = vms
        .iter()
        .copied()
        .filter(|vm| vm.config_problem.is_some())
        .collect();
    if let Some(first) = broken.first() {
        found.add(
            Level::Warn,
            count(
                broken.len(),
                "definition cannot be read",
                "definitions cannot be read",
            ),
            format!(
                "{}: {}. It cannot be started until the file is put right on the host.",
                names(broken.iter().map(|vm| vm.name.as_str())),
                first
                    .config_problem
                    .as_deref()
                    .unwrap_or_default()
                    .trim_end_matches('.')
            ),
        );
    }
    let Some(facts) = &host.facts else { return };
    if facts.guest_logging == GuestLogging::Off {
        found.add(
            Level::Note,
            "Guests' consoles are not recorded",
            "What a guest prints while nobody has its console open is lost. The host's settings here, under Consoles, show \
             what switching its log on would change, and do it.",
        );
    }
    let sum = promised(vms.iter().copied());
    if facts.cpus > 0 && sum.vcpus > facts.cpus.saturating_mul(4) {
        found.add(
            Level::Note,
            format!("{} virtual CPUs share {}", sum.vcpus, facts.cpus),
            "More than four to one: guests wait for each other when many are busy.",
        );
    }
    if sum.memory_if_all_ran > facts.memory_total && facts.memory_total.0 > 0 {
        found.add(
            Level::Note,
            "Not every guest can run at once",
            format!(
                "All definitions together want {}, the host has {}: whatever is started last is refused.",
                sum.memory_if_all_ran, facts.memory_total
            ),
        );
    }
}

fn control_domain(found: &mut Found, machine: &Machine, vcpus: u32) {
    if let Some([_, five, _]) = machine.load {
        let each = five / vcpus as f32;
        if each >= 2.0 {
            found.add(
                if each >= 5.0 { Level::Bad } else { Level::Warn },
                format!("The control domain is overloaded: {five:.1} wait for {}", count(vcpus as usize, "CPU", "CPUs")),
                "Everything guests read, write and send goes through it. See on the host what is busy (top), or give it more virtual CPUs.",
            );
        }
    }
    if let (Some(all), Some(left)) = (machine.memory, machine.memory_available)
        && left.0 < all.0 / 12
    {
        found.add(
            if left.0 < all.0 / 30 { Level::Bad } else { Level::Warn },
            format!("The control domain has {left} of {all} memory left"),
            "When it runs out, the device models of guests are the first to be killed. Give it more (dom0_mem= on Xen's command line).",
        );
    }
}

fn storage(found: &mut Found, details: &HostDetails) {
    // As it is shown, so that words and colour agree.
    let full = |one: &FileSystem| (one.fullness() * 100.0).round();
    for one in details.filesystems.get().into_iter().flatten() {
        let level = match full(one) {
            percent if percent >= 97.0 => Level::Bad,
            percent if percent >= 90.0 => Level::Warn,
            _ => continue,
        };
        found.add(
            level,
            format!("{} is {:.0} % full", one.mount, full(one)),
            format!(
                "{} of {} are left. Guests whose images are there stop when it is full.",
                one.available, one.size
            ),
        );
    }
    let is_pool = |volume: &&Volume| matches!(volume.kind, VolumeKind::ThinPool | VolumeKind::Snapshot);
    for volume in details.volumes.get().into_iter().flatten().filter(is_pool) {
        let Some(percent) = volume.used_percent.filter(|percent| *percent >= 80.0) else {
            continue;
        };
        let (what, then) = match volume.kind {
            VolumeKind::ThinPool => ("Thin pool", "when it is full, writes of every guest in it fail"),
            _ => ("Snapshot", "when it is full, it is of no use any more"),
        };
        found.add(
            if percent >= 95.0 { Level::Bad } else { Level::Warn },
            format!("{what} {}/{} is {percent:.0} % full", volume.group, volume.name),
            format!("Extend it (lvextend): {then}."),
        );
    }
}

fn network(found: &mut Found, details: &HostDetails, vms: &[&Vm]) {
    let Some(links) = details.links.get() else { return };
    let bridges: Vec<&str> = links
        .iter()
        .filter(|link| link.kind == LinkKind::Bridge)
        .map(|link| link.name.as_str())
        .collect();
    let mut missing: Vec<(&str, &str)> = Vec::new();
    for vm in vms {
        for nic in vm.nics.iter().filter(|nic| !nic.bridge.is_empty()) {
            if !bridges.contains(&nic.bridge.as_str()) {
                missing.push((nic.bridge.as_str(), vm.name.as_str()));
            }
        }
    }
    missing.sort_unstable();
    missing.dedup();
    if let Some((bridge, _)) = missing.first() {
        let users = missing
            .iter()
            .filter(|(name, _)| name == bridge)
            .map(|(_, vm)| *vm);
        found.add(
            Level::Warn,
            format!("There is no bridge {bridge}"),
            format!(
                "{} would be plugged into it: starting fails until it is made on the host.",
                names(users)
            ),
        );
    }
}

fn reboot(found: &mut Found, details: &HostDetails) {
    let mut why: Vec<String> = Vec::new();
    if let Some(machine) = details.machine.get().filter(|machine| machine.wants_reboot) {
        why.push(match machine.reboot_for.is_empty() {
            true => "the system says so".into(),
            false => format!(
                "the system asks for it after updating {}",
                names(machine.reboot_for.iter().map(String::as_str))
            ),
        });
    }
    if let (Some(xen), Some(packages)) = (details.xen.get(), details.packages.get()) {
        let installed = |name: &str| packages.iter().find(|one| one.name == name);
        // Debian names the package's version in the kernel's build.
        if let Some(image) = installed(&format!("linux-image-{}", xen.kernel))
            && xen.kernel_build.contains("Debian ")
            && !xen.kernel_build.contains(&format!("Debian {} ", image.version))
        {
            why.push(format!(
                "kernel {} is installed but another build of it runs",
                image.version
            ));
        }
        let hypervisors: Vec<_> = packages
            .iter()
            .filter(|one| one.name.starts_with("xen-hypervisor-"))
            .collect();
        if !hypervisors.is_empty()
            && !xen.version.is_empty()
            && !hypervisors.iter().any(|one| begins(&one.version, &xen.version))
        {
            why.push(format!(
                "Xen {} runs, {} is installed",
                xen.version,
                names(hypervisors.iter().map(|one| one.version.as_str()))
            ));
        }
    }
    if !why.is_empty() {
        found.add(
            Level::Warn,
            "The host wants to be rebooted",
            format!(
                "Because {}. Shut its guests down or move them first.",
                why.join("; ")
            ),
        );
    }
}

/// Whether package version `full` is one of upstream version `upstream`: `4.17.7+13-g…` is of `4.17.7`.
fn begins(full: &str, upstream: &str) -> bool {
    full.strip_prefix(upstream)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn clock(found: &mut Found, details: &HostDetails) {
    let Some(skew) = details.skew.get() else { return };
    let apart = skew.at_least_ms();
    if apart >= 2_000 {
        let way = if skew.ahead_ms > 0 { "ahead of" } else { "behind" };
        let seconds = apart / 1000;
        found.add(
            if seconds >= 300 { Level::Bad } else { Level::Warn },
            format!("Its clock is {} {way} ours", span(seconds)),
            "Logs do not fit together, and certificates and tickets may be refused. Look at the time service (timedatectl) on both machines.",
        );
    }
}

fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests;
