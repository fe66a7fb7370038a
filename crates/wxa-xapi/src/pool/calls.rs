//! Calls, with the session that they need.
use super::{Pool, Session};
use crate::{
    http::{Connection, Head, Request},
    rpc::{self, Failed, Limits, Pieces},
};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::Instant;
use wxa_driver::{Error, ErrorKind, UNKNOWN_CERTIFICATE};

/// Whether a call may be made twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// It only reads: once more does no harm.
    Reads,
    /// It acts: once sent, it is not sent again.
    Acts,
}

impl Pool {
    /// Makes a call at the coordinator; where our session has ended, with a new one.
    ///
    /// # Errors
    /// What XAPI says as an error, or why there was no answer.
    pub(crate) async fn call<T: DeserializeOwned + Send + 'static>(
        &self,
        method: &str,
        params: Vec<Value>,
        limits: Limits,
        care: Care,
    ) -> Result<T, Error> {
        let session = self.session().await?;
        match self.call_in(&session, method, params.clone(), limits, care).await {
            // Nothing was done: whoever refuses the session has not looked at the rest.
            Err(Failed::Said(failure)) if failure.ends_session() => {
                self.forget(&session).await;
                let session = self.session().await?;
                Ok(self.call_in(&session, method, params, limits, care).await?)
            }
            other => Ok(other?),
        }
    }

    /// Makes a call in a session.
    ///
    /// # Errors
    /// What XAPI says, or why there was no answer.
    pub(crate) async fn call_in<T: DeserializeOwned + Send + 'static>(
        &self,
        session: &Session,
        method: &str,
        params: Vec<Value>,
        limits: Limits,
        care: Care,
    ) -> Result<T, Failed> {
        let mut all = vec![json!(session.reference.expose_secret())];
        all.extend(params);
        self.call_at(&session.address, method, &all, &limits, care).await
    }

    /// Makes a call at an address.
    ///
    /// # Errors
    /// What XAPI says, or why there was no answer.
    pub(super) async fn call_at<T: DeserializeOwned + Send + 'static>(
        &self,
        address: &str,
        method: &str,
        params: &[Value],
        limits: &Limits,
        care: Care,
    ) -> Result<T, Failed> {
        if care == Care::Reads
            && let Some(mut connection) = self.idle.take(address)
        {
            match rpc::call(&mut connection, method, params, limits).await {
                // It may have been closed while it was idle.
                Err(Failed::Unheard(error)) if error.kind == ErrorKind::Unreachable => {}
                outcome => {
                    self.idle.keep(address, connection);
                    return outcome;
                }
            }
        }
        let mut connection = self.connect(address).await?;
        let outcome = rpc::call(&mut connection, method, params, limits).await;
        self.idle.keep(address, connection);
        outcome.map_err(|failed| match failed {
            // Until the connection stood nothing was sent; from then on it may have been done.
            Failed::Unheard(error) if care == Care::Acts && error.is_transient() => maybe_done(error).into(),
            other => other,
        })
    }

    /// Asks a member for something with our session.
    ///
    /// # Errors
    /// Why there was no answer; an HTTP status is the caller's to judge.
    pub(crate) async fn get(
        &self,
        address: &str,
        target: &str,
        limits: &'static Limits,
    ) -> Result<Answer<'_>, Error> {
        let session = self.session().await?;
        let cookie = cookie(&session);
        let request = Request {
            method: "GET",
            target,
            version: "HTTP/1.1",
            headers: &[("Cookie", cookie.expose_secret()), ("Accept", "application/json")],
            body: None,
        };
        let mut idle = self.idle.take(address);
        let (head, connection, deadline) = loop {
            let (mut connection, is_new) = match idle.take() {
                Some(connection) => (connection, false),
                None => (self.connect(address).await?, true),
            };
            let deadline = Instant::now() + limits.within;
            match rpc::ask(&mut connection, &request, limits).await {
                // It was closed while it was idle.
                Err(error) if !is_new && error.kind == ErrorKind::Unreachable => {}
                asked => break (asked?, connection, deadline),
            }
        };
        if head.status == 401 {
            self.doubt(&session).await;
        }
        Ok(Answer {
            pool: self,
            address: address.to_owned(),
            limits,
            deadline,
            head,
            connection,
        })
    }

    /// A new connection to a member whose certificate is known.
    ///
    /// # Errors
    /// See [`Connection::open`].
    pub(crate) async fn connect(&self, address: &str) -> Result<Connection, Error> {
        self.connect_at(address, self.config.port).await
    }

    /// The same at a port of its own.
    ///
    /// # Errors
    /// See [`Connection::open`]. Only the address that was pinned can show a changed key: of the others nobody has been
    /// asked.
    pub(crate) async fn connect_at(&self, address: &str, port: u16) -> Result<Connection, Error> {
        let accept = self.trust().accept(address)?;
        let opened = Connection::open(address, port, &accept).await;
        match opened {
            Err(error)
                if address != self.config.address && matches!(error.kind, ErrorKind::KeyChanged { .. }) =>
            {
                Err(unknown_certificate(error.message))
            }
            other => other,
        }
    }
}

/// An answer of which only the head was read.
pub(crate) struct Answer<'a> {
    pool: &'a Pool,
    address: String,
    limits: &'static Limits,
    /// Until when all of it has to be there.
    deadline: Instant,
    head: Head,
    connection: Connection,
}

impl Answer<'_> {
    /// Its HTTP status.
    pub(crate) fn status(&self) -> u16 {
        self.head.status
    }

    /// Its body as it is.
    ///
    /// # Errors
    /// When it is cut or too long.
    pub(crate) async fn text(mut self) -> Result<Vec<u8>, Error> {
        let text = rpc::text(&mut self.connection, self.limits, self.deadline).await;
        self.pool.idle.keep(&self.address, self.connection);
        text
    }

    /// Its body, read by `parse` while it comes: for what is large.
    ///
    /// # Errors
    /// The same, and `Malformed` when it is not understood.
    pub(crate) async fn read<T: Send + 'static>(
        mut self,
        parse: impl FnOnce(Pieces) -> serde_json::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let read = rpc::parsed(
            &mut self.connection,
            &self.head,
            self.limits,
            self.deadline,
            parse,
        )
        .await;
        self.pool.idle.keep(&self.address, self.connection);
        read
    }
}

/// A member whose certificate the pool did not tell us.
pub(super) fn unknown_certificate(message: String) -> Error {
    Error::new(
        ErrorKind::Refused {
            code: UNKNOWN_CERTIFICATE.to_owned(),
        },
        message,
    )
}

/// The header that carries a session: in an address it would be in logs.
pub(crate) fn cookie(session: &Session) -> secrecy::SecretString {
    format!("session_id={}", session.reference.expose_secret()).into()
}

fn maybe_done(error: Error) -> Error {
    Error {
        kind: ErrorKind::TimedOut { maybe_done: true },
        message: format!("{} Whether it was done shows in a moment.", error.message),
        source: error.source,
    }
}
