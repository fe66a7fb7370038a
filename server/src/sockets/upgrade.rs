//! Becoming a WebSocket (RFC 6455, section 4.2), with our own settings. axum could do it too, but sends a message only whole: then each
//! socket that was told everything once keeps the room for that for as long as it lives.
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};

/// The largest message that is taken, in bytes.
const MESSAGE_LIMIT: usize = 64 * 1024;
/// What is set aside for reading at each socket, and cleared at each look for something to read. Browsers send little; for a message
/// that is longer there is more for as long as it takes.
const READ_BUFFER: usize = 2 * 1024;

/// A connection that was upgraded.
pub(super) type Connection = TokioIo<Upgraded>;
/// The WebSocket on it.
pub(super) type Stream = WebSocketStream<Connection>;

/// A request for a WebSocket.
pub(super) struct Upgrade {
    key: HeaderValue,
    connection: OnUpgrade,
}

impl Upgrade {
    /// None where a request is something else.
    pub(super) fn of(parts: &mut Parts) -> Option<Self> {
        let says = |name: HeaderName, word: &str| {
            let values = parts.headers.get_all(name).into_iter();
            let mut words = values
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','));
            words.any(|known| known.trim().eq_ignore_ascii_case(word))
        };
        let is_asked = parts.method == Method::GET
            && says(header::CONNECTION, "upgrade")
            && says(header::UPGRADE, "websocket")
            && says(header::SEC_WEBSOCKET_VERSION, "13");
        let key = parts
            .headers
            .get(header::SEC_WEBSOCKET_KEY)
            .filter(|_| is_asked)?;
        Some(Self {
            key: key.clone(),
            connection: parts.extensions.remove()?,
        })
    }

    /// The reply, and the socket that there is once it was sent; none when the connection ends before.
    pub(super) fn accept(self) -> (Response, impl Future<Output = Option<Stream>> + Send) {
        let mut reply = Response::new(Body::empty());
        *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = reply.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(self.key.as_bytes())) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        let connection = self.connection;
        let socket = async move {
            let config = WebSocketConfig::default()
                .read_buffer_size(READ_BUFFER)
                .max_message_size(Some(MESSAGE_LIMIT))
                .max_frame_size(Some(MESSAGE_LIMIT));
            let upgraded = Connection::new(connection.await.ok()?);
            Some(WebSocketStream::from_raw_socket(upgraded, Role::Server, Some(config)).await)
        };
        (reply, socket)
    }
}
