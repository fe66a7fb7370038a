//! Consoles: `CONNECT /console` at the member that the VM runs on, then raw bytes, of a terminal or of RFB.
mod pump;
mod screen;
pub(crate) mod url;

use crate::{
    http::Request,
    pool::{self, Pool},
    world::Place,
};
use secrecy::ExposeSecret;
use std::time::Duration;
use tokio::time::timeout;
use url::Location;
use wxa_driver::{ConsoleIo, Error, ErrorKind};
use wxa_model::{ConsoleKind, GuestType, PowerState, VmId};

/// How long opening may take.
const OPENS: Duration = Duration::from_secs(15);

/// Attaches to a console.
///
/// # Errors
/// See [`wxa_driver::Driver::console`].
pub(crate) async fn attach(pool: &Pool, vm: VmId, kind: ConsoleKind) -> Result<ConsoleIo, Error> {
    let place = pool.place(vm).await?;
    match (kind, &place.text_console) {
        (ConsoleKind::Graphical, _) => open(pool, screen::of(&place)?, kind).await,
        (_, Some(url)) => open(pool, url, kind).await,
        (ConsoleKind::Serial, None) => serial(pool, &place).await,
        (ConsoleKind::Pv, None) => Err(none(&place)),
    }
}

/// Attaches to the serial port of an HVM guest, which XAPI does not offer: on the member that it runs on.
async fn serial(pool: &Pool, place: &Place) -> Result<ConsoleIo, Error> {
    if !matches!(place.power, PowerState::Running | PowerState::Paused) {
        return Err(not_running(place));
    }
    let (Some(shell), Ok(of)) = (&pool.config().shell, &place.serial) else {
        return Err(none(place));
    };
    match timeout(OPENS, shell.serial(of)).await {
        Ok(opened) => opened,
        Err(_) => Err(Error::new(
            ErrorKind::TimedOut { maybe_done: false },
            format!(
                "The console on {} did not open within {} s.",
                of.member_name,
                OPENS.as_secs()
            ),
        )),
    }
}

fn none(place: &Place) -> Error {
    if place.power != PowerState::Running {
        return not_running(place);
    }
    let why = match (place.guest_type, &place.serial) {
        (Some(GuestType::Hvm), Err(why)) => why.sentence().to_owned(),
        _ => format!("The pool offers no text console of {}.", place.name),
    };
    Error::new(ErrorKind::NotSupported { action: None }, why)
}

fn not_running(place: &Place) -> Error {
    Error::new(
        ErrorKind::Refused {
            code: "not_running".to_owned(),
        },
        format!("{} is not running.", place.name),
    )
}

async fn open(pool: &Pool, url: &str, kind: ConsoleKind) -> Result<ConsoleIo, Error> {
    match timeout(OPENS, connect(pool, url, kind)).await {
        Ok(opened) => opened,
        Err(_) => Err(Error::new(
            ErrorKind::TimedOut { maybe_done: false },
            format!("The console did not open within {} s.", OPENS.as_secs()),
        )),
    }
}

async fn connect(pool: &Pool, url: &str, kind: ConsoleKind) -> Result<ConsoleIo, Error> {
    let location = Location::read(url).ok_or_else(|| {
        Error::new(
            ErrorKind::Malformed,
            "The pool does not tell where the console is.",
        )
    })?;
    let port = location.port.unwrap_or(pool.config().port);
    let mut signed_in_again = false;
    loop {
        let session = pool.session().await?;
        let cookie = pool::cookie(&session);
        let mut connection = pool.connect_at(&location.host, port).await?;
        let request = Request {
            method: "CONNECT",
            target: &location.target,
            version: "HTTP/1.0",
            headers: &[("Cookie", cookie.expose_secret())],
            body: None,
        };
        let head = connection.send(&request).await?;
        match head.status {
            200 => {
                if kind == ConsoleKind::Graphical {
                    screen::greets(&mut connection).await?;
                }
                let (stream, early) = connection.into_stream();
                return Ok(pump::start(pool, stream, early));
            }
            401 if !signed_in_again => {
                signed_in_again = true;
                pool.forget(&session).await;
            }
            status => return Err(refused(status)),
        }
    }
}

fn refused(status: u16) -> Error {
    let (kind, sentence) = match status {
        401 => (
            ErrorKind::Unauthenticated,
            "The host of the VM does not know our session.".to_owned(),
        ),
        403 => (
            ErrorKind::PermissionDenied,
            "The pool does not let this account open this console.".to_owned(),
        ),
        404 => (
            ErrorKind::NotFound,
            "The console is no longer there: the VM has stopped or moved.".to_owned(),
        ),
        500 => (
            ErrorKind::Busy,
            "The VM is stopping or moving to another host.".to_owned(),
        ),
        503 => (
            ErrorKind::Busy,
            "Somebody else has the console open, and the pool allows one at a time.".to_owned(),
        ),
        other => (
            ErrorKind::Malformed,
            format!("The host answers HTTP {other} when asked for a console."),
        ),
    };
    Error::new(kind, sentence)
}
