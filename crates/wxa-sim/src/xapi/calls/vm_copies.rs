//! Making VMs out of others: clones, copies, snapshots, and going back to one; and removing them.

use super::{Args, Done};
use crate::xapi::allowed;
use crate::xapi::failure::Failure;
use crate::xapi::messages;
use crate::xapi::schema::Class;
use crate::xapi::value::{Ref, Value};
use crate::xapi::vm;
use crate::xapi::world::World;

/// What a copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Clone,
    Snapshot,
    Checkpoint,
}

pub(super) fn run(
    world: &mut World,
    class: &Class,
    name: &'static str,
    args: &Args<'_>,
) -> Option<Result<Done, Failure>> {
    let source = args.reference(0);
    let made = |made: Result<Ref, Failure>| Some(made.map(|made| Done::Value(made.into())));
    match name {
        "create" => made(create(world, class, args.at(0))),
        "clone" | "copy" => made(copied(world, source, name, args.text(1), As::Clone)),
        "snapshot" | "snapshot_with_quiesce" => {
            let copy = copied(world, source, "snapshot", args.text(1), As::Snapshot);
            messages::tell(world, "VM_SNAPSHOTTED", source);
            made(copy)
        }
        "checkpoint" => made(copied(world, source, "checkpoint", args.text(1), As::Checkpoint)),
        "revert" => Some(revert(world, source)),
        "provision" => Some(provision(world, source)),
        "destroy" => Some(allowed::check(world, source, "destroy").and_then(|()| {
            destroy(world, source);
            Done::NOTHING
        })),
        _ => None,
    }
}

fn create(world: &mut World, class: &Class, record: &Value) -> Result<Ref, Failure> {
    let made = super::create(world, class, record)?;
    let metrics = new_metrics(world);
    world.db.set("VM", made, "metrics", metrics);
    world.db.set("VM", made, "power_state", "Halted");
    world.db.set("VM", made, "domid", -1);
    allowed::recompute(world, made);
    Ok(made)
}

fn new_metrics(world: &mut World) -> Ref {
    let (metrics, uuid) = world.new_object();
    let installed = world.date();
    let fields = [("uuid", uuid), ("install_time", installed)];
    world.db.insert("VM_metrics", metrics, fields);
    metrics
}

fn copied(world: &mut World, source: Ref, operation: &str, label: &str, kind: As) -> Result<Ref, Failure> {
    allowed::check(world, source, operation)?;
    let (copy, uuid) = world.new_object();
    let metrics = new_metrics(world);
    let inherited = [
        "name_description",
        "is_a_template",
        "affinity",
        "memory_overhead",
        "memory_target",
        "memory_static_max",
        "memory_dynamic_max",
        "memory_dynamic_min",
        "memory_static_min",
        "VCPUs_params",
        "VCPUs_max",
        "VCPUs_at_startup",
        "actions_after_shutdown",
        "actions_after_reboot",
        "actions_after_crash",
        "PV_bootloader",
        "PV_kernel",
        "PV_args",
        "HVM_boot_policy",
        "HVM_boot_params",
        "platform",
        "other_config",
        "domain_type",
        "tags",
        "xenstore_data",
        "bios_strings",
    ];
    let mut fields: Vec<(&str, Value)> = inherited
        .into_iter()
        .map(|field| (field, world.db.get("VM", source, field).clone()))
        .collect();
    fields.extend([
        ("uuid", uuid),
        ("name_label", label.into()),
        ("metrics", metrics.into()),
        ("power_state", "Halted".into()),
        ("domid", Value::Int(-1)),
    ]);
    if kind != As::Clone {
        let now = world.date();
        let state = world.db.text("VM", source, "power_state").to_owned();
        let parent = world.db.reference("VM", source, "parent");
        fields.retain(|(name, _)| *name != "is_a_template");
        fields.extend([
            ("is_a_template", true.into()),
            ("is_a_snapshot", true.into()),
            ("snapshot_of", source.into()),
            ("snapshot_time", now),
            ("parent", parent.into()),
            ("snapshot_info", Value::map([("power-state-at-snapshot", state)])),
        ]);
    } else if world.db.get("VM", source, "is_a_snapshot").is_true() {
        fields.retain(|(name, _)| *name != "is_a_template");
        fields.push(("is_a_template", true.into()));
    }
    world.db.insert("VM", copy, fields);
    if kind == As::Checkpoint {
        world.db.set("VM", copy, "power_state", "Suspended");
    }
    copy_devices(world, source, copy, kind);
    if kind != As::Clone {
        world.db.set("VM", source, "parent", copy);
    }
    allowed::recompute(world, copy);
    allowed::recompute(world, source);
    Ok(copy)
}

