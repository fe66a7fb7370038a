//! One SSH connection: logging in, and opening sessions up to OpenSSH's limit.

use std::sync::Arc;

use russh::keys::ssh_key;
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, Pty};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::forward;
use super::server::Access;
use super::session;
use crate::actor::WorldHandle;
use crate::config::Forwarding;

/// The server's side of one connection. Dropping it ends its sessions.
pub(crate) struct Connection {
    access: Access,
    world: WorldHandle,
    sessions: Arc<Semaphore>,
    running: JoinSet<()>,
}

impl Connection {
    pub(crate) fn new(access: Access, world: WorldHandle) -> Self {
        Self {
            sessions: Arc::new(Semaphore::new(access.max_sessions)),
            access,
            world,
            running: JoinSet::new(),
        }
    }
}

impl Handler for Connection {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        let good =
            !self.access.password.is_empty() && user == self.access.user && password == self.access.password;
        Ok(if good { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_publickey_offered(
        &mut self,
        user: &str,
        offer: russh::server::PublicKeyOffer<'_>,
    ) -> Result<Auth, Self::Error> {
        Ok(self.judge_key(user, offer.public_key))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        Ok(self.judge_key(user, key.public_key))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        ssh: &mut Session,
    ) -> Result<(), Self::Error> {
        while self.running.try_join_next().is_some() {}
        let Ok(permit) = self.sessions.clone().try_acquire_owned() else {
            reply.reject(ChannelOpenFailure::ConnectFailed).await;
            return Ok(());
        };
        reply.accept().await;
        let work = session::serve(
            channel,
            ssh.handle(),
            self.world.clone(),
            self.access.user.clone(),
        );
        self.running.spawn(async move {
            let _permit = permit;
            work.await;
        });
        Ok(())
    }

    async fn channel_open_direct_tcpip(
        &mut self,
        channel: Channel<Msg>,
        address: &str,
        port: u32,
        _: &str,
        _: u32,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        while self.running.try_join_next().is_some() {}
        if self.access.forwarding == Forwarding::Refused {
            reply.reject(ChannelOpenFailure::AdministrativelyProhibited).await;
            return Ok(());
        }
        // Connecting takes time, and other sessions must go on meanwhile.
        self.running.spawn(forward::serve(
            channel,
            reply,
            address.to_owned(),
            port,
            self.world.clone(),
        ));
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        ssh: &mut Session,
    ) -> Result<(), Self::Error> {
        // The session hears of it by itself, in order with everything else the client sends.
        ssh.channel_success(channel)
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _: &[u8],
        ssh: &mut Session,
    ) -> Result<(), Self::Error> {
        ssh.channel_success(channel)
    }

    async fn shell_request(&mut self, channel: ChannelId, ssh: &mut Session) -> Result<(), Self::Error> {
        ssh.channel_failure(channel)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        ssh: &mut Session,
    ) -> Result<(), Self::Error> {
        ssh.channel_failure(channel)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        _: &str,
        ssh: &mut Session,
    ) -> Result<(), Self::Error> {
        // Debian's sshd accepts the locale and nothing else.
        if name == "LANG" || name.starts_with("LC_") {
            ssh.channel_success(channel)
        } else {
            ssh.channel_failure(channel)
        }
    }

    async fn window_change_request(
        &mut self,
        _: ChannelId,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }
}

impl Connection {
    fn judge_key(&self, user: &str, key: &ssh_key::PublicKey) -> Auth {
        let known = self
            .access
            .authorized_key
            .as_ref()
            .is_some_and(|known| known.key_data() == key.key_data());
        if known && user == self.access.user {
            Auth::Accept
        } else {
            Auth::reject()
        }
    }
}
