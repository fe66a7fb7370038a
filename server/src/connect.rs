//! The one place that knows concrete drivers.
use async_trait::async_trait;
use std::sync::Arc;
use wxa_core::{Connect, Credential, HostKey, HostSpec, JumpHost};
use wxa_driver::{Driver, Error};
use wxa_model::Transport;
use wxa_xl::{LocalTarget, Reach, SshTarget, XlConfig, XlDriver};

/// Reaches plain Xen hosts, over SSH or as the machine that we run on.
#[derive(Clone, Copy, Debug, Default)]
pub struct XlConnect;

#[async_trait]
impl Connect for XlConnect {
    fn runs_on_a_host(&self) -> bool {
        wxa_xl::is_control_domain()
    }

    async fn host_key(&self, address: &str, port: u16, jump: Option<&JumpHost>) -> Result<HostKey, Error> {
        let jump = jump.cloned().map(jump_target);
        let key = wxa_xl::host_key(address, port, jump.as_ref()).await?;
        Ok(HostKey {
            fingerprint: key.fingerprint,
            algorithm: key.algorithm,
        })
    }

    fn open(&self, spec: HostSpec) -> Result<Arc<dyn Driver>, Error> {
        let driver = XlDriver::new(XlConfig {
            site: spec.site,
            host: spec.host,
            reach: match spec.transport {
                Transport::Local => Reach::Local(LocalTarget::default()),
                Transport::Ssh => Reach::Ssh(SshTarget {
                    address: spec.address,
                    port: spec.port,
                    user: spec.user,
                    credential: credential(spec.credential),
                    pinned_key: spec.fingerprint,
                    jump: spec.jump.map(jump_target).map(Box::new),
                }),
            },
            config_dir: spec.config_dir,
        });
        Ok(driver)
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
