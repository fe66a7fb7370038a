//! What a test's application is made of.
use axum::Router;
use server::{AppState, Options, assets::Site, connect::Drivers, listen::Door, router};
use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use wxa_core::{Core, CoreConfig, Credential, Ctx, NewHost};
use wxa_model::{HostId, Link, Object, Transport, Trust};
use wxa_sim::{Pace, SimHost, SimHostConfig};

use crate::{SetClock, TestApp, wait_until};

/// Collects what an application is to have, then starts it.
#[derive(Debug, Default)]
pub struct Builder {
    hosts: Vec<SimHostConfig>,
    options: Options,
}

impl Builder {
    /// With a simulated host, which is added before the test begins. It runs at the quick pace.
    #[must_use]
    pub fn with_host(mut self, mut host: SimHostConfig) -> Self {
        host.pace = Pace::Quick;
        self.hosts.push(host);
        self
    }

    /// With a site to serve.
    #[must_use]
    pub fn with_site(mut self, site: Site) -> Self {
        self.options.site = site;
        self
    }

    /// Behind a proxy at this address, whose `X-Forwarded-For` is believed.
    #[must_use]
    pub fn with_trusted_proxy(mut self, address: IpAddr) -> Self {
        self.options.proxies.trusted.push(address.into());
        self
    }

    /// As if browsers reached the server under this address.
    #[must_use]
    pub fn with_public_url(mut self, url: &str) -> Self {
        self.options.public_url = Some(url.parse().expect("an address"));
        self
    }

    /// Starts everything, and waits until every host is up.
    pub async fn start(self) -> TestApp {
        let data = tempfile::tempdir().expect("a folder for the data");
        let clock = Arc::new(SetClock::default());
        let core = open(data.path(), &clock).await;
        let mut hosts = Vec::new();
        for config in self.hosts {
            let host = SimHost::start(config).await.expect("a simulated host");
            let id = add(&core, &host).await;
            hosts.push((host, id));
        }
        for (host, id) in &hosts {
            up(&core, host.name(), *id).await;
        }
        let state = AppState::new(core, self.options);
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let (address, router, stop, serving) = serve(&state, any).await;
        TestApp {
            address,
            router,
            state,
            hosts,
            stop,
            serving: Some(serving),
            data,
            clock,
        }
    }
}

impl TestApp {
    /// Stops the server and starts it anew, on the same data and at the same address; simulated hosts go on. Clients
    /// from before go on with [`Client::on`](crate::Client::on).
    pub async fn restart(&mut self) {
        self.stop().await;
        let core = open(self.data.path(), &self.clock).await;
        for (host, id) in &self.hosts {
            up(&core, host.name(), *id).await;
        }
        self.state = AppState::new(core, Options::default());
        let (_, router, stop, serving) = serve(&self.state, self.address).await;
        (self.router, self.stop, self.serving) = (router, stop, Some(serving));
    }
}

async fn open(data_dir: &Path, clock: &Arc<SetClock>) -> Core {
    let config = CoreConfig {
        data_dir: data_dir.to_owned(),
        connect: Arc::new(Drivers::default()),
        clock: clock.clone(),
    };
    Core::start(config).await.expect("core")
}

async fn serve(
    state: &AppState,
    at: SocketAddr,
) -> (SocketAddr, Router, CancellationToken, JoinHandle<io::Result<()>>) {
    let listener = TcpListener::bind(at).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = router(state.clone());
    let stop = CancellationToken::new();
    let serving = server::listen::serve(Door::plain(listener), router.clone(), state.clone(), stop.clone());
    #[expect(clippy::disallowed_methods, reason = "TestApp owns it and waits for its end")]
    let serving = tokio::spawn(serving);
    (address, router, stop, serving)
}

async fn add(core: &Core, host: &SimHost) -> HostId {
    let new = NewHost {
        name: host.name().to_owned(),
        site: String::new(),
        transport: Transport::Ssh,
        address: host.address().ip().to_string(),
        port: host.address().port(),
        user: "root".into(),
        credential: Credential::Password("xen".into()),
        fingerprint: host.fingerprint(),
        trust: Trust::Pin,
        jump: None,
        config_dir: String::new(),
    };
    let (id, _facts) = core
        .host_add(&Ctx::command_line(), new)
        .await
        .expect("the host is added");
    id
}

async fn up(core: &Core, name: &str, id: HostId) {
    wait_until(&format!("{name} is up"), || async {
        let objects = core.inventory_view(&Ctx::command_line()).objects;
        let link = objects.into_iter().find_map(|object| match object {
            Object::Host(host) if host.id == id => Some(host.link),
            _ => None,
        });
        if link == Some(Link::Up) { Ok(()) } else { Err(link) }
    })
    .await;
}
