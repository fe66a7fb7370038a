//! Opening the data that server and command line share.
use std::{path::Path, sync::Arc};
use wxa_core::{Core, CoreConfig, StartError, SystemClock};

use crate::connect::Drivers;

/// For a server: hosts are watched, and what a killed run left open is closed.
///
/// # Errors
/// When the folder or the database cannot be used, or another server uses it.
pub(super) async fn serving(data_dir: &Path) -> Result<Core, StartError> {
    Core::start(config(data_dir)).await
}

/// For one command beside a server that may be running: nothing is watched and nothing is tidied. What the command wrote
/// is in the database's own file when it ends, unless a server has it open too.
///
/// # Errors
/// When the folder or the database cannot be used; those of `work`.
pub(crate) async fn maintaining<T>(
    data_dir: &Path,
    work: impl AsyncFnOnce(&Core) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let core = Core::open(config(data_dir)).await?;
    let done = work(&core).await;
    core.stop().await;
    done
}

fn config(data_dir: &Path) -> CoreConfig {
    CoreConfig {
        data_dir: data_dir.to_owned(),
        connect: Arc::new(Drivers::default()),
        clock: Arc::new(SystemClock),
    }
}
