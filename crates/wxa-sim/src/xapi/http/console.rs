//! Consoles: by CONNECT as XenCenter opens them, or by WebSocket as browsers do; then raw bytes of a terminal or of RFB.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::broadcast::error::RecvError;

use super::head::Head;
use super::{After, Reply, Stream, routes, ws};
use crate::rfb;
use crate::xapi::pool::PoolHandle;
use crate::xapi::role::Role;
use crate::xapi::schema::Schema;
use crate::xapi::value::Ref;
use crate::xapi::world::World;

/// What is asked for.
struct Wanted {
    vm: Ref,
    console: Ref,
    is_text: bool,
}

/// Opens a console on a connection, or says why not. `early` is what the client sent after its request.
pub(super) async fn open(mut stream: impl Stream, early: Vec<u8>, head: &Head, pool: &PoolHandle, host: Ref) {
    let found = match routes::signed_in(pool, host, head) {
        Ok(()) => pool
            .with(|world| find(world, host, head))
            .map_err(|status| Reply::page(status).into()),
        Err(reply) => Err(reply),
    };
    let wanted = match found {
        Ok(wanted) => wanted,
        Err(reply) => {
            let reply: Box<Reply> = reply;
            let _ = reply.send(&mut stream, After::Close).await;
            return;
        }
    };
    let _open = Open::begin(pool, wanted.console);
    if head.method == "CONNECT" {
        let accepted =
            b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nCache-Control: no-cache, no-store\r\n\r\n";
        if stream.write_all(accepted).await.is_ok() {
            serve(stream, &early, pool, &wanted).await;
        }
        return;
    }
    let Some(accepted) = ws::accept(head) else {
        let _ = Reply::page("400 Bad Request")
            .send(&mut stream, After::Close)
            .await;
        return;
    };
    if stream.write_all(accepted.as_bytes()).await.is_err() {
        return;
    }
    // A pipe's end for the console, the other for the frames: when either ends, so does the other.
    let (ours, theirs) = tokio::io::duplex(256 << 10);
    tokio::select! {
        () = serve(ours, &[], pool, &wanted) => {}
        () = ws::carry(stream, early, theirs) => {}
    }
}

/// A console that somebody looks at: counted for as long as this is kept.
struct Open<'a> {
    pool: &'a PoolHandle,
    console: Ref,
}

impl<'a> Open<'a> {
    fn begin(pool: &'a PoolHandle, console: Ref) -> Self {
        pool.with(|world| world.guests.look(console));
        Self { pool, console }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.pool.with(|world| world.guests.look_away(self.console));
    }
}

fn find(world: &mut World, host: Ref, head: &Head) -> Result<Wanted, &'static str> {
    let class = Schema::get().class("console").ok_or("404 Not Found")?;
    let by_uuid = head
        .said("uuid")
        .and_then(|uuid| world.db.by_uuid(class.id, uuid));
    let by_ref = head
        .said("ref")
        .and_then(Ref::read)
        .filter(|console| world.db.has("console", *console));
    let console = by_uuid.or(by_ref).ok_or("404 Not Found")?;
    let vm = world.db.reference("console", console, "VM");
    let needed = match world.db.get("VM", vm, "is_control_domain").is_true() {
        true => Role::PoolAdmin,
        false => Role::VmOperator,
    };
    if role(world, head).is_none_or(|role| role < needed) {
        return Err("403 Forbidden");
    }
    let runs = world.db.text("VM", vm, "power_state") == "Running";
    if !runs || world.db.reference("VM", vm, "resident_on") != host {
        return Err("500 Internal Error");
    }
    // Where a pool allows one at a time, it allows none to browsers.
    let limited = world.db.all("pool").any(|pool| {
        let limit = world.db.get("pool", pool, "limit_console_sessions");
        limit.is_true()
    });
    if limited && (head.method != "CONNECT" || world.guests.is_looked_at(console)) {
        return Err("503 Service Unavailable");
    }
    Ok(Wanted {
        vm,
        console,
        is_text: world.db.text("console", console, "protocol") == "vt100",
    })
}

/// The role of whoever asks: by session, or by name and password.
fn role(world: &mut World, head: &Head) -> Option<Role> {
    if let Some(session) = head.session().and_then(Ref::read) {
        return world.session(session).ok().map(|session| session.role);
    }
    let (user, password) = head.basic()?;
    let mut accounts = world.config.accounts.iter();
    let account = accounts.find(|account| account.user == user && account.password == password)?;
    Some(account.role)
}

async fn serve(stream: impl Stream, early: &[u8], pool: &PoolHandle, wanted: &Wanted) {
    tokio::select! {
        () = async {
            match wanted.is_text {
                true => text(stream, early, pool, wanted.vm).await,
                false => {
                    let name = pool.with(|world| world.db.text("VM", wanted.vm, "name_label").to_owned());
                    rfb::serve(stream, early, &name, "").await
                }
            }
        } => {}
        // The VM stops or moves: its consoles are no more.
        () = pool.until(|world| (!world.db.has("console", wanted.console)).then_some(())) => {}
    }
}

async fn text(stream: impl Stream, early: &[u8], pool: &PoolHandle, vm: Ref) {
    let mut attached = pool.with(|world| world.attach(vm));
    let (mut reader, mut writer) = tokio::io::split(stream);
    pool.with(|world| world.type_at(vm, early));
    if writer.write_all(&attached.history).await.is_err() {
        return;
    }
    let mut typed = [0; 4096];
    loop {
        let wakes = pool.with(|world| world.guest_wakes(vm));
        let written = tokio::select! {
            read = reader.read(&mut typed) => match read {
                Ok(read) if read > 0 => {
                    let bytes = typed.get(..read).unwrap_or_default();
                    pool.with(|world| world.type_at(vm, bytes));
                    Ok(())
                }
                _ => return,
            },
            output = attached.output.recv() => match output {
                Ok(bytes) => writer.write_all(&bytes).await,
                // A slow reader has lost something, as behind a full terminal.
                Err(RecvError::Lagged(_)) => Ok(()),
                Err(RecvError::Closed) => return,
            },
            () = pool.sleep_until(wakes) => {
                pool.with(|world| world.wake_guest(vm));
                Ok(())
            }
        };
        if written.is_err() || writer.flush().await.is_err() {
            return;
        }
    }
}
