//! websockify between a browser and a console, as others use it: it carries bytes between a WebSocket and a TCP port, at which this
//! offers `xl console` in an SSH session.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use russh::client::Msg;
use russh::{Channel, ChannelMsg};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::live::Socket;
use crate::ssh::{DEADLINE, Ssh};

/// Between two attempts to reach it after its start.
const PAUSE: Duration = Duration::from_millis(50);

/// websockify's program, or why there is none.
#[derive(Clone, Debug)]
pub struct Program(Result<PathBuf, String>);

/// websockify in front of one console.
pub struct Websockify {
    process: Child,
    /// Ends with this.
    _relay: JoinSet<Result<()>>,
    address: SocketAddr,
}

impl Program {
    /// The program, or a sentence on why it could not be had.
    pub fn new(file: Option<PathBuf>, missing: Option<String>) -> Program {
        Program(file.ok_or_else(|| missing.unwrap_or_else(|| "no program was named".to_owned())))
    }

    /// Its file.
    ///
    /// # Errors
    /// Why there is none.
    pub fn file(&self) -> Result<&Path, String> {
        self.0.as_deref().map_err(Clone::clone)
    }
}

impl Websockify {
    /// Starts it in front of `xl console` of a guest, which is attached when somebody connects.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(program: &Path, ssh: &Ssh, guest: &str) -> Result<Websockify> {
        let channel = ssh.on_terminal(&format!("xl console {guest}")).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let target = listener.local_addr()?;
        let address = free_address().await?;
        let process = Command::new(program)
            .args([address.to_string(), target.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut carrying = JoinSet::new();
        carrying.spawn(relay(listener, channel));
        Ok(Websockify {
            process,
            _relay: carrying,
            address,
        })
    }

    /// Opens it as a browser does.
    ///
    /// # Errors
    /// When it refuses, or is not there in time.
    pub async fn socket(&mut self) -> Result<Socket> {
        let stream = tokio::time::timeout(DEADLINE, self.reach()).await;
        let stream = stream.context("websockify does not listen")??;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{}/websockify", self.address).into_client_request()?;
        // What its viewers say; an older one takes none without it.
        request
            .headers_mut()
            .insert("sec-websocket-protocol", "binary".parse()?);
        let opened = tokio_tungstenite::client_async(request, stream).await;
        Ok(opened.context("opening websockify's socket")?.0)
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it had ended before.
    pub async fn stop(mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }

    async fn reach(&mut self) -> Result<TcpStream> {
        loop {
            if let Ok(stream) = TcpStream::connect(self.address).await {
                return Ok(stream);
            }
            if let Some(status) = self.process.try_wait()? {
                anyhow::bail!("websockify ended by itself: {status}");
            }
            sleep(PAUSE).await;
        }
    }
}

/// An address at which nobody listens at this moment.
async fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}

/// Carries what the guest prints to whoever connects first, and nothing back.
async fn relay(listener: TcpListener, mut channel: Channel<Msg>) -> Result<()> {
    let (mut stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    while let Some(message) = channel.wait().await {
        if let ChannelMsg::Data { data } = message {
            stream.write_all(&data).await?;
        }
    }
    Ok(())
}
