//! Opening the data that server and command line share.
use std::{path::Path, sync::Arc};
use wxa_core::{Core, CoreConfig, StartError, SystemClock};

use crate::connect::XlConnect;

/// For a server: hosts are watched, and what a killed run left open is closed.
///
/// # Errors
/// When the folder or the database cannot be used, or another server uses it.
pub(super) async fn serving(data_dir: &Path) -> Result<Core, StartError> {
    Core::start(config(data_dir)).await
}

/// For one command beside a server that may be running: nothing is watched and nothing is tidied.
///
/// # Errors
/// When the folder or the database cannot be used.
pub(crate) async fn maintaining(data_dir: &Path) -> Result<Core, StartError> {
    Core::open(config(data_dir)).await
}

fn config(data_dir: &Path) -> CoreConfig {
    CoreConfig {
        data_dir: data_dir.to_owned(),
        connect: Arc::new(XlConnect),
        clock: Arc::new(SystemClock),
    }
}
