//! The test bed's host, one test at a time.
use async_trait::async_trait;
use secrecy::SecretString;
use std::{env, fs::File, path::PathBuf, sync::Arc, time::Duration};
use tokio::process::Command;
use uuid::Uuid;
use wxa_driver::conformance::{Broken, Guest, HostShell};
use wxa_model::{ConsoleKind, HostId, SiteId};
use wxa_xl::{Credential, Reach, Runs, SshTarget, XlConfig, XlDriver};

/// How to reach the host; holding it keeps other tests waiting.
pub struct Bed {
    target: SshTarget,
    sudo_user: String,
    name: String,
    pub password: String,
    pub guest_log: bool,
    _turn: File,
}

fn broken(error: impl std::fmt::Display) -> Broken {
    Broken(error.to_string())
}

impl Bed {
    /// Waits for its turn.
    pub async fn take() -> Result<Self, Broken> {
        let turn = File::create(env::temp_dir().join("webxenadmin-xen-bed.lock")).map_err(broken)?;
        let turn = tokio::task::spawn_blocking(move || turn.lock().map(|()| turn))
            .await
            .map_err(broken)?
            .map_err(broken)?;
        let text = env::var("WXA_XEN_BED_JSON").map_err(|_| {
            broken("WXA_XEN_BED_JSON is not set: it holds what `end2end/xen-host/bed status --json` prints")
        })?;
        let status: serde_json::Value = serde_json::from_str(&text).map_err(broken)?;
        let wanted = env::var("WXA_XEN_BED_HOST").unwrap_or_else(|_| "A".to_owned());
        let host = status["hosts"]
            .as_array()
            .and_then(|hosts| hosts.iter().find(|host| host["name"] == wanted.as_str()))
            .ok_or_else(|| broken(format!("no host {wanted} in WXA_XEN_BED_JSON")))?;
        let word = |key: &str| {
            host[key]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| broken(format!("host {wanted} is down, or has no {key}")))
        };
        let pem = std::fs::read_to_string(word("key")?).map_err(broken)?;
        Ok(Self {
            target: SshTarget {
                address: word("address")?,
                port: host["ssh_port"]
                    .as_u64()
                    .and_then(|port| u16::try_from(port).ok())
                    .unwrap_or(22),
                user: word("user")?,
                credential: Credential::Key {
                    pem: SecretString::from(pem),
                    passphrase: None,
                },
                pinned_key: word("fingerprint")?,
                jump: None,
            },
            sudo_user: word("sudo_user")?,
            name: wanted.clone(),
            password: word("password")?,
            guest_log: host["guest_log"].as_bool().unwrap_or(false),
            _turn: turn,
        })
    }

    pub fn as_root(&self) -> SshTarget {
        self.target.clone()
    }

    pub fn as_sudo_user(&self) -> SshTarget {
        SshTarget {
            user: self.sudo_user.clone(),
            ..self.target.clone()
        }
    }

    /// Makes sure that the guest does not run.
    pub async fn clear(&self, name: &str) -> Result<(), Broken> {
        self.run(&format!(
            "xl list {name} >/dev/null 2>&1 && xl destroy {name}; true"
        ))
        .await?;
        Ok(())
    }

    /// Writes a definition.
    pub async fn define(&self, name: &str, text: &str) -> Result<(), Broken> {
        let text = text.replace('\'', "\"");
        self.run(&format!("cat >'/etc/xen/{name}.cfg' <<'T'\n{text}T"))
            .await?;
        Ok(())
    }

    /// Takes a definition away.
    pub async fn undefine(&self, name: &str) -> Result<(), Broken> {
        self.run(&format!("rm -f '/etc/xen/{name}.cfg'")).await?;
        Ok(())
    }

    /// The host hangs.
    pub async fn freeze(&self) -> Result<(), Broken> {
        self.bed(&["freeze", &self.name]).await.map(drop)
    }

    /// It goes on.
    pub async fn thaw(&self) -> Result<(), Broken> {
        self.bed(&["thaw", &self.name]).await.map(drop)
    }

    async fn bed(&self, words: &[&str]) -> Result<String, Broken> {
        let script = env::var("WXA_XEN_BED").map_or_else(
            |_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../end2end/xen-host/bed"),
            PathBuf::from,
        );
        let output = Command::new(script).args(words).output().await.map_err(broken)?;
        if !output.status.success() {
            return Err(broken(format!(
                "bed {words:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            )));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// A driver of the host that is reached in this way.
pub fn driver(target: SshTarget) -> Arc<XlDriver> {
    XlDriver::new(XlConfig {
        site: SiteId(Uuid::from_u128(1)),
        host: HostId(Uuid::from_u128(2)),
        reach: Reach::Ssh(target),
        config_dir: XlConfig::DEFAULT_CONFIG_DIR.to_owned(),
        runs: Runs::default(),
        arrivals: Vec::new(),
    })
}

#[async_trait]
impl HostShell for Bed {
    async fn run(&self, command: &str) -> Result<String, Broken> {
        self.bed(&["ssh", &self.name, command]).await
    }
}

/// One of the bed's guests: no sign-in, a shell on the console.
pub fn guest(name: &str) -> Guest {
    Guest {
        name: name.to_owned(),
        console: ConsoleKind::Pv,
        prompt: format!("{name}:~# "),
        sign_in: Vec::new(),
        boots_within: Duration::from_secs(150),
        acts_within: Duration::from_secs(90),
        escape_shown: Some("^]".to_owned()),
    }
}
