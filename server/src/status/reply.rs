//! Replies with what they tell browsers and caches.
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use wxa_model::status::Language;

use super::{
    gate::{self, Gate, Wrong},
    reading::Kind,
    render::{Rendered, media_type},
    sheet,
};
use crate::assets::takes_gzip;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const REFRESH: HeaderName = HeaderName::from_static("refresh");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Who may keep a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Caches on the way, for seconds; for pages that everybody may read.
    Shared,
    /// The reader's browser, which asks each time whether it is still good.
    Own,
    /// Nobody.
    Nothing,
}

/// A page, or that the browser has it already.
pub(super) fn page(body: &Rendered, kind: Kind, keeps: Keeps, request: &HeaderMap) -> Response {
    let is_known = is_known(request, &body.etag);
    let packed = body.gzip.as_ref().filter(|_| takes_gzip(request));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(packed.unwrap_or(&body.plain).clone()).into_response()
    };
    let headers = response.headers_mut();
    if !is_known {
        put(headers, header::CONTENT_TYPE, media_type(kind));
        if packed.is_some() {
            put(headers, header::CONTENT_ENCODING, "gzip");
        }
    }
    if let Ok(etag) = HeaderValue::from_str(&body.etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Some(refresh) = body
        .refresh
        .as_deref()
        .and_then(|to| HeaderValue::from_str(to).ok())
    {
        headers.insert(REFRESH, refresh);
    }
    put(headers, header::VARY, "accept-encoding, cookie");
    put(
        headers,
        header::CACHE_CONTROL,
        match keeps {
            // A change is seen within five seconds: one for the view, three here, one for the way.
            Keeps::Shared => "public, max-age=3, must-revalidate",
            Keeps::Own => "private, no-cache",
            Keeps::Nothing => "private, no-store",
        },
    );
    put(headers, ROBOTS, "noindex, nofollow, noarchive");
    match kind {
        Kind::Page(_) | Kind::Kiosk(_) => put(headers, header::CONTENT_SECURITY_POLICY, sheet::policy(kind)),
        // It is there to be shown in other sites' pages.
        Kind::Badge => put(headers, RESOURCE_POLICY, "cross-origin"),
        Kind::Json | Kind::Feed => {}
    }
    response
}

/// What is shown instead of a page.
pub(super) fn gate(gate: Gate, language: Language) -> Response {
    let (status, wait) = match gate {
        Gate::Password(None) => (StatusCode::OK, None),
        Gate::Password(Some(Wrong::Wait { retry_after_s })) | Gate::Busy { retry_after_s } => {
            (StatusCode::TOO_MANY_REQUESTS, Some(retry_after_s))
        }
        Gate::Password(Some(Wrong::Password | Wrong::Insecure)) => (StatusCode::FORBIDDEN, None),
        Gate::Gone => (StatusCode::NOT_FOUND, None),
        Gate::Later { retry_after_s } => (StatusCode::SERVICE_UNAVAILABLE, Some(retry_after_s)),
    };
    let mut response = (status, gate::document(gate, language)).into_response();
    let headers = response.headers_mut();
    put(headers, header::CONTENT_TYPE, media_type(gate::KIND));
    put(
        headers,
        header::CONTENT_SECURITY_POLICY,
        sheet::policy(gate::KIND),
    );
    put(headers, header::CACHE_CONTROL, "no-store");
    put(headers, header::VARY, "accept-language, cookie");
    put(headers, ROBOTS, "noindex, nofollow, noarchive");
    if let Some(seconds) = wait {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The first of our languages that the browser asks for.
pub(super) fn spoken(request: &HeaderMap) -> Language {
    let wanted = request
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let tags = wanted.unwrap_or_default().split(',').take(16);
    let known = tags.filter_map(|tag| {
        let tag = tag.trim().split(['-', ';']).next().unwrap_or_default();
        Language::from_tag(&tag.to_ascii_lowercase())
    });
    known.into_iter().next().unwrap_or_default()
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

fn is_known(request: &HeaderMap, etag: &str) -> bool {
    let known = request
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == etag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_pages_cannot_be_read_is_not_blamed_on_readers() {
        let gate = Gate::Later { retry_after_s: 5 };
        let reply = super::gate(gate, Language::En);
        assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(reply.headers()[header::RETRY_AFTER], "5");
        let said = gate::document(gate, Language::En);
        assert!(said.contains("Try again in 5"), "{said}");
        assert!(!said.contains("Too many attempts"), "{said}");
    }

    #[test]
    fn strangers_are_spoken_to_in_their_language() {
        let said = |wanted: &'static str| {
            spoken(&HeaderMap::from_iter([(
                header::ACCEPT_LANGUAGE,
                HeaderValue::from_static(wanted),
            )]))
        };
        assert_eq!(said("de-AT,de;q=0.9,en;q=0.8"), Language::De);
        assert_eq!(said("fr, en-GB;q=0.8, de;q=0.5"), Language::En);
        assert_eq!(said("fr"), Language::En);
        assert_eq!(spoken(&HeaderMap::new()), Language::En);
    }
}
