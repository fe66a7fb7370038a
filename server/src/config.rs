//! Settings: configuration file, then `WXA_*` environment, then flags; every problem is told at once.
pub mod document;
mod effective;
mod layers;
mod public_url;
mod shown;
mod table;
mod tls;

pub use effective::{Effective, effective};
pub use layers::{ConfigProblems, Layer};
pub use public_url::PublicUrl;
pub use table::{SETTINGS, Setting, setting};
pub use wxa_model::Network;

use layers::Reader;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tracing_subscriber::EnvFilter;

/// Everything `serve` can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to listen. Without TLS, a reverse proxy that does it belongs in front beyond loopback.
    pub listen: SocketAddr,
    /// TLS of our own.
    pub tls: Tls,
    /// Database and sealing key live here.
    pub data_dir: PathBuf,
    /// What browsers get (`manifest.json` and the files it names), where that is not what is inside the program.
    pub site_dir: Option<PathBuf>,
    /// The address under which browsers reach the server, where that is not `listen`.
    pub public_url: Option<PublicUrl>,
    /// Reverse proxies that are believed when they say who asks, and how.
    pub trusted_proxies: Vec<Network>,
    /// Which headers they say it with.
    pub proxy_headers: ProxyHeaders,
    /// Between two pings on a WebSocket: shorter than any proxy's patience.
    pub socket_ping: Duration,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged, as `tracing-subscriber` filters are written.
    pub log: String,
}

/// TLS of our own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// None.
    #[default]
    Off,
    /// With a certificate that somebody else keeps.
    Files {
        /// The certificate and those that signed it, PEM.
        cert: PathBuf,
        /// Its private key, PEM.
        key: PathBuf,
    },
    /// With one of our own making.
    SelfSigned,
}

/// How trusted proxies say who asks. The other headers may come from anybody, through the proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyHeaders {
    /// `X-Forwarded-For` and `X-Forwarded-Proto`.
    #[default]
    XForwarded,
    /// `Forwarded` (RFC 7239).
    Forwarded,
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
            tls: tls::read(&mut reader),
            trusted_proxies: reader.list("trusted_proxies", "IP addresses or networks such as 10.0.0.0/8"),
            proxy_headers: reader.parse(
                "proxy_headers",
                ProxyHeaders::default(),
                "x-forwarded or forwarded",
            ),
            socket_ping: reader
                .parse(
                    "socket_ping_s",
                    PingSeconds(20),
                    "a number of seconds from 1 to 600",
                )
                .duration(),
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

impl std::str::FromStr for ProxyHeaders {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "x-forwarded" => Ok(Self::XForwarded),
            "forwarded" => Ok(Self::Forwarded),
            _ => Err(()),
        }
    }
}

/// A pause between pings that makes sense.
struct PingSeconds(u16);

impl PingSeconds {
    fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

impl std::str::FromStr for PingSeconds {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let seconds = text.parse().ok().filter(|seconds| (1..=600).contains(seconds));
        seconds.map(Self).ok_or(())
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
