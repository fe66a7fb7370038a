//! Plain HTTP at a port that speaks TLS: browsers are sent to https, others are told.
use axum::http::{Uri, uri::Authority};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::config::PublicUrl;

/// More than this is not read of a request.
const HEAD: usize = 4096;

/// Reads the head of the request and answers it. The caller bounds the time.
pub(super) async fn answer(mut stream: TcpStream, public_url: Option<&PublicUrl>) {
    let mut head = Vec::with_capacity(1024);
    let complete = |head: &[u8]| head.windows(4).any(|end| end == b"\r\n\r\n");
    while head.len() < HEAD && !complete(&head) {
        match stream.read_buf(&mut head).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    // Whoever has gone needs no answer.
    let _ = stream.write_all(reply(&head, public_url).as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn reply(head: &[u8], public_url: Option<&PublicUrl>) -> String {
    let text = "This port speaks HTTPS: use https:// in the address.\n";
    let (status, location) = match elsewhere(head, public_url) {
        Some(address) => ("308 Permanent Redirect", format!("location: {address}\r\n")),
        None => ("400 Bad Request", String::new()),
    };
    format!(
        "HTTP/1.1 {status}\r\n{location}content-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{text}",
        text.len()
    )
}

/// The same page with https; none where the request does not say enough.
fn elsewhere(head: &[u8], public_url: Option<&PublicUrl>) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    if !matches!(words.next()?, "GET" | "HEAD") {
        return None;
    }
    let path: Uri = words.next()?.parse().ok()?;
    let path = path
        .path_and_query()
        .filter(|path| path.as_str().starts_with('/'))?;
    let origin = match public_url {
        Some(url) if url.is_https() => url.origin().to_owned(),
        _ => {
            let host = lines.find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("host").then(|| value.trim())
            })?;
            let host: Authority = host.parse().ok()?;
            format!("https://{host}")
        }
    };
    Some(format!("{origin}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(head: &str, public_url: Option<&str>) -> Option<String> {
        let url = public_url.map(|url| url.parse().expect("an address"));
        elsewhere(head.as_bytes(), url.as_ref())
    }

    #[test]
    fn pages_are_found_again_with_https() {
        let head = "GET /vms?sort=name HTTP/1.1\r\nHost: console.lan:8006\r\n\r\n";
        assert_eq!(
            location(head, None).as_deref(),
            Some("https://console.lan:8006/vms?sort=name")
        );
        assert_eq!(
            location(head, Some("https://console.example")).as_deref(),
            Some("https://console.example/vms?sort=name")
        );
    }

    #[test]
    fn what_does_not_say_where_it_goes_is_told_only() {
        for head in [
            "POST /login HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
            "GET http://evil.example/ HTTP/1.1\r\nHost: \r\n\r\n",
            "GET",
            "",
        ] {
            assert_eq!(location(head, None), None, "{head:?}");
        }
        assert!(reply(b"EHLO x\r\n\r\n", None).starts_with("HTTP/1.1 400"));
    }

    #[test]
    fn nothing_of_a_request_can_add_a_header_to_the_answer() {
        let head = "GET /a%0d%0aset-cookie:x HTTP/1.1\r\nHost: a\r\n\r\n";
        let reply = reply(head.as_bytes(), None);
        assert!(!reply.contains("\r\nset-cookie"), "{reply}");
    }
}
