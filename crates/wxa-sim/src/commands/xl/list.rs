//! `xl list`, `vm-list`, `vcpu-list`, `uptime`, `domid`, `domname`.

use super::config_json::{self, Origin};
use super::json::Json;
use super::{find, has, missing, operands, qualify};
use crate::clock;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};
use crate::world::World;
use crate::world::domain::{Activity, Domain, Phase};

const HEADER: &str = "Name                                        ID   Mem VCPUs\tState\tTime(s)";

/// `xl list [-l] [-v] [-Z] [-c] [-n] [DOMAIN]`.
pub(crate) async fn list(env: &Env, args: &[String], io: &Io) -> Outcome {
    let wanted = match operands(args, &[]).first() {
        None => None,
        Some(text) => match find(env, text, io).await? {
            None => return Ok(1),
            Some(domid) => {
                let exists = env
                    .world
                    .ask(move |world| domid == 0 || world.domains.contains_key(&domid))
                    .await?;
                if !exists {
                    return io
                        .fail(format!("Error: Domain '{text}' does not exist.\n"), 1)
                        .await;
                }
                Some(domid)
            }
        },
    };
    let args = args.to_vec();
    let text = env
        .world
        .ask(move |world| {
            world.accrue();
            if has(&args, 'l', "--long") {
                long(world, wanted)
            } else {
                table(world, wanted, &args)
            }
        })
        .await?;
    io.done(text).await
}

fn long(world: &World, wanted: Option<u32>) -> String {
    let mut entries = Vec::new();
    if wanted.is_none_or(|domid| domid == 0) {
        entries.push(config_json::dom0(world));
    }
    for domain in world
        .domains
        .values()
        .filter(|domain| wanted.is_none_or(|domid| domid == domain.domid))
    {
        entries.push(config_json::entry(
            domain.domid,
            config_json::config(&domain.config, &domain.name, Origin::Running),
        ));
    }
    Json::List(entries).text(0) + "\n\n"
}

fn table(world: &World, wanted: Option<u32>, args: &[String]) -> String {
    let (verbose, label) = (has(args, 'v', "--verbose"), has(args, 'Z', "--context"));
    let (pool, numa) = (has(args, 'c', "--cpupool"), has(args, 'n', "--numa"));
    let mut out = HEADER.to_owned();
    if verbose {
        out += "   UUID                            Reason-Code\tSecurity Label";
    } else if label {
        out += "   Security Label";
    }
    if pool {
        out += "         Cpupool";
    }
    if numa {
        out += " NODE Affinity";
    }
    out.push('\n');
    let mut row = |head: String, uuid: String, reason: String| {
        out += &head;
        if verbose {
            out += &format!(" {uuid} {reason:>8} {:>16}", "-");
        } else if label {
            out += &format!(" {:>16}", "-");
        }
        if pool {
            out += &format!("{:>16}", "Pool-0");
        }
        if numa {
            out += " all";
        }
        out.push('\n');
    };
    if wanted.is_none_or(|domid| domid == 0) {
        let dom0 = line(
            "Domain-0",
            0,
            world.config.dom0_memory_mib,
            world.config.cpus.min(4),
            "r-----",
            world.dom0_cpu(),
        );
        row(dom0, uuid::Uuid::nil().to_string(), "-".into());
    }
    for domain in world
        .domains
        .values()
        .filter(|domain| wanted.is_none_or(|domid| domid == domain.domid))
    {
        let head = line(
            &domain.name,
            domain.domid,
            domain.config.memory_mib,
            domain.config.vcpus,
            &state(domain, world),
            domain.usage.cpu_secs,
        );
        let reason = match domain.phase {
            Phase::Shutdown(reason) => reason.code().to_string(),
            _ => "-".into(),
        };
        row(head, domain.config.uuid.to_string(), reason);
    }
    out
}

fn line(name: &str, domid: u32, mib: u64, vcpus: u32, state: &str, cpu: f64) -> String {
    format!("{name:<40} {domid:>5} {mib:>5} {vcpus:>5}     {state}  {cpu:>8.1}")
}

/// xl's order: running, blocked, paused, shut down, why, dying.
pub(crate) fn state(domain: &Domain, world: &World) -> String {
    let activity = domain.activity(world.now);
    let flag = |on: bool, letter: char| if on { letter } else { '-' };
    let (shut, why) = match domain.phase {
        Phase::Shutdown(reason) => ('s', reason.letter()),
        _ => ('-', '-'),
    };
    [
        flag(activity == Activity::Running, 'r'),
        flag(activity == Activity::Blocked, 'b'),
        flag(domain.paused_at.is_some(), 'p'),
        shut,
        why,
        '-',
    ]
    .iter()
    .collect()
}

/// `xl vm-list`.
pub(crate) async fn vm_list(env: &Env, io: &Io) -> Outcome {
    let text = env
        .world
        .ask(|world| {
            let mut out = String::from("UUID                                  ID    name\n");
            for domain in world.domains.values() {
                out += &format!("{}  {}    {}\n", domain.config.uuid, domain.domid, domain.name);
            }
            out
        })
        .await?;
    io.done(text).await
}

