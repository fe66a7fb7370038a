//! `webxenadmin serve`.
use anyhow::Context;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{open, settings::SettingsArgs, setup_link};
use crate::{AppState, Config, Options, config::PublicUrl, listen, logs, notify::Notify, router};

/// A server that is about to serve.
pub(super) struct Ready {
    pub(super) app: AppState,
    pub(super) listener: TcpListener,
    /// `http://127.0.0.1:8006`, or the public one.
    pub(super) url: String,
}

/// Starts core and takes the port.
///
/// # Errors
/// When the data cannot be opened or the port is taken.
pub(super) async fn prepare(config: &Config) -> anyhow::Result<Ready> {
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "listening on {} (--listen chooses another address)",
            config.listen
        )
    })?;
    let core = open::serving(&config.data_dir).await?;
    let app = AppState::new(core, Options::from_config(config));
    let url = address(config.public_url.as_ref(), listener.local_addr()?);
    Ok(Ready { app, listener, url })
}

/// Serves until the process is asked to stop.
///
/// # Errors
/// When listening or watching for signals fails.
pub(super) async fn serve(ready: Ready) -> anyhow::Result<()> {
    let Ready { app, listener, url } = ready;
    let notify = Notify::from_env();
    // Watched for first: unwatched, SIGHUP would end the process.
    let mut reload = listen::asked_to_reload()?;
    let stop = CancellationToken::new();
    let mut serving = std::pin::pin!(listen::serve(
        listener,
        router(app.clone()),
        app.clone(),
        stop.clone()
    ));
    let mut alive = std::pin::pin!(stay_alive(&notify, &app));
    let mut asked_to_stop = std::pin::pin!(listen::asked_to_stop());
    notify.ready(&url);
    loop {
        tokio::select! {
            ended = &mut serving => return Ok(ended?),
            asked = &mut asked_to_stop => break asked?,
            () = &mut alive => {}
            Some(()) = reload.recv() => {
                notify.reloading();
                tracing::info!("asked to reload: settings are read at the start only");
                notify.ready(&url);
            }
        }
    }
    notify.stopping();
    tracing::info!("stopping; asked again, it stops at once");
    stop.cancel();
    tokio::select! {
        ended = &mut serving => Ok(ended?),
        _ = listen::asked_to_stop() => anyhow::bail!("stopped at once"),
    }
}

/// Tells the service manager's watchdog that core still answers; it starts the server anew when that ends.
async fn stay_alive(notify: &Notify, app: &AppState) {
    let Some(every) = notify.alive_every() else {
        return std::future::pending().await;
    };
    let mut times = tokio::time::interval(every);
    loop {
        times.tick().await;
        // Whether it is ready is for those who watch `/readyz`: a new start heals no full disk.
        app.core.readiness().await;
        notify.alive();
    }
}

/// `webxenadmin serve`.
pub(super) async fn run(args: &SettingsArgs) -> anyhow::Result<()> {
    let config = args.read()?;
    logs::start(&config)?;
    let ready = prepare(&config).await?;
    tracing::info!(url = ready.url, "serving");
    if !config.listen.ip().is_loopback() && !config.public_url.as_ref().is_some_and(PublicUrl::is_https) {
        tracing::warn!("signing in works on this machine only: put a TLS proxy in front and set public_url");
    }
    if ready.app.core.setup_needed().await? {
        // Whoever has the link becomes the administrator. A journal is read by more people than a terminal.
        if std::env::var_os("JOURNAL_STREAM").is_some() {
            tracing::info!(
                "there is no administrator yet: `webxenadmin setup-link` prints a link that makes one"
            );
        } else {
            setup_link::print(&ready.app.core, &ready.url).await?;
        }
    }
    serve(ready).await
}

/// To standard output, which is for people and scripts; logs go to standard error.
#[expect(clippy::print_stdout, reason = "this is the command line's answer")]
pub(super) fn say(text: &str) {
    use std::io::Write;
    println!("{text}");
    // Whoever reads through a pipe waits for it.
    let _ = std::io::stdout().flush();
}

/// Under which address browsers reach a server that listens there.
pub(super) fn address(public_url: Option<&PublicUrl>, listening: SocketAddr) -> String {
    match public_url {
        Some(url) => url.origin().to_owned(),
        None if listening.ip().is_unspecified() => format!("http://127.0.0.1:{}", listening.port()),
        None => format!("http://{listening}"),
    }
}
