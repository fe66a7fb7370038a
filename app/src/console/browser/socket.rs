//! A console's WebSocket with its callbacks; dropping it closes it silently.
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};
use wxa_wire::ConsoleFrame;

/// What arrives.
pub(super) enum Incoming {
    /// The guest's bytes, still in the browser's memory.
    Bytes(Uint8Array),
    /// A control frame.
    Frame(ConsoleFrame),
    /// The socket ended with this code.
    Closed(u16),
}

pub(super) struct Socket {
    socket: WebSocket,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_close: Closure<dyn Fn(CloseEvent)>,
}

impl Socket {
    pub fn open(url: &str, receive: impl Fn(Incoming) + Clone + 'static) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let take = receive.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
                take(Incoming::Bytes(Uint8Array::new(buffer)));
            } else if let Some(frame) = data.as_string().and_then(|text| serde_json::from_str(&text).ok()) {
                // A frame we cannot read is from a newer server: its bytes still make sense without it.
                take(Incoming::Frame(frame));
            }
        });
        let on_close = Closure::<dyn Fn(CloseEvent)>::new(move |event: CloseEvent| {
            receive(Incoming::Closed(event.code()))
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            _on_message: on_message,
            _on_close: on_close,
        })
    }

    /// Sends bytes to the guest if the socket is open.
    pub fn send(&self, bytes: &[u8]) {
        if self.socket.ready_state() == WebSocket::OPEN {
            // It can only fail when the socket is closing: its close event follows.
            let _ = self.socket.send_with_u8_array(bytes);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Closing an already closed socket does nothing.
        let _ = self.socket.close();
    }
}
