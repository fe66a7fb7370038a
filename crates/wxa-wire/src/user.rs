//! Accounts, their sessions and their API tokens.
use crate::SecretText;
use serde::{Deserialize, Serialize};
use wxa_model::{Grant, SessionId, TokenId, UnixMillis, UserId};

/// An account, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    /// Ours.
    pub id: UserId,
    /// Unique, whatever the case of its letters.
    pub name: String,
    /// What it may do where.
    pub grants: Vec<Grant>,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it was last used, by a session or a token; none when never.
    pub last_seen_at: Option<UnixMillis>,
    /// Since when it may not sign in; none while it may.
    pub disabled_at: Option<UnixMillis>,
    /// Whether it has a password; without one it signs in by link.
    pub has_password: bool,
}

/// Makes an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserCreateParams {
    /// Its name.
    pub name: String,
    /// What it may do where; empty for nothing.
    pub grants: Vec<Grant>,
    /// At least 12 characters; without it the reply has a link with which the account's owner sets one.
    #[serde(default)]
    pub password: Option<SecretText>,
}

/// An account that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCreated {
    /// The account.
    pub user: UserId,
    /// For its owner; none when a password was given.
    pub link: Option<ResetLink>,
}

/// A one-time link for setting a password, shown once: only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetLink {
    /// The address is `/reset?token=…` on the console's own origin.
    pub token: SecretText,
    /// When it stops working.
    pub expires_at: UnixMillis,
}

/// Gives an account another name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserRenameParams {
    /// The new name.
    pub name: String,
}

/// Replaces what an account may do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserGrantsParams {
    /// All of it; empty for nothing.
    pub grants: Vec<Grant>,
}

/// Replaces one's own password.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordParams {
    /// The one until now.
    pub old: SecretText,
    /// At least 12 characters.
    pub new: SecretText,
}

/// A session that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEntry {
    /// Names it; of no use for signing in.
    pub id: SessionId,
    /// The address it was begun from.
    pub from: String,
    /// What the browser called itself then.
    pub agent: String,
    /// When it began.
    pub created_at: UnixMillis,
    /// When it was last used, to the minute.
    pub last_seen_at: UnixMillis,
    /// When it ends, used or not.
    pub expires_at: UnixMillis,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Makes an API token.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenCreateParams {
    /// What it is for, in the owner's words.
    pub name: String,
    /// What it may do where: no more than its owner.
    pub grant: Grant,
    /// For how many days, 1 to 365.
    pub days: u32,
}

/// An API token that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCreated {
    /// The token as it is listed from now on.
    pub token: TokenView,
    /// What scripts send as `Authorization: Bearer …`. Shown once: only its hash is kept.
    pub secret: SecretText,
}

/// An API token, without what it signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Names it; of no use for signing in.
    pub id: TokenId,
    /// What it is for, in the owner's words.
    pub name: String,
    /// What it may do where, as far as its owner may do it too.
    pub grant: Grant,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it stops working.
    pub expires_at: UnixMillis,
    /// When it was last used, to the minute; none when never.
    pub last_used_at: Option<UnixMillis>,
    /// From which address it was last used; empty when never.
    pub last_used_from: String,
}
