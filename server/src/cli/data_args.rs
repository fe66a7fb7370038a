//! `--data-dir`, of every command that works on the data beside the server.
use clap::Args;
use std::path::PathBuf;
use wxa_core::Core;

use super::{open, settings};

/// Where the database is.
#[derive(Args, Debug)]
pub(super) struct DataArgs {
    /// Where database and sealing key live [default: ~/.local/share/webxenadmin]
    #[arg(long, env = "WXA_DATA_DIR", global = true)]
    data_dir: Option<PathBuf>,
}

impl DataArgs {
    /// The folder that was said.
    pub(super) fn data_dir(&self) -> Option<&PathBuf> {
        self.data_dir.as_ref()
    }

    /// Does something with the data, and closes it.
    ///
    /// # Errors
    /// When the folder or the database cannot be used; those of `work`.
    pub(super) async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&Core) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        open::maintaining(&settings::data_dir(self.data_dir.as_ref())?, work).await
    }
}
