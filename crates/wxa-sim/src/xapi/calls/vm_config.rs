//! Changing what a VM is given: memory, processors, settings that have calls of their own.

use super::{Args, Done};
use crate::xapi::allowed;
use crate::xapi::failure::Failure;
use crate::xapi::generated;
use crate::xapi::schema::{Class, Type};
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

/// `set_…` calls that only write their field.
const PLAIN: [&str; 16] = [
    "set_ha_restart_priority",
    "set_start_delay",
    "set_shutdown_delay",
    "set_order",
    "set_appliance",
    "set_bios_strings",
    "set_domain_type",
    "set_HVM_boot_policy",
    "set_actions_after_crash",
    "set_has_vendor_device",
    "set_blocked_operations",
    "set_other_config",
    "set_platform",
    "set_is_default_template",
    "set_suspend_VDI",
    "set_groups",
];

pub(super) fn run(
    world: &mut World,
    class: &Class,
    name: &str,
    args: &Args<'_>,
) -> Option<Result<Done, Failure>> {
    let vm = args.reference(0);
    if PLAIN.contains(&name)
        && let Some(field) = name.strip_prefix("set_")
    {
        world.db.set("VM", vm, field, args.at(1).clone());
        allowed::recompute(world, vm);
        return Some(Done::NOTHING);
    }
    if let Some(field) = name.strip_prefix("add_to_")
        && class
            .field(field)
            .is_some_and(|field| matches!(field.ty, Type::Map(..)))
    {
        let added = generated::add_to(world, class, vm, field, args.text(1), args.at(2).clone());
        allowed::recompute(world, vm);
        return Some(added.map(Done::Value));
    }
    if let Some(field) = name.strip_prefix("remove_from_") {
        let removed = generated::remove_from(world, class, vm, field, args.text(1));
        allowed::recompute(world, vm);
        return Some(removed.map(Done::Value));
    }
    let memory = |field: &str| world.db.get("VM", vm, field).int();
    let now = Limits {
        static_min: memory("memory_static_min"),
        static_max: memory("memory_static_max"),
        dynamic_min: memory("memory_dynamic_min"),
        dynamic_max: memory("memory_dynamic_max"),
    };
    let (first, second) = (args.int(1), args.int(2));
    let wanted = match name {
        "set_memory_dynamic_min" => Limits {
            dynamic_min: first,
            ..now
        },
        "set_memory_dynamic_max" => Limits {
            dynamic_max: first,
            ..now
        },
        "set_memory_dynamic_range" => Limits {
            dynamic_min: first,
            dynamic_max: second,
            ..now
        },
        "set_memory_static_min" => Limits {
            static_min: first,
            ..now
        },
        "set_memory_static_max" => Limits {
            static_max: first,
            ..now
        },
        "set_memory_static_range" => Limits {
            static_min: first,
            static_max: second,
            ..now
        },
        "set_memory_limits" => Limits {
            static_min: first,
            static_max: second,
            dynamic_min: args.int(3),
            dynamic_max: args.int(4),
        },
        "set_memory" => Limits {
            static_min: now.static_min.min(first),
            static_max: first,
            dynamic_min: first,
            dynamic_max: first,
        },
        _ => return processors(world, vm, name, first),
    };
    Some(set_limits(world, vm, now, wanted))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limits {
    static_min: i64,
    static_max: i64,
    dynamic_min: i64,
    dynamic_max: i64,
}

fn set_limits(world: &mut World, vm: Ref, now: Limits, wanted: Limits) -> Result<Done, Failure> {
    let statics = (now.static_min, now.static_max) != (wanted.static_min, wanted.static_max);
    let operation = if statics {
        "changing_static_range"
    } else {
        "changing_dynamic_range"
    };
    allowed::check(world, vm, operation)?;
    let ordered = wanted.static_min <= wanted.dynamic_min
        && wanted.dynamic_min <= wanted.dynamic_max
        && wanted.dynamic_max <= wanted.static_max;
    if !ordered || wanted.static_min < 0 {
        let why = "Memory limits must satisfy: static_min <= dynamic_min <= dynamic_max <= static_max";
        return Err(Failure::new("MEMORY_CONSTRAINT_VIOLATION", [why]));
    }
    for (field, value) in [
        ("memory_static_min", wanted.static_min),
        ("memory_static_max", wanted.static_max),
        ("memory_dynamic_min", wanted.dynamic_min),
        ("memory_dynamic_max", wanted.dynamic_max),
        ("memory_target", wanted.dynamic_max),
    ] {
        world.db.set("VM", vm, field, value);
    }
    if world.db.text("VM", vm, "power_state") == "Running" {
        let metrics = world.db.reference("VM", vm, "metrics");
        world
            .db
            .set("VM_metrics", metrics, "memory_actual", wanted.dynamic_max);
    }
    Done::NOTHING
}

fn processors(world: &mut World, vm: Ref, name: &str, wanted: i64) -> Option<Result<Done, Failure>> {
    let get = |field: &str| world.db.get("VM", vm, field).int();
    let (most, at_start) = (get("VCPUs_max"), get("VCPUs_at_startup"));
    let (operation, fits) = match name {
        "set_VCPUs_max" => ("changing_VCPUs", wanted >= at_start),
        "set_VCPUs_at_startup" => ("changing_VCPUs", wanted <= most),
        "set_VCPUs_number_live" => ("changing_VCPUs_live", wanted <= most),
        _ => return None,
    };
    let (field, set) = match name {
        "set_VCPUs_max" => ("VCPUs_max", wanted),
        _ => ("VCPUs_at_startup", wanted),
    };
    Some(allowed::check(world, vm, operation).and_then(|()| {
        if wanted < 1 || !fits {
            let text = wanted.to_string();
            return Err(Failure::invalid(field, &text));
        }
        match name {
            "set_VCPUs_number_live" => {
                let metrics = world.db.reference("VM", vm, "metrics");
                world
                    .db
                    .set("VM_metrics", metrics, "VCPUs_number", Value::Int(set));
            }
            _ => world.db.set("VM", vm, field, set),
        }
        Done::NOTHING
    }))
}
