//! Calls, with the session that they need.
use super::{Pool, Session};
use crate::{
    http::{Connection, Head, Request},
    rpc::{self, Failed, Limits},
};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use wxa_driver::{Error, ErrorKind};

/// Whether a call may be made twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// It only reads: once more does no harm.
    Reads,
    /// It acts: once sent, it is not sent again.
    Acts,
}

/// The code of [`unknown_certificate`].
pub(super) const UNKNOWN_CERTIFICATE: &str = "certificate_unknown";

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

    /// Fetches something from a member with our session.
    ///
    /// # Errors
    /// Why there was no answer; an HTTP status is the caller's to judge.
    pub(crate) async fn fetch(
        &self,
        address: &str,
        target: &str,
        limits: &Limits,
    ) -> Result<(Head, Vec<u8>), Error> {
        let session = self.session().await?;
        let cookie = cookie(&session);
        let request = Request {
            method: "GET",
            target,
            version: "HTTP/1.1",
            headers: &[("Cookie", cookie.expose_secret()), ("Accept", "application/json")],
            body: None,
        };
        if let Some(mut connection) = self.idle.take(address) {
            match rpc::text(&mut connection, &request, limits).await {
                Err(error) if error.kind == ErrorKind::Unreachable => {}
                outcome => {
                    self.idle.keep(address, connection);
                    return self.judged(&session, outcome).await;
                }
            }
        }
        let mut connection = self.connect(address).await?;
        let outcome = rpc::text(&mut connection, &request, limits).await;
        self.idle.keep(address, connection);
        self.judged(&session, outcome).await
    }

    /// A member that does not know our session makes us look for another one.
    async fn judged(
        &self,
        session: &Arc<Session>,
        outcome: Result<(Head, Vec<u8>), Error>,
    ) -> Result<(Head, Vec<u8>), Error> {
        if let Ok((head, _)) = &outcome
            && head.status == 401
        {
            self.forget(session).await;
        }
        outcome
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
