//! Who asks, with what grants, from where: the first parameter of every operation.
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use uuid::Uuid;
use wxa_model::{Grant, Permission, Target, TokenId, UserId, grants};

use crate::Error;

/// The caller of an operation.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The account; none for a caller without a session (sign-in, first run) and for the command line.
    pub user: Option<UserId>,
    /// The session, so that ending it ends what hangs on it.
    pub session: Option<Uuid>,
    /// The API token, for a script that came with one instead of a session.
    pub token: Option<TokenCaller>,
    /// The account's name, or how the caller is written in the audit log.
    pub name: String,
    /// What it may do where, as of the request.
    pub grants: Arc<[Grant]>,
    /// The caller's address.
    pub from: String,
    /// What the caller's program calls itself; empty when it does not.
    pub agent: String,
    /// Finds the request in the log.
    pub request_id: String,
    /// Whether what is asked for has its row in the audit log.
    pub recorded: Recorded,
}

/// Notes that a request has begun an audit row; clones note on the same.
#[derive(Clone, Debug, Default)]
pub struct Recorded(Arc<AtomicBool>);

impl Recorded {
    /// Notes it.
    pub(crate) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was noted.
    pub fn is_noted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The API token that a request came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCaller {
    /// Its id.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
}

impl Ctx {
    /// A caller without a session.
    pub fn anonymous(from: impl Into<String>, request_id: impl Into<String>) -> Self {
        Self {
            user: None,
            session: None,
            token: None,
            name: String::new(),
            grants: Arc::from([]),
            from: from.into(),
            agent: String::new(),
            request_id: request_id.into(),
            recorded: Recorded::default(),
        }
    }

    /// Somebody at the server's own command line, who owns the database anyway.
    pub fn command_line() -> Self {
        Self {
            name: "command line".into(),
            grants: Arc::from([Grant::admin_everywhere()]),
            ..Self::anonymous("local", "")
        }
    }

    /// Whether the caller has `permission` on `target`.
    pub fn may(&self, permission: Permission, target: &Target<'_>) -> bool {
        grants::allows(&self.grants, permission, target)
    }

    /// Demands `permission` on the installation itself.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require_installation(&self, permission: Permission) -> Result<(), Error> {
        if self.may(permission, &Target::INSTALLATION) {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }

    /// How the caller is written where others read it: the account's name, and the token's where there is one.
    pub fn who(&self) -> String {
        match &self.token {
            Some(token) => format!("{} (token {})", self.name, token.name),
            None => self.name.clone(),
        }
    }

    /// What the caller came in by, session or token: what hangs on it is counted and ended by it.
    pub fn access(&self) -> Option<Uuid> {
        self.session.or(self.token.as_ref().map(|token| token.id.0))
    }

    /// Demands a person: whoever came with an API token is refused.
    ///
    /// # Errors
    /// [`Error::NotByToken`].
    pub fn require_person(&self) -> Result<(), Error> {
        match self.token {
            Some(_) => Err(Error::NotByToken),
            None => Ok(()),
        }
    }

    /// Demands somebody with an account of his own and a session: the account.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Unauthenticated`] for a caller without an account.
    pub fn require_own_account(&self) -> Result<UserId, Error> {
        self.require_person()?;
        self.user.ok_or(Error::Unauthenticated)
    }

    /// Demands somebody who manages accounts.
    ///
    /// # Errors
    /// [`Error::NotByToken`]; [`Error::Forbidden`].
    pub fn require_accounts(&self) -> Result<(), Error> {
        self.require_person()?;
        self.require_installation(Permission::Accounts)
    }
}
