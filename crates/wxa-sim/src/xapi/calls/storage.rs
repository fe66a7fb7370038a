//! Calls on storage repositories, virtual disks and how they are attached.

use super::{Args, Done};
use crate::xapi::failure::Failure;
use crate::xapi::schema::{Class, Schema};
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

pub(super) fn run(world: &mut World, class: &Class, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    match class.name {
        "SR" => repository(world, class, name, args),
        "PBD" => connection(world, class, name, args),
        "VDI" => disk(world, class, name, args),
        _ => attachment(world, class, name, args),
    }
}

fn repository(world: &mut World, class: &Class, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    let sr = args.reference(0);
    match name {
        "scan" | "update" => Done::NOTHING,
        "get_supported_types" => Ok(Done::Value(Value::texts([
            "ext",
            "iso",
            "lvm",
            "lvmoiscsi",
            "nfs",
            "smb",
        ]))),
        "create" => {
            let host = args.reference(0);
            let (made, uuid) = world.new_object();
            let fields = [
                ("uuid", uuid),
                ("physical_size", args.at(2).clone()),
                ("name_label", args.at(3).clone()),
                ("name_description", args.at(4).clone()),
                ("type", args.at(5).clone()),
                ("content_type", args.at(6).clone()),
                ("shared", args.at(7).clone()),
                ("sm_config", args.at(8).clone()),
            ];
            world.db.insert("SR", made, fields);
            let (pbd, uuid) = world.new_object();
            let fields = [
                ("uuid", uuid),
                ("host", host.into()),
                ("SR", made.into()),
                ("device_config", args.at(1).clone()),
                ("currently_attached", true.into()),
            ];
            world.db.insert("PBD", pbd, fields);
            Ok(Done::Value(made.into()))
        }
        "forget" | "destroy" => {
            let connections: Vec<Ref> = world.db.get("SR", sr, "PBDs").refs().collect();
            if connections
                .iter()
                .any(|pbd| world.db.get("PBD", *pbd, "currently_attached").is_true())
            {
                return Err(Failure::new("SR_HAS_PBD", [sr.to_string()]));
            }
            connections
                .into_iter()
                .for_each(|pbd| world.db.delete("PBD", pbd));
            world.db.delete("SR", sr);
            Done::NOTHING
        }
        _ => super::records(world, class, name, args),
    }
}

fn connection(world: &mut World, class: &Class, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    match name {
        "plug" | "unplug" => {
            world
                .db
                .set("PBD", args.reference(0), "currently_attached", name == "plug");
            Done::NOTHING
        }
        _ => super::records(world, class, name, args),
    }
}

fn disk(world: &mut World, class: &Class, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    let vdi = args.reference(0);
    let in_use = |world: &World| {
        let mut uses = world.db.get("VDI", vdi, "VBDs").refs();
        uses.any(|vbd| world.db.get("VBD", vbd, "currently_attached").is_true())
    };
    match name {
        "snapshot" => Ok(Done::Value(copy_vdi(world, vdi, None, true).into())),
        "clone" => Ok(Done::Value(copy_vdi(world, vdi, None, false).into())),
        "copy" => {
            let sr = Some(args.reference(1)).filter(|sr| !sr.is_null());
            Ok(Done::Value(copy_vdi(world, vdi, sr, false).into()))
        }
        "resize" | "resize_online" => {
            let size = args.int(1);
            if size < world.db.get("VDI", vdi, "virtual_size").int() {
                return Err(Failure::invalid("size", &size.to_string()));
            }
            if name == "resize" && in_use(world) {
                return Err(Failure::new("VDI_IN_USE", [vdi.to_string(), "resize".into()]));
            }
            world.db.set("VDI", vdi, "virtual_size", size);
            Done::NOTHING
        }
        "set_name_label" | "set_name_description" => {
            let field = if name == "set_name_label" {
                "name_label"
            } else {
                "name_description"
            };
            world.db.set("VDI", vdi, field, args.at(1).clone());
            Done::NOTHING
        }
        "update" => Done::NOTHING,
        "forget" | "destroy" => {
            if in_use(world) {
                return Err(Failure::new("VDI_IN_USE", [vdi.to_string(), name.into()]));
            }
            let uses: Vec<Ref> = world.db.get("VDI", vdi, "VBDs").refs().collect();
            uses.into_iter().for_each(|vbd| world.db.delete("VBD", vbd));
            world.db.delete("VDI", vdi);
            Done::NOTHING
        }
        "create" => {
            let made = super::create(world, class, args.at(0))?;
            let operations = ["clone", "copy", "destroy", "resize", "snapshot", "update"];
            world
                .db
                .set("VDI", made, "allowed_operations", Value::texts(operations));
            world.db.set("VDI", made, "managed", true);
            let location = world.db.text("VDI", made, "uuid").to_owned();
            world.db.set("VDI", made, "location", location);
            Ok(Done::Value(made.into()))
        }
        _ => super::records(world, class, name, args),
    }
}

