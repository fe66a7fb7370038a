//! The addresses of status pages, and what is answered there.
use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use secrecy::SecretString;
use serde::Deserialize;
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};
use wxa_core::{Ctx, Door, DoorKey, Opened, Shut};
use wxa_model::{UnixMillis, status::Language};
use wxa_wire::SecretText;

use super::{
    cache::{Cache, PageKey},
    gate::{Gate, Wrong},
    kiosk,
    preview::preview,
    reading::{Exports, Kind, Reading, Wish},
    render::{Rendered, render},
    reply::{self, Keeps},
    unlocked,
    when::Zone,
};
use crate::{AppState, asked::Asked, config::PublicUrl, forms, origin, problem, session};

/// The largest password form, in bytes.
const FORM_LIMIT: usize = 8 * 1024;
/// The longest token or slug that is looked up, in bytes.
const LONGEST: usize = 128;

/// Pages as they are sent.
#[derive(Default)]
pub struct Pages(Cache<Key>);

/// Everything that the bytes of a page depend on besides the revision of its view.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    door: DoorKey,
    /// It stands in the page, and a link that is replaced has another one.
    path: String,
    kind: Kind,
    language: Language,
    zone: String,
    valid_until: Option<UnixMillis>,
}

impl PageKey for Key {
    type Door = DoorKey;

    fn door(&self) -> DoorKey {
        self.door
    }
}

impl fmt::Debug for Pages {
    /// Without the keys: they hold links.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// `/s/…` for links, `/status/…` for pages that are open to everybody or to whoever is signed in, `/status-preview/…` for who
/// makes them.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/s/{token}", get(link).post(unlock))
        .route("/s/{token}/{form}", get(link_form))
        .route("/status-preview/{id}", get(preview))
        .route("/status/{slug}", get(open))
        .route("/status/{slug}/{form}", get(open_form))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
}

/// A path as it may be written to the log: without the secret of a link.
pub fn loggable(path: &str) -> &str {
    match path {
        _ if path.starts_with("/s/") => "/s/…",
        _ if path.starts_with("/c/") => "/c/…",
        _ => path,
    }
}

/// Who reads, and how they want it.
struct Ask {
    app: AppState,
    asked: Asked,
    headers: HeaderMap,
    wish: Wish,
    kind: Option<Kind>,
}

async fn link(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    by_link(Ask::new(app, asked, headers, query, None), token).await
}

