//! `uname`, `hostname`, `date`, `id`, `whoami`, `nproc`, `ps`, `uptime`, `sleep`.

use crate::clock;
use crate::commands::wrappers::seconds;
use crate::config::ConsoleLogs;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};

/// Runs one of them.
pub(crate) async fn run(env: &Env, name: &str, args: &[String], io: &Io) -> Outcome {
    let first = args.first().map_or("", String::as_str).to_owned();
    if name == "sleep" {
        tokio::time::sleep(seconds(&first).unwrap_or_default()).await;
        return Ok(0);
    }
    if name == "ps" {
        return ps(env, args, io).await;
    }
    let second = args.get(1).cloned().unwrap_or_default();
    let (name, user, root) = (name.to_owned(), env.user.clone(), env.is_root());
    let text = env
        .world
        .ask(move |world| {
            if root && name == "hostname" && !first.is_empty() {
                world.config.name = first;
                return String::new();
            }
            if root && name == "date" && first == "-s" {
                let wanted = second.trim_start_matches('@').parse().unwrap_or_else(|_| world.wall());
                world.clock_set += wanted - world.wall();
                return String::new();
            }
            let host = &world.config.name;
            let uid = if root { 0 } else { 1000 };
            match name.as_str() {
                "uname" if first == "-a" => format!("Linux {host} 6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22) x86_64 GNU/Linux\n"),
                "uname" if first == "-r" => "6.1.0-28-amd64\n".into(),
                "uname" if first == "-m" => "x86_64\n".into(),
                "uname" if first == "-n" => format!("{host}\n"),
                "uname" => "Linux\n".into(),
                "hostname" => format!("{host}\n"),
                "date" => match first.as_str() {
                    "+%s" => format!("{}\n", world.wall() as i64),
                    "+%s.%N" => format!("{:.9}\n", world.wall()),
                    "+%s%3N" => format!("{}\n", (world.wall() * 1000.0) as i64),
                    "-Is" | "-Iseconds" => format!("{}\n", clock::iso_line(world.wall())),
                    _ => format!("{}\n", clock::date_line(world.wall())),
                },
                "id" if first == "-u" => format!("{uid}\n"),
                "id" if first == "-un" => format!("{user}\n"),
                "id" => format!("uid={uid}({user}) gid={uid}({user}) groups={uid}({user})\n"),
                "whoami" => format!("{user}\n"),
                "nproc" => format!("{}\n", world.config.cpus.min(4)),
                _ => {
                    let up = clock::short_uptime(world.now.saturating_sub(world.booted_at).as_secs());
                    format!(" {} up {up},  1 user,  load average: 0.14, 0.09, 0.05\n", clock::time_of_day(world.wall()))
                }
            }
        })
        .await?;
    io.done(text).await
}

/// `ps [-C NAME] [-o COLUMNS] [-e…]`: the few processes that matter on a Xen host.
async fn ps(env: &Env, args: &[String], io: &Io) -> Outcome {
    let after = |option: &str| {
        args.iter()
            .position(|arg| arg == option)
            .and_then(|at| args.get(at + 1))
            .cloned()
    };
    let (wanted, columns) = (after("-C"), after("-o"));
    let processes: Vec<(u32, String)> = env
        .world
        .ask(|world| {
            let log = if world.config.console_logs == ConsoleLogs::PerGuest {
                " --log=guest"
            } else {
                ""
            };
            let mut all = vec![
                (1, "/sbin/init".to_owned()),
                (512, "/usr/lib/xen-4.17/bin/oxenstored".to_owned()),
                (
                    530,
                    format!("/usr/lib/xen-4.17/bin/xenconsoled --pid-file=/var/run/xenconsoled.pid{log}"),
                ),
            ];
            all.extend(world.domains.values().map(|domain| {
                (
                    domain.xl_pid,
                    format!("/usr/lib/xen-4.17/bin/xl create {}", domain.config.path),
                )
            }));
            all
        })
        .await?;
    let name_of = |command: &str| {
        command
            .split(' ')
            .next()
            .and_then(|path| path.rsplit('/').next())
            .unwrap_or("")
            .to_owned()
    };
    let (mut out, mut status) = (String::new(), 1);
    if !columns.as_deref().is_some_and(|columns| columns.ends_with('=')) {
        out += if columns.is_some() {
            "COMMAND\n"
        } else {
            "    PID TTY          TIME CMD\n"
        };
    }
    for (pid, command) in processes
        .iter()
        .filter(|(_, command)| wanted.as_ref().is_none_or(|wanted| *wanted == name_of(command)))
    {
        status = 0;
        out += &match columns.as_deref().map(|columns| columns.trim_end_matches('=')) {
            Some("args" | "cmd" | "command") => format!("{command}\n"),
            Some("comm") => format!("{}\n", name_of(command)),
            Some("pid") => format!("{pid:>7}\n"),
            Some(_) => format!("{pid:>7} {command}\n"),
            None => format!("{pid:>7} ?        00:00:01 {}\n", name_of(command)),
        };
    }
    io.stdout.print(out).await?;
    Ok(status)
}
