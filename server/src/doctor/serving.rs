//! Whether a server runs and is well, or could.
use super::Finding;
use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};
use tokio::net::TcpListener;

use crate::{Config, assets::Site, watcher};

const SERVER: &str = "server";

pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    vec![
        if is_running(&config.data_dir) {
            running(config).await
        } else {
            stopped(config).await
        },
        site(config),
    ]
}

/// Whether a server holds the lock of the data folder.
fn is_running(data_dir: &Path) -> bool {
    let Ok(lock) = File::open(data_dir.join("lock")) else {
        return false;
    };
    // Shared, and given back at once: a server that starts at this moment would have to be started again.
    matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
}

async fn running(config: &Config) -> Finding {
    match watcher::ready(config).await {
        Ok(true) => Finding::good(SERVER, format!("runs and is ready, on {}", config.listen)),
        Ok(false) => Finding::bad(
            SERVER,
            "runs, and says that it is not ready",
            "see its log (`journalctl -u webxenadmin`): the database or a worker has failed",
        ),
        Err(error) => Finding::bad(
            SERVER,
            format!(
                "runs on this data folder, but does not answer on {}: {error}",
                config.listen
            ),
            "if it was told another address by a flag, give doctor the same; else see its log",
        ),
    }
}

async fn stopped(config: &Config) -> Finding {
    let listen = config.listen;
    match TcpListener::bind(listen).await {
        Ok(_) => Finding::note(
            SERVER,
            format!("does not run; {listen} is free"),
            "`systemctl start webxenadmin`",
        ),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Finding::bad(
            SERVER,
            format!("does not run, and another program listens on {listen}"),
            format!(
                "`ss -ltnp 'sport = :{}'` tells which; stop it, or set listen to another port",
                listen.port()
            ),
        ),
        Err(error) => Finding::bad(
            SERVER,
            format!("does not run, and cannot listen on {listen}: {error}"),
            "set listen to an address of this machine, and to a port from 1024 on",
        ),
    }
}

fn site(config: &Config) -> Finding {
    match Site::find(config.site_dir.as_deref()) {
        Ok(site) => Finding::good("pages", format!("build {}", site.build)),
        Err(error) => Finding::bad(
            "pages",
            error.to_string(),
            "install a release, which has them inside, or set site_dir to what `cargo xtask build` made",
        ),
    }
}
