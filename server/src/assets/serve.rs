//! Answering for a file of the site.
use super::{Asset, Lasts, Site, negotiate};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use negotiate::Packing;

/// The file at `path`; none when the site has none.
pub fn serve(site: &Site, path: &str, headers: &HeaderMap) -> Option<Response> {
    let asset = site.served.get(path)?;
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let known = text(header::IF_NONE_MATCH).unwrap_or_default();
    let is_known = known
        .split(',')
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == asset.etag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(asset, text(header::ACCEPT_ENCODING).unwrap_or_default())
    };
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    };
    put(header::ETAG, &asset.etag);
    put(header::VARY, "accept-encoding");
    put(
        header::CACHE_CONTROL,
        match asset.lasts {
            Lasts::Forever => "public, max-age=31536000, immutable",
            Lasts::Checked => "no-cache",
        },
    );
    Some(response)
}

fn body(asset: &Asset, accept_encoding: &str) -> Response {
    let packing = negotiate::best(accept_encoding, || asset.br.is_some(), || asset.gz.is_some());
    let (encoding, bytes) = match packing {
        Packing::Br => (Some("br"), asset.br.clone()),
        Packing::Gz => (Some("gzip"), asset.gz.clone()),
        Packing::Plain => (None, None),
    };
    let bytes = match bytes.map_or_else(|| asset.unpacked(), Ok) {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(%error, "a file of the site cannot be unpacked");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let mut response = bytes.into_response();
    if let Ok(value) = asset.content_type.parse() {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    if let Some(encoding) = encoding {
        let value = HeaderValue::from_static(encoding);
        response.headers_mut().insert(header::CONTENT_ENCODING, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use flate2::{Compression, write::GzEncoder};
    use std::{fs, io::Write};

    #[tokio::test]
    async fn hashed_files_are_packed_and_kept_for_ever() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join("assets")).expect("assets");
        let manifest = r#"{"build":"b1","files":{"main.css":"/assets/main.12.css"}}"#;
        for (name, text) in [
            ("manifest.json", manifest),
            ("robots.txt", "User-agent: *"),
            ("assets/main.12.css", "body{}"),
            ("assets/main.12.css.br", "packed"),
        ] {
            fs::write(dir.path().join(name), text).expect("a file");
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(b"let a;").expect("packed");
        let packed = packer.finish().expect("packed");
        fs::write(dir.path().join("assets/a.34.js.gz"), packed).expect("a file without its plain form");
        let site = Site::load(dir.path()).expect("a site");
        let get = |path: &str, pairs: &[(HeaderName, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
            serve(&site, path, &HeaderMap::from_iter(pairs))
        };
        let css = get("/assets/main.12.css", &[(header::ACCEPT_ENCODING, "br")]).expect("the style sheet");
        assert_eq!(css.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(css.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(
            css.headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );

        let script = get("/assets/a.34.js", &[]).expect("a script, for a browser that unpacks nothing");
        assert_eq!(script.headers().get(header::CONTENT_ENCODING), None);
        let body = to_bytes(script.into_body(), 100).await.expect("a body");
        assert_eq!(body, "let a;");

        let robots = get("/robots.txt", &[]).expect("robots");
        assert_eq!(robots.headers()[header::CACHE_CONTROL], "no-cache");
        let tag = robots.headers()[header::ETAG].to_str().expect("a tag").to_owned();
        let again = get("/robots.txt", &[(header::IF_NONE_MATCH, tag.leak())]).expect("robots");
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);

        for nothing in [
            "/manifest.json",
            "/assets/main.12.css.br",
            "/../secret",
            "/assets",
        ] {
            assert!(get(nothing, &[]).is_none(), "{nothing}");
        }
    }
}
