//! Signing in: at the coordinator, wherever that is now.
use super::{Care, Pool, Session};
use crate::{
    raw,
    rpc::{Failed, Limits},
};
use futures::{StreamExt, stream::FuturesUnordered};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;
use wxa_driver::{Error, ErrorKind, UNKNOWN_CERTIFICATE};

/// How many members may send us on to another one.
const HOPS: usize = 3;
/// A wrong password is told after some 5 s.
const LOGIN: Limits = Limits {
    bytes: 1 << 20,
    begins: Duration::from_secs(20),
    pauses: Duration::from_secs(10),
    within: Duration::from_secs(30),
};
/// Signing out is polite, no more.
const LOGOUT: Duration = Duration::from_secs(3);

/// What a member says to somebody who signs in.
enum Said {
    Welcome(Session),
    /// Ask there.
    Elsewhere(String),
}

impl Pool {
    /// Our session, signing in if there is none.
    ///
    /// # Errors
    /// See [`wxa_driver::Driver::probe`].
    pub(crate) async fn session(&self) -> Result<Arc<Session>, Error> {
        let mut kept = self.session.lock().await;
        if let Some(session) = kept.as_ref() {
            return Ok(session.clone());
        }
        let session = Arc::new(self.sign_in().await?);
        self.trust().found(&session.address);
        *kept = Some(session.clone());
        Ok(session)
    }

    /// That session is of no use any more.
    pub(crate) async fn forget(&self, session: &Arc<Session>) {
        let mut kept = self.session.lock().await;
        if kept.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, session)) {
            *kept = None;
        }
    }

    /// A member does not know that session. Whether it has ended its coordinator knows, who is asked once: a member that knows
    /// none at all would have us sign in with every question, and leave sessions behind.
    pub(super) async fn doubt(&self, session: &Arc<Session>) {
        if session.doubted.swap(true, Ordering::Relaxed) {
            return;
        }
        let asked = self.call_in::<serde_json::Value>(
            session,
            "pool.get_all",
            Vec::new(),
            Limits::QUICK,
            Care::Reads,
        );
        if let Err(Failed::Said(failure)) = asked.await
            && failure.ends_session()
        {
            self.forget(session).await;
        }
    }

    /// Whatever comes next begins with a sign-in at a coordinator that answers.
    pub(crate) async fn hang_up(&self) {
        self.idle.clear();
        *self.session.lock().await = None;
    }

    async fn sign_in(&self) -> Result<Session, Error> {
        let mut address = self.trust().first();
        let (why, at) = 'asked: {
            for _ in 0..HOPS {
                match self.ask(&address).await {
                    Ok(Said::Welcome(session)) => return Ok(session),
                    Ok(Said::Elsewhere(next)) => address = next,
                    Err(why) => break 'asked (why, Some(address)),
                }
            }
            let circle = Error::new(
                ErrorKind::Unreachable,
                "The pool's members send us from one to the other: none of them coordinates it.",
            );
            (circle, None)
        };
        // Only what may be different elsewhere is tried elsewhere, and who is silent is not asked again.
        let silent = match &why.kind {
            ErrorKind::Unreachable | ErrorKind::TimedOut { .. } => at,
            ErrorKind::Untrusted | ErrorKind::OtherPool { .. } | ErrorKind::Malformed => None,
            _ if is_unknown(&why) => None,
            _ => return Err(why),
        };
        self.find(silent).await.ok_or(why)
    }

    /// Asks all known members at once, and whoever they name too: the first that coordinates the pool wins. Nobody waits for
    /// one that does not answer, such as a coordinator that is gone and that some still name.
    async fn find(&self, silent: Option<String>) -> Option<Session> {
        let mut others = self.trust().others();
        others.retain(|address| Some(address) != silent.as_ref());
        // Nobody of these is asked (again).
        let mut known: HashSet<String> = others.iter().cloned().chain(silent).collect();
        let ask = |address: String, hops: usize| async move {
            let said = self.ask(&address).await;
            (address, hops, said)
        };
        let mut asking: FuturesUnordered<_> = others.into_iter().map(|address| ask(address, 0)).collect();
        while let Some((address, hops, said)) = asking.next().await {
            match said {
                Ok(Said::Welcome(session)) => return Some(session),
                Ok(Said::Elsewhere(next)) if hops < HOPS && known.insert(next.clone()) => {
                    asking.push(ask(next, hops + 1));
                }
                // A member may name it yet, with its certificate.
                Err(error) if hops == 0 && is_unknown(&error) => {
                    known.remove(&address);
                }
                Ok(Said::Elsewhere(_)) | Err(_) => {}
            }
        }
        None
    }

    async fn ask(&self, address: &str) -> Result<Said, Error> {
        let params = [
            json!(self.config.user),
            json!(self.config.password.expose_secret()),
            json!("1.1"),
            json!("webxenadmin"),
        ];
        let asked = self
            .call_at::<String>(
                address,
                "session.login_with_password",
                &params,
                &LOGIN,
                Care::Reads,
            )
            .await;
        match asked {
            Ok(reference) => {
                let session = Session {
                    reference: SecretString::from(reference),
                    address: address.to_owned(),
                    doubted: AtomicBool::new(false),
                };
                match self.is_ours(&session).await {
                    Ok(()) => Ok(Said::Welcome(session)),
                    Err(error) => {
                        self.leave(&session).await;
                        Err(error)
                    }
                }
            }
            Err(Failed::Said(failure)) if failure.code == "HOST_IS_SLAVE" && !failure.param(0).is_empty() => {
                let next = failure.param(0).to_owned();
                if let Some(print) = failure.thumbprint {
                    self.trust().introduce(&next, print);
                }
                Ok(Said::Elsewhere(next))
            }
            Err(failed) => Err(failed.into()),
        }
    }

    /// Whether it is the pool that was added: a member may have gone to another one, or its address to another host.
    async fn is_ours(&self, session: &Session) -> Result<(), Error> {
        let Some(kept) = self.config.uuid else {
            return Ok(());
        };
        let asked = self.call_in(
            session,
            "pool.get_all_records",
            Vec::new(),
            Limits::QUICK,
            Care::Reads,
        );
        let told: HashMap<String, raw::Pool> = asked.await?;
        let seen = told
            .into_values()
            .find_map(|pool| Uuid::try_parse(&pool.uuid).ok());
        match seen {
            Some(seen) if seen == kept => Ok(()),
            Some(seen) => Err(Error::new(
                ErrorKind::OtherPool { kept, seen },
                format!(
                    "Another pool answers at {}, not the one that was added.",
                    session.address
                ),
            )),
            None => Err(Error::new(
                ErrorKind::Malformed,
                "The pool does not say which one it is.",
            )),
        }
    }

    /// Ends our session, if that is quickly done.
    pub(crate) async fn sign_out(&self) {
        let session = self.session.lock().await.take();
        if let Some(session) = session {
            self.leave(&session).await;
        }
    }

    async fn leave(&self, session: &Session) {
        let call = self.call_in::<serde_json::Value>(
            session,
            "session.logout",
            Vec::new(),
            Limits::QUICK,
            Care::Reads,
        );
        // Whether it works makes no difference to anybody.
        let _ = tokio::time::timeout(LOGOUT, call).await;
    }
}

/// Whether nobody told which certificate it must have.
fn is_unknown(error: &Error) -> bool {
    matches!(&error.kind, ErrorKind::Refused { code } if code == UNKNOWN_CERTIFICATE)
}
