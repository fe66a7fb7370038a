//! Listening, and stopping without leaving anybody hanging.
use axum::{Router, serve::ListenerExt};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use crate::AppState;

/// How long open sockets and requests may take to end.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// Serves `router` on `listener` until `stop`, then ends sockets, requests and core, each within a bound.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    app: AppState,
    stop: CancellationToken,
) -> io::Result<()> {
    // Small frames must not wait for company.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let asked_to_stop = stop.clone().cancelled_owned();
    let serving = axum::serve(listener, service).with_graceful_shutdown(asked_to_stop);
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
