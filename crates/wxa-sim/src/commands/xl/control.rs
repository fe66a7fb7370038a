//! `xl shutdown`, `reboot`, `pause`, `unpause`, `destroy`, `rename`, `mem-set`, `trigger`, `sysrq`.

use super::{find, has, missing, operands};
use crate::guest::Signal;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome, Stop};
use crate::world::create::gone;
use crate::world::domain::Phase;

/// `xl shutdown|reboot [-a] [-w] [-F] DOMAIN`.
pub(crate) async fn stop(env: &Env, sub: &str, args: &[String], io: &Io) -> Outcome {
    let (all, wait) = (has(args, 'a', "--all"), has(args, 'w', "--wait"));
    let domids: Vec<u32> = if all {
        env.world
            .ask(|world| world.domains.keys().copied().collect())
            .await?
    } else {
        let words = operands(args, &[]);
        let Some(text) = words.first() else {
            return missing(sub, io).await;
        };
        match find(env, text, io).await? {
            Some(domid) => vec![domid],
            None => return Ok(1),
        }
    };
    let (signal, verb) = if sub == "reboot" {
        (Signal::Reboot, "Rebooting")
    } else {
        (Signal::PowerOff, "Shutting down")
    };
    let mut status = 0;
    for domid in &domids {
        io.stderr.print(format!("{verb} domain {domid}\n")).await?;
        if !one(env, *domid, signal, io).await? {
            io.stderr.print(format!("{sub} failed (rc=-9)\n")).await?;
            status = 1;
        }
    }
    if wait && status == 0 {
        io.stderr
            .print(format!("Waiting for {} domains\n", domids.len()))
            .await?;
        for domid in domids {
            let end = env
                .world
                .wait_for(
                    move |world| match world.domains.get(&domid).map(|domain| domain.phase) {
                        None => Some(format!("Domain {domid} has been destroyed\n")),
                        Some(Phase::Shutdown(reason)) => Some(format!(
                            "Domain {domid} has been shut down, reason code {}\n",
                            reason.code()
                        )),
                        Some(_) => None,
                    },
                )
                .await?;
            io.stderr.print(end).await?;
        }
    }
    Ok(status)
}

/// Asks one guest and waits for its answer; false when there was none.
async fn one(env: &Env, domid: u32, signal: Signal, io: &Io) -> Result<bool, Stop> {
    let exists = env
        .world
        .ask(move |world| world.domains.contains_key(&domid))
        .await?;
    if !exists {
        io.stderr.print(format!("libxl: error: libxl_domain.c:820:libxl__domain_pvcontrol_available: Domain {domid}:Domain does not exist\n")).await?;
        return Ok(false);
    }
    let patience = env
        .world
        .ask(move |world| {
            world.request_stop(domid, signal);
            world.patience()
        })
        .await?;
    let path = format!("/local/domain/{domid}/control/shutdown");
    let answered = env
        .world
        .wait_for(move |world| world.store.read(&path).is_none_or(str::is_empty).then_some(()));
    match tokio::time::timeout(patience, answered).await {
        Ok(answer) => answer.map(|()| true).map_err(Stop::from),
        Err(_) => {
            let path = format!("/local/domain/{domid}/control/shutdown");
            env.world.ask(move |world| world.store.write(&path, "")).await?;
            let text = format!(
                "libxl: error: libxl_domain.c:770:pvcontrol_cb: Domain {domid}:guest didn't acknowledge control request: -9\n"
            );
            io.stderr.print(text).await?;
            Ok(false)
        }
    }
}

/// `xl pause|unpause DOMAIN`. An unknown id is an error on stderr and status 0, as with the real one.
pub(crate) async fn pause(env: &Env, sub: &str, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &[]);
    let Some(text) = words.first() else {
        return missing(sub, io).await;
    };
    let Some(domid) = find(env, text, io).await? else {
        return Ok(1);
    };
    let pausing = sub == "pause";
    let known = env
        .world
        .ask(move |world| {
            if pausing {
                world.pause(domid)
            } else {
                world.unpause(domid)
            }
        })
        .await?;
    if known {
        return Ok(0);
    }
    let (line, function, verb) = if pausing {
        (587, "libxl_domain_pause", "Pausing")
    } else {
        (616, "libxl_domain_unpause", "Unpausing")
    };
    let why = if domid == 0 {
        "Invalid argument"
    } else {
        "No such process"
    };
    io.fail(
        format!("libxl: error: libxl_domain.c:{line}:{function}: Domain {domid}:{verb} domain: {why}\n"),
        0,
    )
    .await
}

