//! The pool's VMs.

use super::Common;
use crate::dice::Dice;
use crate::sentinels;
use crate::xapi::calls::{add_disk, new_mac};
use crate::xapi::operations::Then;
use crate::xapi::placement;
use crate::xapi::value::{Ref, Value};
use crate::xapi::vm;
use crate::xapi::world::World;

const MIB: i64 = 1 << 20;
const GIB: i64 = 1 << 30;

/// Roles: name, memory in MiB, virtual CPUs, disk in GiB, tag.
const ROLES: &[(&str, i64, i64, i64, &str)] = &[
    ("shop", 4096, 4, 40, "prod"),
    ("erp", 8192, 8, 120, "prod"),
    ("crm", 4096, 4, 60, "prod"),
    ("files", 2048, 2, 500, "prod"),
    ("print", 1024, 1, 20, "office"),
    ("ci", 4096, 8, 80, "dev"),
    ("stage", 2048, 2, 40, "test"),
    ("proxy", 1024, 2, 10, "prod"),
    ("radius", 512, 1, 8, "office"),
    ("report", 4096, 4, 100, "office"),
    ("sandbox", 2048, 2, 20, "dev"),
    ("voip", 1024, 2, 16, "office"),
];

/// Hosts have been up for longer, in seconds.
const LONGEST_UP: u64 = 19 * 86_400;

pub(super) fn make(world: &mut World, common: &Common) {
    let named = world.config.named_vms.clone();
    for index in 0..world.config.vms {
        let role = ROLES
            .get(index % ROLES.len())
            .copied()
            .unwrap_or(("vm", 1024, 1, 8, "test"));
        let name = format!("{}-{:02}", role.0, index / ROLES.len() + 1);
        let mut dice = Dice::new(world.config.seed, &format!("pool vm {index}"));
        let made = one(world, common, &name, role, &mut dice);
        // One in six is down.
        if dice.below(6) > 0 {
            let host = home(world, common, made, index);
            vm::place(world, made, host, Then::Runs);
            // It has been up for long: there is nothing to see of its boot.
            world.guests.forget(made);
            vm::guest_reports(world, made);
            let metrics = world.db.reference("VM", made, "metrics");
            let started = world.unix() as i64 - 3600 - i64::try_from(dice.below(LONGEST_UP)).unwrap_or(0);
            world
                .db
                .set("VM_metrics", metrics, "start_time", Value::Date(started));
        }
    }
    for name in named {
        let mut dice = Dice::new(world.config.seed, &name);
        let memory = match name.starts_with(sentinels::TOO_BIG) {
            true => 1 << 24,
            false => 512,
        };
        one(world, common, &name, ("", memory, 1, 8, "sentinel"), &mut dice);
    }
}

/// Its turn decides, among the hosts that reach its disks.
fn home(world: &World, common: &Common, vm: Ref, turn: usize) -> Ref {
    let turns = common.hosts.iter().cycle().skip(turn % common.hosts.len().max(1));
    let mut reached = turns
        .take(common.hosts.len())
        .filter(|host| placement::reaches_disks(world, vm, **host).is_ok());
    reached.next().copied().unwrap_or(Ref::NULL)
}

fn one(
    world: &mut World,
    common: &Common,
    name: &str,
    (_, memory, vcpus, disk, tag): (&str, i64, i64, i64, &str),
    dice: &mut Dice,
) -> Ref {
    let (made, _) = world.new_object();
    let (metrics, metrics_uuid) = world.new_object();
    world.db.insert("VM_metrics", metrics, [("uuid", metrics_uuid)]);
    let kind = match dice.below(10) {
        0..=5 => "hvm",
        6..=7 => "pv",
        _ => "pvh",
    };
    let memory = Value::Int(memory * MIB);
    let fields = [
        ("uuid", dice.uuid().to_string().into()),
        ("name_label", name.into()),
        ("name_description", format!("{name}, a simulated VM").into()),
        ("power_state", "Halted".into()),
        ("domid", Value::Int(-1)),
        ("domain_type", kind.into()),
        (
            "HVM_boot_policy",
            if kind == "hvm" { "BIOS order" } else { "" }.into(),
        ),
        (
            "HVM_boot_params",
            if kind == "hvm" {
                Value::map([("order", "cdn"), ("firmware", "bios")])
            } else {
                Value::Map(Default::default())
            },
        ),
        ("PV_bootloader", if kind == "pv" { "pygrub" } else { "" }.into()),
        ("memory_static_min", Value::Int(256 * MIB)),
        ("memory_static_max", memory.clone()),
        ("memory_dynamic_min", memory.clone()),
        ("memory_dynamic_max", memory.clone()),
        ("memory_target", memory),
        ("VCPUs_max", Value::Int(vcpus)),
        ("VCPUs_at_startup", Value::Int(vcpus)),
        ("actions_after_shutdown", "destroy".into()),
        ("actions_after_reboot", "restart".into()),
        ("actions_after_crash", "restart".into()),
        ("metrics", metrics.into()),
        ("tags", Value::texts([tag])),
        (
            "platform",
            Value::map([("acpi", "1"), ("apic", "true"), ("cores-per-socket", "1")]),
        ),
        (
            "other_config",
            Value::map([("base_template_name", "Debian Bookworm 12"), ("mac_seed", name)]),
        ),
    ];
    world.db.insert("VM", made, fields);
    // Most of them on shared storage, the others on one host's own: some can move and some cannot.
    let local = common
        .local_srs
        .get(usize::try_from(dice.below(16)).unwrap_or(0) % common.local_srs.len().max(1));
    let sr = match (dice.below(4), local) {
        (0, Some(local)) => *local,
        _ => common.shared_sr,
    };
    let sr = world.db.text("SR", sr, "uuid").to_owned();
    // The repository is there: it was made a moment ago.
    let _ = add_disk(world, made, &sr, disk * GIB, "0");
    let (vif, uuid) = world.new_object();
    let mac = new_mac(world);
    let network = common.networks.first().copied().unwrap_or(Ref::NULL);
    let fields = [
        ("uuid", uuid),
        ("device", "0".into()),
        ("network", network.into()),
        ("VM", made.into()),
        ("MAC", mac.into()),
        ("MAC_autogenerated", true.into()),
        ("MTU", Value::Int(1500)),
        ("allowed_operations", Value::texts(["attach", "plug", "unplug"])),
    ];
    world.db.insert("VIF", vif, fields);
    made
}
