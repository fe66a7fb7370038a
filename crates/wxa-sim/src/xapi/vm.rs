//! What happens to a VM when an operation takes effect: power states and all that follows from them.

use super::allowed;
use super::failure::Failure;
use super::messages;
use super::operations::{self, Effect, Then};
use super::placement;
use super::plan::Plan;
use super::value::{Ref, Value};
use super::world::World;
use crate::sentinels::Behaviour;

/// How long after a start the guest's agent reports, in seconds.
const AGENT_AFTER: f64 = 6.0;
/// How long after a start a guest that crashes does so, in seconds.
const CRASH_AFTER: f64 = 12.0;

/// Lets an operation take effect.
///
/// # Errors
/// Why it did not work after all.
pub(super) fn take_effect(world: &mut World, vm: Ref, effect: &Effect) -> Result<(), Failure> {
    match effect {
        Effect::Start { host, then } => start(world, vm, *host, *then)?,
        Effect::Resume { host, then } => {
            place(world, vm, *host, *then);
            messages::tell(world, "VM_RESUMED", vm);
        }
        Effect::Suspend => {
            unplace(world, vm, "Suspended");
            messages::tell(world, "VM_SUSPENDED", vm);
        }
        Effect::Pause => set_state(world, vm, "Paused"),
        Effect::Unpause => set_state(world, vm, "Running"),
        Effect::Halt => {
            halt(world, vm);
            messages::tell(world, "VM_SHUTDOWN", vm);
        }
        Effect::Reboot => {
            let host = world.db.reference("VM", vm, "resident_on");
            forget_guest(world, vm);
            place(world, vm, host, Then::Runs);
            messages::tell(world, "VM_REBOOTED", vm);
        }
        Effect::Migrate { host } => migrate(world, vm, *host)?,
        Effect::Fail(failure) => return Err(failure.clone()),
    }
    Ok(())
}

fn start(world: &mut World, vm: Ref, host: Ref, then: Then) -> Result<(), Failure> {
    placement::can_run(world, vm, host)?;
    // A halted VM keeps what its last run's agent said until now.
    let stale = world.db.reference("VM", vm, "guest_metrics");
    if !stale.is_null() {
        world.db.set("VM", vm, "guest_metrics", Ref::NULL);
        world.db.delete("VM_guest_metrics", stale);
    }
    place(world, vm, host, then);
    messages::tell(world, "VM_STARTED", vm);
    Ok(())
}

/// Puts a VM on a host.
pub(super) fn place(world: &mut World, vm: Ref, host: Ref, then: Then) {
    world.guests.forget(vm);
    let domid = next_domid(world, host);
    let db = &mut world.db;
    db.set("VM", vm, "resident_on", host);
    db.set("VM", vm, "domid", domid);
    for (class, list) in [("VBD", "VBDs"), ("VIF", "VIFs")] {
        let devices: Vec<Ref> = db.get("VM", vm, list).refs().collect();
        for device in devices {
            db.set(class, device, "currently_attached", true);
        }
    }
    let metrics = db.reference("VM", vm, "metrics");
    let (memory, vcpus) = (
        db.get("VM", vm, "memory_dynamic_max").clone(),
        db.get("VM", vm, "VCPUs_at_startup").clone(),
    );
    db.set("VM_metrics", metrics, "memory_actual", memory);
    db.set("VM_metrics", metrics, "VCPUs_number", vcpus);
    let now = world.date();
    world.db.set("VM_metrics", metrics, "start_time", now);
    make_consoles(world, vm, host);
    set_state(world, vm, if then == Then::Waits { "Paused" } else { "Running" });
    world.guests.boots(vm, world.now);
    let wait = world.paced(AGENT_AFTER);
    world.plan(wait, Plan::GuestReports(vm));
    if Behaviour::of(world.db.text("VM", vm, "name_label")) == Behaviour::Crashes {
        let wait = world.paced(CRASH_AFTER);
        world.plan(wait, Plan::Crash(vm));
    }
}

/// Takes a VM off its host.
pub(super) fn unplace(world: &mut World, vm: Ref, state: &str) {
    world.guests.forget(vm);
    let db = &mut world.db;
    db.set("VM", vm, "resident_on", Ref::NULL);
    db.set("VM", vm, "scheduled_to_be_resident_on", Ref::NULL);
    db.set("VM", vm, "domid", -1);
    db.set("VM", vm, "requires_reboot", false);
    for (class, list) in [("VBD", "VBDs"), ("VIF", "VIFs")] {
        let devices: Vec<Ref> = db.get("VM", vm, list).refs().collect();
        for device in devices {
            db.set(class, device, "currently_attached", false);
        }
    }
    let consoles: Vec<Ref> = db.get("VM", vm, "consoles").refs().collect();
    consoles
        .into_iter()
        .for_each(|console| db.delete("console", console));
    set_state(world, vm, state);
}

/// The plug is pulled, or the guest has switched itself off.
pub(super) fn halt(world: &mut World, vm: Ref) {
    operations::overtake(world, vm);
    unplace(world, vm, "Halted");
}

