//! What a host itself records of its guests' consoles. xenconsoled appends what each guest prints to a file of its own; all of them
//! are followed over one session on a connection of its own, and no console is held for it.
mod asker;
mod ledger;
mod names;
mod request;

pub use request::{Answered, answered};

use crate::{
    driver::Host,
    logging::daemon,
    transport::{Connection, Limits},
};
use asker::Asker;
use ledger::Ledger;
use names::Names;
use request::{Mark, Scope};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc::Sender,
    time::{Instant, sleep},
};
use wxa_driver::{Error, ErrorKind, LogPlace, Recorded};
use wxa_model::{ConsoleKind, VmId};

/// How often it is asked what is new, while something is and while nothing is.
const BUSY: Duration = Duration::from_millis(300);
const QUIET: Duration = Duration::from_secs(1);
/// The same where each question is a session.
const COSTLY: Duration = Duration::from_secs(5);
/// A host that takes long to answer is asked less: so many times its answer's time is left to it.
const LEAVE: u32 = 3;
/// How often all logs are listed: what a clock that was set has hidden is found then.
const ALL: Duration = Duration::from_secs(10);
/// Questions for pieces between two lists: who is far behind does not hide what others print meanwhile.
const ROUNDS: usize = 16;
/// How often it is asked whether it still logs.
const STILL: Duration = Duration::from_secs(30);

/// Follows the logs until something ends it.
///
/// # Errors
/// Why it ended.
pub(crate) async fn record(
    host: &Host,
    known: Vec<((VmId, ConsoleKind), LogPlace)>,
    told: &Sender<Recorded>,
) -> Result<Infallible, Error> {
    tokio::select! {
        ended = follow(host, known, told) => ended,
        () = told.closed() => Err(receiver_gone()),
    }
}

async fn follow(
    host: &Host,
    known: Vec<((VmId, ConsoleKind), LogPlace)>,
    told: &Sender<Recorded>,
) -> Result<Infallible, Error> {
    let control = host.connection().await?;
    let folder = folder(&control).await?;
    if host.world().iter().next().is_none() {
        host.look(&control).await?;
    }
    let connection = Connection::open(&host.config().reach).await?;
    let mut follower = Follower {
        host,
        told,
        asker: Asker::open(&connection).await?,
        mark: Mark::new(),
        folder,
        ledger: Ledger::new(known),
        names: Names::default(),
        control,
    };
    let (mut all_at, mut still_at) = (Instant::now(), Instant::now() + STILL);
    loop {
        let now = Instant::now();
        if now >= still_at {
            still_at = now + STILL;
            follower.control = host.connection().await?;
            if follower.folder != self::folder(&follower.control).await? {
                return Err(unsupported(
                    "The host logs its guests' consoles to another folder now.",
                ));
            }
        }
        let scope = if now >= all_at { Scope::All } else { Scope::Recent };
        if scope == Scope::All {
            all_at = now + ALL;
        }
        follower.list(scope).await?;
        let took = now.elapsed();
        let pause = match follower.read().await? {
            0 => QUIET,
            _ => BUSY,
        };
        let pause = if follower.asker.is_costly() { COSTLY } else { pause };
        sleep(pause.max(took * LEAVE)).await;
    }
}

struct Follower<'a> {
    host: &'a Host,
    told: &'a Sender<Recorded>,
    asker: Asker<'a>,
    mark: Mark,
    folder: String,
    ledger: Ledger,
    names: Names,
    control: Arc<Connection>,
}

impl Follower<'_> {
    /// Asks which logs there are, and finds out whose they are.
    async fn list(&mut self, scope: Scope) -> Result<(), Error> {
        let question = self.mark.list(&self.folder, scope);
        let answer = self.asker.ask(&question, &self.mark.end()).await?;
        let cut = self.ledger.list(self.mark.listed(&answer), scope);
        self.tell(cut).await?;
        self.assign().await?;
        // A guest that has only just come: the watch tells of it, unless nobody watches.
        if scope == Scope::All && self.ledger.has_strangers() {
            self.host.look(&self.control).await?;
            self.assign().await?;
        }
        Ok(())
    }

    async fn assign(&mut self) -> Result<(), Error> {
        self.names.look(&self.host.world());
        let names = &self.names;
        let begun = self.ledger.assign(|log, before| names.owner(log, before));
        self.tell(begun).await
    }

    /// Reads what was listed, or a good part of it; tells how much that was.
    async fn read(&mut self) -> Result<usize, Error> {
        let mut read = 0;
        for _ in 0..ROUNDS {
            if self.ledger.has_caught_up() {
                self.tell(vec![Recorded::CaughtUp]).await?;
            }
            let wants = self.ledger.wants();
            if wants.is_empty() {
                break;
            }
            let question = self.mark.read(&self.folder, &wants);
            let answer = self.asker.ask(&question, &self.mark.end()).await?;
            let pieces = self.mark.pieces(&answer);
            for (index, want) in wants.iter().enumerate() {
                let piece = pieces.iter().find(|(at, _)| *at == index);
                let piece = piece.map(|(_, piece)| *piece).unwrap_or_default();
                read += piece.len();
                let printed = self.ledger.took(*want, piece);
                self.tell(printed).await?;
            }
        }
        Ok(read)
    }

    async fn tell(&mut self, reports: Vec<Recorded>) -> Result<(), Error> {
        for report in reports {
            self.told.send(report).await.map_err(|_| receiver_gone())?;
        }
        Ok(())
    }
}

/// Where xenconsoled logs its guests.
async fn folder(connection: &Connection) -> Result<String, Error> {
    let folder = match daemon(connection).await? {
        Some(daemon) if daemon.logs => daemon.folder,
        Some(_) => return Err(unsupported("This host does not log its guests' consoles.")),
        None => return Err(unsupported("xenconsoled does not run on this host.")),
    };
    let look = ["find", "-H", &folder, "-maxdepth", "0"];
    let output = connection.run(&look, Limits::read(16 << 10)).await?;
    if output.stderr.contains("No such file") {
        return Err(unsupported(format!(
            "This host is to log its guests' consoles, but {folder} does not exist there."
        )));
    }
    Ok(folder)
}

fn unsupported(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::NotSupported { action: None }, why.into())
}

fn receiver_gone() -> Error {
    Error::new(ErrorKind::Internal, "Nobody listens any more.")
}
