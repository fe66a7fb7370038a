//! The one place that knows concrete drivers.
use async_trait::async_trait;
use std::sync::Arc;
use wxa_core::{Connect, Credential, HostKey, HostSpec, JumpHost, MemberAccess};
use wxa_driver::{Driver, Error, ErrorKind, MemberShell};
use wxa_model::Transport;
use wxa_xapi::{XapiConfig, XapiDriver};
use wxa_xl::{LocalTarget, MemberConsoles, Reach, Runs, SshTarget, XlConfig, XlDriver};

/// Reaches plain Xen hosts, over SSH or as the machine that we run on, and XAPI pools.
#[derive(Clone, Debug, Default)]
pub struct Drivers {
    /// What all hosts of plain Xen know of each other's guests.
    runs: Runs,
}

#[async_trait]
impl Connect for Drivers {
    fn runs_on_a_host(&self) -> bool {
        wxa_xl::is_control_domain()
    }

    async fn host_key(&self, address: &str, port: u16, jump: Option<&JumpHost>) -> Result<HostKey, Error> {
        let jump = jump.cloned().map(jump_target);
        let key = wxa_xl::host_key(address, port, jump.as_ref()).await?;
        Ok(HostKey {
            fingerprint: key.fingerprint,
            algorithm: key.algorithm,
            valid_until: None,
        })
    }

    async fn certificate(&self, address: &str, port: u16) -> Result<HostKey, Error> {
        let certificate = wxa_xapi::certificate(address, port).await?;
        Ok(HostKey {
            fingerprint: certificate.fingerprint,
            algorithm: "x509".into(),
            valid_until: certificate.not_after,
        })
    }

    async fn try_member(&self, access: &MemberAccess, address: &str, fingerprint: &str) -> Result<(), Error> {
        wxa_xl::try_member(&member_access(access.clone()), address, fingerprint).await
    }

    fn open(&self, spec: HostSpec) -> Result<Arc<dyn Driver>, Error> {
        match spec.transport {
            Transport::Local => Ok(self.plain(spec, |_| Reach::Local(LocalTarget::default()))),
            Transport::Ssh => Ok(self.plain(spec, |spec| Reach::Ssh(ssh_target(spec)))),
            Transport::Xapi => pool(spec),
        }
    }
}

impl Drivers {
    /// A host of plain Xen.
    fn plain(&self, spec: HostSpec, reach: impl FnOnce(HostSpec) -> Reach) -> Arc<dyn Driver> {
        XlDriver::new(XlConfig {
            site: spec.site,
            host: spec.host,
            config_dir: spec.config_dir.clone(),
            runs: self.runs.clone(),
            arrivals: spec.arrivals.clone(),
            reach: reach(spec),
        })
    }
}

fn ssh_target(spec: HostSpec) -> SshTarget {
    SshTarget {
        address: spec.address,
        port: spec.port,
        user: spec.user,
        credential: credential(spec.credential),
        pinned_key: spec.fingerprint,
        jump: spec.jump.map(jump_target).map(Box::new),
    }
}

/// A XAPI pool. Where its members are reached over SSH too, the driver of plain Xen lends its consoles.
fn pool(spec: HostSpec) -> Result<Arc<dyn Driver>, Error> {
    let Credential::Password(password) = spec.credential else {
        // Core takes no other one.
        return Err(Error::new(ErrorKind::Unauthenticated, "A pool takes a password."));
    };
    Ok(XapiDriver::new(XapiConfig {
        site: spec.site,
        host: spec.host,
        address: spec.address,
        port: spec.port,
        user: spec.user,
        password,
        fingerprint: spec.fingerprint,
        trust: spec.trust,
        uuid: spec.pool,
        members: spec.members,
        shell: spec
            .member_ssh
            .map(|access| -> Arc<dyn MemberShell> { MemberConsoles::new(member_access(access)) }),
    }))
}

fn member_access(access: MemberAccess) -> wxa_xl::MemberAccess {
    wxa_xl::MemberAccess {
        user: access.user,
        port: access.port,
        credential: credential(access.credential),
        keys: access.keys,
    }
}

fn jump_target(jump: JumpHost) -> SshTarget {
    SshTarget {
        address: jump.address,
        port: jump.port,
        user: jump.user,
        credential: credential(jump.credential),
        pinned_key: jump.fingerprint,
        jump: None,
    }
}

fn credential(credential: Credential) -> wxa_xl::Credential {
    match credential {
        Credential::Password(password) => wxa_xl::Credential::Password(password),
        Credential::Key {
            private_key,
            passphrase,
        } => wxa_xl::Credential::Key {
            pem: private_key,
            passphrase,
        },
        Credential::Agent => wxa_xl::Credential::Agent { socket: None },
    }
}
