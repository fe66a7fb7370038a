//! What every handler can reach.
use std::{ops::Deref, sync::Arc, time::Duration};
use wxa_core::Core;

use crate::{
    assets::{Site, SiteError},
    config::{Config, PublicUrl},
    idempotency::Idempotency,
    proxies::Proxies,
    sockets::Sockets,
    status,
    tls::Shown,
};

/// The application. Cloning gives another handle.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Inner>);

/// What is behind an [`AppState`].
pub struct Inner {
    /// All operations.
    pub core: Core,
    /// What browsers download.
    pub site: Site,
    /// The address under which browsers reach us, where that is not the one we listen on.
    pub public_url: Option<PublicUrl>,
    /// Who is believed about who asks.
    pub proxies: Proxies,
    /// Between two pings on a socket.
    pub socket_ping: Duration,
    /// The certificate that is shown; none where TLS is off.
    pub tls: Option<Arc<Shown>>,
    /// Replies by idempotency key.
    pub idempotency: Idempotency,
    /// The open sockets.
    pub sockets: Sockets,
    /// Status pages as they were rendered last.
    pub status: status::Pages,
}

/// What the HTTP side needs to know besides core.
#[derive(Debug)]
pub struct Options {
    /// What browsers download.
    pub site: Site,
    /// See [`Inner::public_url`].
    pub public_url: Option<PublicUrl>,
    /// See [`Inner::proxies`].
    pub proxies: Proxies,
    /// See [`Inner::socket_ping`].
    pub socket_ping: Duration,
    /// See [`Inner::tls`].
    pub tls: Option<Arc<Shown>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            site: Site::default(),
            public_url: None,
            proxies: Proxies::default(),
            socket_ping: Duration::from_secs(20),
            tls: None,
        }
    }
}

impl Options {
    /// From the settings; a missing build is logged and done without.
    pub fn from_config(config: &Config) -> Self {
        let site = Site::find(config.site_dir.as_deref()).unwrap_or_else(|error| {
            match &error {
                SiteError::NotBuilt(_) => tracing::warn!("{error}"),
                _ => tracing::error!("the site cannot be served: {error}"),
            }
            Site::default()
        });
        Self {
            site,
            public_url: config.public_url.clone(),
            proxies: Proxies {
                trusted: config.trusted_proxies.clone(),
                headers: config.proxy_headers,
            },
            socket_ping: config.socket_ping,
            tls: None,
        }
    }
}

impl AppState {
    /// Around a started core.
    pub fn new(core: Core, options: Options) -> Self {
        Self(Arc::new(Inner {
            core,
            site: options.site,
            public_url: options.public_url,
            proxies: options.proxies,
            socket_ping: options.socket_ping,
            tls: options.tls,
            idempotency: Idempotency::default(),
            sockets: Sockets::default(),
            status: status::Pages::default(),
        }))
    }
}

impl Deref for AppState {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner")
            .field("sockets", &self.sockets)
            .finish_non_exhaustive()
    }
}
