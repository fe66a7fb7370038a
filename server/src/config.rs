//! Settings: configuration file, then `WXA_*` environment, then flags; every problem is told at once.
pub mod document;
mod effective;
mod layers;
mod public_url;
mod shown;
mod table;

pub use effective::{Effective, effective};
pub use layers::{ConfigProblems, Layer};
pub use public_url::PublicUrl;
pub use table::{SETTINGS, Setting, setting};

use layers::Reader;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};
use tracing_subscriber::EnvFilter;

/// Everything `serve` can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to listen. Plain HTTP: beyond loopback a reverse proxy with TLS belongs in front.
    pub listen: SocketAddr,
    /// Database and sealing key live here.
    pub data_dir: PathBuf,
    /// What browsers get (`manifest.json` and the files it names), where that is not what is inside the program.
    pub site_dir: Option<PathBuf>,
    /// The address under which browsers reach the server, where that is not `listen`.
    pub public_url: Option<PublicUrl>,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged, as `tracing-subscriber` filters are written.
    pub log: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object per line.
    Json,
}

impl Config {
    /// Reads the layers, the weakest first.
    ///
    /// # Errors
    /// All that is wrong, in all layers, each with where it was said.
    pub fn from_layers(layers: &[Layer]) -> Result<Self, ConfigProblems> {
        let mut reader = Reader::new(layers);
        let config = Self {
            listen: reader.parse(
                "listen",
                SocketAddr::from(([127, 0, 0, 1], 8006)),
                "an address and port such as 127.0.0.1:8006",
            ),
            data_dir: reader
                .text("data_dir")
                .map_or_else(default_data_dir, PathBuf::from),
            site_dir: reader.text("site_dir").map(PathBuf::from),
            public_url: reader.option(
                "public_url",
                "an address such as https://console.example, without a path",
            ),
            trusted_proxies: reader.list("trusted_proxies", "IP addresses"),
            log_format: reader.parse("log_format", LogFormat::Human, "human or json"),
            log: reader
                .text_if(
                    "log",
                    |text| EnvFilter::try_new(text).is_ok(),
                    "a level such as info, or levels by module such as info,russh=warn",
                )
                .unwrap_or_else(|| "info".into()),
        };
        reader.finish().map(|()| config)
    }
}

impl std::str::FromStr for LogFormat {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

/// `$XDG_DATA_HOME/webxenadmin`, else `~/.local/share/webxenadmin`, else `./webxenadmin-data`.
pub fn default_data_dir() -> PathBuf {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("XDG_DATA_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .map_or_else(
            || PathBuf::from("webxenadmin-data"),
            |base| base.join("webxenadmin"),
        )
}

#[cfg(test)]
mod tests;