/// The guest's kernel has panicked.
pub(super) fn crash(world: &mut World, vm: Ref) {
    if world.db.text("VM", vm, "power_state") == "Running" {
        messages::tell(world, "VM_CRASHED", vm);
        halt(world, vm);
    }
}

/// Says what a VM is doing, wherever that is told.
pub(super) fn set_state(world: &mut World, vm: Ref, state: &str) {
    let metrics = world.db.reference("VM", vm, "metrics");
    let shown = state.to_lowercase();
    let state_set = if state == "Halted" {
        Value::texts([])
    } else {
        Value::texts([shown.as_str()])
    };
    world.db.set("VM_metrics", metrics, "state", state_set);
    world.db.set("VM", vm, "power_state", state);
    allowed::recompute(world, vm);
}

fn forget_guest(world: &mut World, vm: Ref) {
    let consoles: Vec<Ref> = world.db.get("VM", vm, "consoles").refs().collect();
    consoles
        .into_iter()
        .for_each(|console| world.db.delete("console", console));
    world.guests.forget(vm);
}

/// Moves a running VM: the guest goes on, its consoles are new.
fn migrate(world: &mut World, vm: Ref, host: Ref) -> Result<(), Failure> {
    placement::can_run(world, vm, host)?;
    let consoles: Vec<Ref> = world.db.get("VM", vm, "consoles").refs().collect();
    consoles
        .into_iter()
        .for_each(|console| world.db.delete("console", console));
    let domid = next_domid(world, host);
    world.db.set("VM", vm, "resident_on", host);
    world.db.set("VM", vm, "domid", domid);
    make_consoles(world, vm, host);
    messages::tell(world, "VM_MIGRATED", vm);
    Ok(())
}

fn next_domid(world: &World, host: Ref) -> i64 {
    let residents = world.db.get("host", host, "resident_VMs").refs();
    residents
        .map(|vm| world.db.get("VM", vm, "domid").int())
        .max()
        .unwrap_or(0)
        + 1
}

fn make_consoles(world: &mut World, vm: Ref, host: Ref) {
    let protocols: &[&str] = match world.db.text("VM", vm, "domain_type") {
        "hvm" => &["rfb"],
        "pvh" => &["vt100"],
        _ => &["vt100", "rfb"],
    };
    let address = world.address_of(host);
    for protocol in protocols {
        let (console, uuid) = world.new_object();
        let location = format!("https://{address}/console?uuid={}", uuid.text());
        let fields = [
            ("uuid", uuid),
            ("protocol", (*protocol).into()),
            ("location", location.into()),
            ("VM", vm.into()),
        ];
        world.db.insert("console", console, fields);
    }
}

/// An address for each of its interfaces, as agents write them: the first IPv4 one twice.
fn addresses(world: &mut World, vm: Ref) -> Vec<(String, String)> {
    let mut told = Vec::new();
    let vifs: Vec<Ref> = world.db.get("VM", vm, "VIFs").refs().collect();
    for vif in vifs {
        let device = world.db.text("VIF", vif, "device").to_owned();
        let (net, host) = (world.dice.below(250), world.dice.below(250) + 1);
        let address = format!("10.20.{net}.{host}");
        told.extend([
            (format!("{device}/ip"), address.clone()),
            (format!("{device}/ipv4/0"), address),
            (format!("{device}/ipv6/0"), format!("fd00:20::{net:x}:{host:x}")),
        ]);
    }
    told
}

/// The guest's agent reports: addresses, system, drivers.
pub(super) fn guest_reports(world: &mut World, vm: Ref) {
    let is_up = world.db.text("VM", vm, "power_state") == "Running";
    if !is_up || !world.db.reference("VM", vm, "guest_metrics").is_null() {
        return;
    }
    let (metrics, uuid) = world.new_object();
    let networks = addresses(world, vm);
    let updated = world.date();
    let features = ["shutdown", "reboot", "suspend", "poweroff", "vcpu-hotplug"];
    let fields = [
        ("uuid", uuid),
        (
            "os_version",
            Value::map([
                ("name", "Debian GNU/Linux 12 (bookworm)"),
                ("uname", crate::guest::boot::KERNEL),
                ("distro", "debian"),
                ("major", "12"),
                ("minor", "8"),
            ]),
        ),
        (
            "PV_drivers_version",
            Value::map([("major", "8"), ("minor", "4"), ("micro", "0"), ("build", "1")]),
        ),
        ("PV_drivers_detected", true.into()),
        ("PV_drivers_up_to_date", true.into()),
        ("networks", Value::map(networks)),
        (
            "other",
            Value::map(features.map(|feature| (format!("feature-{feature}"), "1"))),
        ),
        ("live", true.into()),
        ("last_updated", updated),
    ];
    world.db.insert("VM_guest_metrics", metrics, fields);
    world.db.set("VM", vm, "guest_metrics", metrics);
    allowed::recompute(world, vm);
}

impl World {
    /// A host's address as consoles and redirections write it: with its port where that is not the usual one.
    pub(super) fn address_of(&self, host: Ref) -> String {
        let address = self.db.text("host", host, "address");
        match self.config.tls_port {
            443 => address.to_owned(),
            port => format!("{address}:{port}"),
        }
    }
}
