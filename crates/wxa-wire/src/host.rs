//! Adding and keeping hosts.
use serde::{Deserialize, Serialize};
use std::fmt;
use wxa_model::{HostFacts, HostId};

/// A secret on its way from the browser to the server. It is in no reply, and printing it shows nothing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Which host to fetch the key of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostProbeParams {
    /// DNS name or IP address.
    pub address: String,
    /// SSH port.
    pub port: u16,
}

/// A host's key, to be compared by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostKeyView {
    /// `SHA256:…` as `ssh-keygen -lf` prints it.
    pub fingerprint: String,
    /// E.g. `ssh-ed25519`.
    pub algorithm: String,
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
    /// DNS name or IP address.
    pub address: String,
    /// SSH port.
    pub port: u16,
    /// Account on the host; not root means `sudo -n`.
    pub user: String,
    /// How to sign in.
    pub credential: CredentialParams,
    /// The fingerprint that the administrator confirmed.
    pub fingerprint: String,
    /// Folder with the guests' definitions; empty means `/etc/xen`.
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

/// A new key to pin.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostTrustParams {
    /// The fingerprint that the administrator compared; it must be the one the host shows.
    pub fingerprint: String,
}
