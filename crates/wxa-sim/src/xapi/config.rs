//! What a simulated pool is told: its size, its accounts, where it listens.

use std::net::Ipv4Addr;

use super::role::Role;
use super::tls::Signer;
use crate::config::Pace;

/// An account of the pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name.
    pub user: String,
    /// In the clear: it is a simulation.
    pub password: String,
    /// What it may do.
    pub role: Role,
}

/// Where the hosts listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ports {
    /// 443 and 80 as real hosts do; where that is not permitted, a free pair.
    Standard,
    /// A free port for TLS and one for plain HTTP, the same ones on every host.
    Free,
}

/// Whether things happen by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// VMs start, stop, crash and migrate now and then.
    Busy,
    /// Nothing happens that nobody asked for.
    Still,
}

/// Whether the members answer SSH, as hosts do that their administrators left reachable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberSsh {
    /// They do not.
    Off,
    /// At this port of each member's address, user root, password `xen`; 0 takes a free one.
    Port(u16),
}

/// A pool.
#[derive(Debug, Clone)]
pub struct PoolConfig {
    /// Its name; hosts are called after it.
    pub name: String,
    /// Everything that looks random follows from it.
    pub seed: u64,
    /// How many hosts.
    pub hosts: usize,
    /// How many VMs.
    pub vms: usize,
    /// VMs with these names besides, halted; see [`crate::sentinels`].
    pub named_vms: Vec<String>,
    /// Who may sign in.
    pub accounts: Vec<Account>,
    /// The first host's address; the others follow it.
    pub first_address: Ipv4Addr,
    /// Where they listen.
    pub ports: Ports,
    /// The port for TLS, once it is known.
    pub(crate) tls_port: u16,
    /// How long acts and boots take.
    pub pace: Pace,
    /// Whether things happen by themselves.
    pub life: Life,
    /// Who signs the hosts' certificates.
    pub signer: Signer,
    /// Whether the members answer SSH.
    pub ssh: MemberSsh,
}

impl PoolConfig {
    /// A pool with root (password `xen`) and an account for every role (named after it, password `xen`), on 127.0.0.1 and
    /// the addresses after it, quiet, quick, with free ports.
    pub fn new(name: impl Into<String>, seed: u64) -> Self {
        let account = |user: &str, role| Account {
            user: user.to_owned(),
            password: "xen".to_owned(),
            role,
        };
        let roles = Role::ALL.into_iter().map(|role| account(role.name(), role));
        Self {
            name: name.into(),
            seed,
            hosts: 2,
            vms: 8,
            named_vms: Vec::new(),
            accounts: [account("root", Role::PoolAdmin)]
                .into_iter()
                .chain(roles)
                .collect(),
            first_address: Ipv4Addr::LOCALHOST,
            ports: Ports::Free,
            tls_port: 443,
            pace: Pace::Quick,
            life: Life::Still,
            signer: Signer::Itself,
            ssh: MemberSsh::Off,
        }
    }
}
