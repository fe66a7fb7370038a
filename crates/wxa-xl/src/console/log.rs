//! What the host itself recorded of a console.
use crate::{driver::Host, parse::stderr, transport::Limits};
use bytes::Bytes;
use wxa_driver::{Error, ErrorKind};
use wxa_model::VmId;

/// More than this is never fetched.
const MOST: usize = 4 << 20;
/// A file's name has at most 255 bytes, `guest-` and `.log` included.
const LONGEST_NAME: usize = 255 - "guest-.log".len();

/// The end of the guest's log; empty where there is none.
///
/// # Errors
/// As for any call to the host.
pub(crate) async fn log(host: &Host, vm: VmId, limit: usize) -> Result<Bytes, Error> {
    let connection = host.connection().await?;
    let world = match host.world().get(vm) {
        Some(_) => host.world(),
        None => host.look(&connection).await?,
    };
    let sighting = world
        .get(vm)
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "The VM is not on the host."))?;
    let name = &sighting.name;
    // The log is by name; a name that cannot be part of a file's has none.
    if name.is_empty() || name.contains('/') || name.contains('\u{fffd}') || name.len() > LONGEST_NAME {
        return Ok(Bytes::new());
    }
    let limit = limit.min(MOST);
    let path = format!("/var/log/xen/console/guest-{name}.log");
    let count = limit.to_string();
    let output = connection
        .run(&["tail", "-c", &count, "--", &path], Limits::read(limit + 1))
        .await?;
    if output.status == Some(0) {
        return Ok(Bytes::from(output.stdout));
    }
    if output.stderr.contains("No such file") {
        return Ok(Bytes::new());
    }
    Err(stderr::to_error(
        "Reading the console's log",
        output.status,
        &output.stderr,
    ))
}
