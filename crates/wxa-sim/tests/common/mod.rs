//! A small SSH client for the tests.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::{HashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, Disconnect};
use wxa_sim::SimHost;

/// Long enough for anything these tests wait for; only a failure takes it all.
pub const DEADLINE: Duration = Duration::from_secs(20);

pub struct Trusting(Arc<std::sync::Mutex<String>>);

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else {
            return Ok(false);
        };
        *self.0.lock().unwrap() = key.fingerprint(HashAlg::Sha256).to_string();
        Ok(true)
    }
}

pub struct Ssh {
    pub handle: Handle<Trusting>,
    pub fingerprint: String,
}

pub struct Answer {
    pub stdout: String,
    pub stderr: String,
    pub status: u32,
}

impl Ssh {
    pub async fn connect(host: &SimHost) -> Result<Self, russh::Error> {
        let seen = Arc::new(std::sync::Mutex::new(String::new()));
        let config = client::Config {
            nodelay: true,
            ..Default::default()
        };
        let handle = client::connect(Arc::new(config), host.address(), Trusting(seen.clone())).await?;
        let fingerprint = seen.lock().unwrap().clone();
        Ok(Self { handle, fingerprint })
    }

    pub async fn login(host: &SimHost, user: &str, password: &str) -> Self {
        let mut ssh = Self::connect(host).await.unwrap();
        assert!(
            ssh.handle
                .authenticate_password(user, password)
                .await
                .unwrap()
                .success()
        );
        ssh
    }

    pub async fn run(&self, command: &str) -> Answer {
        let mut channel = self.handle.channel_open_session().await.unwrap();
        channel.exec(true, command).await.unwrap();
        tokio::time::timeout(DEADLINE, collect(&mut channel))
            .await
            .expect("the command ends")
    }

    pub async fn bye(self) {
        let _ = self.handle.disconnect(Disconnect::ByApplication, "", "").await;
    }
}

pub async fn collect(channel: &mut Channel<client::Msg>) -> Answer {
    let mut answer = Answer {
        stdout: String::new(),
        stderr: String::new(),
        status: 255,
    };
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Data { data } => answer.stdout.push_str(&String::from_utf8_lossy(&data)),
            ChannelMsg::ExtendedData { data, ext: 1 } => {
                answer.stderr.push_str(&String::from_utf8_lossy(&data))
            }
            ChannelMsg::ExitStatus { exit_status } => answer.status = exit_status,
            _ => {}
        }
    }
    answer
}

/// Reads until the output contains `wanted`.
pub async fn read_until(channel: &mut Channel<client::Msg>, seen: &mut String, wanted: &str) {
    let reading = async {
        while !seen.contains(wanted) {
            match channel.wait().await {
                Some(ChannelMsg::Data { data }) => seen.push_str(&String::from_utf8_lossy(&data)),
                Some(_) => {}
                None => return,
            }
        }
    };
    let _ = tokio::time::timeout(DEADLINE, reading).await;
    assert!(seen.contains(wanted), "waited for {wanted:?}, saw {seen:?}");
}
