//! Settings: configuration file, then `WXA_*` environment, then flags; every problem is told at once.
mod layers;
mod public_url;

pub use layers::{ConfigProblems, Layer};
pub use public_url::PublicUrl;

use layers::Reader;
use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

/// Everything `serve` can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to listen. Plain HTTP: beyond loopback a reverse proxy with TLS belongs in front.
    pub listen: SocketAddr,
    /// Database and sealing key live here.
    pub data_dir: PathBuf,
    /// What browsers get: `manifest.json` and the files it names.
    pub site_dir: PathBuf,
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

/// Every key of the configuration file, with the variable that overrides it.
pub const KEYS: [(&str, &str); 7] = [
    ("listen", "WXA_LISTEN"),
    ("data_dir", "WXA_DATA_DIR"),
    ("site_dir", "WXA_SITE_DIR"),
    ("public_url", "WXA_PUBLIC_URL"),
    ("trusted_proxies", "WXA_TRUSTED_PROXIES"),
    ("log_format", "WXA_LOG_FORMAT"),
    ("log", "WXA_LOG"),
];

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
            site_dir: reader
                .text("site_dir")
                .map_or_else(default_site_dir, PathBuf::from),
            public_url: reader.option(
                "public_url",
                "an address such as https://console.example, without a path",
            ),
            trusted_proxies: reader.list("trusted_proxies", "IP addresses"),
            log_format: reader.parse("log_format", LogFormat::Human, "human or json"),
            log: reader.text("log").unwrap_or_else(|| "info".into()),
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

/// `target/site` in a work tree, else `site` beside the program.
fn default_site_dir() -> PathBuf {
    let in_work_tree = Path::new("target/site");
    if in_work_tree.is_dir() {
        return in_work_tree.to_owned();
    }
    let program = std::env::current_exe().ok();
    program
        .as_deref()
        .and_then(Path::parent)
        .map_or_else(|| in_work_tree.to_owned(), |folder| folder.join("site"))
}

#[cfg(test)]
mod tests;
