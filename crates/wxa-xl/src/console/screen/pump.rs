//! Between a screen that we were let in at and who looks at it, for whom the door is open.
use crate::{console::Line, transport::Tunnel};
use bytes::{Bytes, BytesMut};
use std::{convert::Infallible, future::Future};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split},
    sync::mpsc,
};
use wxa_driver::{ConsoleIo, Error};

/// Pieces that may wait in each direction.
const WAITING: usize = 64;
/// The most that is read at once.
const PIECE: usize = 16 << 10;
/// What we greet with, and expect to be greeted with.
const VERSION: &[u8; 12] = b"RFB 003.008\n";

type Output = mpsc::Sender<Result<Bytes, Error>>;
type Input = mpsc::Receiver<Bytes>;

/// The console, and what has to run for as long as it lives.
pub(super) fn start(line: Line, stream: Tunnel) -> (ConsoleIo, impl Future<Output = ()> + Send + 'static) {
    let (output_in, output) = mpsc::channel(WAITING);
    let (input, mut input_out) = mpsc::channel(WAITING);
    let pump = async move {
        // Its connection stays open with it.
        let line = line;
        let Some(ahead) = let_in(&output_in, &mut input_out).await else {
            return;
        };
        let (reader, writer) = split(stream);
        tokio::select! {
            lost = show(reader, &output_in) => {
                if lost && line.connection().is_closed() {
                    let _ = output_in.send(Err(line.connection().lost())).await;
                }
            }
            () = output_in.closed() => {}
            never = type_in(writer, ahead, input_out) => match never {},
        }
    };
    (ConsoleIo { output, input }, pump)
}

/// The handshake with who looks, up to ClientInit; returns what was said after. None when it is not RFB or ends.
async fn let_in(output: &Output, input: &mut Input) -> Option<Bytes> {
    let mut said = BytesMut::new();
    // Versions, one way in that asks for nothing, and that it was the right one.
    let steps: [(&[u8], &[u8]); 2] = [(VERSION, VERSION), (&[1, 1], &[1])];
    for (say, wanted) in steps {
        output.send(Ok(Bytes::copy_from_slice(say))).await.ok()?;
        while said.len() < wanted.len() {
            said.extend_from_slice(&input.recv().await?);
        }
        if said.split_to(wanted.len()) != wanted {
            return None;
        }
    }
    output.send(Ok(Bytes::from_static(&[0; 4]))).await.ok()?;
    Some(said.freeze())
}

/// Hands pictures on until the screen ends; whether it broke off.
async fn show(mut reader: ReadHalf<Tunnel>, output: &Output) -> bool {
    let mut buffer = BytesMut::new();
    loop {
        buffer.reserve(PIECE);
        match reader.read_buf(&mut buffer).await {
            // The emulator ends with its guest; so does the stream of a connection that was lost.
            Ok(0) | Err(_) => return true,
            Ok(_) => {}
        }
        if output.send(Ok(buffer.split().freeze())).await.is_err() {
            return false;
        }
    }
}

/// Never ends by itself: what is shown is shown to its end although nothing can be typed any more.
async fn type_in(mut writer: WriteHalf<Tunnel>, ahead: Bytes, mut input: Input) -> Infallible {
    let mut next = Some(ahead);
    while let Some(bytes) = next {
        let typed = async {
            writer.write_all(&bytes).await?;
            writer.flush().await
        };
        if typed.await.is_err() {
            break;
        }
        next = input.recv().await;
    }
    std::future::pending().await
}
