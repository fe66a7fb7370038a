//! HTTP as bytes on the real port, for requests that no client library would make.
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use wxa_testkit::DEADLINE;

/// Sends `request` and reads until the server closes the connection, or has answered and waits for more.
pub async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let (mut from, mut to) = stream.into_split();
    let mut reply = Vec::new();
    let talk = async {
        // The server may answer and close before it has read everything.
        let (_, read) = tokio::join!(to.write_all(request), from.read_to_end(&mut reply));
        // So an end by reset is an end.
        let _ = read;
    };
    assert!(
        timeout(DEADLINE, talk).await.is_ok(),
        "no end within {DEADLINE:?}"
    );
    String::from_utf8_lossy(&reply).into_owned()
}
