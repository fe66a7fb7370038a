//! Attaching to a console and moving bytes both ways.
use super::{escape::Keyboard, held, line::Line, screen};
use crate::{
    driver::Host,
    parse::stderr,
    transport::{Connection, Process, Reader, Said, Terminal},
};
use bytes::Bytes;
use std::{future::Future, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};
use wxa_driver::{ConsoleIo, Error, ErrorKind};
use wxa_model::{ConsoleKind, VmId};

/// Pieces that may wait in each direction.
const WAITING: usize = 64;

/// A console that is not there yet is tried again for so long, and this often.
const COMES_WITHIN: Duration = Duration::from_secs(20);
const AGAIN: Duration = Duration::from_millis(300);

/// A shell's exit status for a command that it does not find.
const NO_SUCH_COMMAND: u32 = 127;

/// Attaches.
///
/// # Errors
/// See [`wxa_driver::Driver::console`]. That somebody else holds it is told as the stream's end.
pub(crate) async fn attach(host: &Host, vm: VmId, kind: ConsoleKind) -> Result<ConsoleIo, Error> {
    let kind = match kind {
        ConsoleKind::Pv => Kind::Pv,
        ConsoleKind::Serial => Kind::Serial,
        ConsoleKind::Graphical => return screen::attach(host, vm).await,
    };
    let control = host.connection().await?;
    let sighting = host.sight(&control, vm).await?;
    let Some(domid) = sighting.domid else {
        return Err(Error::new(
            ErrorKind::Refused {
                code: "not_running".to_owned(),
            },
            format!("{} is not running: it has no console now.", sighting.vm.name),
        ));
    };
    let line = host.consoles().take(&host.config().reach).await?;
    let (io, pump) = start(line, kind, domid).await?;
    host.pump(pump);
    Ok(io)
}

/// Attaches to a console of the domain with that number. The stream lives as long as what is returned beside it runs.
///
/// # Errors
/// As for any command on the host.
pub(crate) async fn start(
    line: Line,
    kind: Kind,
    domid: u32,
) -> Result<(ConsoleIo, impl Future<Output = ()> + Send + 'static), Error> {
    let process = open(line.connection(), kind, domid).await?;
    let (output_in, output) = mpsc::channel(WAITING);
    let (input, input_out) = mpsc::channel(WAITING);
    let pump = pump(line, process, kind, domid, output_in, input_out);
    Ok((ConsoleIo { output, input }, pump))
}

/// Which console of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The paravirtual one.
    Pv,
    /// The emulated serial port.
    Serial,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Pv => "pv",
            Self::Serial => "serial",
        }
    }
}

async fn open(connection: &Connection, kind: Kind, domid: u32) -> Result<Process, Error> {
    let domid = domid.to_string();
    let words = ["xl", "console", "-t", kind.word(), &domid];
    connection.start(&words, Terminal::Raw).await
}

/// Moves bytes until the guest, the host or the caller ends it.
async fn pump(
    line: Line,
    mut process: Process,
    kind: Kind,
    domid: u32,
    output: mpsc::Sender<Result<Bytes, Error>>,
    mut input: mpsc::Receiver<Bytes>,
) {
    let connection = line.connection();
    let began = Instant::now();
    loop {
        let end = session(connection, &mut process, kind, domid, &output, &mut input).await;
        let error = match end {
            // A guest that was only just started: its console is there in a moment.
            End::Host {
                status: Some(_),
                held: Some(words),
            } if held::comes_soon(&words) && began.elapsed() < COMES_WITHIN => {
                sleep(AGAIN).await;
                match open(connection, kind, domid).await {
                    Ok(new) => {
                        process = new;
                        continue;
                    }
                    Err(error) => Some(error),
                }
            }
            End::Host {
                status: Some(_),
                held: Some(words),
            } => Some(held::to_error(connection, domid, &words).await),
            End::Host {
                status: Some(NO_SUCH_COMMAND),
                ..
            } => Some(stderr::to_error(
                "Opening the console",
                Some(NO_SUCH_COMMAND),
                "xl: command not found",
            )),
            // xenconsole fails in several ways when its guest goes away; the host's next look tells what became of it.
            End::Host { status: Some(_), .. } => None,
            End::Host { status: None, .. } => Some(connection.lost()),
            End::Caller => return,
        };
        if let Some(error) = error {
            let _ = output.send(Err(error)).await;
        }
        return;
    }
}

/// One `xl console` from its beginning to its end.
async fn session(
    connection: &Connection,
    process: &mut Process,
    kind: Kind,
    domid: u32,
    output: &mpsc::Sender<Result<Bytes, Error>>,
    input: &mut mpsc::Receiver<Bytes>,
) -> End {
    let (read, write) = process.halves();
    let typing = async {
        let mut keyboard = Keyboard::new(connection, write, kind, domid);
        while let Some(bytes) = input.recv().await {
            if keyboard.send(bytes).await.is_err() {
                break;
            }
        }
        // Nobody types any more, but somebody may still be reading.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        end = listen(read, output) => end,
        () = typing => End::Caller,
        () = output.closed() => End::Caller,
    }
}

/// How a console's stream ended.
enum End {
    /// The command or the connection ended.
    Host {
        status: Option<u32>,
        held: Option<String>,
    },
    /// Nobody listens.
    Caller,
}

async fn listen(mut read: Reader<'_>, output: &mpsc::Sender<Result<Bytes, Error>>) -> End {
    let mut status = None;
    let mut refusal = held::Refusal::default();
    while let Some(said) = read.next().await {
        match said {
            Said::Out(data) | Said::Err(data) => {
                let Some(bytes) = refusal.pass(data) else { continue };
                if output.send(Ok(bytes)).await.is_err() {
                    return End::Caller;
                }
            }
            Said::Ended(ended) => status = ended.or(Some(255)),
            Said::Refused => {}
        }
    }
    let (rest, held) = refusal.end(status);
    if let Some(rest) = rest
        && output.send(Ok(rest)).await.is_err()
    {
        return End::Caller;
    }
    End::Host { status, held }
}