/// `xl vcpu-list [DOMAIN…]`.
pub(crate) async fn vcpu_list(env: &Env, args: &[String], io: &Io) -> Outcome {
    let mut wanted = Vec::new();
    for text in operands(args, &[]) {
        match find(env, text, io).await? {
            Some(domid) => wanted.push(domid),
            None => return Ok(1),
        }
    }
    let text = env
        .world
        .ask(move |world| {
            world.accrue();
            let mut out = String::from(
                "Name                                ID  VCPU   CPU State   Time(s) Affinity (Hard / Soft)\n",
            );
            let mut row = |name: &str, domid: u32, vcpu: u32, cpu: Option<u32>, state: &str, time: f64| {
                let cpu = cpu.map_or("-".to_owned(), |cpu| cpu.to_string());
                out +=
                    &format!("{name:<32} {domid:>5} {vcpu:>5} {cpu:>4}   {state} {time:>9.1}  all / all\n");
            };
            let shown = |domid: u32| wanted.is_empty() || wanted.contains(&domid);
            let dom0_vcpus = world.config.cpus.min(4);
            for vcpu in (0..dom0_vcpus).filter(|_| shown(0)) {
                row(
                    "Domain-0",
                    0,
                    vcpu,
                    Some(vcpu),
                    if vcpu == 0 { "r--" } else { "-b-" },
                    world.dom0_cpu() / f64::from(dom0_vcpus),
                );
            }
            for domain in world.domains.values().filter(|domain| shown(domain.domid)) {
                let state = match domain.activity(world.now) {
                    Activity::Running => "r--",
                    Activity::Blocked => "-b-",
                    Activity::Runnable | Activity::None => "---",
                };
                for vcpu in 0..domain.config.vcpus {
                    let state = if vcpu > 0 && state == "r--" { "-b-" } else { state };
                    let cpu = (domain.domid * 3 + vcpu) % world.config.cpus.max(1);
                    row(
                        &domain.name,
                        domain.domid,
                        vcpu,
                        Some(cpu),
                        state,
                        domain.usage.cpu_secs / f64::from(domain.config.vcpus),
                    );
                }
                for vcpu in domain.config.vcpus..domain.config.all_vcpus() {
                    row(&domain.name, domain.domid, vcpu, None, "--p", 0.0);
                }
            }
            out
        })
        .await?;
    io.done(text).await
}

/// `xl uptime [-s] [DOMAIN…]`.
pub(crate) async fn uptime(env: &Env, args: &[String], io: &Io) -> Outcome {
    let short = has(args, 's', "--short");
    let mut wanted = Vec::new();
    for text in operands(args, &[]) {
        match find(env, text, io).await? {
            Some(domid) => wanted.push(domid),
            None => return Ok(1),
        }
    }
    let text = env
        .world
        .ask(move |world| {
            let shown = |domid: u32| wanted.is_empty() || wanted.contains(&domid);
            let time = clock::time_of_day(world.wall());
            let mut out = if short {
                String::new()
            } else {
                "Name                                ID Uptime\n".to_owned()
            };
            let mut row = |name: &str, domid: u32, up: u64| {
                out += &if short {
                    format!(" {time} up {}, {name} ({domid})\n", clock::short_uptime(up))
                } else {
                    format!("{name:<32} {domid:>5} {}\n", clock::long_uptime(up))
                };
            };
            if shown(0) {
                row("Domain-0", 0, world.now.saturating_sub(world.booted_at).as_secs());
            }
            for domain in world.domains.values().filter(|domain| shown(domain.domid)) {
                row(&domain.name, domain.domid, world.uptime_of(domain));
            }
            out
        })
        .await?;
    io.done(text).await
}

/// `xl domid NAME`.
pub(crate) async fn domid(env: &Env, args: &[String], io: &Io) -> Outcome {
    let Some(name) = operands(args, &[]).first().map(|name| (*name).to_owned()) else {
        return missing("domid", io).await;
    };
    let wanted = name.clone();
    match env
        .world
        .ask(move |world| {
            if wanted == "Domain-0" {
                Some(0)
            } else {
                world.by_name(&wanted).map(|domain| domain.domid)
            }
        })
        .await?
    {
        Some(domid) => io.done(format!("{domid}\n")).await,
        None => {
            io.fail(
                format!("Can't get domid of domain name '{name}', maybe this domain does not exist.\n"),
                1,
            )
            .await
        }
    }
}

/// `xl domname DOMID`.
pub(crate) async fn domname(env: &Env, args: &[String], io: &Io) -> Outcome {
    let Some(text) = operands(args, &[]).first().map(|text| (*text).to_owned()) else {
        return missing("domname", io).await;
    };
    let Ok(domid) = text.parse::<u32>() else {
        return io.fail(format!("Invalid domain id: {text}.\n\n"), 1).await;
    };
    let name = env
        .world
        .ask(move |world| match qualify(world, &domid.to_string()) {
            Some(0) => Some("Domain-0".to_owned()),
            _ => world.domains.get(&domid).map(|domain| domain.name.clone()),
        })
        .await?;
    match name {
        Some(name) => io.done(format!("{name}\n")).await,
        None => {
            io.fail(
                format!("Can't get domain name of domain id '{domid}', maybe this domain does not exist.\n"),
                1,
            )
            .await
        }
    }
}
