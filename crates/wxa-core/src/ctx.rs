//! Who asks, with what grants, from where: the first parameter of every operation.
use std::sync::Arc;
use uuid::Uuid;
use wxa_model::{Grant, Permission, Target, UserId, grants};

use crate::Error;

/// The caller of an operation.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The account; none for a caller without a session (sign-in, first run) and for the command line.
    pub user: Option<UserId>,
    /// The session, so that ending it ends what hangs on it.
    pub session: Option<Uuid>,
    /// The account's name, or how the caller is written in the audit log.
    pub name: String,
    /// What it may do where, as of the request.
    pub grants: Arc<[Grant]>,
    /// The caller's address.
    pub from: String,
    /// Finds the request in the log.
    pub request_id: String,
}

impl Ctx {
    /// A caller without a session.
    pub fn anonymous(from: impl Into<String>, request_id: impl Into<String>) -> Self {
        Self {
            user: None,
            session: None,
            name: String::new(),
            grants: Arc::from([]),
            from: from.into(),
            request_id: request_id.into(),
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
}
