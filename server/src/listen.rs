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

/// SIGTERM and Ctrl-C, watched for from the moment this is made: until then they end the process at once.
#[derive(Debug)]
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Begins to watch.
    ///
    /// # Errors
    /// When signals cannot be watched.
    pub fn watch() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Resolves when the process is asked to stop.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Tells each time that the process is asked to read anew what it can, by SIGHUP. From now on SIGHUP does not end it.
///
/// # Errors
/// When signals cannot be watched.
pub fn asked_to_reload() -> io::Result<Signal> {
    signal(SignalKind::hangup())
}
