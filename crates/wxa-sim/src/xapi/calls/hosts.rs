//! Calls on hosts.

use super::{Args, Done};
use crate::xapi::failure::Failure;
use crate::xapi::operations::Effect;
use crate::xapi::placement;
use crate::xapi::plan::Plan;
use crate::xapi::rpc::Caller;
use crate::xapi::rrd;
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

/// How long a host takes to come back, in seconds.
const REBOOT: f64 = 30.0;

pub(super) fn run(
    world: &mut World,
    caller: &Caller,
    name: &'static str,
    args: &Args<'_>,
) -> Result<Done, Failure> {
    let host = args.reference(0);
    match name {
        "disable" | "enable" => {
            world.db.set("host", host, "enabled", name == "enable");
            Done::NOTHING
        }
        "evacuate" => evacuate(world, caller, host),
        "get_vms_which_prevent_evacuation" => {
            let stuck = stuck(world, host);
            let entries = stuck.into_iter().map(|(vm, why)| {
                let why = Value::texts(why.0.iter().map(String::as_str));
                (vm.to_string(), why)
            });
            Ok(Done::Value(Value::map(entries)))
        }
        "assert_can_evacuate" => match stuck(world, host).into_iter().next() {
            Some((_, why)) => Err(why),
            None => Done::NOTHING,
        },
        "get_uncooperative_resident_VMs" => Ok(Done::Value(Value::texts([]))),
        "reboot" | "shutdown" => {
            if world.db.get("host", host, "enabled").is_true() {
                return Err(Failure::new("HOST_NOT_DISABLED", Vec::<String>::new()));
            }
            if guests(world, host).next().is_some() {
                return Err(Failure::new(
                    "HOST_IN_USE",
                    [host.to_string(), "VM".into(), String::new()],
                ));
            }
            world.offline.insert(host);
            let metrics = world.db.reference("host", host, "metrics");
            world.db.set("host_metrics", metrics, "live", false);
            if name == "reboot" {
                let wait = world.paced(REBOOT);
                world.plan(wait, Plan::HostBack(host));
            }
            Done::NOTHING
        }
        "restart_agent" => {
            world.restart_toolstack();
            Done::NOTHING
        }
        "get_servertime" | "get_server_localtime" => Ok(Done::Value(world.date())),
        "compute_free_memory" => Ok(Done::Value(Value::Int(placement::free_memory(world, host)))),
        "compute_memory_overhead" => Ok(Done::Value(world.db.get("host", host, "memory_overhead").clone())),
        "get_data_sources" => Ok(Done::Value(rrd::host_data_sources(world, host))),
        "query_data_source" => rrd::query_host(world, host, args.text(1)).map(Done::Value),
        "dmesg" | "get_log" => Ok(Done::Value("(XEN) Xen version 4.17.5-7 (mockbuild@)\n".into())),
        "list_methods" => Ok(Done::Value(Value::texts([]))),
        "has_extension" => Ok(Done::Value(false.into())),
        "call_plugin" => {
            let (plugin, function) = (args.text(1), args.text(2));
            Err(Failure::new(
                "XENAPI_MISSING_PLUGIN",
                [format!("{plugin}.{function}")],
            ))
        }
        "get_management_interface" => {
            let management = world.db.get("host", host, "PIFs").refs();
            let mut management = management.filter(|pif| world.db.get("PIF", *pif, "management").is_true());
            Ok(Done::Value(management.next().unwrap_or(Ref::NULL).into()))
        }
        "set_hostname_live" => {
            world.db.set("host", host, "hostname", args.text(1));
            Done::NOTHING
        }
        _ => Err(Failure::unknown_method(&format!("host.{name}"))),
    }
}

fn guests(world: &World, host: Ref) -> impl Iterator<Item = Ref> + '_ {
    let residents = world.db.get("host", host, "resident_VMs").refs();
    residents.filter(|vm| !world.db.get("VM", *vm, "is_control_domain").is_true())
}

/// Where a VM could go instead.
fn elsewhere(world: &World, vm: Ref, host: Ref) -> Result<Ref, Failure> {
    crate::xapi::allowed::check(world, vm, "pool_migrate")?;
    let mut others = world
        .db
        .all("host")
        .filter(|other| *other != host && placement::can_run(world, vm, *other).is_ok());
    others.next().ok_or_else(|| Failure::bare("NO_HOSTS_AVAILABLE"))
}

fn stuck(world: &World, host: Ref) -> Vec<(Ref, Failure)> {
    guests(world, host)
        .filter_map(|vm| Some((vm, elsewhere(world, vm, host).err()?)))
        .collect()
}

fn evacuate(world: &mut World, caller: &Caller, host: Ref) -> Result<Done, Failure> {
    let moving: Vec<Ref> = guests(world, host).collect();
    for vm in moving {
        let to = elsewhere(world, vm, host)?;
        super::vm_power::by_itself(world, caller, vm, "pool_migrate", Effect::Migrate { host: to });
    }
    Done::NOTHING
}
