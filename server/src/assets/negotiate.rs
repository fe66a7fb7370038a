//! Which packed variant a browser takes.
use axum::http::{HeaderMap, header};

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Br,
    Gz,
    Plain,
}

/// Whether a page may be sent packed.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    best(accept.unwrap_or_default(), || false, || true) == Packing::Gz
}

/// The best of what is there that `accept_encoding` allows.
pub(super) fn best(accept_encoding: &str, has_br: impl Fn() -> bool, has_gz: impl Fn() -> bool) -> Packing {
    let accepts = |wanted: &str| {
        accept_encoding.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            let name_fits = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
            let refused = parts.any(|part| {
                let quality = part.strip_prefix("q=").and_then(|text| text.parse::<f32>().ok());
                quality == Some(0.0)
            });
            name_fits && !refused
        })
    };
    if accepts("br") && has_br() {
        Packing::Br
    } else if accepts("gzip") && has_gz() {
        Packing::Gz
    } else {
        Packing::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_preferred_and_refusals_are_heeded() {
        let all = |accept| best(accept, || true, || true);
        assert_eq!(all("gzip, deflate, br, zstd"), Packing::Br);
        assert_eq!(all("br;q=0, gzip;q=0.5"), Packing::Gz);
        assert_eq!(all("identity"), Packing::Plain);
        assert_eq!(best("br, gzip", || false, || true), Packing::Gz);
        assert_eq!(best("br, gzip", || false, || false), Packing::Plain);
    }
}
