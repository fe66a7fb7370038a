//! What every handler can reach.
use std::{net::IpAddr, ops::Deref, sync::Arc};
use wxa_core::Core;

use crate::{
    assets::{Site, SiteError},
    config::{Config, PublicUrl},
    idempotency::Idempotency,
    sockets::Sockets,
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
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Replies by idempotency key.
    pub idempotency: Idempotency,
    /// The open sockets.
    pub sockets: Sockets,
}

/// What the HTTP side needs to know besides core.
#[derive(Debug, Default)]
pub struct Options {
    /// What browsers download.
    pub site: Site,
    /// See [`Inner::public_url`].
    pub public_url: Option<PublicUrl>,
    /// See [`Inner::trusted_proxies`].
    pub trusted_proxies: Vec<IpAddr>,
}

impl Options {
    /// From the settings; a missing build is logged and done without.
    pub fn from_config(config: &Config) -> Self {
        let site = Site::load(&config.site_dir).unwrap_or_else(|error| {
            match &error {
                SiteError::NotBuilt(_) => tracing::warn!("{error}"),
                _ => tracing::error!("the site cannot be served: {error}"),
            }
            Site::default()
        });
        Self {
            site,
            public_url: config.public_url.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
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
            trusted_proxies: options.trusted_proxies,
            idempotency: Idempotency::default(),
            sockets: Sockets::default(),
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
