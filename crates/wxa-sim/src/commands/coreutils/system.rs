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
    let (name, user, root) = (name.to_owned(), env.user.clone(), env.is_root());
    let text = env
        .world
        .ask(move |world| {
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
                "uptime" => {
                    let up = clock::short_uptime(world.now.saturating_sub(world.booted_at).as_secs());
                    format!(" {} up {up},  1 user,  load average: 0.14, 0.09, 0.05\n", clock::time_of_day(world.wall()))
                }
                _ => {
                    let log = if world.config.console_logs == ConsoleLogs::PerGuest { " --log=guest" } else { "" };
                    let mut out = "    PID TTY          TIME CMD\n      1 ?        00:00:04 /sbin/init\n    512 ?        00:00:31 /usr/lib/xen-4.17/bin/oxenstored\n".to_owned();
                    out += &format!("    530 ?        00:00:02 /usr/lib/xen-4.17/bin/xenconsoled{log}\n");
                    for domain in world.domains.values() {
                        out += &format!("{:>7} ?        00:00:00 /usr/lib/xen-4.17/bin/xl create {}\n", domain.xl_pid, domain.config.path);
                    }
                    out
                }
            }
        })
        .await?;
    io.done(text).await
}