fn attachment(world: &mut World, class: &Class, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    let vbd = args.reference(0);
    let attached = |world: &World| world.db.get("VBD", vbd, "currently_attached").is_true();
    let vm = world.db.reference("VBD", vbd, "VM");
    let runs = |world: &World, vm: Ref| world.db.text("VM", vm, "power_state") == "Running";
    match name {
        "plug" | "unplug" => {
            if !runs(world, vm) {
                let actual = world.db.text("VM", vm, "power_state");
                return Err(Failure::power_state(vm, &["Running"], actual));
            }
            if attached(world) == (name == "plug") {
                let code = if name == "plug" {
                    "DEVICE_ALREADY_ATTACHED"
                } else {
                    "DEVICE_ALREADY_DETACHED"
                };
                return Err(Failure::new(code, [vbd.to_string()]));
            }
            world.db.set("VBD", vbd, "currently_attached", name == "plug");
            Done::NOTHING
        }
        "insert" | "eject" => {
            if world.db.text("VBD", vbd, "type") != "CD" {
                return Err(Failure::new("VBD_NOT_REMOVABLE_MEDIA", [vbd.to_string()]));
            }
            let empty = world.db.get("VBD", vbd, "empty").is_true();
            if empty != (name == "insert") {
                let code = if empty { "VBD_IS_EMPTY" } else { "VBD_NOT_EMPTY" };
                return Err(Failure::new(code, [vbd.to_string()]));
            }
            world.db.set(
                "VBD",
                vbd,
                "VDI",
                if name == "insert" {
                    args.reference(1)
                } else {
                    Ref::NULL
                },
            );
            world.db.set("VBD", vbd, "empty", name == "eject");
            Done::NOTHING
        }
        "create" => {
            let made = super::create(world, class, args.at(0))?;
            let vm = world.db.reference("VBD", made, "VM");
            let device = free_device(world, vm, made);
            world.db.set("VBD", made, "userdevice", device.to_string());
            world.db.set("VBD", made, "device", device_name(device));
            let operations = ["attach", "plug", "unplug", "insert", "eject"];
            world
                .db
                .set("VBD", made, "allowed_operations", Value::texts(operations));
            Ok(Done::Value(made.into()))
        }
        "destroy" => {
            if attached(world) && runs(world, vm) {
                return Err(Failure::new(
                    "OPERATION_NOT_ALLOWED",
                    ["VBD is attached to a running VM"],
                ));
            }
            world.db.delete("VBD", vbd);
            Done::NOTHING
        }
        _ => super::records(world, class, name, args),
    }
}

