//! A small XAPI client for the tests: JSON-RPC 2.0 on a plain connection.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxa_sim::xapi::SimPool;

/// An answer of the web server.
pub struct Answer {
    pub status: String,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The value of a header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }
}

/// Sends one request on a connection of its own.
pub async fn http(address: SocketAddr, method: &str, target: &str, headers: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await.unwrap();
    let text = String::from_utf8(text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    Answer {
        status: head.lines().next().unwrap_or_default().to_owned(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// A signed-in client of one host.
pub struct Client {
    pub address: SocketAddr,
    pub session: String,
}

impl Client {
    pub async fn root(pool: &SimPool) -> Self {
        Self::of(pool.http_address(0).unwrap(), "root").await
    }

    pub async fn of(address: SocketAddr, user: &str) -> Self {
        let session = call(address, "session.login_with_password", json!([user, "xen"]))
            .await
            .unwrap();
        Self {
            address,
            session: session.as_str().unwrap().to_owned(),
        }
    }

    /// Calls with the session put first.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, Vec<String>> {
        let Value::Array(mut params) = params else {
            panic!("params")
        };
        params.insert(0, json!(self.session));
        call(self.address, method, Value::Array(params)).await
    }

    pub async fn ok(&self, method: &str, params: Value) -> Value {
        match self.call(method, params).await {
            Ok(value) => value,
            Err(failure) => panic!("{method}: {failure:?}"),
        }
    }

    /// The reference of the VM with that name.
    pub async fn vm(&self, name: &str) -> String {
        let found = self.ok("VM.get_by_name_label", json!([name])).await;
        found[0]
            .as_str()
            .unwrap_or_else(|| panic!("no {name}"))
            .to_owned()
    }

    /// A task's record once it has ended.
    pub async fn ended(&self, task: &str) -> Value {
        let mut token = String::new();
        loop {
            let record = self.ok("task.get_record", json!([task])).await;
            if !matches!(record["status"].as_str(), Some("pending" | "cancelling")) {
                return record;
            }
            let events = self
                .ok("event.from", json!([[format!("task/{task}")], token, 30.0]))
                .await;
            token = events["token"].as_str().unwrap().to_owned();
        }
    }
}

/// One call; a failure is its code and what belongs to it.
pub async fn call(address: SocketAddr, method: &str, params: Value) -> Result<Value, Vec<String>> {
    let body = json!({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).to_string();
    let answer = http(
        address,
        "POST",
        "/jsonrpc",
        "Content-Type: application/json\r\n",
        &body,
    )
    .await;
    assert_eq!(
        answer.header("content-type"),
        "application/json",
        "{}",
        answer.head
    );
    let value: Value = serde_json::from_str(&answer.body).unwrap();
    if let Some(error) = value.get("error") {
        let data = error["data"].as_array().unwrap().iter();
        let code = error["message"].as_str().unwrap().to_owned();
        return Err([code]
            .into_iter()
            .chain(data.map(|item| item.as_str().unwrap().to_owned()))
            .collect());
    }
    Ok(value["result"].clone())
}
