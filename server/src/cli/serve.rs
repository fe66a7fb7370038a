//! `webxenadmin serve`.
use anyhow::Context;
use clap::Args;
use secrecy::ExposeSecret;
use std::{net::SocketAddr, path::PathBuf};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::open;
use crate::{
    AppState, Config, Options,
    config::{Layer, PublicUrl},
    listen, logs, router,
};

/// What `serve` and `demo` can be told; the same can be said in the file and the environment.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeArgs {
    /// Address and port to listen on [default: 127.0.0.1:8006]
    #[arg(long)]
    listen: Option<String>,
    /// Where database and sealing key live [default: ~/.local/share/webxenadmin]
    #[arg(long)]
    data_dir: Option<String>,
    /// The site that `cargo xtask build` made [default: target/site, or site beside the program]
    #[arg(long)]
    site_dir: Option<String>,
    /// The address under which browsers reach the server, e.g. https://console.example
    #[arg(long)]
    public_url: Option<String>,
    /// human or json
    #[arg(long)]
    log_format: Option<String>,
    /// What to log, e.g. info or debug,russh=warn
    #[arg(long)]
    log: Option<String>,
    /// Configuration file (TOML)
    #[arg(long, env = "WXA_CONFIG")]
    config: Option<PathBuf>,
}

impl ServeArgs {
    /// Settings from file, environment and flags; `base` is weaker than all of them.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub(super) fn config(&self, base: Layer) -> anyhow::Result<Config> {
        let mut layers = vec![base];
        if let Some(path) = &self.config {
            let text =
                std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            layers.push(Layer::from_toml(&path.display().to_string(), &text));
        }
        layers.push(Layer::from_env(|name| std::env::var(name).ok()));
        layers.push(Layer::from_flags([
            ("listen", self.listen.clone()),
            ("data_dir", self.data_dir.clone()),
            ("site_dir", self.site_dir.clone()),
            ("public_url", self.public_url.clone()),
            ("log_format", self.log_format.clone()),
            ("log", self.log.clone()),
        ]));
        Ok(Config::from_layers(&layers)?)
    }
}

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
    let stop = CancellationToken::new();
    let router = router(ready.app.clone());
    let mut serving = std::pin::pin!(listen::serve(ready.listener, router, ready.app, stop.clone()));
    tokio::select! {
        ended = &mut serving => return Ok(ended?),
        asked = listen::asked_to_stop() => asked?,
    }
    tracing::info!("stopping; asked again, it stops at once");
    stop.cancel();
    tokio::select! {
        ended = &mut serving => Ok(ended?),
        _ = listen::asked_to_stop() => anyhow::bail!("stopped at once"),
    }
}

/// `webxenadmin serve`.
pub(super) async fn run(args: &ServeArgs) -> anyhow::Result<()> {
    let config = args.config(Layer::default())?;
    logs::start(&config)?;
    let ready = prepare(&config).await?;
    tracing::info!(url = ready.url, "serving");
    if !config.listen.ip().is_loopback() && !config.public_url.as_ref().is_some_and(PublicUrl::is_https) {
        tracing::warn!("signing in works on this machine only: put a TLS proxy in front and set public_url");
    }
    if ready.app.core.setup_needed().await? {
        let token = ready.app.core.setup_token_create().await?;
        // To the terminal only: whoever has this link becomes the administrator.
        say(&format!(
            "There is no administrator yet. Make one here (once, within 24 hours):\n  {}/setup?token={}",
            ready.url,
            token.expose_secret()
        ));
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

fn address(public_url: Option<&PublicUrl>, listening: SocketAddr) -> String {
    match public_url {
        Some(url) => url.origin().to_owned(),
        None if listening.ip().is_unspecified() => format!("http://127.0.0.1:{}", listening.port()),
        None => format!("http://{listening}"),
    }
}
