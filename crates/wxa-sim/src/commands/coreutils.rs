//! The small programs every host has, as far as command lines over SSH use them.

mod dd;
mod files;
mod find;
mod print;
mod system;
mod tail;
mod test;
mod text;

use crate::shell::io::Io;
use crate::shell::{Env, Outcome};

/// Runs `name` if it is one of these.
pub(crate) async fn run(env: &mut Env, name: &str, args: &[String], io: &Io) -> Option<Outcome> {
    if args
        .iter()
        .any(|arg| arg.starts_with("/proc/") || arg.starts_with("/sys/"))
        && let Err(stop) = env.world.ask(|world| world.refresh_proc()).await
    {
        return Some(Err(stop.into()));
    }
    Some(match name {
        "true" => Ok(0),
        "false" => Ok(1),
        "echo" | "printf" | "seq" | "basename" | "dirname" => print::run(name, args, io).await,
        "test" | "[" => test::run(env, name, args, io).await,
        "cat" | "ls" | "stat" | "readlink" | "mkdir" | "touch" | "rm" | "cp" | "mv" | "ln" | "chmod"
        | "tee" => files::run(env, name, args, io).await,
        "find" => find::run(env, args, io).await,
        "dd" => dd::run(env, args, io).await,
        "tail" => tail::tail(env, args, io).await,
        "head" => tail::head(env, args, io).await,
        "grep" | "wc" | "sort" | "tr" | "cut" => text::run(env, name, args, io).await,
        "uname" | "hostname" | "date" | "id" | "whoami" | "nproc" | "ps" | "uptime" | "sleep" => {
            system::run(env, name, args, io).await
        }
        _ => return None,
    })
}

/// An absolute path from what a command was given; the working folder is the home.
pub(crate) fn absolute(env: &Env, path: &str) -> String {
    let home = env.vars.get("HOME").map_or("/root", String::as_str);
    crate::world::files::clean(&if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{home}/{path}")
    })
}

/// Whether a user who is not root may read this: console logs are for root and the group adm only.
pub(crate) fn readable(env: &Env, path: &str) -> bool {
    env.is_root() || !path.starts_with("/var/log/xen/console/")
}
