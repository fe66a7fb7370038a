//! The shell of a pool's member: what `xl` and `xenstore-read` say there of the domains that the pool placed on it, and the
//! consoles of these domains. Everything else on it is as on a host of plain Xen.

use tokio::sync::broadcast::error::RecvError;

use super::guests::Attached;
use super::pool::PoolHandle;
use super::value::Ref;
use super::world::World;
use crate::commands::xl::operands;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};

/// Ends `xl console` when it is read alone.
const ESCAPE: &[u8] = &[0x1d];
const NO_TTY: &str = "xenconsole: tcgetattr() failed: Inappropriate ioctl for device\n";
const NO_TERMINAL: &str = "xenconsole: Could not read tty from store: No such file or directory\n";

/// One member of a pool, as its own shell sees the pool.
#[derive(Debug, Clone)]
pub(crate) struct MemberFace {
    pool: PoolHandle,
    host: Ref,
}

/// A domain on the member.
struct Domain {
    vm: Ref,
    domid: i64,
    uuid: String,
    name: String,
}

impl MemberFace {
    pub(super) fn new(pool: PoolHandle, host: Ref) -> Self {
        Self { pool, host }
    }

    /// Runs a program that shows what the pool runs here; none for any other.
    pub(crate) async fn run(&self, env: &Env, name: &str, args: &[String], io: &Io) -> Option<Outcome> {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        match (name, args.as_slice()) {
            ("xl", _) if !env.is_root() => None,
            ("xl", ["vm-list", ..]) => Some(io.done(self.vm_list()).await),
            ("xl", ["list"]) => Some(io.done(self.list()).await),
            ("xl", ["console", rest @ ..]) => Some(self.console(env, rest, io).await),
            ("xenstore-read", [path]) => Some(self.read(path, io).await),
            _ => None,
        }
    }

    fn domains(&self) -> Vec<Domain> {
        let host = self.host;
        self.pool.with(|world| domains(world, host))
    }

    fn vm_list(&self) -> String {
        let mut out = String::from("UUID                                  ID    name\n");
        for one in self.domains() {
            out += &format!("{}  {}    {}\n", one.uuid, one.domid, one.name);
        }
        out
    }

    fn list(&self) -> String {
        let mut out =
            String::from("Name                                        ID   Mem VCPUs\tState\tTime(s)\n");
        let mut row = |name: &str, domid: i64| {
            out += &format!("{name:<40} {domid:>5}  1024     1     -b----       1.0\n");
        };
        row("Domain-0", 0);
        for one in self.domains() {
            row(&one.name, one.domid);
        }
        out
    }

    async fn read(&self, path: &str, io: &Io) -> Outcome {
        let found = self.domains().into_iter().find_map(|one| {
            let rest = path.strip_prefix(&format!("/local/domain/{}/", one.domid))?;
            match rest {
                "vm" => Some(format!("/vm/{}", one.uuid)),
                "name" => Some(one.name),
                "serial/0/tty" => Some(format!("/dev/pts/{}", one.domid)),
                _ => None,
            }
        });
        match found {
            Some(value) => io.done(format!("{value}\n")).await,
            None => {
                io.fail(format!("xenstore-read: couldn't read path {path}\n"), 1)
                    .await
            }
        }
    }

    /// `xl console [-t pv|serial] DOMAIN`.
    async fn console(&self, env: &Env, args: &[&str], io: &Io) -> Outcome {
        let words: Vec<String> = args.iter().map(|word| (*word).to_owned()).collect();
        let wanted = operands(&words, &["-t", "-n"])
            .first()
            .copied()
            .unwrap_or_default();
        let is_it = |one: &Domain| one.name == wanted || one.domid.to_string() == wanted;
        let Some(domain) = self.domains().into_iter().find(is_it) else {
            return io
                .fail(format!("{wanted} is an invalid domain identifier (rc=-6)\n"), 1)
                .await;
        };
        if env.tty.is_none() {
            return io.fail(NO_TTY, 25).await;
        }
        let serial = args.contains(&"serial");
        let has_it = self.pool.with(|world| has_terminal(world, domain.vm, serial));
        if !has_it {
            return io.fail(NO_TERMINAL, 2).await;
        }
        if !self.pool.with(|world| world.guests.hold(domain.vm)) {
            let lock = format!("/var/lock/xenconsole.{}", domain.domid);
            let words = format!("xenconsole: Could not lock {lock}: Resource temporarily unavailable\n");
            return io.fail(words, 11).await;
        }
        let _held = Held {
            pool: self.pool.clone(),
            vm: domain.vm,
        };
        let attached = self.pool.with(|world| world.attach(domain.vm));
        let host = self.host;
        tokio::select! {
            outcome = self.follow(domain.vm, attached, io) => outcome,
            // The domain stops, or goes on as another one elsewhere.
            () = self.pool.until(|world| (!is_there(world, host, &domain)).then_some(())) => Ok(0),
        }
    }

    async fn follow(&self, vm: Ref, mut attached: Attached, io: &Io) -> Outcome {
        io.stdout.write(&attached.history).await?;
        loop {
            let wakes = self.pool.with(|world| world.guest_wakes(vm));
            tokio::select! {
                piece = attached.output.recv() => match piece {
                    Ok(piece) => io.stdout.write(&piece).await?,
                    // A slow reader has lost something, as behind a full terminal.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Ok(0),
                },
                typed = io.stdin.read() => match typed {
                    None => return Ok(0),
                    Some(typed) if typed.as_ref() == ESCAPE => return Ok(0),
                    Some(typed) => self.pool.with(|world| world.type_at(vm, &typed)),
                },
                () = self.pool.sleep_until(wakes) => self.pool.with(|world| world.wake_guest(vm)),
            }
        }
    }
}

/// Lets go of a console however its session ends.
struct Held {
    pool: PoolHandle,
    vm: Ref,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.pool.with(|world| world.guests.release(self.vm));
    }
}

fn domains(world: &World, host: Ref) -> Vec<Domain> {
    let db = &world.db;
    let mut found: Vec<Domain> = db
        .get("host", host, "resident_VMs")
        .refs()
        .filter(|vm| !db.get("VM", *vm, "is_control_domain").is_true())
        .map(|vm| Domain {
            vm,
            domid: db.get("VM", vm, "domid").int(),
            uuid: db.text("VM", vm, "uuid").to_owned(),
            name: db.text("VM", vm, "name_label").to_owned(),
        })
        .collect();
    found.sort_by_key(|one| one.domid);
    found
}

fn is_there(world: &World, host: Ref, domain: &Domain) -> bool {
    let db = &world.db;
    db.has("VM", domain.vm)
        && db.reference("VM", domain.vm, "resident_on") == host
        && db.get("VM", domain.vm, "domid").int() == domain.domid
}

/// An HVM guest has its serial port, unless its platform keys say otherwise; any other has the paravirtual console.
fn has_terminal(world: &World, vm: Ref, serial: bool) -> bool {
    let is_hvm = world.db.text("VM", vm, "domain_type") == "hvm";
    let said = world.db.get("VM", vm, "platform").entry("hvm_serial");
    is_hvm == serial && (!serial || said.is_none_or(|said| said.text() == "pty"))
}
