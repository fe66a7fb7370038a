//! How a plain Xen host is reached.
use secrecy::SecretString;
use wxa_model::{HostId, SiteId};

/// How a plain Xen host is reached and who we are there.
#[derive(Clone, Debug)]
pub struct XlConfig {
    /// The site it stands in: VM ids derive from it.
    pub site: SiteId,
    /// Our id of it: VM ids derive from it.
    pub host: HostId,
    /// Name or address.
    pub address: String,
    /// SSH port.
    pub port: u16,
    /// Account. Anyone but root goes through `sudo -n`.
    pub user: String,
    /// What proves that we are that account.
    pub credential: Credential,
    /// The confirmed host key, `SHA256:…` as OpenSSH prints it. Another one stops everything.
    pub pinned_key: String,
    /// The folder with the definitions (`*.cfg`), absolute.
    pub config_dir: String,
}

impl XlConfig {
    /// Where definitions are by convention.
    pub const DEFAULT_CONFIG_DIR: &'static str = "/etc/xen";

    /// `user@address:port`, for people and logs.
    pub fn display_address(&self) -> String {
        if self.address.contains(':') {
            format!("{}@[{}]:{}", self.user, self.address, self.port)
        } else {
            format!("{}@{}:{}", self.user, self.address, self.port)
        }
    }
}

/// What proves who we are. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A password.
    Password(SecretString),
    /// A private key.
    Key {
        /// In OpenSSH's, PEM or PuTTY's format.
        pem: SecretString,
        /// What it is encrypted with; none where it is not.
        passphrase: Option<SecretString>,
    },
    /// The keys of the SSH agent that `SSH_AUTH_SOCK` names.
    Agent,
}
