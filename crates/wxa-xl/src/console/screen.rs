//! Screens: the RFB server that the guest's emulator runs, reached through the connection to the host. It listens at an address of the
//! host, usually its own; nothing is opened to the outside.
mod display;
mod door;
mod pump;

pub use door::played;

use crate::driver::Host;
use display::Display;
use std::time::Duration;
use tokio::time::timeout;
use wxa_driver::{ConsoleIo, Error, ErrorKind};
use wxa_model::{ConsoleKind, VmId};

/// How long the emulator may take to let us in.
const OPENS: Duration = Duration::from_secs(15);

/// Attaches to the screen of a VM.
///
/// # Errors
/// See [`wxa_driver::Driver::console`].
pub(super) async fn attach(host: &Host, vm: VmId) -> Result<ConsoleIo, Error> {
    let control = host.connection().await?;
    let sighting = host.sight(&control, vm).await?;
    let name = &sighting.vm.name;
    let Some(domid) = sighting.domid else {
        return Err(Error::new(
            ErrorKind::Refused {
                code: "not_running".to_owned(),
            },
            format!("{name} is not running: it has no screen now."),
        ));
    };
    let Some(display) = Display::of(&control, domid).await? else {
        return Err(match sighting.vm.consoles.contains(&ConsoleKind::Graphical) {
            // Its emulator is only starting.
            true => Error::new(ErrorKind::Busy, format!("The screen of {name} is not there yet.")),
            false => Error::new(
                ErrorKind::NotSupported { action: None },
                format!("{name} has no screen."),
            ),
        });
    };
    let line = host.consoles().take(&host.config().reach).await?;
    let mut stream = line.connection().tunnel(&display.address, display.port).await?;
    let opened = timeout(
        OPENS,
        door::enter(&mut stream, display::password(&control, domid)),
    )
    .await;
    opened.map_err(|_| {
        Error::new(
            ErrorKind::TimedOut { maybe_done: false },
            format!("The screen of {name} did not open within {} s.", OPENS.as_secs()),
        )
    })??;
    // The domain may have ended meanwhile, and its port may be another guest's by now.
    if Display::of(&control, domid).await?.as_ref() != Some(&display) {
        return Err(Error::new(
            ErrorKind::Busy,
            format!("{name} is stopping or moving."),
        ));
    }
    let (io, pump) = pump::start(line, stream);
    host.pump(pump);
    Ok(io)
}
