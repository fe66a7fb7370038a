//! What browsers download: the site that `cargo xtask build` made, kept in memory with its packed variants.
mod load;
mod negotiate;
mod serve;

pub use load::SiteError;
pub(crate) use negotiate::takes_gzip;
pub use serve::serve;

use bytes::Bytes;
use std::collections::{BTreeMap, HashMap};

/// The site. Without a build it is empty, and pages are rendered without WebAssembly.
#[derive(Debug, Default)]
pub struct Site {
    /// Names the build; empty without one.
    pub build: String,
    /// Logical name to address, e.g. `main.css` to `/assets/main.<digest>.css`.
    pub files: BTreeMap<String, String>,
    /// Module name to address, for the page's import map.
    pub imports: BTreeMap<String, String>,
    served: HashMap<String, Asset>,
}

/// One file with its packed variants.
#[derive(Debug)]
struct Asset {
    content_type: String,
    etag: String,
    lasts: Lasts,
    plain: Bytes,
    br: Option<Bytes>,
    gz: Option<Bytes>,
}

/// How long browsers may keep a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasts {
    /// Its name holds the digest of its content: for ever.
    Forever,
    /// It is asked for again, by its tag.
    Checked,
}

impl Site {
    /// Whether there is a build to serve.
    pub fn is_built(&self) -> bool {
        !self.build.is_empty()
    }
}
