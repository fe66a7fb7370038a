//! What may be done to a VM now, and why not: xapi's rules in xapi's order.

use super::failure::Failure;
use super::value::{Ref, Value};
use super::world::World;

/// Operations that clients see in `allowed_operations`, each with the power states in which it is possible.
const STATES: &[(&str, &[&str])] = &[
    ("start", &["Halted"]),
    ("start_on", &["Halted"]),
    ("make_into_template", &["Halted"]),
    ("provision", &["Halted"]),
    ("changing_static_range", &["Halted"]),
    ("changing_memory_limits", &["Halted"]),
    ("changing_VCPUs", &["Halted"]),
    ("changing_shadow_memory", &["Halted"]),
    ("changing_NVRAM", &["Halted"]),
    ("unpause", &["Paused"]),
    ("resume", &["Suspended"]),
    ("resume_on", &["Suspended"]),
    ("pause", &["Running"]),
    ("suspend", &["Running"]),
    ("clean_shutdown", &["Running"]),
    ("clean_reboot", &["Running"]),
    ("pool_migrate", &["Running"]),
    ("changing_memory_live", &["Running"]),
    ("changing_VCPUs_live", &["Running"]),
    ("send_sysrq", &["Running"]),
    ("send_trigger", &["Running"]),
    ("data_source_op", &["Running"]),
    ("call_plugin", &["Running"]),
    ("hard_reboot", &["Paused", "Running"]),
    ("hard_shutdown", &["Paused", "Suspended", "Running"]),
    ("shutdown", &["Paused", "Suspended", "Running"]),
    ("checkpoint", &["Paused", "Suspended", "Running"]),
    ("get_boot_record", &["Paused", "Suspended", "Running"]),
    ("migrate_send", &["Halted", "Suspended", "Running"]),
    ("changing_dynamic_range", &["Halted", "Running"]),
    ("clone", &["Halted"]),
    ("copy", &["Halted"]),
    ("destroy", &["Halted", "Suspended"]),
    ("export", &["Halted", "Suspended"]),
    ("create_template", &["Halted", "Suspended"]),
    ("snapshot", &["Halted", "Paused", "Suspended", "Running"]),
    ("revert", &["Halted", "Paused", "Suspended", "Running"]),
    ("metadata_export", &["Halted", "Paused", "Suspended", "Running"]),
    (
        "assert_operation_valid",
        &["Halted", "Paused", "Suspended", "Running"],
    ),
    ("power_state_reset", &["Halted", "Paused", "Suspended", "Running"]),
    (
        "update_allowed_operations",
        &["Halted", "Paused", "Suspended", "Running"],
    ),
];
/// What a template allows.
const OF_TEMPLATES: [&str; 11] = [
    "clone",
    "copy",
    "export",
    "metadata_export",
    "provision",
    "changing_dynamic_range",
    "changing_static_range",
    "changing_memory_limits",
    "changing_VCPUs",
    "changing_shadow_memory",
    "update_allowed_operations",
];
/// What a snapshot allows.
const OF_SNAPSHOTS: [&str; 8] = [
    "revert",
    "clone",
    "copy",
    "export",
    "destroy",
    "hard_shutdown",
    "metadata_export",
    "update_allowed_operations",
];
/// What the guest has to help with.
const NEEDS_GUEST: [&str; 4] = ["suspend", "clean_shutdown", "clean_reboot", "pool_migrate"];
/// What only looks, and so is possible while something else goes on.
const LOOKS: [&str; 4] = [
    "metadata_export",
    "assert_operation_valid",
    "update_allowed_operations",
    "get_boot_record",
];

