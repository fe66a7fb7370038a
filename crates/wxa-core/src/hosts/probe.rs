//! Looking at a host's key before it is trusted.
use super::check;
use crate::{Core, Ctx, Error, HostKey, JumpHost, audit::AuditTarget, hosts::known_hosts};
use wxa_model::{KnownHost, Permission, Transport};

/// The largest `known_hosts` file that is read.
const KNOWN_HOSTS_MOST: usize = 4 << 20;

/// Which host to look at.
#[derive(Clone, Debug)]
pub struct HostProbe {
    /// Whether to look for its SSH key or for a pool's certificate.
    pub transport: Transport,
    /// DNS name or IP address.
    pub address: String,
    /// SSH's port, or XAPI's; 0 takes the usual one.
    pub port: u16,
    /// The SSH host through which it is reached; we sign in there.
    pub jump: Option<JumpHost>,
    /// Lines of OpenSSH's `known_hosts`, where the key should be looked up; empty for none.
    pub known_hosts: String,
}

impl HostProbe {
    /// A host that is reached directly, compared with nothing.
    pub fn direct(address: impl Into<String>, port: u16) -> Self {
        Self {
            transport: Transport::Ssh,
            address: address.into(),
            port,
            jump: None,
            known_hosts: String::new(),
        }
    }

    /// A member of a XAPI pool.
    pub fn pool(address: impl Into<String>, port: u16) -> Self {
        Self {
            transport: Transport::Xapi,
            ..Self::direct(address, port)
        }
    }
}

/// A host's key, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbedKey {
    /// The key that the host shows.
    pub key: HostKey,
    /// What `known_hosts` says about it; none when no lines were given.
    pub known: Option<KnownHost>,
}

impl Core {
    /// Whether this server can manage the machine that it runs on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation.
    pub fn runs_on_a_host(&self, ctx: &Ctx) -> Result<bool, Error> {
        ctx.require_installation(Permission::Administer)?;
        Ok(self.inner.connect.runs_on_a_host())
    }

    /// Fetches a host's key, or the certificate of a pool's member; no credentials are sent to it.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`]; [`Error::HostUnavailable`].
    pub async fn host_probe(&self, ctx: &Ctx, probe: HostProbe) -> Result<ProbedKey, Error> {
        ctx.require_installation(Permission::Administer)?;
        let address = probe.address.trim().to_owned();
        let port = match probe.port {
            0 => check::usual_port(probe.transport),
            port => port,
        };
        check_way(&probe)?;
        check::check_address(&check::HOST, &address, port)?;
        let jump = probe.jump.map(check::checked_jump).transpose()?;
        if probe.known_hosts.len() > KNOWN_HOSTS_MOST {
            return Err(Error::Invalid {
                field: "known_hosts",
                why: "this is too long: paste the lines about this host".into(),
            });
        }
        let core = self.clone();
        let target = AuditTarget {
            id: String::new(),
            label: format!("{address}:{port}"),
        };
        self.audited(ctx, "host_probe", target, async move {
            let key = core
                .shown_key(probe.transport, &address, port, jump.as_ref())
                .await?;
            let lines = Some(probe.known_hosts).filter(|text| !text.trim().is_empty());
            let known = lines.map(|text| known_hosts::look_up(&text, &address, port, &key));
            Ok(ProbedKey { key, known })
        })
        .await
    }
}

/// What makes no sense for the way that the host is reached.
fn check_way(probe: &HostProbe) -> Result<(), Error> {
    let (field, why) = match probe.transport {
        Transport::Local => (
            "transport",
            "the machine that the server runs on is reached without a key",
        ),
        Transport::Xapi if probe.jump.is_some() => {
            ("jump", "a pool is reached directly: jump hosts are for SSH")
        }
        Transport::Xapi if !probe.known_hosts.trim().is_empty() => (
            "known_hosts",
            "this is about SSH keys: a pool shows a certificate",
        ),
        Transport::Ssh | Transport::Xapi => return Ok(()),
    };
    Err(Error::Invalid {
        field,
        why: why.into(),
    })
}
