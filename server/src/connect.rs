//! The one place that knows concrete drivers.
use async_trait::async_trait;
use std::sync::Arc;
use wxa_core::{Connect, Credential, HostKey, HostSpec};
use wxa_driver::{Driver, Error};
use wxa_xl::{XlConfig, XlDriver};

/// Reaches plain Xen hosts over SSH.
#[derive(Clone, Copy, Debug, Default)]
pub struct XlConnect;

#[async_trait]
impl Connect for XlConnect {
    async fn host_key(&self, address: &str, port: u16) -> Result<HostKey, Error> {
        let key = wxa_xl::host_key(address, port).await?;
        Ok(HostKey {
            fingerprint: key.fingerprint,
            algorithm: key.algorithm,
        })
    }

    fn open(&self, spec: HostSpec) -> Result<Arc<dyn Driver>, Error> {
        let driver = XlDriver::new(XlConfig {
            site: spec.site,
            host: spec.host,
            address: spec.address,
            port: spec.port,
            user: spec.user,
            credential: credential(spec.credential),
            pinned_key: spec.fingerprint,
            config_dir: spec.config_dir,
        });
        Ok(driver)
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
        Credential::Agent => wxa_xl::Credential::Agent,
    }
}
