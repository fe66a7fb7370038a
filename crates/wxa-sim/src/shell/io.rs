//! Where a command reads from and writes to.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use tokio::sync::{Mutex, mpsc};

use super::Stop;
use crate::actor::WorldHandle;

/// The terminal of a session.
#[derive(Debug, Default)]
pub(crate) struct Tty {
    /// Whether input and output pass unchanged.
    pub(crate) raw: AtomicBool,
}

/// Which of a session's two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// Largest piece written at once.
const PIECE: usize = 16 << 10;

/// A place to write to.
#[derive(Debug, Clone)]
pub(crate) enum Output {
    Session(mpsc::Sender<(Stream, Bytes)>, Stream),
    Pipe(mpsc::Sender<Bytes>),
    Buffer(Arc<std::sync::Mutex<Vec<u8>>>),
    File(WorldHandle, String),
    Null,
}

impl Output {
    /// Writes all of it, waiting for the reader.
    pub(crate) async fn write(&self, bytes: &[u8]) -> Result<(), Stop> {
        for piece in bytes.chunks(PIECE) {
            match self {
                Self::Session(queue, stream) => queue
                    .send((*stream, Bytes::copy_from_slice(piece)))
                    .await
                    .map_err(|_| Stop::Pipe)?,
                Self::Pipe(queue) => queue
                    .send(Bytes::copy_from_slice(piece))
                    .await
                    .map_err(|_| Stop::Pipe)?,
                Self::Buffer(buffer) => buffer
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend_from_slice(piece),
                Self::File(world, path) => {
                    let (path, piece) = (path.clone(), piece.to_vec());
                    world.ask(move |world| write_path(world, &path, &piece)).await?;
                }
                Self::Null => {}
            }
        }
        Ok(())
    }

    /// Writes text.
    pub(crate) async fn print(&self, text: impl AsRef<str>) -> Result<(), Stop> {
        self.write(text.as_ref().as_bytes()).await
    }
}

/// Writes to a file, or to the guest behind a `/dev/pts/N`.
fn write_path(world: &mut crate::world::World, path: &str, bytes: &[u8]) {
    let guest = world
        .domains
        .values()
        .find(|domain| domain.console.tty == path)
        .map(|domain| domain.domid);
    match guest {
        Some(domid) => world.type_on(domid, bytes),
        None => world.append_file(path, bytes),
    }
}

/// A place to read from; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Input(Arc<Mutex<Reader>>);

#[derive(Debug)]
struct Reader {
    queue: Option<mpsc::Receiver<Bytes>>,
    rest: Bytes,
}

impl Input {
    /// Reads nothing.
    pub(crate) fn empty() -> Self {
        Self::from_bytes(Bytes::new())
    }

    /// Reads these bytes.
    pub(crate) fn from_bytes(rest: Bytes) -> Self {
        Self(Arc::new(Mutex::new(Reader { queue: None, rest })))
    }

    /// Reads what arrives.
    pub(crate) fn from_queue(queue: mpsc::Receiver<Bytes>) -> Self {
        Self(Arc::new(Mutex::new(Reader {
            queue: Some(queue),
            rest: Bytes::new(),
        })))
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn read(&self) -> Option<Bytes> {
        let mut reader = self.0.lock().await;
        if !reader.rest.is_empty() {
            return Some(std::mem::take(&mut reader.rest));
        }
        match &mut reader.queue {
            Some(queue) => queue.recv().await,
            None => None,
        }
    }

    /// Everything up to the end, up to 8 MiB.
    pub(crate) async fn read_all(&self) -> Vec<u8> {
        let mut all = Vec::new();
        while let Some(piece) = self.read().await {
            if all.len() < 8 << 20 {
                all.extend_from_slice(&piece);
            }
        }
        all
    }

    /// The next line without its end; `None` at the end.
    pub(crate) async fn read_line(&self) -> Option<String> {
        let mut reader = self.0.lock().await;
        let mut line = Vec::new();
        loop {
            if let Some(end) = reader.rest.iter().position(|byte| *byte == b'\n') {
                line.extend_from_slice(&reader.rest.split_to(end));
                let _ = reader.rest.split_to(1);
                return Some(String::from_utf8_lossy(&line).into_owned());
            }
            line.extend_from_slice(&std::mem::take(&mut reader.rest));
            let next = match &mut reader.queue {
                Some(queue) => queue.recv().await,
                None => None,
            };
            match next {
                Some(next) => reader.rest = next,
                None if line.is_empty() => return None,
                None => return Some(String::from_utf8_lossy(&line).into_owned()),
            }
        }
    }
}

/// The three standard streams.
#[derive(Debug, Clone)]
pub(crate) struct Io {
    pub(crate) stdin: Input,
    pub(crate) stdout: Output,
    pub(crate) stderr: Output,
}

impl Io {
    pub(crate) fn new(stdin: Input, stdout: Output, stderr: Output) -> Self {
        Self {
            stdin,
            stdout,
            stderr,
        }
    }

    /// Prints to standard error and returns the status, for the usual end of a failing command.
    pub(crate) async fn fail(&self, text: impl AsRef<str>, status: i32) -> super::Outcome {
        self.stderr.print(text).await?;
        Ok(status)
    }

    /// Prints to standard output and succeeds.
    pub(crate) async fn done(&self, text: impl AsRef<str>) -> super::Outcome {
        self.stdout.print(text).await?;
        Ok(0)
    }
}
