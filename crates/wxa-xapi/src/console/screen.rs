//! Screens: the console that a pool tells with protocol `rfb`, from the server's greeting on.
use crate::{http::Connection, world::Place};
use wxa_driver::{Error, ErrorKind};
use wxa_model::PowerState;

/// How every version of RFB greets: `RFB 003.008` and a new line (RFC 6143, 7.1.1).
const GREETING: &[u8] = b"RFB ";

/// Where the screen of a VM is.
///
/// # Errors
/// `Refused` when the VM does not run, `NotSupported` when it has none.
pub(super) fn of(place: &Place) -> Result<&str, Error> {
    match &place.screen {
        Some(url) => Ok(url),
        None if place.power != PowerState::Running => Err(super::not_running(place)),
        None => Err(Error::new(
            ErrorKind::NotSupported { action: None },
            format!("{} has no screen.", place.name),
        )),
    }
}

/// Waits for the greeting, which stays to be read: a host that goes on with something else would leave whoever looks before a
/// picture that never comes.
///
/// # Errors
/// `Malformed`; as for any reading.
pub(super) async fn greets(connection: &mut Connection) -> Result<(), Error> {
    let said = connection.peek(GREETING.len()).await?;
    match said == GREETING {
        true => Ok(()),
        false if said.is_empty() => Err(Error::new(
            ErrorKind::Busy,
            "The host closed the screen at once: the VM is stopping or moving.",
        )),
        false => Err(Error::new(
            ErrorKind::Malformed,
            "What the host sends is no screen: it does not begin as RFB does.",
        )),
    }
}
