//! Where things are: the checkout, cargo's target folder, and what the build makes inside it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cmd::Cmd;

/// The checkout and the folder that cargo builds into.
pub struct Project {
    /// The top of the checkout.
    pub root: PathBuf,
    /// Cargo's target folder: asked for, since a shared cache may stand in for `target`.
    pub target: PathBuf,
}

impl Project {
    /// Finds the project that this command was started from.
    ///
    /// # Errors
    /// When cargo can't read the workspace.
    pub fn find() -> Result<Project> {
        let here =
            std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
        let root = here.parent().unwrap_or(Path::new(".")).to_path_buf();
        let metadata = Cmd::new("cargo")
            .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
            .dir(&root)
            .advice("start it as `cargo xtask …` inside the checkout")
            .output()?;
        let metadata: serde_json::Value =
            serde_json::from_str(&metadata).context("reading `cargo metadata`")?;
        let text = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("cargo metadata has no {key}"))
        };
        Ok(Project {
            root: text("workspace_root")?,
            target: text("target_directory")?,
        })
    }

    /// A path inside the checkout.
    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join(below)
    }

    /// The folder that the server serves.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// Intermediate results of the site's build.
    pub fn work(&self, below: &str) -> PathBuf {
        self.target.join("site-work").join(below)
    }

    /// What a test installs for itself, and other things that may be thrown away.
    pub fn below_target(&self, below: &str) -> PathBuf {
        self.target.join(below)
    }

    /// The server's binary as `cargo xtask build` leaves it.
    pub fn server(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join("webxenadmin")
    }
}
