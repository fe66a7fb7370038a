//! `xl`: its subcommands with the output, the messages and the statuses of the real one.

mod config_json;
mod console;
mod control;
mod create;
mod devices;
mod info;
mod json;
mod list;

use crate::shell::io::Io;
use crate::shell::{Env, Outcome, Stop};
use crate::world::World;

/// Only what this host knows, in the real one's layout.
const HELP: &str = "Usage xl [-vfNtT] <subcommand> [args]

xl full list of subcommands:

 create              Create a domain from config file <filename>
 list                List information about all/some domains
 destroy             Terminate a domain immediately
 shutdown            Issue a shutdown signal to a domain
 reboot              Issue a reboot signal to a domain
 pause               Pause execution of a domain
 unpause             Unpause a paused domain
 console             Attach to domain's console
 mem-max             Set the maximum amount reservation for a domain
 mem-set             Set the current memory usage for a domain
 vcpu-list           List the VCPUs for all/some domains
 vm-list             List guest domains, excluding dom0, stubdoms, etc.
 info                Get information about Xen host
 sched-credit2       Get/set credit2 scheduler parameters
 domid               Convert a domain name to domain id
 domname             Convert a domain id to domain name
 rename              Rename a domain
 trigger             Send a trigger to a domain
 sysrq               Send a sysrq to a domain
 dmesg               Read and/or clear dmesg buffer
 network-list        List virtual network interfaces for a domain
 block-list          List virtual block devices for a domain
 uptime              Print uptime for all/some domains
 claims              List outstanding claim information about all domains
 cpupool-list        List CPU pools on host
 save                Save a domain state to restore later
 restore             Restore a domain from a saved state
 migrate             Migrate a domain to another host
 vcpu-set            Set the number of active VCPUs allowed for the domain
 block-attach        Create a new virtual block device
 block-detach        Destroy a domain's virtual block device
 network-attach      Create a new virtual network device
 network-detach      Destroy a domain's virtual network device
";

/// Runs `xl ARGS`.
pub(crate) async fn run(env: &Env, args: &[String], io: &Io) -> Outcome {
    let mut args = args;
    while let Some((option, rest)) = args.split_first().filter(|(option, _)| option.starts_with('-')) {
        if let Some(bad) = option.chars().skip(1).find(|c| !"vftNT".contains(*c)) {
            return io
                .fail(
                    format!("/usr/lib/xen-4.17/bin/xl: invalid option -- '{bad}'\nunknown global option\n"),
                    1,
                )
                .await;
        }
        args = rest;
    }
    let Some((sub, args)) = args.split_first() else {
        return io.fail(HELP, 1).await;
    };
    if sub == "help" {
        return io.done(HELP).await;
    }
    if !env.is_root() {
        return io.fail("xencall: error: Could not obtain handle on privileged command interface: Permission denied\nlibxl: error: libxl.c:101:libxl_ctx_alloc: cannot open libxc handle: Permission denied\ncannot init xl context\n", 1).await;
    }
    match sub.as_str() {
        "list" => list::list(env, args, io).await,
        "vm-list" => list::vm_list(env, io).await,
        "vcpu-list" => list::vcpu_list(env, args, io).await,
        "uptime" => list::uptime(env, args, io).await,
        "domid" => list::domid(env, args, io).await,
        "domname" => list::domname(env, args, io).await,
        "info" => info::info(env, args, io).await,
        "dmesg" => info::dmesg(env, io).await,
        "create" => create::create(env, args, io).await,
        "shutdown" | "reboot" => control::stop(env, sub, args, io).await,
        "pause" | "unpause" => control::pause(env, sub, args, io).await,
        "destroy" => control::destroy(env, args, io).await,
        "rename" => control::rename(env, args, io).await,
        "mem-set" | "mem-max" => control::memory(env, sub, args, io).await,
        "trigger" | "button-press" => control::trigger(env, sub, args, io).await,
        "sysrq" => control::sysrq(env, args, io).await,
        "console" => console::console(env, args, io).await,
        "network-list" => devices::network_list(env, args, io).await,
        "block-list" => devices::block_list(env, args, io).await,
        "claims" | "cpupool-list" | "sched-credit2" => info::pools(env, sub, args, io).await,
        known
            if HELP
                .lines()
                .any(|line| line.split_whitespace().next() == Some(known)) =>
        {
            io.fail(format!("xl: {known} is not part of this simulated host\n"), 1)
                .await
        }
        _ => io.fail("command not implemented\n", 1).await,
    }
}

/// A domain id from what a user wrote: a number is taken as it is, a name must exist.
pub(crate) fn qualify(world: &World, text: &str) -> Option<u32> {
    match text.parse() {
        Ok(domid) => Some(domid),
        Err(_) if text == "Domain-0" => Some(0),
        Err(_) => world.by_name(text).map(|domain| domain.domid),
    }
}

/// Finds a domain or prints what xl prints.
pub(crate) async fn find(env: &Env, text: &str, io: &Io) -> Result<Option<u32>, Stop> {
    let name = text.to_owned();
    let domid = env.world.ask(move |world| qualify(world, &name)).await?;
    if domid.is_none() {
        io.stderr
            .print(format!("{text} is an invalid domain identifier (rc=-6)\n"))
            .await?;
    }
    Ok(domid)
}

/// Arguments that are not options; options that take a value are named.
pub(crate) fn operands<'a>(args: &'a [String], with_value: &[&str]) -> Vec<&'a str> {
    let mut out = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if with_value.contains(&arg.as_str()) {
            rest.next();
        } else if !arg.starts_with('-') {
            out.push(arg.as_str());
        }
    }
    out
}

/// Whether an option is given, alone or among bundled letters.
pub(crate) fn has(args: &[String], letter: char, long: &str) -> bool {
    args.iter()
        .any(|arg| arg == long || (arg.starts_with('-') && !arg.starts_with("--") && arg.contains(letter)))
}

/// The usage error of a missing operand.
pub(crate) async fn missing(sub: &str, io: &Io) -> Outcome {
    io.fail(
        format!("'xl {sub}' requires at least 1 argument.\n\nUsage: xl [-vfN] {sub}\n"),
        2,
    )
    .await
}
