//! The installed server, started as its unit would start it: by the service's account, with a socket to tell how it goes.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::process::Child;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::machine::Machine;
use crate::cmd::Cmd;

const UNIT: &str = "usr/lib/systemd/system/webxenadmin.service";
/// Not the default: something may listen on that on the machine that tests.
const ADDRESS: &str = "127.0.0.1:8096";
const WITHIN: Duration = Duration::from_secs(30);

/// Stopped when it is dropped.
pub struct Server {
    child: Option<Child>,
    manager: UnixDatagram,
}

impl Server {
    /// Starts it and waits until it says that it is ready.
    ///
    /// # Errors
    /// When it doesn't.
    pub fn start(machine: &Machine) -> Result<Server> {
        let unit = fs::read_to_string(machine.root.join(UNIT)).context("reading the unit")?;
        let command = unit
            .lines()
            .find_map(|line| line.strip_prefix("ExecStart="))
            .context("the unit starts nothing")?;
        // The settings are read from the installed file; only the address is another.
        let settings = machine.root.join("etc/webxenadmin/webxenadmin.toml");
        let text = fs::read_to_string(&settings).context("reading the settings")?;
        fs::write(&settings, format!("{text}\nlisten = \"{ADDRESS}\"\n")).context("changing the settings")?;

        let socket = machine.root.join("run/notify");
        // Of an earlier run in the same folder. That there is none is as good.
        let _ = fs::remove_file(&socket);
        let manager = UnixDatagram::bind(&socket).context("a socket for the service manager's part")?;
        manager
            .set_read_timeout(Some(WITHIN))
            .context("a bound for waiting")?;
        Cmd::new("chmod").arg("666").arg(&socket).output()?;
        let words: Vec<&str> = command.split_whitespace().collect();
        let args = [
            "setpriv",
            "--reuid=webxenadmin",
            "--regid=webxenadmin",
            "--clear-groups",
            "--no-new-privs",
        ];
        let env = [
            "env",
            "NOTIFY_SOCKET=/run/notify",
            "WATCHDOG_USEC=1000000",
            "JOURNAL_STREAM=8:1",
        ];
        let child = machine.command(&[&args[..], &env[..], &words].concat()).spawn()?;
        let server = Server {
            child: Some(child),
            manager,
        };
        server.told("READY=1")?;
        // It says so twice a second, as it was told that it is given up after one.
        server.told("WATCHDOG=1")?;
        Ok(server)
    }

    /// Waits until the service manager would have been told `what`.
    fn told(&self, what: &str) -> Result<()> {
        let mut buffer = [0; 1024];
        loop {
            let length = self
                .manager
                .recv(&mut buffer)
                .with_context(|| format!("the server does not say {what}"))?;
            let text = String::from_utf8_lossy(&buffer[..length]);
            if text.lines().any(|line| line == what) {
                return Ok(());
            }
        }
    }

    /// Asks for a page or file; fails unless the answer is 200.
    ///
    /// # Errors
    /// When it is another, or none.
    pub fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(ADDRESS).context("the server does not listen")?;
        stream
            .set_read_timeout(Some(WITHIN))
            .context("a bound for waiting")?;
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {ADDRESS}\r\naccept: */*\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).context("asking")?;
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).context("reading the answer")?;
        let reply = String::from_utf8_lossy(&reply).into_owned();
        ensure!(
            reply.starts_with("HTTP/1.1 200 "),
            "{path}: {}",
            reply.lines().next().unwrap_or_default()
        );
        Ok(reply)
    }

    /// Fetches every file that a page names.
    ///
    /// # Errors
    /// When one is missing, or may not be kept.
    pub fn assets(&self, page: &str) -> Result<()> {
        let named: Vec<&str> = page
            .split('"')
            .filter(|text| text.starts_with("/assets/") && !text.contains('#'))
            .collect();
        ensure!(!named.is_empty(), "the page names no files");
        for path in named {
            let reply = self.get(path)?;
            ensure!(reply.contains("immutable"), "{path} may not be kept");
        }
        self.get("/readyz").map(drop)
    }

    /// SIGHUP, then SIGTERM: it says what it does and ends well.
    ///
    /// # Errors
    /// When it doesn't.
    pub fn stop(mut self) -> Result<()> {
        let mut child = self.child.take().context("it was stopped before")?;
        let pid = child.id().to_string();
        let kill = |signal: &str| Cmd::new("kill").args([signal, &pid]).output();
        kill("-HUP")?;
        self.told("RELOADING=1")?;
        self.told("READY=1")?;
        kill("-TERM")?;
        self.told("STOPPING=1")?;
        let status = child.wait().context("waiting for its end")?;
        ensure!(status.success(), "it ended with {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself, which is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
