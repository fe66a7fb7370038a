//! How core gets drivers without knowing any: the server hands in the one implementation that does.
use async_trait::async_trait;
use secrecy::SecretString;
use std::sync::Arc;
use uuid::Uuid;
use wxa_driver::Driver;
use wxa_model::{Arrival, HostId, KnownMember, SiteId, Transport, Trust, UnixMillis};

/// Makes drivers.
#[async_trait]
pub trait Connect: Send + Sync + 'static {
    /// Fetches a host's key without sending it credentials; a jump host on the way gets its own.
    ///
    /// # Errors
    /// When there is no SSH server to be reached.
    async fn host_key(
        &self,
        address: &str,
        port: u16,
        jump: Option<&JumpHost>,
    ) -> Result<HostKey, wxa_driver::Error>;

    /// Fetches the certificate that a member of a XAPI pool shows, without sending it credentials.
    ///
    /// # Errors
    /// When there is no TLS server to be reached.
    async fn certificate(&self, address: &str, port: u16) -> Result<HostKey, wxa_driver::Error>;

    /// Whether the machine that we run on can be managed without SSH.
    fn runs_on_a_host(&self) -> bool;

    /// Signs in at a pool's member over SSH, and looks whether consoles can be opened there; nothing stays open.
    ///
    /// # Errors
    /// Whatever connecting and signing in can meet.
    async fn try_member(
        &self,
        access: &MemberAccess,
        address: &str,
        fingerprint: &str,
    ) -> Result<(), wxa_driver::Error>;

    /// A driver for the host; connecting happens later, by itself.
    ///
    /// # Errors
    /// When the credential cannot be used at all, e.g. a key that cannot be read.
    fn open(&self, spec: HostSpec) -> Result<Arc<dyn Driver>, wxa_driver::Error>;
}

/// A host's key, or the certificate of a pool's member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKey {
    /// `SHA256:…` as OpenSSH prints it; of a certificate its SHA-256 as upper-case hex with colons, as `openssl x509
    /// -fingerprint -sha256` prints it.
    pub fingerprint: String,
    /// E.g. `ssh-ed25519`; `x509` for a certificate.
    pub algorithm: String,
    /// Until when a certificate is valid; none for SSH.
    pub valid_until: Option<UnixMillis>,
}

/// Everything needed to reach a host.
#[derive(Clone, Debug)]
pub struct HostSpec {
    /// The site it stands in.
    pub site: SiteId,
    /// Its id.
    pub host: HostId,
    /// How it is reached. For the machine that we run on, address, port, user, credential, fingerprint and jump mean
    /// nothing; for a pool, jump and folder.
    pub transport: Transport,
    /// DNS name or IP address; of any member of a pool.
    pub address: String,
    /// SSH's port, or XAPI's.
    pub port: u16,
    /// Account on the host.
    pub user: String,
    /// How to sign in; a password for a pool.
    pub credential: Credential,
    /// The pinned fingerprint; empty where an authority vouches for a pool.
    pub fingerprint: String,
    /// By what a pool's certificate is known.
    pub trust: Trust,
    /// The UUID of the pool that was added: another one is not read. None when it is looked at for the first time.
    pub pool: Option<Uuid>,
    /// The members by which a pool is found when `address` does not answer.
    pub members: Vec<KnownMember>,
    /// The guests of a plain host that are known to have come from others.
    pub arrivals: Vec<Arrival>,
    /// The SSH host through which it is reached.
    pub jump: Option<JumpHost>,
    /// How a pool's members are reached over SSH, where somebody set that up.
    pub member_ssh: Option<MemberAccess>,
    /// Folder with guest definitions.
    pub config_dir: String,
}

/// How the members of a pool are reached over SSH, beside XAPI: all of them alike.
#[derive(Clone, Debug)]
pub struct MemberAccess {
    /// Account on the members.
    pub user: String,
    /// SSH port.
    pub port: u16,
    /// How to sign in.
    pub credential: Credential,
    /// The pinned host keys, by the members' UUIDs.
    pub keys: Vec<(Uuid, String)>,
}

/// The SSH host through which another one is reached, as `ssh -J` does it.
#[derive(Clone, Debug)]
pub struct JumpHost {
    /// DNS name or IP address.
    pub address: String,
    /// SSH port.
    pub port: u16,
    /// Account there; it needs no rights but to forward connections.
    pub user: String,
    /// How to sign in there.
    pub credential: Credential,
    /// The pinned fingerprint.
    pub fingerprint: String,
}

/// How to sign in at a host. Debug output shows no secret.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A password.
    Password(SecretString),
    /// A private key.
    Key {
        /// OpenSSH or PEM text.
        private_key: SecretString,
        /// Its passphrase.
        passphrase: Option<SecretString>,
    },
    /// The agent in the server's environment.
    Agent,
}
