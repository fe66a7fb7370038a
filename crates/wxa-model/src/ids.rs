//! Identifiers. All are ours; what a hypervisor calls a thing stays in its driver.
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id! {
    /// A place with its own machines. The same Xen UUID in two sites is two VMs.
    SiteId
}
id! {
    /// A hypervisor host, given by us when it is added; it survives a change of name or address.
    HostId
}
id! {
    /// A virtual machine; see [`VmIdentity`] for what makes two sightings the same VM.
    VmId
}
id! {
    /// One act on a hypervisor, from its request to its outcome.
    TaskId
}
id! {
    /// A person (or a script) who signs in.
    UserId
}
id! {
    /// One row of the audit log.
    AuditId
}
id! {
    /// A filter that was saved under a name.
    FilterId
}
id! {
    /// One sign-in, from its beginning to its end; of no use for signing in.
    SessionId
}
id! {
    /// A script's key to the console; of no use for signing in.
    TokenId
}
id! {
    /// A page that tells readers without an account how services are.
    StatusPageId
}
id! {
    /// A service as readers of a status page know it.
    ServiceId
}
id! {
    /// Something that this server asks from outside to see whether a service answers.
    CheckId
}
id! {
    /// A link that opens a status page; of no use for opening it.
    StatusLinkId
}
id! {
    /// An incident or a planned maintenance on a status page.
    NoticeId
}
id! {
    /// A guest link to one console; of no use for opening it.
    ConsoleLinkId
}

/// What tells one VM from another on a plain Xen host, strongest first.
///
/// Xen's own UUID is not enough: `xl create` of a `.cfg` without `uuid=` makes a new one each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VmIdentity<'a> {
    /// The UUID written in the definition (or a pool's UUID): the same VM on every host of the site.
    Uuid(Uuid),
    /// The definition file's absolute path on its host.
    ConfigPath(&'a str),
    /// The name of a domain without a definition file.
    Name(&'a str),
}

impl HostId {
    /// The id of a pool's member whose UUID in XAPI is `uuid`: the same whatever pool of the site it is in.
    pub fn of_member(site: SiteId, uuid: Uuid) -> Self {
        Self(Uuid::new_v5(&site.0, format!("host:{uuid}").as_bytes()))
    }
}

impl TaskId {
    /// The id of something that pool `pool` does and calls `native`: the same after its records were read anew.
    pub fn of_pool(pool: HostId, native: &str) -> Self {
        Self(Uuid::new_v5(&pool.0, format!("task:{native}").as_bytes()))
    }
}

impl VmId {
    /// Derives the id of the VM sighted on `host` in `site`; the same input always gives the same id.
    pub fn derive(site: SiteId, host: HostId, identity: &VmIdentity<'_>) -> Self {
        Self(match identity {
            VmIdentity::Uuid(uuid) => Uuid::new_v5(&site.0, format!("uuid:{uuid}").as_bytes()),
            VmIdentity::ConfigPath(path) => Uuid::new_v5(&host.0, format!("cfg:{path}").as_bytes()),
            VmIdentity::Name(name) => Uuid::new_v5(&host.0, format!("name:{name}").as_bytes()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn the_same_uuid_in_two_sites_is_two_vms() {
        let uuid = VmIdentity::Uuid(id(7));
        let here = VmId::derive(SiteId(id(1)), HostId(id(3)), &uuid);
        assert_ne!(here, VmId::derive(SiteId(id(2)), HostId(id(3)), &uuid));
        assert_eq!(
            here,
            VmId::derive(SiteId(id(1)), HostId(id(4)), &uuid),
            "it may move between hosts of a site"
        );
    }

    #[test]
    fn the_same_path_on_two_hosts_is_two_vms() {
        let path = VmIdentity::ConfigPath("/etc/xen/web.cfg");
        let here = VmId::derive(SiteId(id(1)), HostId(id(3)), &path);
        assert_ne!(here, VmId::derive(SiteId(id(1)), HostId(id(4)), &path));
    }
}
