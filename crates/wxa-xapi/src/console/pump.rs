//! Between a console's stream and who looks at it.
use crate::{pool::Pool, tls::in_words};
use bytes::{Bytes, BytesMut};
use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split},
    net::TcpStream,
    sync::mpsc,
};
use tokio_rustls::client::TlsStream;
use wxa_driver::{ConsoleIo, Error, ErrorKind};

type Stream = TlsStream<TcpStream>;

/// Pieces that wait in each direction.
const QUEUE: usize = 64;
/// Room for what is read. Hundreds of consoles are quiet at any time: each holds little until its guest prints much.
const QUIET: usize = 512;
const BUSY: usize = 16 << 10;

/// Pumps until either side ends. `early` came with the answer.
pub(super) fn start(pool: &Pool, stream: Stream, early: Bytes) -> ConsoleIo {
    let (output_in, output) = mpsc::channel(QUEUE);
    let (input, input_out) = mpsc::channel(QUEUE);
    let (reader, writer) = split(stream);
    pool.pump(async move {
        // Whoever looked has gone: so does the console.
        tokio::select! {
            () = show(reader, early, &output_in) => {}
            () = output_in.closed() => {}
            never = type_in(writer, input_out) => match never {},
        }
    });
    ConsoleIo { output, input }
}

async fn show(mut reader: ReadHalf<Stream>, early: Bytes, output: &mpsc::Sender<Result<Bytes, Error>>) {
    if !early.is_empty() && output.send(Ok(early)).await.is_err() {
        return;
    }
    let mut buffer = BytesMut::new();
    let mut room = QUIET;
    loop {
        buffer.reserve(room);
        let piece = match reader.read_buf(&mut buffer).await {
            // The VM has stopped or is rebooting. Hosts close without saying good-bye.
            Ok(0) => return,
            Err(error) if matches!(error.kind(), io::ErrorKind::UnexpectedEof) => return,
            Ok(read) => {
                let piece = buffer.split().freeze();
                room = if read < QUIET { QUIET } else { BUSY };
                if room == QUIET {
                    // What is left of the room for much would stay until little has filled it.
                    buffer = BytesMut::new();
                }
                Ok(piece)
            }
            Err(error) => Err(Error::new(
                ErrorKind::Unreachable,
                format!("The console was lost: {}.", in_words(&error)),
            )
            .with_source(error)),
        };
        let ends = piece.is_err();
        if output.send(piece).await.is_err() || ends {
            return;
        }
    }
}

/// Never ends by itself: what the guest prints is shown to its end although nothing can be typed any more.
async fn type_in(
    mut writer: WriteHalf<Stream>,
    mut input: mpsc::Receiver<Bytes>,
) -> std::convert::Infallible {
    while let Some(bytes) = input.recv().await {
        let typed = async {
            writer.write_all(&bytes).await?;
            writer.flush().await
        };
        if typed.await.is_err() {
            break;
        }
    }
    std::future::pending().await
}
