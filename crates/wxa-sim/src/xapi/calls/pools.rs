//! Calls on the pool.

use super::{Args, Done};
use crate::xapi::failure::Failure;
use crate::xapi::rpc::Caller;
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

pub(super) fn run(
    world: &mut World,
    caller: &Caller,
    name: &'static str,
    args: &Args<'_>,
) -> Result<Done, Failure> {
    match name {
        "designate_new_master" => {
            if world.db.get("pool", world.pool, "ha_enabled").is_true() {
                return Err(Failure::bare("HA_IS_ENABLED"));
            }
            let host = args.reference(0);
            if world.offline.contains(&host) {
                return Err(Failure::new("HOST_OFFLINE", [host.to_string()]));
            }
            world.change_coordinator(host);
            Done::NOTHING
        }
        "emergency_transition_to_master" => {
            world.change_coordinator(caller.host);
            Done::NOTHING
        }
        "recover_slaves" => {
            let recovered: Vec<Ref> = world.emergency.drain().collect();
            Ok(Done::Value(Value::of_refs(recovered)))
        }
        "sync_database" => Done::NOTHING,
        "set_default_SR" => {
            world
                .db
                .set("pool", args.reference(0), "default_SR", args.reference(1));
            Done::NOTHING
        }
        "has_extension" => Ok(Done::Value(false.into())),
        "get_license_state" => Ok(Done::Value(Value::map([
            ("edition", "xcp-ng"),
            ("expiry", "never"),
        ]))),
        "ha_compute_max_host_failures_to_tolerate" => Ok(Done::Value(Value::Int(0))),
        _ => Err(Failure::unknown_method(&format!("pool.{name}"))),
    }
}

impl World {
    /// Another host leads: every toolstack restarts, and the old coordinator is a member from now on.
    pub(in crate::xapi) fn change_coordinator(&mut self, host: Ref) {
        self.emergency.clear();
        self.db.set("pool", self.pool, "master", host);
        self.restart_toolstack();
    }
}
