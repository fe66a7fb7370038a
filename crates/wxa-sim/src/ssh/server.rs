//! The listener: accepts connections behind gates and obeys fault orders.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{PrivateKey, PublicKey};
use russh::{MethodKind, MethodSet, SshId};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::connection::Connection;
use crate::actor::WorldHandle;
use crate::config::{Forwarding, SimHostConfig};
use crate::faults::{Gate, Gated, Line};
use crate::hostkey;

/// Who may log in, and with which key the host shows itself.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) authorized_key: Option<PublicKey>,
    pub(crate) max_sessions: usize,
    pub(crate) forwarding: Forwarding,
    host_key: PrivateKey,
}

impl Access {
    /// From the configuration; fails when the authorised key cannot be read.
    pub(crate) fn from_config(config: &SimHostConfig) -> io::Result<Self> {
        let parse = |text: &String| {
            PublicKey::from_openssh(text)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))
        };
        Ok(Self {
            user: config.user.clone(),
            password: config.password.clone(),
            authorized_key: config.authorized_key.as_ref().map(parse).transpose()?,
            max_sessions: config.max_sessions,
            forwarding: config.forwarding,
            host_key: hostkey::host_key(config.seed, &config.name, 0),
        })
    }
}

/// Orders of the host's holder.
#[derive(Debug)]
pub(crate) enum Control {
    Hang,
    Resume,
    Cut,
    Refuse,
    Accept,
    UseKey(Box<PrivateKey>),
}

/// Serves until aborted.
pub(crate) async fn run(
    listener: TcpListener,
    mut access: Access,
    world: WorldHandle,
    mut orders: mpsc::Receiver<(Control, oneshot::Sender<()>)>,
) {
    let address = listener
        .local_addr()
        .unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0)));
    let mut listener = Some(listener);
    let mut line = Line::Works;
    let mut gates = Gates::default();
    let mut connections = JoinSet::new();
    let mut config = Arc::new(ssh_config(&access));
    loop {
        tokio::select! {
            order = orders.recv() => {
                let Some((order, done)) = order else { return };
                match order {
                    Control::Hang => { line = Line::Hangs; gates.set(line); }
                    Control::Resume => { line = Line::Works; gates.set(line); }
                    Control::Cut => {
                        gates.set(Line::Cut);
                        gates.0.clear();
                        connections.abort_all();
                    }
                    Control::Refuse => listener = None,
                    Control::Accept => if listener.is_none() { listener = Some(rebind(address).await) },
                    Control::UseKey(key) => {
                        access.host_key = *key;
                        config = Arc::new(ssh_config(&access));
                    }
                }
                let _ = done.send(());
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = accept(listener.as_ref()) => {
                let Ok((stream, peer)) = accepted else { continue };
                let _ = stream.set_nodelay(true);
                let gate = Gate::new(line);
                gates.add(gate.clone());
                let handler = Connection::new(access.clone(), world.clone());
                let config = config.clone();
                connections.spawn(async move {
                    tracing::debug!(%peer, "simulated host: connection");
                    // The guard cuts the line when this task is aborted: the session runs in a task of its own.
                    let _guard = CutOnDrop(gate.clone());
                    if let Ok(session) = russh::server::run_stream(config, Gated { stream, gate }, handler).await {
                        let _ = session.await;
                    }
                });
            }
        }
    }
}

#[derive(Debug)]
struct CutOnDrop(Gate);

impl Drop for CutOnDrop {
    fn drop(&mut self) {
        self.0.set(Line::Cut);
    }
}

/// The switches of all connections.
#[derive(Debug, Default)]
struct Gates(Vec<Gate>);

impl Gates {
    fn add(&mut self, gate: Gate) {
        self.0.retain(Gate::in_use);
        self.0.push(gate);
    }

    fn set(&self, line: Line) {
        self.0.iter().for_each(|gate| gate.set(line));
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<(tokio::net::TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// Listens at the same address again; a port somebody else took in between is waited for.
async fn rebind(address: SocketAddr) -> TcpListener {
    loop {
        let bound = TcpSocket::new_v4().and_then(|socket| {
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            socket.listen(64)
        });
        match bound {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

fn ssh_config(access: &Access) -> russh::server::Config {
    let mut methods = MethodSet::empty();
    methods.push(MethodKind::PublicKey);
    if !access.password.is_empty() {
        methods.push(MethodKind::Password);
    }
    russh::server::Config {
        server_id: SshId::Standard("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3".into()),
        methods,
        auth_rejection_time: Duration::from_millis(300),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![access.host_key.clone()],
        max_auth_attempts: 6,
        inactivity_timeout: None,
        nodelay: true,
        ..Default::default()
    }
}
