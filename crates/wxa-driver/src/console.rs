//! A byte stream to and from a guest's console.
use crate::Error;
use bytes::Bytes;
use tokio::sync::mpsc;

/// An attached console. Dropping it detaches and frees whatever the hypervisor holds for it.
#[derive(Debug)]
pub struct ConsoleIo {
    /// What the guest prints, in order, unchanged; of a graphical console the server's side of RFB (RFC 6143), from its greeting
    /// on. The last item is the error that ended it; a closed channel
    /// without one means that the guest is gone or rebooting.
    pub output: mpsc::Receiver<Result<Bytes, Error>>,
    /// What is typed, in order. Every byte reaches the guest, whatever it means to the tools in between. Of a graphical console
    /// the client's side of RFB.
    pub input: mpsc::Sender<Bytes>,
}
