//! Adding and keeping hosts.
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;
use wxa_model::{HostFacts, HostId, KnownHost, KnownMember, Transport, Trust, host_details::DetailsAt};

/// A secret on its way. It is in no reply, but where a fresh one is shown once; printing it shows nothing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Which host to fetch the key of: the SSH host key, or for XAPI the fingerprint of the TLS certificate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostProbeParams {
    /// How it is to be reached; `local` has no key.
    #[serde(default)]
    pub transport: Transport,
    /// DNS name or IP address; of any member of a pool.
    pub address: String,
    /// SSH's port, or XAPI's; 0, as when it is absent, means the usual one: 22, or 443.
    #[serde(default)]
    pub port: u16,
    /// The SSH host through which it is reached; we sign in there. None for XAPI.
    #[serde(default)]
    pub jump: Option<JumpParams>,
    /// Lines of OpenSSH's `known_hosts`, to look the key up in; empty for none.
    #[serde(default)]
    pub known_hosts: String,
}

/// The SSH host through which another one is reached, as `ssh -J` does it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JumpParams {
    /// DNS name or IP address.
    pub address: String,
    /// SSH port.
    #[serde(default = "ssh_port")]
    pub port: u16,
    /// Account there; it needs no rights but to forward connections.
    pub user: String,
    /// How to sign in there.
    pub credential: CredentialParams,
    /// Its fingerprint, which the administrator confirmed.
    pub fingerprint: String,
}

/// What the server can add hosts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostWaysView {
    /// Whether it runs in a control domain itself, which can be added without SSH.
    pub local: bool,
}

fn ssh_port() -> u16 {
    22
}

/// A host's key, to be compared by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostKeyView {
    /// `SHA256:…` as `ssh-keygen -lf` prints it; for XAPI the certificate's SHA-256 as upper-case hex with colons, as
    /// `openssl x509 -fingerprint -sha256` and XenCenter print it.
    pub fingerprint: String,
    /// E.g. `ssh-ed25519`; for XAPI `x509`.
    pub algorithm: String,
    /// What the given `known_hosts` lines say about it; none when there were none.
    #[serde(default)]
    pub known: Option<KnownHost>,
}

/// How to sign in at a host.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CredentialParams {
    /// A password.
    Password {
        /// The password.
        password: SecretText,
    },
    /// A private key in OpenSSH or PEM form.
    Key {
        /// The key's text.
        private_key: SecretText,
        /// Its passphrase; empty for none.
        #[serde(default)]
        passphrase: SecretText,
    },
    /// The agent that the server finds in its environment.
    Agent {},
}

impl Default for CredentialParams {
    fn default() -> Self {
        Self::Agent {}
    }
}

/// A host to add or test.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostAddParams {
    /// What to call it; empty takes the host's own name.
    #[serde(default)]
    pub name: String,
    /// The site's name; made when it is not there yet. Empty means the first site.
    #[serde(default)]
    pub site: String,
    /// How commands get there. With `local`, the machine that the server runs on, nothing else is needed.
    #[serde(default)]
    pub transport: Transport,
    /// DNS name or IP address; of any member of a pool.
    #[serde(default)]
    pub address: String,
    /// SSH's port, or XAPI's; 0, as when it is absent, means the usual one: 22, or 443.
    #[serde(default)]
    pub port: u16,
    /// Account on the host; over SSH, not root means `sudo -n`.
    #[serde(default)]
    pub user: String,
    /// How to sign in; a password for XAPI.
    #[serde(default)]
    pub credential: CredentialParams,
    /// The fingerprint that the administrator confirmed; none where an authority vouches.
    #[serde(default)]
    pub fingerprint: String,
    /// By what a pool's certificate is known: `"pin"`, `"system"`, or `{"authority": {"certificates": PEM}}`.
    #[serde(default)]
    pub trust: Trust,
    /// The SSH host through which it is reached; none for XAPI.
    #[serde(default)]
    pub jump: Option<JumpParams>,
    /// Folder with the guests' definitions; empty means `/etc/xen`. Always empty for XAPI.
    #[serde(default)]
    pub config_dir: String,
}

/// A host was added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostAdded {
    /// Its id.
    pub host: HostId,
    /// What it says about itself.
    pub facts: HostFacts,
}

/// A new key to pin, an authority that is to vouch for a pool, or another pool to take for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostTrustParams {
    /// The fingerprint that the administrator compared; it must be the one that is shown. Empty for the other two.
    #[serde(default)]
    pub fingerprint: String,
    /// Whose key it is.
    #[serde(default)]
    pub of: KeyOwner,
    /// By what a pool's certificate is known from now on, as for adding it.
    #[serde(default)]
    pub trust: Trust,
    /// Take the pool that answers for the one that was added: its UUID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<Uuid>,
}

/// By what a host is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostTrustView {
    /// A pinned fingerprint or an authority.
    pub trust: Trust,
    /// The pinned key or certificate; empty where an authority vouches.
    pub fingerprint: String,
    /// The UUID of a pool.
    pub pool: Option<Uuid>,
    /// The members that a pool told last: it is looked for there when its coordinator does not answer.
    pub members: Vec<KnownMember>,
}

/// Whose key is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyOwner {
    /// The host's.
    #[default]
    Host,
    /// That of the jump host on the way to it.
    Jump,
}

/// What to change of a host's record. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostSetParams {
    /// What to call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The site's name; made when it is not there yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Folder with the guests' definitions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_dir: Option<String>,
}

/// How old details may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetailsAge {
    /// Whatever is known, at once.
    Known,
    /// At most a minute.
    #[default]
    Minute,
    /// As they are now; the host is still asked at most every few seconds.
    Now,
}

/// Which details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostDetailsQuery {
    /// How old they may be; a minute when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<DetailsAge>,
}

/// What a host tells when it is looked at closely.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostDetailsView {
    /// What it told last, and when; none before the first time.
    pub known: Option<DetailsAt>,
    /// Why there is nothing newer, when it was asked in vain.
    pub problem: Option<String>,
}
