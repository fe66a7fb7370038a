//! What a simulated pool is made of when it starts: hosts, storage, networks, templates and VMs as machine rooms have them.

mod hosts;
pub(super) mod life;
mod stock;
mod vms;

use super::config::{Life, PoolConfig};
use super::plan::Plan;
use super::role::Role;
use super::value::{Ref, Value};
use super::world::World;

/// What the hosts share.
#[derive(Debug, Clone)]
pub(super) struct Common {
    pub(super) hosts: Vec<Ref>,
    /// Shared storage for disks.
    pub(super) shared_sr: Ref,
    /// Each host's own storage, in the hosts' order.
    pub(super) local_srs: Vec<Ref>,
    pub(super) iso: Ref,
    pub(super) networks: Vec<Ref>,
}

/// Makes the pool. `epoch` is seconds since 1970 at the world's time zero.
pub(super) fn populate(config: PoolConfig, epoch: f64) -> World {
    let mut world = World::new(config, epoch);
    roles(&mut world);
    let common = hosts::make(&mut world);
    pool(&mut world, &common);
    stock::make(&mut world, &common);
    vms::make(&mut world, &common);
    for vm in world.db.all("VM").collect::<Vec<_>>() {
        super::allowed::recompute(&mut world, vm);
    }
    let beat = world.paced(life::HEARTBEAT);
    world.plan(beat, Plan::Heartbeat);
    if world.config.life == Life::Busy {
        let wait = world.paced(life::CHANCE);
        world.plan(wait, Plan::Chance);
    }
    world
}

fn roles(world: &mut World) {
    let mut below = Vec::new();
    for role in Role::ALL {
        let (made, uuid) = world.new_object();
        let fields = [
            ("uuid", uuid),
            ("name_label", role.name().into()),
            ("name_description", format!("The {} role", role.name()).into()),
            ("subroles", Value::of_refs(below.iter().copied())),
        ];
        world.db.insert("role", made, fields);
        below.push(made);
    }
}

fn pool(world: &mut World, common: &Common) {
    let uuid = world.dice.uuid().to_string();
    let master = common.hosts.first().copied().unwrap_or(Ref::NULL);
    let sr = Value::Ref(common.shared_sr);
    let fields = [
        ("uuid", uuid.into()),
        ("name_label", world.config.name.clone().into()),
        ("name_description", "A simulated pool".into()),
        ("master", master.into()),
        ("default_SR", sr.clone()),
        ("suspend_image_SR", sr.clone()),
        ("crash_dump_SR", sr),
        ("ha_cluster_stack", "xhad".into()),
        ("cpu_info", hosts::cpu_info()),
        ("tls_verification_enabled", true.into()),
        (
            "allowed_operations",
            Value::texts(["cluster_create", "designate_new_master", "ha_enable"]),
        ),
    ];
    let pool = world.pool;
    world.db.insert("pool", pool, fields);
}
