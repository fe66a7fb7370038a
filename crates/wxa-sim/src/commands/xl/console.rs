//! `xl console`: a terminal on a guest, behind an exclusive lock.

use std::sync::atomic::Ordering;

use super::{find, missing, operands};
use crate::actor::WorldHandle;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome, Stop};

/// Control and closing bracket: ends the session when it is read alone.
const ESCAPE: &[u8] = &[0x1d];

/// `xl console [-t pv|serial] [-n NUM] [-e] DOMAIN`.
pub(crate) async fn console(env: &Env, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &["-t", "-n"]);
    let Some(text) = words.first() else {
        return missing("console", io).await;
    };
    let Some(domid) = find(env, text, io).await? else {
        return Ok(1);
    };
    let Some(tty) = env.tty.clone() else {
        return io
            .fail(
                "xenconsole: tcgetattr() failed: Inappropriate ioctl for device\n",
                25,
            )
            .await;
    };
    let holder = env.world.new_holder();
    // Lets go of the lock however this ends, a hung up session included.
    let guard = Detach {
        world: env.world.clone(),
        domid,
        holder,
    };
    let mut output = match env.world.ask(move |world| world.attach(domid, holder)).await? {
        Some(Ok(output)) => output,
        Some(Err(_)) => return io.fail(format!("xenconsole: Could not lock /var/lock/xenconsole.{domid}: Resource temporarily unavailable\n"), 11).await,
        None => return io.fail("xenconsole: Could not read tty from store: No such file or directory\n", 2).await,
    };
    tty.raw.store(true, Ordering::SeqCst);
    let outcome = attached(env, domid, &mut output, io).await;
    tty.raw.store(false, Ordering::SeqCst);
    guard.now().await;
    outcome
}

async fn attached(
    env: &Env,
    domid: u32,
    output: &mut tokio::sync::mpsc::Receiver<bytes::Bytes>,
    io: &Io,
) -> Outcome {
    loop {
        tokio::select! {
            piece = output.recv() => match piece {
                Some(piece) => io.stdout.write(&piece).await?,
                // The domain is gone, and its console with it.
                None => return Ok(0),
            },
            typed = io.stdin.read() => match typed {
                None => return Ok(0),
                Some(typed) if typed.as_ref() == ESCAPE => return Ok(0),
                Some(typed) => env.world.ask(move |world| world.type_on(domid, &typed)).await.map_err(Stop::from)?,
            },
        }
    }
}

struct Detach {
    world: WorldHandle,
    domid: u32,
    holder: u64,
}

impl Detach {
    async fn now(self) {
        let (domid, holder) = (self.domid, self.holder);
        let _ = self.world.ask(move |world| world.detach(domid, holder)).await;
    }
}

impl Drop for Detach {
    fn drop(&mut self) {
        let (domid, holder) = (self.domid, self.holder);
        self.world.tell(move |world| world.detach(domid, holder));
    }
}