/// `xl destroy [-f] DOMAIN`.
pub(crate) async fn destroy(env: &Env, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &[]);
    let Some(text) = words.first() else {
        return missing("destroy", io).await;
    };
    let Some(domid) = find(env, text, io).await? else {
        return Ok(1);
    };
    if domid == 0 {
        let text = "Not destroying domain 0; use -f to force.\nThis can only be done when using a disaggregated hardware domain and toolstack.\n\n";
        return io.fail(text, 1).await;
    }
    if env.world.ask(move |world| world.destroy(domid)).await? {
        return Ok(0);
    }
    io.fail(format!("{}destroy failed (rc=-21)\n", gone(domid)), 1)
        .await
}

/// `xl rename DOMAIN NAME`.
pub(crate) async fn rename(env: &Env, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &[]);
    let [old, new] = words.as_slice() else {
        return missing("rename", io).await;
    };
    let Some(domid) = find(env, old, io).await? else {
        return Ok(1);
    };
    let name = (*new).to_owned();
    match env.world.ask(move |world| world.rename(domid, &name)).await? {
        Ok(()) => Ok(0),
        Err(()) => {
            let text = format!(
                "libxl: error: libxl_domain.c:81:libxl__domain_rename: Domain {domid}:Domain with name \"{new}\" already exists.\nCan't rename domain '{old}'.\n"
            );
            io.fail(text, 1).await
        }
    }
}

/// `xl mem-set DOMAIN MEM`, `xl mem-max DOMAIN MEM`.
pub(crate) async fn memory(env: &Env, sub: &str, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &[]);
    let [text, amount] = words.as_slice() else {
        return missing(sub, io).await;
    };
    let Some(domid) = find(env, text, io).await? else {
        return Ok(1);
    };
    let Some(mib) = mebibytes(amount) else {
        return io.fail(format!("invalid memory size: {amount}\n"), 1).await;
    };
    if sub == "mem-max" {
        env.world
            .ask(move |world| {
                if let Some(domain) = world.domains.get_mut(&domid) {
                    domain.config.max_memory_mib = mib.max(domain.config.memory_mib);
                    let kib = domain.config.max_memory_mib * 1024;
                    world.store.write(
                        &format!("/local/domain/{domid}/memory/static-max"),
                        kib.to_string(),
                    );
                }
            })
            .await?;
        return Ok(0);
    }
    match env.world.ask(move |world| world.set_memory(domid, mib)).await? {
        Ok(()) => Ok(0),
        Err(_) => {
            let text = format!(
                "libxl: error: libxl_mem.c:278:libxl_set_memory_target: Domain {domid}:memory_dynamic_max must be less than or equal to memory_static_max\n\n\
                 cannot set domid {domid} dynamic max memory to : {amount}\n"
            );
            io.fail(text, 1).await
        }
    }
}

fn mebibytes(text: &str) -> Option<u64> {
    let (digits, factor) = match text.strip_suffix(['g', 'G']) {
        Some(digits) => (digits, 1024),
        None => (text.trim_end_matches(['m', 'M']), 1),
    };
    digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor))
}

/// `xl trigger`, `xl button-press`: taken, and a power button does what it does.
pub(crate) async fn trigger(env: &Env, sub: &str, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &[]);
    let Some(text) = words.first() else {
        return missing(sub, io).await;
    };
    let Some(domid) = find(env, text, io).await? else {
        return Ok(1);
    };
    if sub == "button-press" || words.get(1) == Some(&"power") {
        env.world
            .ask(move |world| world.request_stop(domid, Signal::PowerOff))
            .await?;
    }
    Ok(0)
}

/// `xl sysrq DOMAIN KEY`. Whether there is such a domain, and whether it obeys, makes no difference to its answer.
pub(crate) async fn sysrq(env: &Env, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &[]);
    let [text, key, ..] = words.as_slice() else {
        let text = "'xl sysrq' requires at least 2 arguments.\n\nUsage: xl [-vfNtT] sysrq <Domain> <letter>\n\nSend a sysrq to a domain.\n\n";
        return io.fail(text, 1).await;
    };
    let Some(domid) = find(env, text, io).await? else {
        return Ok(1);
    };
    let mut chars = key.chars();
    let (Some(key), None) = (chars.next(), chars.next()) else {
        let text =
            "Invalid sysrq.\n\nUsage: xl [-vfNtT] sysrq <Domain> <letter>\n\nSend a sysrq to a domain.\n\n";
        return io.fail(text, 1).await;
    };
    env.world.ask(move |world| world.send_sysrq(domid, key)).await?;
    Ok(0)
}
