//! Services: groups of VMs and hosts under a name that readers know, and when they count as up.
use crate::{CheckId, HostId, ServiceId, VmId};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// A service as a status page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Ours.
    pub id: ServiceId,
    /// What readers know it as: "Web shop".
    pub name: String,
    /// What it is, in a sentence; may be empty.
    pub about: String,
    /// What it consists of.
    pub members: Members,
    /// When it is up.
    pub rule: Rule,
    /// What is asked from outside besides.
    pub checks: Vec<Check>,
}

/// What a service consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Members {
    /// These; none at all for a service that only its checks decide.
    Picked {
        /// VMs.
        vms: Vec<VmId>,
        /// Hosts and pools.
        hosts: Vec<HostId>,
    },
    /// Whatever VM passes this filter now, in the language of the list of VMs.
    Filter(String),
}

/// How many members must run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Every one.
    All,
    /// One is enough; others that do not run make it degraded.
    Any,
    /// At least so many; others that do not run make it degraded.
    AtLeast(u16),
}

/// Something that is asked from this server to see whether a service answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Ours.
    pub id: CheckId,
    /// What is asked.
    pub kind: CheckKind,
    /// Seconds from one time to the next, from [`Check::LEAST_S`].
    pub every_s: u32,
    /// An administrator said that it may go to this machine's own or a link-local address.
    pub may_go_inside: bool,
}

impl Check {
    /// The shortest time between two, in seconds.
    pub const LEAST_S: u32 = 10;
    /// The longest time between two, in seconds.
    pub const MOST_S: u32 = 3600;
    /// The longest name or address of a host, in bytes.
    pub const HOST_MOST: usize = 253;
    /// The longest address of a page, in characters.
    pub const URL_MOST: usize = 1000;
    /// The longest text to look for, in characters.
    pub const TEXT_MOST: usize = 200;
    /// How many days before its end a certificate can be worth a warning.
    pub const DAYS: RangeInclusive<u16> = 1..=365;
}

/// What a check asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// A connection to this port is accepted.
    Tcp {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// A GET of this address is answered as expected.
    Http {
        /// `http:` or `https:`.
        url: String,
        /// The status to expect; none for any of 200 to 399.
        status: Option<u16>,
        /// Text that must be in the first 64 KiB of the body; none for any body.
        text: Option<String>,
    },
    /// The certificate shown there is valid, and for some time still.
    Certificate {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
        /// Degraded when it ends in fewer days than that.
        days: u16,
    },
    /// The service's VMs have come to their login prompt, by what their consoles tell.
    Login,
}