fn copy_devices(world: &mut World, source: Ref, copy: Ref, kind: As) {
    let disks: Vec<Ref> = world.db.get("VM", source, "VBDs").refs().collect();
    for disk in disks {
        let original = world.db.reference("VBD", disk, "VDI");
        let is_disk = world.db.text("VBD", disk, "type") == "Disk";
        let vdi = match is_disk && !original.is_null() {
            true => super::storage::copy_vdi(world, original, None, kind != As::Clone),
            false => original,
        };
        let keep = [
            "device",
            "userdevice",
            "bootable",
            "mode",
            "type",
            "empty",
            "unpluggable",
            "other_config",
        ];
        copy_record(
            world,
            "VBD",
            disk,
            &keep,
            [("VM", copy.into()), ("VDI", vdi.into())],
        );
    }
    let vifs: Vec<Ref> = world.db.get("VM", source, "VIFs").refs().collect();
    for vif in vifs {
        let keep = [
            "device",
            "network",
            "MTU",
            "other_config",
            "locking_mode",
            "ipv4_allowed",
            "ipv6_allowed",
        ];
        // A snapshot remembers the address, a clone gets its own.
        let mac = match kind {
            As::Clone => super::networks::new_mac(world),
            _ => world.db.text("VIF", vif, "MAC").to_owned(),
        };
        copy_record(
            world,
            "VIF",
            vif,
            &keep,
            [("VM", copy.into()), ("MAC", mac.into())],
        );
    }
}

fn copy_record<const N: usize>(
    world: &mut World,
    class: &str,
    source: Ref,
    keep: &[&'static str],
    other: [(&'static str, Value); N],
) {
    let (copy, uuid) = world.new_object();
    let mut fields: Vec<(&str, Value)> = keep
        .iter()
        .map(|field| (*field, world.db.get(class, source, field).clone()))
        .collect();
    fields.push(("uuid", uuid));
    fields.extend(other);
    world.db.insert(class, copy, fields);
}

fn revert(world: &mut World, snapshot: Ref) -> Result<Done, Failure> {
    allowed::check(world, snapshot, "revert")?;
    let target = world.db.reference("VM", snapshot, "snapshot_of");
    if !world.db.has("VM", target) {
        return Err(Failure::new(
            "VM_REVERT_FAILED",
            [snapshot.to_string(), target.to_string()],
        ));
    }
    if world.db.text("VM", target, "power_state") != "Halted" {
        vm::halt(world, target);
    }
    for (class, list) in [("VBD", "VBDs"), ("VIF", "VIFs")] {
        let devices: Vec<Ref> = world.db.get("VM", target, list).refs().collect();
        for device in devices {
            let vdi = if class == "VBD" {
                world.db.reference("VBD", device, "VDI")
            } else {
                Ref::NULL
            };
            let is_disk = class == "VBD" && world.db.text("VBD", device, "type") == "Disk";
            world.db.delete(class, device);
            if is_disk && !vdi.is_null() {
                world.db.delete("VDI", vdi);
            }
        }
    }
    copy_devices(world, snapshot, target, As::Snapshot);
    for field in [
        "memory_static_max",
        "memory_dynamic_max",
        "memory_dynamic_min",
        "VCPUs_max",
        "VCPUs_at_startup",
    ] {
        let value = world.db.get("VM", snapshot, field).clone();
        world.db.set("VM", target, field, value);
    }
    world.db.set("VM", target, "parent", snapshot);
    let was = world
        .db
        .get("VM", snapshot, "snapshot_info")
        .entry("power-state-at-snapshot")
        .cloned();
    let is_checkpoint = world.db.text("VM", snapshot, "power_state") == "Suspended";
    if is_checkpoint && was.is_some_and(|state| state.text() == "Running") {
        world.db.set("VM", target, "power_state", "Suspended");
    }
    allowed::recompute(world, target);
    messages::tell(world, "VM_SNAPSHOT_REVERTED", target);
    Done::NOTHING
}

/// Makes the disks that a template asks for, and a VM out of it.
fn provision(world: &mut World, template: Ref) -> Result<Done, Failure> {
    allowed::check(world, template, "provision")?;
    let wanted = world
        .db
        .get("VM", template, "other_config")
        .entry("disks")
        .map(|text| text.text().to_owned());
    if let Some(text) = wanted
        && let Ok(document) = roxmltree::Document::parse(&text)
    {
        for disk in document.descendants().filter(|node| node.has_tag_name("disk")) {
            let said = |name: &str| disk.attribute(name).unwrap_or_default().to_owned();
            let (size, sr, device) = (said("size").parse().unwrap_or(0), said("sr"), said("device"));
            super::storage::add_disk(world, template, &sr, size, &device)?;
        }
        let left = world.db.get("VM", template, "other_config").without("disks");
        world.db.set("VM", template, "other_config", left);
    }
    world.db.set("VM", template, "is_a_template", false);
    allowed::recompute(world, template);
    Done::NOTHING
}

/// Removes a VM; its disks stay.
fn destroy(world: &mut World, target: Ref) {
    for (class, list) in [("VBD", "VBDs"), ("VIF", "VIFs"), ("console", "consoles")] {
        let devices: Vec<Ref> = world.db.get("VM", target, list).refs().collect();
        devices
            .into_iter()
            .for_each(|device| world.db.delete(class, device));
    }
    let parent = world.db.get("VM", target, "parent").clone();
    let children: Vec<Ref> = world.db.get("VM", target, "children").refs().collect();
    for child in children {
        world.db.set("VM", child, "parent", parent.clone());
    }
    for (class, field) in [("VM_metrics", "metrics"), ("VM_guest_metrics", "guest_metrics")] {
        let metrics = world.db.reference("VM", target, field);
        world.db.delete(class, metrics);
    }
    world.db.delete("VM", target);
}
