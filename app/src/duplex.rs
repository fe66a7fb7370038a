//! The WebSocket of a console or a screen with its callbacks: bytes both ways, and words beside them. Dropping it closes it silently.
use js_sys::{ArrayBuffer, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use std::marker::PhantomData;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// What arrives, with frames of type `F`.
pub(crate) enum Incoming<F> {
    /// Bytes, still in the browser's memory.
    Bytes(ArrayBuffer),
    /// A word of the server.
    Frame(F),
    /// The socket ended with this code.
    Closed(u16),
}

/// A socket that is told words of type `W`.
pub(crate) struct Duplex<W> {
    socket: WebSocket,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_close: Closure<dyn Fn(CloseEvent)>,
    words: PhantomData<fn(W)>,
}

impl<W: Serialize> Duplex<W> {
    /// Opens it; `receive` hears what arrives.
    pub fn open<F: DeserializeOwned>(
        url: &str,
        receive: impl Fn(Incoming<F>) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let take = receive.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            if let Some(text) = data.as_string() {
                // A frame we cannot read is from a newer server: the bytes make sense without it.
                if let Ok(frame) = serde_json::from_str(&text) {
                    take(Incoming::Frame(frame));
                }
            } else if let Ok(buffer) = data.dyn_into::<ArrayBuffer>() {
                take(Incoming::Bytes(buffer));
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
            words: PhantomData,
        })
    }

    /// Sends bytes if the socket is open.
    pub fn send(&self, bytes: &Uint8Array) {
        if self.is_open() {
            // It can only fail when the socket is closing: its close event follows.
            let _ = self.socket.send_with_array_buffer_view(bytes);
        }
    }

    /// Says a word if the socket is open.
    pub fn say(&self, word: &W) {
        if self.is_open()
            && let Ok(text) = serde_json::to_string(word)
        {
            let _ = self.socket.send_with_str(&text);
        }
    }

    fn is_open(&self) -> bool {
        self.socket.ready_state() == WebSocket::OPEN
    }
}

impl<W> Drop for Duplex<W> {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Closing an already closed socket does nothing.
        let _ = self.socket.close();
    }
}
