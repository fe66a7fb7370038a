//! Calls on VMs: which of them starts, changes or copies one.

use super::{Args, Done, vm_config, vm_copies, vm_power};
use crate::xapi::allowed;
use crate::xapi::failure::Failure;
use crate::xapi::operations::{Effect, Then};
use crate::xapi::placement;
use crate::xapi::rpc::Caller;
use crate::xapi::rrd;
use crate::xapi::schema::Class;
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

pub(super) fn run(
    world: &mut World,
    caller: &Caller,
    class: &Class,
    name: &'static str,
    args: &Args<'_>,
) -> Result<Done, Failure> {
    if let Some(done) = vm_power::run(world, caller, name, args) {
        return done;
    }
    if let Some(done) = vm_copies::run(world, class, name, args) {
        return done;
    }
    if let Some(done) = vm_config::run(world, class, name, args) {
        return done;
    }
    let target = args.reference(0);
    match name {
        "update_allowed_operations" => {
            allowed::recompute(world, target);
            Done::NOTHING
        }
        "assert_operation_valid" => {
            allowed::check(world, target, args.text(1))?;
            Done::NOTHING
        }
        "get_possible_hosts" => {
            let hosts = world
                .db
                .all("host")
                .filter(|host| placement::can_run(world, target, *host).is_ok());
            Ok(Done::Value(Value::of_refs(hosts)))
        }
        "assert_can_boot_here" => {
            placement::can_run(world, target, args.reference(1))?;
            Done::NOTHING
        }
        "assert_agile" => agile(world, target),
        "get_boot_record" => {
            allowed::check(world, target, name)?;
            crate::xapi::generated::record(world, class, target).map(Done::Value)
        }
        "get_data_sources" => Ok(Done::Value(rrd::data_sources(world, target))),
        "query_data_source" => rrd::query(world, target, args.text(1)).map(Done::Value),
        "record_data_source" => Done::NOTHING,
        "get_allowed_VBD_devices" => Ok(Done::Value(free_devices(world, target, "VBD", 16))),
        "get_allowed_VIF_devices" => Ok(Done::Value(free_devices(world, target, "VIF", 7))),
        "compute_memory_overhead" => Ok(Done::Value(world.db.get("VM", target, "memory_overhead").clone())),
        "maximise_memory" => Ok(Done::Value(args.at(1).clone())),
        "get_cooperative" => Ok(Done::Value(true.into())),
        _ => Err(Failure::unknown_method(&format!("VM.{name}"))),
    }
}

/// Starting and stopping the VMs of an appliance, each as its own operation.
pub(super) fn appliance(
    world: &mut World,
    caller: &Caller,
    name: &'static str,
    args: &Args<'_>,
) -> Result<Done, Failure> {
    let appliance = args.reference(0);
    let vms: Vec<Ref> = world.db.get("VM_appliance", appliance, "VMs").refs().collect();
    match name {
        "create" | "destroy" => {
            let class = crate::xapi::schema::Schema::get().class("VM_appliance");
            let class = class.ok_or_else(|| Failure::bare("INTERNAL_ERROR"))?;
            return super::records(world, class, name, args);
        }
        "start" => {
            for target in vms {
                if world.db.text("VM", target, "power_state") != "Halted" {
                    continue;
                }
                let host = placement::choose(world, target)?;
                vm_power::by_itself(
                    world,
                    caller,
                    target,
                    "start",
                    Effect::Start {
                        host,
                        then: Then::Runs,
                    },
                );
            }
        }
        _ => {
            for target in vms {
                if world.db.text("VM", target, "power_state") != "Halted" {
                    vm_power::by_itself(world, caller, target, "clean_shutdown", Effect::Halt);
                }
            }
        }
    }
    Done::NOTHING
}

/// A VM can run anywhere when all its disks are on shared storage.
fn agile(world: &World, target: Ref) -> Result<Done, Failure> {
    let db = &world.db;
    for disk in db.get("VM", target, "VBDs").refs() {
        let sr = db.reference("VDI", db.reference("VBD", disk, "VDI"), "SR");
        if !sr.is_null()
            && !db.get("SR", sr, "shared").is_true()
            && db.text("SR", sr, "content_type") != "iso"
        {
            return Err(Failure::new(
                "HA_CONSTRAINT_VIOLATION_SR_NOT_SHARED",
                [sr.to_string()],
            ));
        }
    }
    Done::NOTHING
}

fn free_devices(world: &World, target: Ref, class: &str, most: u32) -> Value {
    let (list, field) = match class {
        "VBD" => ("VBDs", "userdevice"),
        _ => ("VIFs", "device"),
    };
    let used: Vec<&str> = world
        .db
        .get("VM", target, list)
        .refs()
        .map(|device| world.db.text(class, device, field))
        .collect();
    let free: Vec<String> = (0..most)
        .map(|number| number.to_string())
        .filter(|number| !used.contains(&number.as_str()))
        .collect();
    Value::texts(free.iter().map(String::as_str))
}
