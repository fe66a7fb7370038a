//! Runs one command on a simulated host, with this process's own streams: `sim_command PORT WORD…`. Linked as `xl` and
//! the like into a folder of the search path, it makes the machine look like a control domain; see `tests/conformance_sim/local.rs`.
use russh::{ChannelMsg, client, keys::PublicKeyOrCertificate};
use std::{
    io::{IsTerminal, Read, Write, stderr, stdin, stdout},
    process::ExitCode,
    sync::Arc,
    thread,
};
use tokio::sync::mpsc;

/// A simulated host on loopback: its key proves nothing.
struct AnyKey;

impl client::Handler for AnyKey {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().and_then(|port| port.parse().ok());
    let Some(port) = port else {
        return ExitCode::from(2);
    };
    let words: Vec<String> = arguments.map(quoted).collect();
    match run(port, &words.join(" ")).await {
        Ok(status) => ExitCode::from(u8::try_from(status).unwrap_or(255)),
        Err(_) => ExitCode::from(255),
    }
}

fn quoted(word: String) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

async fn run(port: u16, line: &str) -> Result<u32, russh::Error> {
    let config = Arc::new(client::Config::default());
    let mut session = client::connect(config, ("127.0.0.1", port), AnyKey).await?;
    session.authenticate_password("root", "xen").await?;
    let channel = session.channel_open_session().await?;
    if stdin().is_terminal() {
        channel.request_pty(false, "xterm", 80, 24, 0, 0, &[]).await?;
    }
    channel.exec(false, line).await?;
    let (mut said, writer) = channel.split();
    let mut status = 255;
    let mut typed = read_input();
    let mut open = true;
    loop {
        tokio::select! {
            message = said.wait() => match message {
                Some(ChannelMsg::Data { data }) => {
                    stdout().write_all(&data)?;
                    stdout().flush()?;
                }
                Some(ChannelMsg::ExtendedData { data, .. }) => stderr().write_all(&data)?,
                Some(ChannelMsg::ExitStatus { exit_status }) => status = exit_status,
                Some(ChannelMsg::Close) | None => return Ok(status),
                Some(_) => {}
            },
            bytes = typed.recv(), if open => match bytes {
                Some(bytes) => writer.data_bytes(bytes).await?,
                None => {
                    open = false;
                    writer.eof().await?;
                }
            },
        }
    }
}

/// Standard input can only be waited for by a thread; it ends with the process.
fn read_input() -> mpsc::Receiver<Vec<u8>> {
    let (pieces, typed) = mpsc::channel(4);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count) = stdin().read(&mut buffer) {
            let piece = buffer.get(..count).unwrap_or_default().to_vec();
            if count == 0 || pieces.blocking_send(piece).is_err() {
                return;
            }
        }
    });
    typed
}
