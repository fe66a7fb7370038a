//! Whether xenconsoled logs its guests' consoles, and switching that over: one line of a settings file, and a restart of the daemon.
//! Guests go on meanwhile; whoever is attached to a console is cut off and attaches again.
mod plan;
mod setting;

use crate::{
    driver::Host,
    parse::{
        stderr,
        xenconsoled::{self, Daemon},
    },
    transport::{Connection, Limits},
};
use bytes::Bytes;
use plan::plan;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use wxa_driver::{Error, ErrorKind, Logging, Switch};

/// A restart may take so long; sysvinit waits for the old daemon.
const RESTART: Duration = Duration::from_secs(60);
/// Until the new daemon must be there.
const BACK: Duration = Duration::from_secs(15);
const AGAIN: Duration = Duration::from_millis(500);

/// Whether the host logs, and what would change that.
///
/// # Errors
/// See [`wxa_driver::Driver::logging`].
pub(crate) async fn logging(host: &Host) -> Result<Logging, Error> {
    let connection = host.connection().await?;
    let on = running(&connection).await?.logs;
    // What cannot be looked at is not offered.
    let plan = plan(&connection, other(on)).await.ok().flatten();
    Ok(Logging {
        on,
        change: plan.map(|plan| plan.lines()).unwrap_or_default(),
    })
}

/// Switches it.
///
/// # Errors
/// See [`wxa_driver::Driver::set_logging`].
pub(crate) async fn set_logging(host: &Host, switch: Switch) -> Result<(), Error> {
    let connection = host.connection().await?;
    if running(&connection).await?.logs == (switch == Switch::On) {
        return Ok(());
    }
    let plan = plan(&connection, switch).await?.ok_or_else(|| {
        unsupported("How this host starts xenconsoled is not known: its logging is switched there.")
    })?;
    if let Some(folder) = plan.folder() {
        let words = ["mkdir", "-p", "-m", "2750", "--", folder];
        act(&connection, &words, Bytes::new(), Limits::act(RESTART)).await?;
    }
    if let Some(text) = plan.text() {
        write(&connection, plan.file(), text).await?;
    }
    act(&connection, plan.restart(), Bytes::new(), Limits::act(RESTART)).await?;
    let until = Instant::now() + BACK;
    loop {
        // Between the old daemon and the new one there is none.
        let daemon = daemon(&connection).await?;
        if daemon.is_some_and(|daemon| daemon.logs == (switch == Switch::On)) {
            host.logs_now(switch);
            return Ok(());
        }
        if Instant::now() >= until {
            return Err(Error::new(
                ErrorKind::Refused {
                    code: "logging".to_owned(),
                },
                "xenconsoled was restarted, but does not run as it was told to.",
            ));
        }
        sleep(AGAIN).await;
    }
}

/// How xenconsoled runs now; none where it does not.
///
/// # Errors
/// As for any command.
pub(crate) async fn daemon(connection: &Connection) -> Result<Option<Daemon>, Error> {
    let words = ["ps", "-C", "xenconsoled", "-o", "args="];
    let output = connection.run(&words, Limits::read(16 << 10)).await?;
    match output.status {
        Some(0) => Ok(xenconsoled::parse(&output.text())),
        // ps finds none.
        Some(1) if output.stderr.trim().is_empty() => Ok(None),
        status => {
            let error = stderr::to_error("Asking how xenconsoled runs", status, &output.stderr);
            if error.kind != ErrorKind::PermissionDenied {
                return Err(error);
            }
            by_number(connection).await.ok_or(error).map(Some)
        }
    }
}

/// The same where the account may not run `ps`, by the number that Debian's daemon leaves.
async fn by_number(connection: &Connection) -> Option<Daemon> {
    let number = ["head", "-c", "16", "--", "/run/xenconsoled.pid"];
    let number = connection.read(&number, 4096).await.ok()?;
    let number: u32 = number.trim().parse().ok()?;
    let path = format!("/proc/{number}/cmdline");
    let words = ["head", "-c", "4096", "--", &path];
    let arguments = connection.read(&words, 8192).await.ok()?.replace('\0', " ");
    xenconsoled::parse(&arguments).filter(|_| arguments.contains("xenconsoled"))
}

async fn running(connection: &Connection) -> Result<Daemon, Error> {
    daemon(connection)
        .await?
        .ok_or_else(|| unsupported("xenconsoled does not run on this host."))
}

/// Writes a file beside the old one and puts it in its place: whatever is lost on the way, one of them is whole.
async fn write(connection: &Connection, file: &str, text: &str) -> Result<(), Error> {
    let new = format!("{file}.webxenadmin");
    let limits = Limits::act(Duration::from_secs(30));
    // Its owner and mode stay.
    act(connection, &["cp", "-p", "--", file, &new], Bytes::new(), limits).await?;
    let target = format!("of={new}");
    let input = Bytes::copy_from_slice(text.as_bytes());
    act(connection, &["dd", "status=none", &target], input, limits).await?;
    let check = ["head", "-c", "131072", "--", &new];
    if connection.read(&check, 256 << 10).await? != text {
        return Err(Error::new(
            ErrorKind::Malformed,
            format!("{new} is not what was written to it: nothing was changed."),
        ));
    }
    act(connection, &["mv", "-f", "--", &new, file], Bytes::new(), limits).await
}

async fn act(connection: &Connection, words: &[&str], input: Bytes, limits: Limits) -> Result<(), Error> {
    let output = connection.run_with_input(words, input, limits).await?;
    match output.status {
        Some(0) => Ok(()),
        status => Err(stderr::to_error(
            &format!("`{}`", connection.command_line(words)),
            status,
            &output.stderr,
        )),
    }
}

fn other(on: bool) -> Switch {
    if on { Switch::Off } else { Switch::On }
}

fn unsupported(why: &str) -> Error {
    Error::new(ErrorKind::NotSupported { action: None }, why)
}