/// Whether an operation may begin.
///
/// # Errors
/// The first reason against it, in xapi's order.
pub(super) fn check(world: &World, vm: Ref, operation: &str) -> Result<(), Failure> {
    let db = &world.db;
    let flag = |field: &str| db.get("VM", vm, field).is_true();
    let text = || vm.to_string();
    if let Some(code) = db.get("VM", vm, "blocked_operations").entry(operation) {
        return Err(Failure::new("OPERATION_BLOCKED", [text().as_str(), code.text()]));
    }
    let state = db.text("VM", vm, "power_state");
    let is_snapshot = flag("is_a_snapshot");
    if let Some((_, states)) = STATES.iter().find(|(name, _)| *name == operation)
        && !states.contains(&state)
        // A checkpoint may be cloned although it is suspended.
        && !(is_snapshot && state == "Suspended" && matches!(operation, "clone" | "copy"))
    {
        return Err(Failure::power_state(vm, states, state));
    }
    concurrent(world, vm, operation)?;
    if flag("is_a_template") && !is_snapshot {
        let goes = matches!(operation, "destroy" | "migrate_send") && !flag("is_default_template");
        if !goes && !OF_TEMPLATES.contains(&operation) {
            return Err(Failure::new("VM_IS_TEMPLATE", [text().as_str(), operation]));
        }
    }
    if is_snapshot && !OF_SNAPSHOTS.contains(&operation) {
        return Err(Failure::new("VM_IS_SNAPSHOT", [text().as_str(), operation]));
    }
    if operation == "revert" && !is_snapshot {
        return Err(Failure::bare("ONLY_REVERT_SNAPSHOT"));
    }
    if operation == "provision" && !flag("is_a_template") {
        return Err(Failure::bare("ONLY_PROVISION_TEMPLATE"));
    }
    let platform = db.get("VM", vm, "platform");
    let immobile = ["nomigrate", "nested-virt"];
    if matches!(
        operation,
        "pool_migrate" | "migrate_send" | "suspend" | "checkpoint"
    ) && immobile
        .iter()
        .any(|key| platform.entry(key).is_some_and(|value| value.text() == "true"))
    {
        return Err(Failure::new("VM_IS_IMMOBILE", [text()]));
    }
    if flag("is_control_domain") && !LOOKS.contains(&operation) {
        return Err(Failure::not_allowed("This operation is not allowed on dom0"));
    }
    if NEEDS_GUEST.contains(&operation) && !guest_helps(world, vm) {
        return Err(Failure::new("VM_LACKS_FEATURE", [text()]));
    }
    Ok(())
}

/// Only copies go on together, and snapshots; a hard stop interrupts everything.
fn concurrent(world: &World, vm: Ref, operation: &str) -> Result<(), Failure> {
    let together = |a: &str, b: &str| {
        let copies = ["clone", "copy", "export"];
        let snapshots = ["snapshot", "checkpoint"];
        (copies.contains(&a) && copies.contains(&b)) || (snapshots.contains(&a) && snapshots.contains(&b))
    };
    if LOOKS.contains(&operation) || matches!(operation, "hard_shutdown" | "hard_reboot") {
        return Ok(());
    }
    for (task, going_on) in world.db.get("VM", vm, "current_operations").entries() {
        if !together(operation, going_on.text()) {
            let vm = vm.to_string();
            return Err(Failure::new(
                "OTHER_OPERATION_IN_PROGRESS",
                ["VM", &vm, going_on.text(), task],
            ));
        }
    }
    Ok(())
}

/// An HVM guest without drivers cannot be asked for anything.
fn guest_helps(world: &World, vm: Ref) -> bool {
    let db = &world.db;
    if db.text("VM", vm, "domain_type") != "hvm" {
        return true;
    }
    let metrics = db.reference("VM", vm, "guest_metrics");
    !metrics.is_null()
        && db
            .get("VM_guest_metrics", metrics, "PV_drivers_detected")
            .is_true()
}

/// Writes anew what may be done to a VM.
pub(super) fn recompute(world: &mut World, vm: Ref) {
    let all = STATES.iter().map(|(name, _)| *name);
    let allowed: Vec<&str> = all
        .filter(|operation| check(world, vm, operation).is_ok())
        .collect();
    let control = world.db.get("VM", vm, "is_control_domain").is_true();
    let allowed = if control {
        Value::texts([])
    } else {
        Value::texts(allowed)
    };
    world.db.set("VM", vm, "allowed_operations", allowed);
}
