//! First run, sign-in and the caller's own account.
use crate::SecretText;
use serde::{Deserialize, Serialize};
use wxa_model::{Grant, UserId};

/// Whether the first run is still to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupView {
    /// There is no administrator yet.
    pub needed: bool,
}

/// Makes the first administrator.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupParams {
    /// The one-time token from the link the server printed.
    pub token: SecretText,
    /// The administrator's name.
    pub name: String,
    /// At least 12 characters.
    pub password: SecretText,
}

/// Signs in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginParams {
    /// Account name.
    pub name: String,
    /// Password.
    pub password: SecretText,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// The account.
    pub user: UserId,
    /// Its name.
    pub name: String,
    /// What it may do where.
    pub grants: Vec<Grant>,
}