/// The number that was asked for, or the first free one for `autodetect`.
fn free_device(world: &World, vm: Ref, made: Ref) -> u32 {
    if let Ok(asked) = world.db.text("VBD", made, "userdevice").parse() {
        return asked;
    }
    let others = world.db.get("VM", vm, "VBDs").refs().filter(|vbd| *vbd != made);
    let used: Vec<u32> = others
        .filter_map(|vbd| world.db.text("VBD", vbd, "userdevice").parse().ok())
        .collect();
    (0..).find(|number| !used.contains(number)).unwrap_or(0)
}

/// `xvda` for 0.
pub(in crate::xapi) fn device_name(number: u32) -> String {
    let letter = u8::try_from(number % 26).map_or('a', |n| char::from(b'a' + n));
    format!("xvd{letter}")
}

/// A copy of a disk; a snapshot points at what it was taken of.
pub(in crate::xapi) fn copy_vdi(world: &mut World, source: Ref, sr: Option<Ref>, is_snapshot: bool) -> Ref {
    let (copy, uuid) = world.new_object();
    let keep = [
        "name_label",
        "name_description",
        "virtual_size",
        "physical_utilisation",
        "type",
        "sharable",
        "other_config",
    ];
    let mut fields: Vec<(&str, Value)> = keep
        .into_iter()
        .map(|field| (field, world.db.get("VDI", source, field).clone()))
        .collect();
    let sr = sr.unwrap_or_else(|| world.db.reference("VDI", source, "SR"));
    let now = world.date();
    fields.extend([
        ("location", uuid.clone()),
        ("uuid", uuid),
        ("SR", sr.into()),
        ("managed", true.into()),
        (
            "allowed_operations",
            Value::texts(["clone", "copy", "destroy", "snapshot"]),
        ),
    ]);
    if is_snapshot {
        fields.extend([
            ("is_a_snapshot", true.into()),
            ("snapshot_of", source.into()),
            ("snapshot_time", now),
        ]);
    }
    world.db.insert("VDI", copy, fields);
    copy
}

/// Adds a new disk to a VM, on the repository with that UUID or on the default one.
///
/// # Errors
/// `UUID_INVALID` for an unknown repository; `SR_UNKNOWN`-like when there is none.
pub(in crate::xapi) fn add_disk(
    world: &mut World,
    vm: Ref,
    sr: &str,
    size: i64,
    device: &str,
) -> Result<Ref, Failure> {
    let class = Schema::get()
        .class("SR")
        .ok_or_else(|| Failure::bare("INTERNAL_ERROR"))?;
    let sr = match sr {
        "" => world.db.reference("pool", world.pool, "default_SR"),
        uuid => world
            .db
            .by_uuid(class.id, uuid)
            .ok_or_else(|| Failure::new("UUID_INVALID", ["SR", uuid]))?,
    };
    let (vdi, uuid) = world.new_object();
    let label = format!("{} {device}", world.db.text("VM", vm, "name_label"));
    let fields = [
        ("location", uuid.clone()),
        ("uuid", uuid),
        ("name_label", label.into()),
        ("SR", sr.into()),
        ("virtual_size", Value::Int(size)),
        ("physical_utilisation", Value::Int(size / 3)),
        ("type", "user".into()),
        ("managed", true.into()),
        (
            "allowed_operations",
            Value::texts(["clone", "copy", "destroy", "resize", "snapshot", "update"]),
        ),
    ];
    world.db.insert("VDI", vdi, fields);
    let (vbd, uuid) = world.new_object();
    let number = device.parse().unwrap_or(0);
    let fields = [
        ("uuid", uuid),
        ("VM", vm.into()),
        ("VDI", vdi.into()),
        ("device", device_name(number).into()),
        ("userdevice", number.to_string().into()),
        ("bootable", (number == 0).into()),
        ("mode", "RW".into()),
        ("type", "Disk".into()),
        ("unpluggable", true.into()),
        ("allowed_operations", Value::texts(["attach", "plug", "unplug"])),
    ];
    world.db.insert("VBD", vbd, fields);
    Ok(vdi)
}
