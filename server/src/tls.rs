//! TLS of our own: which certificate is shown, checked before it is used and replaced while connections go on.
mod keeper;
mod names;
mod pair;
pub mod probe;
mod self_signed;
mod shown;

pub use keeper::{Watch, keep};
pub use pair::{Pair, Problems};
pub use shown::Shown;

use std::{path::PathBuf, sync::Arc};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, version},
};

use crate::{Config, config::Tls};

/// Where a certificate comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// From files that somebody else keeps.
    Files {
        /// The certificate and those that signed it, PEM.
        cert: PathBuf,
        /// Its private key, PEM.
        key: PathBuf,
    },
    /// One of our own making, in the data folder.
    SelfSigned {
        /// The data folder.
        folder: PathBuf,
        /// What browsers may call us.
        names: Vec<String>,
    },
}

impl Source {
    /// As the settings say; none where TLS is off.
    pub fn from_config(config: &Config) -> Option<Self> {
        match &config.tls {
            Tls::Off => None,
            Tls::Files { cert, key } => Some(Self::Files {
                cert: cert.clone(),
                key: key.clone(),
            }),
            Tls::SelfSigned => Some(Self::SelfSigned {
                folder: config.data_dir.clone(),
                names: names::of(config.listen, config.public_url.as_ref()),
            }),
        }
    }

    /// Whether the certificate is one of our own making: browsers must be told its fingerprint by a person.
    pub fn is_self_signed(&self) -> bool {
        matches!(self, Self::SelfSigned { .. })
    }

    /// The certificate as it is now. Our own is made when it is missing, ends soon, or lacks a name.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn load(&self) -> Result<Pair, Problems> {
        match self {
            Self::Files { cert, key } => Pair::read(cert, key),
            Self::SelfSigned { folder, names } => self_signed::load(folder, names),
        }
    }

    /// The same, without making anything.
    ///
    /// # Errors
    /// All that is wrong with it, that it was not made yet included.
    pub fn look(&self) -> Result<Pair, Problems> {
        let (cert, key) = self.paths();
        Pair::read(&cert, &key)
    }

    /// Certificate and key.
    pub fn paths(&self) -> (PathBuf, PathBuf) {
        match self {
            Self::Files { cert, key } => (cert.clone(), key.clone()),
            Self::SelfSigned { folder, .. } => self_signed::paths(folder),
        }
    }
}

/// Accepts connections with whatever certificate is shown at the time.
pub fn acceptor(shown: Arc<Shown>) -> Result<TlsAcceptor, tokio_rustls::rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(shown);
    // WebSockets need HTTP/1.1, and a page with its socket needs few connections.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
