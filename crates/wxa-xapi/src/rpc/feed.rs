//! Reading a JSON answer while it comes in, so that neither its text nor a tree of it is ever held whole.
use super::Limits;
use crate::http::{Connection, Head};
use bytes::{Buf, Bytes};
use serde::de::DeserializeOwned;
use std::io::{self, BufReader, Read};
use tokio::{
    sync::mpsc,
    task::{JoinError, spawn_blocking},
    time::timeout,
};
use wxa_driver::{Error, ErrorKind};

/// Pieces between the connection and the parser.
const QUEUE: usize = 8;

/// Reads the answer that follows `head`.
///
/// # Errors
/// `Malformed` when it is not what was asked for, `Unreachable` when it is cut.
pub(super) async fn read<T: DeserializeOwned + Send + 'static>(
    connection: &mut Connection,
    head: &Head,
    limits: &Limits,
) -> Result<T, Error> {
    read_by(connection, head, limits, |pieces| {
        serde_json::from_reader(BufReader::new(pieces))
    })
    .await
}

/// The same by `parse`, which reads it on a thread of its own.
///
/// # Errors
/// The same.
pub(super) async fn read_by<T: Send + 'static>(
    connection: &mut Connection,
    head: &Head,
    limits: &Limits,
    parse: impl FnOnce(Pieces) -> serde_json::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let announced = head
        .header("content-length")
        .and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limits.bytes) {
        return Err(limits.exceeded());
    }
    let (pieces_in, pieces) = mpsc::channel(QUEUE);
    // It ends when the pieces end: at the latest when this future is dropped.
    let parsing = spawn_blocking(move || parse(Pieces::new(pieces)));
    let fed = feed(connection, pieces_in, limits).await;
    let parsed = parsing.await;
    // A cut explains what the parser says about it.
    fed?;
    understood(parsed)
}

async fn feed(
    connection: &mut Connection,
    pieces: mpsc::Sender<Bytes>,
    limits: &Limits,
) -> Result<(), Error> {
    let mut length = 0u64;
    loop {
        let piece = match timeout(limits.pauses, connection.piece()).await {
            Ok(piece) => piece?,
            Err(_) => return Err(super::silent(limits.pauses)),
        };
        let Some(piece) = piece else { return Ok(()) };
        length = length.saturating_add(piece.len() as u64);
        if length > limits.bytes {
            return Err(limits.exceeded());
        }
        if pieces.send(piece).await.is_err() {
            // The parser has given up: the rest is of no use.
            return Ok(());
        }
    }
}

fn understood<T>(parsed: Result<serde_json::Result<T>, JoinError>) -> Result<T, Error> {
    match parsed {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => Err(Error::new(
            ErrorKind::Malformed,
            "The host's answer is not what XAPI answers to such a call.",
        )
        .with_source(error)),
        Err(error) => {
            Err(Error::new(ErrorKind::Internal, "Reading the host's answer failed.").with_source(error))
        }
    }
}

/// The pieces as the parser reads them.
#[derive(Debug)]
pub(crate) struct Pieces {
    queue: mpsc::Receiver<Bytes>,
    piece: Bytes,
}

impl Pieces {
    fn new(queue: mpsc::Receiver<Bytes>) -> Self {
        Self {
            queue,
            piece: Bytes::new(),
        }
    }
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.queue.blocking_recv() {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        let take = self.piece.len().min(into.len());
        if let Some(into) = into.get_mut(..take) {
            self.piece.copy_to_slice(into);
        }
        Ok(take)
    }
}
