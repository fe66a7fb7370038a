//! Somebody who uses the application over HTTP.
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{
        HeaderMap, Method, Request, StatusCode,
        header::{self, HeaderName},
    },
};
use http_body_util::BodyExt;
use secrecy::{ExposeSecret, SecretString};
use server::listen::{Peer, Scheme};
use std::net::SocketAddr;
use tower::ServiceExt;
use wxa_model::VmId;
use wxa_wire::{ConsoleQuery, ErrorBody, LiveForm, Operation};

use crate::{ConsoleClient, LiveClient, RawSocket, ScreenClient, Socket, TestApp};

/// A browser, as far as the server can tell. Requests go to the real router, sockets over the real port.
#[derive(Clone, Debug)]
pub struct Client {
    address: SocketAddr,
    router: Router,
    token: Option<SecretString>,
    /// A script's API token, sent instead of a cookie.
    bearer: Option<SecretString>,
    /// What it says where it comes from; its own page unless a test lies.
    pub origin: Option<String>,
}

/// A reply as it came.
#[derive(Clone, Debug)]
pub struct Raw {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub body: String,
}

/// A refused operation.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Status.
    pub status: StatusCode,
    /// Why.
    pub body: ErrorBody,
}

impl Raw {
    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl Client {
    pub(crate) fn new(address: SocketAddr, router: Router, token: Option<SecretString>) -> Self {
        let origin = Some(format!("http://{address}"));
        Self {
            address,
            router,
            token,
            bearer: None,
            origin,
        }
    }

    /// A script with an API token: it has no cookies and says nothing about where it comes from.
    pub fn with_api_token(&self, secret: SecretString) -> Self {
        Self {
            token: None,
            bearer: Some(secret),
            origin: None,
            ..self.clone()
        }
    }

    /// The same browser, on an application that was restarted.
    pub fn on(&self, app: &TestApp) -> Self {
        Self {
            router: app.router.clone(),
            ..self.clone()
        }
    }

    /// A client with the cookie that `reply` sets; the same one when it sets none.
    pub fn after(&self, reply: &Raw) -> Self {
        let set = reply
            .header("set-cookie")
            .split(';')
            .next()
            .and_then(|pair| pair.strip_prefix("__Host-wxa="));
        let token = match set {
            Some("") => None,
            Some(token) => Some(SecretString::from(token)),
            None => self.token.clone(),
        };
        Self {
            token,
            ..self.clone()
        }
    }

    /// Calls an operation; `()` will do where nothing has to be said.
    ///
    /// # Errors
    /// The problem that the server replied.
    pub async fn call<Op: Operation>(
        &self,
        id: Op::Id,
        params: impl Into<Op::Params>,
    ) -> Result<Op::Reply, Failure> {
        let body = serde_json::to_value(params.into()).expect("parameters are JSON");
        let path = Op::ROW.path_for(&id);
        let raw = match Op::ROW.method {
            wxa_wire::Method::Get => self.get(&format!("{path}{}", query(&body))).await,
            other => self.send(other.name(), &path, Some(&body.to_string())).await,
        };
        if raw.status.is_success() {
            let text = if raw.body.is_empty() { "null" } else { &raw.body };
            return Ok(serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")));
        }
        let body = serde_json::from_str(&raw.body).unwrap_or_else(|error| panic!("{error}: {raw:?}"));
        Err(Failure {
            status: raw.status,
            body,
        })
    }

    /// GETs a path.
    pub async fn get(&self, path: &str) -> Raw {
        self.send("GET", path, None).await
    }

    /// Sends JSON.
    pub async fn send(&self, method: &str, path: &str, json: Option<&str>) -> Raw {
        let mut request = self.request(method, path);
        if json.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.exchange(
            request
                .body(Body::from(json.unwrap_or_default().to_owned()))
                .expect("a request"),
        )
        .await
    }

    /// Sends a form.
    pub async fn form(&self, path: &str, urlencoded: &str) -> Raw {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(urlencoded.to_owned()));
        self.exchange(request.expect("a request")).await
    }

    /// A request of this client, to be completed and given to [`Client::exchange`].
    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.address.to_string());
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        request.extension(ConnectInfo(Peer {
            address: SocketAddr::from(([127, 0, 0, 1], 40_000)),
            scheme: Scheme::Http,
        }))
    }

    /// Sends a request through the router.
    pub async fn exchange(&self, request: Request<Body>) -> Raw {
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Raw {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Opens the live socket, with nothing yet.
    pub async fn live(&self) -> LiveClient {
        self.live_from(0, 0).await
    }

    /// Opens the live socket, having revision `revision` of epoch `epoch`.
    pub async fn live_from(&self, epoch: u64, revision: u64) -> LiveClient {
        LiveClient::open(
            self.socket("/api/v1/live").await,
            epoch,
            revision,
            LiveForm::Objects,
        )
        .await
    }

    /// Opens the live socket as the browser does: VMs in brief, in full those that it watches.
    pub async fn live_index(&self) -> LiveClient {
        LiveClient::open(self.socket("/api/v1/live").await, 0, 0, LiveForm::Index).await
    }

    /// Opens a console.
    pub async fn console(&self, vm: VmId, query: &ConsoleQuery) -> ConsoleClient {
        let values = serde_json::to_value(query).expect("a query is JSON");
        let path = format!("/api/v1/vms/{vm}/console{}", self::query(&values));
        ConsoleClient::new(self.socket(&path).await)
    }

    /// Opens the console of a guest link, whose page is at `path`.
    pub async fn guest_console(&self, path: &str, query: &ConsoleQuery) -> ConsoleClient {
        let values = serde_json::to_value(query).expect("a query is JSON");
        let path = format!("{path}/console{}", self::query(&values));
        ConsoleClient::new(self.socket(&path).await)
    }

    /// Opens a screen.
    pub async fn screen(&self, vm: VmId) -> ScreenClient {
        let path = format!("/api/v1/vms/{vm}/screen");
        ScreenClient::new(self.socket(&path).await)
    }

    /// Opens any socket.
    pub async fn socket(&self, path: &str) -> Socket {
        Socket::open(self.address, path, self.headers())
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Opens any socket and leaves its bytes to the caller: one that does not read, or sends what no browser does.
    pub async fn raw_socket(&self, path: &str) -> RawSocket {
        RawSocket::open(self.address, path, self.headers()).await
    }

    /// Tries to open a socket, for those that must be refused; tells the status.
    pub async fn socket_refusal(&self, path: &str) -> Option<u16> {
        match Socket::open(self.address, path, self.headers()).await {
            Err(tokio_tungstenite::tungstenite::Error::Http(reply)) => Some(reply.status().as_u16()),
            Err(error) => panic!("{path}: {error}"),
            Ok(_) => None,
        }
    }

    /// Who it is and where it comes from, as it says with every request.
    fn headers(&self) -> Vec<(HeaderName, String)> {
        let cookie = |token: &SecretString| format!("__Host-wxa={}", token.expose_secret());
        let bearer = |token: &SecretString| format!("Bearer {}", token.expose_secret());
        let headers = [
            (header::ORIGIN, self.origin.clone()),
            (header::COOKIE, self.token.as_ref().map(cookie)),
            (header::AUTHORIZATION, self.bearer.as_ref().map(bearer)),
        ];
        let given = headers.into_iter();
        given.filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

fn query(params: &serde_json::Value) -> String {
    let pairs: Vec<String> = params
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| match value {
            serde_json::Value::String(text) => format!("{key}={}", escaped(text)),
            other => format!("{key}={other}"),
        })
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

/// A value as it stands in a query.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}
