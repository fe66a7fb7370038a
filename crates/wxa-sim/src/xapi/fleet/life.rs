//! What happens in a pool when nobody acts: heartbeats, and VMs that start, stop, crash and move.

use crate::xapi::allowed;
use crate::xapi::operations::{self, Effect, Then};
use crate::xapi::placement;
use crate::xapi::plan::Plan;
use crate::xapi::role::Role;
use crate::xapi::rpc::Caller;
use crate::xapi::tasks;
use crate::xapi::value::{Ref, Value};
use crate::xapi::vm;
use crate::xapi::world::World;

/// How often hosts tell that they live, in seconds.
pub(in crate::xapi) const HEARTBEAT: f64 = 30.0;
/// How often something happens, in seconds.
pub(in crate::xapi) const CHANCE: f64 = 15.0;

/// Hosts write when they were last seen, as real ones do.
pub(in crate::xapi) fn heartbeat(world: &mut World) {
    let now = world.date();
    let hosts: Vec<Ref> = world
        .db
        .all("host")
        .filter(|host| !world.offline.contains(host))
        .collect();
    for host in hosts {
        let metrics = world.db.reference("host", host, "metrics");
        let free = placement::free_memory(world, host);
        world.db.set("host_metrics", metrics, "last_updated", now.clone());
        world
            .db
            .set("host_metrics", metrics, "memory_free", Value::Int(free));
    }
    let wait = world.paced(HEARTBEAT);
    world.plan(wait, Plan::Heartbeat);
}

/// Something happens to a VM.
pub(in crate::xapi) fn chance(world: &mut World) {
    let wait = world.paced(CHANCE);
    world.plan(wait, Plan::Chance);
    let ours = |vm: &Ref| {
        let db = &world.db;
        !db.get("VM", *vm, "is_a_template").is_true()
            && !db.get("VM", *vm, "is_control_domain").is_true()
            && !db.text("VM", *vm, "name_label").starts_with("vm-")
    };
    let vms: Vec<Ref> = world.db.all("VM").filter(ours).collect();
    let pick = usize::try_from(world.dice.below(vms.len() as u64)).unwrap_or(0);
    let Some(vm) = vms.get(pick).copied() else { return };
    let (name, effect) = match world.db.text("VM", vm, "power_state") {
        "Halted" => match placement::choose(world, vm) {
            Ok(host) => (
                "start",
                Effect::Start {
                    host,
                    then: Then::Runs,
                },
            ),
            Err(_) => return,
        },
        "Running" => match world.dice.below(10) {
            0 => return vm::crash(world, vm),
            1..=3 => ("clean_shutdown", Effect::Halt),
            4..=5 => ("clean_reboot", Effect::Reboot),
            _ => match elsewhere(world, vm) {
                Some(host) => ("pool_migrate", Effect::Migrate { host }),
                None => return,
            },
        },
        _ => return,
    };
    if allowed::check(world, vm, name).is_err() {
        return;
    }
    let caller = Caller {
        session: Ref::NULL,
        role: Role::PoolAdmin,
        user: String::new(),
        host: world.coordinator(),
        task: Ref::NULL,
    };
    let task = tasks::begin(world, &format!("Async.VM.{name}"), "", &caller);
    operations::start(world, task, vm, name, effect, 4.0);
}

fn elsewhere(world: &mut World, vm: Ref) -> Option<Ref> {
    let home = world.db.reference("VM", vm, "resident_on");
    let fits = |host: &Ref| *host != home && placement::can_run(world, vm, *host).is_ok();
    let hosts: Vec<Ref> = world.db.all("host").filter(fits).collect();
    let pick = usize::try_from(world.dice.below(hosts.len() as u64)).unwrap_or(0);
    hosts.get(pick).copied()
}
