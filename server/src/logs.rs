//! Structured logs on standard error.
use crate::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts logging. A second call does nothing.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = filter(&config.log)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let _already_started = match config.log_format {
        LogFormat::Human => builder
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// What is logged. What travels through sockets is not, whatever was asked for: it is what people type and what guests print, and the
/// library would write down every frame.
///
/// # Errors
/// When it cannot be read.
pub fn filter(log: &str) -> anyhow::Result<EnvFilter> {
    let quiet = "tungstenite=info".parse()?;
    Ok(EnvFilter::try_new(log)?.add_directive(quiet))
}
