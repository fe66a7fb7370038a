//! The server under measurement: its own process, set up as a newcomer would, in a folder that goes with it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use wxa_model::HostId;
use wxa_wire::operation::{HostAdd, NoId, SessionCreate, SetupCreate};
use wxa_wire::{HostAddParams, HostAdded, Operation};

use crate::http::{Http, Reply};
use crate::live::Live;

/// The administrator that is made.
pub const USER: &str = "bench";
/// Their password: it guards nothing but a folder of this run.
pub const PASSWORD: &str = "measure twice, cut once";

/// How long a start may take, and a host until it is up.
const START: Duration = Duration::from_secs(60);

/// Where program and site are.
#[derive(Clone, Debug)]
pub struct Built {
    pub server: PathBuf,
    /// The site's folder; what is inside the program for none.
    pub site: Option<PathBuf>,
}

/// How many processors the server may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cores {
    /// All there are.
    All,
    /// The first, by `taskset`.
    One,
}

/// A running server with an administrator.
#[derive(Debug)]
pub struct Server {
    pub address: SocketAddr,
    /// `Cookie:` of the administrator's session.
    pub cookie: String,
    process: Child,
    // Its pipe and its folder live as long as it does.
    _stdout: BufReader<ChildStdout>,
    data: TempDir,
}

impl Server {
    /// Starts `webxenadmin serve` on a free port and makes the first administrator with the link that it prints.
    ///
    /// # Errors
    /// When it doesn't start, or refuses.
    pub async fn start(built: &Built) -> Result<Server> {
        Server::start_on(built, Cores::All).await
    }

    /// The same on so many processors.
    ///
    /// # Errors
    /// As for [`Server::start`], and without `taskset`.
    pub async fn start_on(built: &Built, cores: Cores) -> Result<Server> {
        let data = tempfile::tempdir().context("a folder for the data")?;
        let mut process = command(built, data.path(), cores)
            .spawn()
            .with_context(|| format!("starting {}", built.server.display()))?;
        let mut stdout = BufReader::new(process.stdout.take().context("its output")?);
        let link = timeout(START, setup_link(&mut stdout))
            .await
            .context("the server printed no link")??;
        let (address, token) = link
            .trim_start_matches("http://")
            .split_once("/setup?token=")
            .with_context(|| format!("not a link for the first run: {link}"))?;
        let address = address.parse().context("the server's address")?;

        let asked = json!({ "token": token, "name": USER, "password": PASSWORD });
        let mut http = Http::connect(address, "").await?;
        let reply = http
            .post(&SetupCreate::ROW.path_for(&NoId), &asked.to_string())
            .await?;
        Ok(Server {
            address,
            cookie: cookie_of(&reply)?,
            process,
            _stdout: stdout,
            data,
        })
    }

    /// The same with these hosts, all of them up.
    ///
    /// # Errors
    /// As for [`Server::start`], and when a host can't be added or doesn't come up.
    pub async fn with_hosts(built: &Built, hosts: Vec<HostAddParams>) -> Result<Server> {
        let server = Server::start(built).await?;
        server.add(hosts).await?;
        Ok(server)
    }

    /// Adds these hosts, and waits until all are up.
    ///
    /// # Errors
    /// When a host can't be added or doesn't come up.
    pub async fn add(&self, hosts: Vec<HostAddParams>) -> Result<()> {
        let mut http = self.http().await?;
        let mut added: Vec<HostId> = Vec::new();
        for host in hosts {
            let asked = serde_json::to_string(&host)?;
            let reply = http.post(&HostAdd::ROW.path_for(&NoId), &asked).await?;
            let reply: HostAdded = serde_json::from_slice(&reply.body)?;
            added.push(reply.host);
        }
        let mut live = Live::open(self).await?;
        live.until("all hosts are up", START, |live| {
            added.iter().all(|host| live.is_up(*host))
        })
        .await?;
        Ok(())
    }

    /// Bytes of its files whose names begin so.
    ///
    /// # Errors
    /// When its folder can't be read.
    pub fn file_bytes(&self, name: &str) -> Result<u64> {
        let mut bytes = 0;
        for entry in std::fs::read_dir(self.data.path()).context("reading the server's folder")? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(name) {
                bytes += entry.metadata()?.len();
            }
        }
        Ok(bytes)
    }

    /// A connection for requests, signed in.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn http(&self) -> Result<Http> {
        Http::connect(self.address, &self.cookie).await
    }

    /// Signs in once more; what `Cookie:` says then. A session may have only so many sockets.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn another_session(&self) -> Result<String> {
        let asked = json!({ "name": USER, "password": PASSWORD });
        let mut http = Http::connect(self.address, "").await?;
        let path = SessionCreate::ROW.path_for(&NoId);
        cookie_of(&http.post(&path, &asked.to_string()).await?)
    }

    /// Its process.
    ///
    /// # Errors
    /// When it has ended.
    pub fn pid(&self) -> Result<u32> {
        self.process.id().context("the server has ended")
    }

    /// Ends it. Nothing of it is wanted any more, so it isn't asked.
    ///
    /// # Errors
    /// When it had ended before.
    pub async fn stop(mut self) -> Result<()> {
        let ended = self.process.try_wait()?;
        ensure!(ended.is_none(), "the server ended by itself: {ended:?}");
        Ok(self.process.kill().await?)
    }
}

fn cookie_of(reply: &Reply) -> Result<String> {
    let cookie = reply.header("set-cookie").context("no session")?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

fn command(built: &Built, data: &Path, cores: Cores) -> Command {
    let mut command = match cores {
        Cores::All => Command::new(&built.server),
        // It becomes the server: the process stays the same one.
        Cores::One => {
            let mut taskset = Command::new("taskset");
            taskset.args(["--cpu-list", "0"]).arg(&built.server);
            taskset
        }
    };
    // As the package's unit does.
    command.env("MALLOC_ARENA_MAX", "2");
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "error", "--data-dir"])
        .arg(data);
    if let Some(site) = &built.site {
        command.arg("--site-dir").arg(site);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn setup_link(stdout: &mut BufReader<ChildStdout>) -> Result<String> {
    let mut line = String::new();
    while stdout.read_line(&mut line).await? > 0 {
        if line.trim().starts_with("http") {
            return Ok(line.trim().to_owned());
        }
        line.clear();
    }
    anyhow::bail!("the server ended at its start")
}
