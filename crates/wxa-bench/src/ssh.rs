//! A raw SSH session to a host, as an administrator without this console would have it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use russh::client::{self, Handle, Msg};
use russh::keys::{HashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg};
use tokio::time::timeout;
use wxa_wire::{CredentialParams, HostAddParams};

/// How long anything may take on a host; the bed runs in emulation.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// Signed in at a host.
pub struct Ssh {
    handle: Handle<Pinned>,
}

/// Takes the host only with the fingerprint that it is known by.
struct Pinned(String);

impl client::Handler for Pinned {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else {
            return Ok(false);
        };
        Ok(key.fingerprint(HashAlg::Sha256).to_string() == self.0)
    }
}

impl Ssh {
    /// Signs in with a password, with the settings that the product's driver has.
    ///
    /// # Errors
    /// When the host can't be reached, is another one, or refuses.
    pub async fn sign_in(host: &HostAddParams) -> Result<Ssh> {
        let config = client::Config {
            nodelay: true,
            ..Default::default()
        };
        let pinned = Pinned(host.fingerprint.clone());
        let at = (host.address.as_str(), host.port);
        let mut handle = client::connect(Arc::new(config), at, pinned)
            .await
            .with_context(|| format!("connecting to {}:{}", host.address, host.port))?;
        let CredentialParams::Password { password } = &host.credential else {
            anyhow::bail!("only passwords are known here");
        };
        let answer = handle.authenticate_password(&host.user, &password.0).await?;
        ensure!(answer.success(), "{} refuses the password", host.address);
        Ok(Ssh { handle })
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    /// When the connection breaks or the command fails.
    pub async fn run(&self, command: &str) -> Result<String> {
        let mut channel = self.handle.channel_open_session().await?;
        channel.exec(true, command).await?;
        let (mut said, mut status) = (Vec::new(), None);
        let reading = async {
            while let Some(message) = channel.wait().await {
                match message {
                    ChannelMsg::Data { data } | ChannelMsg::ExtendedData { data, .. } => {
                        said.extend_from_slice(&data)
                    }
                    ChannelMsg::ExitStatus { exit_status } => status = Some(exit_status),
                    _ => {}
                }
            }
        };
        timeout(DEADLINE, reading)
            .await
            .with_context(|| format!("`{command}` doesn't end"))?;
        let said = String::from_utf8_lossy(&said).into_owned();
        ensure!(status == Some(0), "`{command}` ended with {status:?}: {said}");
        Ok(said)
    }

    /// Starts a command on a terminal.
    ///
    /// # Errors
    /// When the host opens no session.
    pub async fn on_terminal(&self, command: &str) -> Result<Channel<Msg>> {
        let channel = self.handle.channel_open_session().await?;
        channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await?;
        channel.exec(true, command).await?;
        Ok(channel)
    }
}
