//! How a pool is reached.
use secrecy::SecretString;
use std::sync::Arc;
use uuid::Uuid;
use wxa_driver::MemberShell;
use wxa_model::{HostId, KnownMember, SiteId, Trust};

/// A pool, and the member through which it is reached first.
#[derive(Clone, Debug)]
pub struct XapiConfig {
    /// The site it stands in: ids of members and VMs derive from it.
    pub site: SiteId,
    /// Our id of the pool.
    pub host: HostId,
    /// Name or address of any member. An IPv6 address has no brackets.
    pub address: String,
    /// Its HTTPS port; the other members are asked at the same one.
    pub port: u16,
    /// Account of the pool.
    pub user: String,
    /// Its password.
    pub password: SecretString,
    /// The confirmed certificate of `address`, as [`crate::Certificate::fingerprint`]. Another one stops everything. It means
    /// nothing where an authority vouches.
    pub fingerprint: String,
    /// By what certificates are known.
    pub trust: Trust,
    /// The pool's UUID as it was added: another pool is not read. None when it is looked at for the first time.
    pub uuid: Option<Uuid>,
    /// The members that the pool told before, by which it is found when `address` does not answer.
    pub members: Vec<KnownMember>,
    /// The way to its members beside XAPI, for the serial consoles of HVM guests; none where nobody set one up.
    pub shell: Option<Arc<dyn MemberShell>>,
}

impl XapiConfig {
    /// Where XAPI listens for HTTPS.
    pub const DEFAULT_PORT: u16 = 443;
}
