//! What browsers download: the site that `cargo xtask build` made, with its packed variants.
mod embedded;
mod load;
mod negotiate;
mod serve;

pub use load::SiteError;
pub(crate) use negotiate::takes_gzip;
pub use serve::serve;

use bytes::Bytes;
use flate2::read::GzDecoder;
use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Read},
};

/// The site. Without a build it is empty, and pages are rendered without WebAssembly.
#[derive(Debug, Default)]
pub struct Site {
    /// Names the build; empty without one.
    pub build: String,
    /// Logical name to address, e.g. `main.css` to `/assets/main.<digest>.css`.
    pub files: BTreeMap<String, String>,
    served: HashMap<String, Asset>,
}

/// One file with its packed variants. There is a plain one or a gzip one, or both.
#[derive(Debug)]
struct Asset {
    content_type: String,
    etag: String,
    lasts: Lasts,
    plain: Option<Bytes>,
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

impl Asset {
    /// The plain content, unpacked where only the gzip variant is there.
    fn unpacked(&self) -> io::Result<Bytes> {
        match (&self.plain, &self.gz) {
            (Some(plain), _) => Ok(plain.clone()),
            (None, Some(packed)) => {
                let mut plain = Vec::new();
                GzDecoder::new(packed.as_ref()).read_to_end(&mut plain)?;
                Ok(plain.into())
            }
            (None, None) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Site {
    /// The plain content of the file that the manifest calls `name`.
    pub fn content(&self, name: &str) -> Option<Bytes> {
        let asset = self.served.get(self.files.get(name)?)?;
        asset.unpacked().ok()
    }

    /// Whether there is a build to serve.
    pub fn is_built(&self) -> bool {
        !self.build.is_empty()
    }
}
