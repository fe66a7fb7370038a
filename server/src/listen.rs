//! Listening, and stopping without leaving anybody hanging.
mod door;
mod plain_http;

pub use door::{Door, Peer, Scheme};

use axum::Router;
use std::{io, time::Duration};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::AppState;

/// How long open sockets and requests may take to end.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// Serves `router` at `door` until `stop`, then ends sockets, requests and core, each within a bound.
///
/// # Errors
/// When the listener fails.
pub async fn serve(door: Door, router: Router, app: AppState, stop: CancellationToken) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<Peer>();
    let asked_to_stop = stop.clone().cancelled_owned();
    let serving = axum::serve(door, service).with_graceful_shutdown(asked_to_stop);
    let mut serving = std::pin::pin!(serving.into_future());
    tokio::select! {
        ended = &mut serving => ended?,
        () = stop.cancelled() => {
            let ending = async { tokio::join!(app.sockets.stop(STOP_WITHIN), &mut serving) };
            match tokio::time::timeout(STOP_WITHIN, ending).await {
                Ok(((), ended)) => ended?,
                Err(_) => tracing::warn!("requests did not end in time"),
            }
        }
    }
    app.core.stop().await;
    Ok(())
}

/// Resolves when the process is asked to stop, by SIGTERM or Ctrl-C.
///
/// # Errors
/// When signals cannot be watched.
pub async fn asked_to_stop() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Tells each time that the process is asked to read anew what it can, by SIGHUP. From now on SIGHUP does not end it.
///
/// # Errors
/// When signals cannot be watched.
pub fn asked_to_reload() -> io::Result<Signal> {
    signal(SignalKind::hangup())
}
