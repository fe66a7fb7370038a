//! HTTP/1.1 over one kept connection: as little as can be, so that the server's time is what is measured.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A connection.
#[derive(Debug)]
pub struct Http {
    address: SocketAddr,
    /// What `Cookie:` says; empty for nobody.
    cookie: String,
    stream: BufReader<TcpStream>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Http {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connect(address: SocketAddr, cookie: &str) -> Result<Http> {
        let stream = TcpStream::connect(address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        Ok(Http {
            address,
            cookie: cookie.to_owned(),
            stream: BufReader::new(stream),
        })
    }

    /// Asks for a page as browsers do.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn get(&mut self, path: &str) -> Result<Reply> {
        self.exchange(&format!(
            "GET {path} HTTP/1.1\r\naccept: text/html,*/*\r\naccept-encoding: gzip, deflate, br\r\n"
        ))
        .await
    }

    /// Sends JSON to an operation that makes something.
    ///
    /// # Errors
    /// When the connection breaks, or the server refuses.
    pub async fn post(&mut self, path: &str, json: &str) -> Result<Reply> {
        self.call("POST", path, json).await
    }

    /// Calls an operation.
    ///
    /// # Errors
    /// When the connection breaks, or the server refuses.
    pub async fn call(&mut self, method: &str, path: &str, json: &str) -> Result<Reply> {
        let head = match json {
            "" => format!("{method} {path} HTTP/1.1\r\n"),
            _ => format!("{method} {path} HTTP/1.1\r\ncontent-type: application/json\r\n"),
        };
        let reply = self.exchange_with(&head, json).await?;
        ensure!(
            (200..300).contains(&reply.status),
            "{method} {path}: {} {}",
            reply.status,
            String::from_utf8_lossy(&reply.body)
        );
        Ok(reply)
    }

    async fn exchange(&mut self, head: &str) -> Result<Reply> {
        self.exchange_with(head, "").await
    }

    async fn exchange_with(&mut self, head: &str, body: &str) -> Result<Reply> {
        let (address, cookie) = (self.address, &self.cookie);
        let mut request = format!(
            "{head}host: {address}\r\norigin: http://{address}\r\ncontent-length: {}\r\n",
            body.len()
        );
        if !cookie.is_empty() {
            request += &format!("cookie: {cookie}\r\n");
        }
        request += "\r\n";
        request += body;
        self.stream.write_all(request.as_bytes()).await?;
        self.reply().await
    }

    async fn reply(&mut self) -> Result<Reply> {
        let status = self.line().await?;
        let status = status.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.context("a reply without a status")?;
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            match line.split_once(':') {
                Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.trim().to_owned())),
                None => break,
            }
        }
        let mut reply = Reply {
            status,
            headers,
            body: Vec::new(),
        };
        reply.body = match (reply.header("content-length"), reply.header("transfer-encoding")) {
            (Some(length), _) => self.exactly(length.parse().context("a length")?).await?,
            (None, Some("chunked")) => self.chunks().await?,
            (None, None) if matches!(status, 204 | 304) => Vec::new(),
            other => bail!("a reply whose end can't be known: {other:?}"),
        };
        Ok(reply)
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line().await?;
            let length = usize::from_str_radix(line.trim(), 16).context("a chunk's length")?;
            body.extend(self.exactly(length).await?);
            self.line().await?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    async fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).await?;
        Ok(bytes)
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(
            self.stream.read_line(&mut line).await? > 0,
            "the server closed the connection"
        );
        Ok(line.trim_end().to_owned())
    }
}