async fn link_form(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path((token, form)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    by_link(Ask::new(app, asked, headers, query, Some(form)), token).await
}

async fn open(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    by_slug(Ask::new(app, asked, headers, query, None), slug).await
}

async fn open_form(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path((slug, form)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    by_slug(Ask::new(app, asked, headers, query, Some(form)), slug).await
}

#[derive(Deserialize)]
struct PasswordForm {
    password: SecretText,
}

/// Takes the password of a link: the page itself comes with the next request, which brings the cookie.
async fn unlock(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    Form(form): Form<PasswordForm>,
) -> Response {
    let ask = Ask::new(app, asked, headers, query, None);
    if !is_plausible(&token) {
        return ask.gate(Gate::Gone);
    }
    if !origin::is_protected(&ask.headers, &ask.asked, ask.app.public_url.as_ref()) {
        return ask.gate(Gate::Password(Some(Wrong::Insecure)));
    }
    let password = SecretString::from(form.password.0);
    let ctx = ask.asked.anonymous();
    match ask
        .app
        .core
        .status_unlock(&ctx, &token, ask.from(), &password)
        .await
    {
        Ok(value) => {
            let mut response = Redirect::to(&format!("/s/{token}{}", ask.wish.query())).into_response();
            unlocked::set(response.headers_mut(), &token, &value, ask.is_https());
            response
        }
        Err(Shut::PasswordNeeded) => ask.gate(Gate::Password(Some(Wrong::Password))),
        Err(Shut::TooMany { retry_after_s }) => ask.gate(Gate::Password(Some(Wrong::Wait { retry_after_s }))),
        Err(Shut::Later { retry_after_s }) => ask.gate(Gate::Later { retry_after_s }),
        Err(Shut::NotFound | Shut::SignInNeeded) => ask.gate(Gate::Gone),
    }
}

async fn by_link(ask: Ask, token: String) -> Response {
    let Some(kind) = ask.kind.filter(|_| is_plausible(&token)) else {
        return ask.gate(Gate::Gone);
    };
    let unlocked = unlocked::value(&ask.headers);
    let door = Door::Link {
        token: &token,
        from: ask.from(),
        unlocked,
    };
    // What needed a password is not left behind on the reader's disk.
    let keeps = if unlocked.is_some() {
        Keeps::Nothing
    } else {
        Keeps::Own
    };
    match ask.app.core.status_open(&ask.asked.anonymous(), door).await {
        Ok(opened) => ask.page(&opened, format!("/s/{token}"), kind, keeps).await,
        Err(shut) => ask.shut(shut, kind),
    }
}

async fn by_slug(ask: Ask, slug: String) -> Response {
    let Some(kind) = ask.kind.filter(|_| is_plausible(&slug)) else {
        return ask.gate(Gate::Gone);
    };
    let path = format!("/status/{slug}");
    let open = async |ctx: Ctx| ask.app.core.status_open(&ctx, Door::Slug { slug: &slug }).await;
    // What strangers may read may be kept by caches between us and them; what takes a sign-in may not.
    match open(ask.asked.anonymous()).await {
        Ok(opened) => return ask.page(&opened, path, kind, Keeps::Shared).await,
        Err(Shut::SignInNeeded) => {}
        Err(shut) => return ask.shut(shut, kind),
    }
    match session::caller(&ask.app, &ask.headers, &ask.asked).await {
        Ok(ctx) => match open(ctx).await {
            Ok(opened) => ask.page(&opened, path, kind, Keeps::Own).await,
            Err(shut) => ask.shut(shut, kind),
        },
        Err(error) if matches!(kind, Kind::Page(_) | Kind::Kiosk(_)) => match error {
            wxa_core::Error::Unauthenticated => {
                let back = format!("{path}{}", ask.wish.query());
                Redirect::to(&format!("/login?next={}", forms::escaped(&back))).into_response()
            }
            error => problem::reply(&error, &ask.asked.request_id),
        },
        Err(error) => problem::reply(&error, &ask.asked.request_id),
    }
}

impl Ask {
    fn new(
        app: AppState,
        asked: Asked,
        headers: HeaderMap,
        query: Option<String>,
        form: Option<String>,
    ) -> Self {
        let wish = Wish::of(query.as_deref());
        let kind = match form.as_deref() {
            None => Some(wish.kind()),
            Some("badge.svg") => Some(Kind::Badge),
            Some("status.json") => Some(Kind::Json),
            Some("feed.atom") => Some(Kind::Feed),
            Some(_) => None,
        };
        Self {
            app,
            asked,
            headers,
            wish,
            kind,
        }
    }

    /// The reader's address. Where it is not known, it is none that a link could allow.
    fn from(&self) -> IpAddr {
        self.asked
            .from
            .parse()
            .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    fn is_https(&self) -> bool {
        self.asked.scheme == Some(crate::listen::Scheme::Https)
            || self.app.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    async fn page(&self, opened: &Opened, path: String, kind: Kind, keeps: Keeps) -> Response {
        let kind = match kind {
            // None is kept twice, whatever number it is asked for by.
            Kind::Kiosk(at) => Kind::Kiosk(kiosk::screen(&opened.view, at)),
            other => other,
        };
        let language = self.wish.language.unwrap_or(opened.language);
        let zone = self.wish.zone.as_ref();
        let key = Key {
            door: opened.cache_key,
            kind,
            language,
            zone: zone.map_or(opened.time_zone.as_str(), Zone::name).to_owned(),
            valid_until: opened.valid_until,
            path,
        };
        let pages = &self.app.status.0;
        let make = || {
            let own_zone = Zone::named(&opened.time_zone).unwrap_or_else(Zone::utc);
            let reading = Reading {
                kind,
                language,
                zone: zone.unwrap_or(&own_zone).clone(),
                own_language: opened.language,
                own_zone,
                path: key.path.clone(),
                origin: self
                    .app
                    .public_url
                    .as_ref()
                    .map_or_else(String::new, |url| url.origin().to_owned()),
                valid_until: opened.valid_until,
                exports: Exports::There,
            };
            render(&opened.view, &reading)
        };
        let body: Arc<Rendered> = pages.get(&key, opened.revision, make).await;
        reply::page(&body, kind, keeps, &self.headers)
    }

    fn shut(&self, shut: Shut, kind: Kind) -> Response {
        match shut {
            Shut::NotFound | Shut::SignInNeeded => self.gate(Gate::Gone),
            Shut::TooMany { retry_after_s } => self.gate(Gate::Busy { retry_after_s }),
            Shut::Later { retry_after_s } => self.gate(Gate::Later { retry_after_s }),
            // Programs cannot type one.
            Shut::PasswordNeeded if !matches!(kind, Kind::Page(_) | Kind::Kiosk(_)) => {
                let mut response = self.gate(Gate::Password(None));
                *response.status_mut() = StatusCode::FORBIDDEN;
                response
            }
            Shut::PasswordNeeded => self.gate(Gate::Password(None)),
        }
    }

    fn gate(&self, gate: Gate) -> Response {
        let language = self.wish.language.unwrap_or_else(|| reply::spoken(&self.headers));
        reply::gate(gate, language)
    }
}

/// Whether it may be a token or slug at all: only then anything is looked up, or put into an address.
fn is_plausible(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !name.is_empty() && name.len() <= LONGEST && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_a_link_is_not_logged() {
        assert_eq!(loggable("/s/secret"), "/s/…");
        assert_eq!(loggable("/s/secret/badge.svg"), "/s/…");
        assert_eq!(loggable("/c/secret/console"), "/c/…");
        assert_eq!(loggable("/status/example"), "/status/example");
    }
}
