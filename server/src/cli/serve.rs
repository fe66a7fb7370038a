//! `webxenadmin serve`.
use anyhow::Context;
use std::{net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, signal::unix::Signal};
use tokio_util::sync::CancellationToken;

use super::{open, settings::SettingsArgs, setup_link};
use crate::{
    AppState, Config, Options,
    config::{PublicUrl, Tls},
    listen::{self, Door, StopSignals},
    logs,
    notify::Notify,
    router,
    tls::{self, Shown, Source},
};

/// A server that is about to serve.
pub(super) struct Ready {
    pub(super) app: AppState,
    pub(super) door: Door,
    /// Where the certificate comes from; none without TLS.
    pub(super) certificate: Option<(Source, Arc<Shown>, tls::Watch)>,
    /// `http://127.0.0.1:8006`, or the public one.
    pub(super) url: String,
    /// Watched for before anybody is told that the server is there.
    pub(super) stop_signals: StopSignals,
    /// The same: unwatched, SIGHUP would end the process.
    pub(super) reload: Signal,
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
    let mut options = Options::from_config(config);
    let url = address(config, listener.local_addr()?);
    let (door, certificate) = match Source::from_config(config) {
        None => (Door::plain(listener), None),
        Some(source) => {
            let watch = tls::Watch::begin(&source)?;
            let pair = source.load()?;
            for warning in &pair.warnings {
                tracing::warn!("{warning}");
            }
            let shown = Shown::new(pair, &source);
            options.tls = Some(shown.clone());
            let acceptor = tls::acceptor(shown.clone())?;
            let door = Door::with_tls(listener, acceptor, config.public_url.clone());
            (door, Some((source, shown, watch)))
        }
    };
    Ok(Ready {
        app: AppState::new(core, options),
        door,
        certificate,
        url,
        stop_signals: StopSignals::watch()?,
        reload: listen::asked_to_reload()?,
    })
}

/// Serves until the process is asked to stop.
///
/// # Errors
/// When listening or watching for signals fails.
pub(super) async fn serve(ready: Ready) -> anyhow::Result<()> {
    let Ready {
        app,
        door,
        certificate,
        url,
        mut stop_signals,
        mut reload,
    } = ready;
    let notify = Notify::from_env();
    let stop = CancellationToken::new();
    let mut serving = std::pin::pin!(listen::serve(
        door,
        router(app.clone()),
        app.clone(),
        stop.clone()
    ));
    let mut certificate = std::pin::pin!(async {
        match certificate {
            Some((source, shown, watch)) => tls::keep(source, shown, watch).await,
            None => std::future::pending().await,
        }
    });
    let mut alive = std::pin::pin!(stay_alive(&notify, &app));
    notify.ready(&url);
    loop {
        tokio::select! {
            ended = &mut serving => return Ok(ended?),
            () = &mut certificate => {}
            () = stop_signals.asked() => break,
            () = &mut alive => {}
            Some(()) = reload.recv() => {
                notify.reloading();
                tracing::info!("asked to reload: the certificate is read anew, settings at the start only");
                notify.ready(&url);
            }
        }
    }
    notify.stopping();
    tracing::info!("stopping; asked again, it stops at once");
    stop.cancel();
    tokio::select! {
        ended = &mut serving => Ok(ended?),
        () = stop_signals.asked() => anyhow::bail!("stopped at once"),
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
    if let Some((source, shown, _)) = &ready.certificate {
        let pair = shown.pair();
        tracing::info!(
            fingerprint = pair.fingerprint,
            ends = pair.ends,
            "TLS certificate"
        );
        if source.is_self_signed() {
            say(&format!(
                "Browsers will warn of this server's own certificate. Compare its SHA-256 fingerprint with theirs:\n  {}",
                pair.fingerprint
            ));
        }
    } else if !config.listen.ip().is_loopback()
        && !config.public_url.as_ref().is_some_and(PublicUrl::is_https)
    {
        tracing::warn!(
            "signing in works on this machine only: set tls_cert and tls_key or tls, or put a TLS proxy in front and set public_url"
        );
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
pub(super) fn address(config: &Config, listening: SocketAddr) -> String {
    let scheme = match config.tls {
        Tls::Off => "http",
        Tls::Files { .. } | Tls::SelfSigned => "https",
    };
    match &config.public_url {
        Some(url) => url.origin().to_owned(),
        None if listening.ip().is_unspecified() => format!("{scheme}://127.0.0.1:{}", listening.port()),
        None => format!("{scheme}://{listening}"),
    }
}
