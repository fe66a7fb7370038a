//! How the members of a XAPI pool are reached over SSH, for the serial consoles of HVM guests.
use crate::CredentialParams;
use serde::{Deserialize, Serialize};
use wxa_model::HostId;

/// What is known of the way to a pool's members; never a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolSshView {
    /// The account on the members; none where nothing was set up.
    pub account: Option<PoolSshAccount>,
    /// The members, by name.
    pub members: Vec<PoolSshMember>,
}

/// An account on the members of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolSshAccount {
    /// Its name.
    pub user: String,
    /// SSH port.
    pub port: u16,
    /// How we sign in.
    pub sign_in: SignInWay,
}

/// How we sign in, without the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInWay {
    /// With a password.
    Password,
    /// With a private key.
    Key,
    /// With the agent that the server finds in its environment.
    Agent,
}

/// A member of a pool, its key, and how it answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolSshMember {
    /// Which.
    pub host: HostId,
    /// As its pool calls it.
    pub name: String,
    /// Its management address.
    pub address: String,
    /// The fingerprint of its host key that an administrator confirmed; none: it is not connected to.
    pub pinned: Option<String>,
    /// The fingerprint that it shows now; none where nobody looked, or it did not answer.
    #[serde(default)]
    pub shown: Option<String>,
    /// What kind of key that is, e.g. `ssh-ed25519`.
    #[serde(default)]
    pub algorithm: Option<String>,
    /// Whether it lets us in and consoles can be opened there; none where that was not tried.
    #[serde(default)]
    pub usable: Option<bool>,
    /// What went wrong when it was looked at.
    #[serde(default)]
    pub problem: Option<String>,
}

/// Where to look for the members' keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolSshLookParams {
    /// SSH port; 0, as when it is absent, means the stored one, else 22.
    #[serde(default)]
    pub port: u16,
}

/// How a pool's members are to be reached.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolSshParams {
    /// Account on the members; not root means `sudo -n`.
    pub user: String,
    /// SSH port; 0, as when it is absent, means 22.
    #[serde(default)]
    pub port: u16,
    /// How to sign in; absent keeps what is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<CredentialParams>,
    /// The host keys that the administrator confirmed. A member without one is not connected to.
    pub keys: Vec<PoolSshKey>,
}

/// A confirmed host key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolSshKey {
    /// The member.
    pub host: HostId,
    /// Its fingerprint, `SHA256:…`; it must be the one that is shown.
    pub fingerprint: String,
}
