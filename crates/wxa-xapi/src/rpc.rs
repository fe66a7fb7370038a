//! JSON-RPC 2.0 as XAPI speaks it: `POST /jsonrpc`, a list of parameters, a failure's code as its message.
mod failure;
mod feed;
mod reply;

pub(crate) use failure::{Failed, Failure};
pub(crate) use feed::Pieces;

use crate::http::{Connection, Head, Request};
use reply::Reply;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};
use wxa_driver::{Error, ErrorKind};

/// The header by which a member is asked for its coordinator's certificate, and the one it answers with.
const ASK_THUMBPRINT: (&str, &str) = ("x-xenapi-request-host-certificate-thumbprint", "sha-256:master");
const TELL_THUMBPRINT: &str = "x-xenapi-response-host-certificate-thumbprint";

/// What an answer may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How long the answer may be, in bytes.
    pub(crate) bytes: u64,
    /// How long its beginning may take.
    pub(crate) begins: Duration,
    /// How long it may pause.
    pub(crate) pauses: Duration,
    /// How long all of it may take.
    pub(crate) within: Duration,
}

impl Limits {
    /// For what is answered at once.
    pub(crate) const QUICK: Self = Self {
        bytes: 16 << 20,
        begins: Duration::from_secs(20),
        pauses: Duration::from_secs(10),
        within: Duration::from_secs(30),
    };

    fn exceeded(&self) -> Error {
        Error::new(
            ErrorKind::Malformed,
            format!("The host's answer is longer than {} MiB.", self.bytes >> 20),
        )
    }
}

/// Calls `method` on a connection.
///
/// # Errors
/// What XAPI says, or why there was no answer.
pub(crate) async fn call<T: DeserializeOwned + Send + 'static>(
    connection: &mut Connection,
    method: &str,
    params: &[Value],
    limits: &Limits,
) -> Result<T, Failed> {
    let body = json!({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).to_string();
    let request = Request {
        method: "POST",
        target: "/jsonrpc",
        version: "HTTP/1.1",
        headers: &[("Content-Type", "application/json"), ASK_THUMBPRINT],
        body: Some(body.as_bytes()),
    };
    let deadline = Instant::now() + limits.within;
    let head = ask(connection, &request, limits).await?;
    if head.status != 200 {
        return Err(refused(&head).into());
    }
    let thumbprint = head.header(TELL_THUMBPRINT).and_then(crate::fingerprint::read);
    let reading = feed::read::<Reply<T>>(connection, &head, limits);
    let reply = match timeout_at(deadline, reading).await {
        Ok(reply) => reply?,
        Err(_) => return Err(silent(limits.within).into()),
    };
    reply.outcome(method, thumbprint)
}

/// Asks for something; its answer's head.
///
/// # Errors
/// When there is no answer.
pub(crate) async fn ask(
    connection: &mut Connection,
    request: &Request<'_>,
    limits: &Limits,
) -> Result<Head, Error> {
    match timeout(limits.begins, connection.send(request)).await {
        Ok(head) => head,
        Err(_) => Err(silent(limits.begins)),
    }
}

/// What follows the head of a small answer, as it is, until `deadline`.
///
/// # Errors
/// When it is cut or too long.
pub(crate) async fn text(
    connection: &mut Connection,
    limits: &Limits,
    deadline: Instant,
) -> Result<Vec<u8>, Error> {
    let reading = async {
        let mut whole = Vec::new();
        while let Some(piece) = connection.piece().await? {
            if (whole.len() + piece.len()) as u64 > limits.bytes {
                return Err(limits.exceeded());
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    };
    match timeout_at(deadline, reading).await {
        Ok(read) => read,
        Err(_) => Err(silent(limits.within)),
    }
}

/// What follows the head of a large answer, read by `parse` while it comes, until `deadline`.
///
/// # Errors
/// The same, and `Malformed` when `parse` does not understand it.
pub(crate) async fn parsed<T: Send + 'static>(
    connection: &mut Connection,
    head: &Head,
    limits: &Limits,
    deadline: Instant,
    parse: impl FnOnce(Pieces) -> serde_json::Result<T> + Send + 'static,
) -> Result<T, Error> {
    match timeout_at(deadline, feed::read_by(connection, head, limits, parse)).await {
        Ok(read) => read,
        Err(_) => Err(silent(limits.within)),
    }
}

fn silent(time: Duration) -> Error {
    Error::new(
        ErrorKind::TimedOut { maybe_done: false },
        format!("The host did not answer within {} s.", time.as_secs()),
    )
}

fn refused(head: &Head) -> Error {
    match head.status {
        // What stands before a toolstack that is not there (yet).
        502..=504 => Error::new(
            ErrorKind::Unreachable,
            format!("The host's toolstack does not answer (HTTP {}).", head.status),
        ),
        status => Error::new(
            ErrorKind::Malformed,
            format!("The host answers XAPI's calls with HTTP {status}: is it a host of a pool?"),
        ),
    }
}
