//! A view in any form: pure, of nothing but the view and how it is asked for.
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, io::Write as _};
use wxa_model::status::view::StatusView;

use super::{
    badge, feed, kiosk,
    page::{self, Cx},
    reading::{Kind, Reading},
    when::Zone,
};

/// Smaller bodies are sent as they are, in bytes.
const WORTH_PACKING: usize = 512;

/// A page in one form, as it is sent.
#[derive(Debug)]
pub struct Rendered {
    /// As it is.
    pub plain: Bytes,
    /// Packed, where that is smaller.
    pub gzip: Option<Bytes>,
    /// Names these bytes.
    pub etag: String,
    /// Where a browser goes by itself, and when.
    pub refresh: Option<String>,
}

impl Rendered {
    /// How much memory it holds, in bytes.
    pub(super) fn size(&self) -> usize {
        self.plain.len() + self.gzip.as_ref().map_or(0, Bytes::len)
    }
}

/// Renders and packs.
pub fn render(view: &StatusView, reading: &Reading) -> Rendered {
    let (text, refresh) = text(view, reading);
    let digest = Sha256::digest(&text);
    let mut etag = String::from("W/\"");
    for byte in digest.iter().take(12) {
        // A `String` takes everything.
        let _never_fails = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    Rendered {
        gzip: packed(&text),
        plain: text.into(),
        etag,
        refresh,
    }
}

fn text(view: &StatusView, reading: &Reading) -> (String, Option<String>) {
    let days = Zone::named(&view.time_zone).unwrap_or_else(Zone::utc);
    let cx = Cx::new(view, reading, &days);
    match reading.kind {
        Kind::Page(_) => (page::page(&cx), page::refresh(reading)),
        Kind::Kiosk(at) => {
            let (text, refresh) = kiosk::kiosk(&cx, at);
            (text, Some(refresh))
        }
        Kind::Badge => (badge::badge(&cx), None),
        Kind::Feed => (feed::feed(&cx), None),
        Kind::Json => (serde_json::to_string(view).unwrap_or_else(|_| "{}".into()), None),
    }
}

fn packed(text: &str) -> Option<Bytes> {
    if text.len() < WORTH_PACKING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 4), Compression::new(6));
    encoder.write_all(text.as_bytes()).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < text.len()).then(|| packed.into())
}

/// The media type of a form.
pub(super) fn media_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Page(_) | Kind::Kiosk(_) => "text/html; charset=utf-8",
        Kind::Badge => "image/svg+xml",
        Kind::Json => "application/json",
        Kind::Feed => "application/atom+xml; charset=utf-8",
    }
}
