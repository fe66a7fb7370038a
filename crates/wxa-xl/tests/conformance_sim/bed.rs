//! A simulated host and how to reach it.
use async_trait::async_trait;
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;
use wxa_driver::{
    Driver,
    conformance::{Broken, Guest, HostShell},
};
use wxa_model::{ConsoleKind, HostId, SiteId};
use wxa_sim::{Pace, SimHost, SimHostConfig};
use wxa_xl::{Credential, Reach, Runs, SshTarget, XlConfig, XlDriver};

pub struct Sim {
    pub host: SimHost,
    user: String,
    password: String,
}

impl Sim {
    /// Starts a quick host as `change` makes it.
    pub async fn start(change: impl FnOnce(&mut SimHostConfig)) -> Result<Self, Broken> {
        let mut config = SimHostConfig::new("xen-1", 7);
        config.pace = Pace::Quick;
        change(&mut config);
        let (user, password) = (config.user.clone(), config.password.clone());
        let host = SimHost::start(config)
            .await
            .map_err(|error| Broken(error.to_string()))?;
        Ok(Self { host, user, password })
    }

    /// Its SSH server.
    pub fn target(&self) -> SshTarget {
        SshTarget {
            address: self.host.address().ip().to_string(),
            port: self.host.address().port(),
            user: self.user.clone(),
            credential: Credential::Password(SecretString::from(self.password.clone())),
            pinned_key: self.host.fingerprint(),
            jump: None,
        }
    }

    /// A driver that is connected over SSH.
    pub fn driver(&self) -> Arc<dyn Driver> {
        reach(Reach::Ssh(self.target()))
    }

    /// Runs a command on the host that must succeed.
    pub async fn shell(&self, command: &str) -> Result<String, Broken> {
        let output = self.host.run(command).await;
        if output.status == 0 {
            Ok(output.stdout)
        } else {
            Err(Broken(format!("{command}: {}", output.stderr)))
        }
    }
}

/// A driver of a host that is reached in this way.
pub fn reach(reach: Reach) -> Arc<dyn Driver> {
    XlDriver::new(XlConfig {
        site: SiteId(Uuid::from_u128(1)),
        host: HostId(Uuid::from_u128(2)),
        reach,
        config_dir: XlConfig::DEFAULT_CONFIG_DIR.to_owned(),
        runs: Runs::default(),
        arrivals: Vec::new(),
    })
}

#[async_trait]
impl HostShell for Sim {
    async fn run(&self, command: &str) -> Result<String, Broken> {
        self.shell(command).await
    }
}

/// A simulated guest: it asks for a name and any password.
pub fn guest(name: &str) -> Guest {
    Guest {
        name: name.to_owned(),
        console: ConsoleKind::Pv,
        prompt: format!("root@{name}:~# "),
        sign_in: vec![
            ("login: ".to_owned(), "root\r".to_owned()),
            ("Password: ".to_owned(), "xen\r".to_owned()),
        ],
        boots_within: Duration::from_secs(20),
        acts_within: Duration::from_secs(20),
        escape_shown: None,
    }
}
