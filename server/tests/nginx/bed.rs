//! A simulated fleet, the built server, and nginx in front of it.
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

use crate::IDLE_S;

/// The name that browsers use.
pub const NAME: &str = "console.example";

/// How often the server pings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pings {
    /// More often than nginx's time-out.
    Often,
    /// Less often than any test lasts.
    Never,
}

/// Ends its process when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// All of it.
pub struct Bed {
    /// Where nginx listens, with TLS.
    pub nginx: SocketAddr,
    /// Where the server itself listens, in the clear.
    pub server: SocketAddr,
    /// nginx's certificate.
    pub certificate: Vec<u8>,
    /// An administrator's password.
    pub password: String,
    _running: [Running; 2],
    _folder: TempDir,
}

impl Bed {
    /// `https://console.example:…`
    pub fn origin(&self) -> String {
        format!("https://{NAME}:{}", self.nginx.port())
    }

    pub async fn start(pings: Pings) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let nginx = free_port();
        let (demo, json) = demo(folder.path(), nginx, pings);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let password = text(&json["users"][0]["password"]);
        let server = listening(&json);
        let secret = rcgen::KeyPair::generate().expect("a key");
        let params = rcgen::CertificateParams::new([NAME.to_owned()]).expect("a name");
        let certificate = params.self_signed(&secret).expect("a certificate");
        fs::write(folder.path().join("cert.pem"), certificate.pem()).expect("written");
        fs::write(folder.path().join("key.pem"), secret.serialize_pem()).expect("written");
        let proxy = start_nginx(folder.path(), nginx, server);
        accepts(nginx).await;
        Self {
            nginx,
            server,
            certificate: certificate.der().to_vec(),
            password,
            _running: [proxy, demo],
            _folder: folder,
        }
    }
}

fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

fn demo(folder: &Path, nginx: SocketAddr, pings: Pings) -> (Running, Value) {
    let file = folder.join("demo.json");
    let listen = free_port().to_string();
    let ping = match pings {
        Pings::Often => "1",
        Pings::Never => "600",
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_webxenadmin"))
        .args([
            "demo", "--hosts", "1", "--vms", "3", "--pools", "0", "--listen", &listen,
        ])
        .args(["--public-url", &format!("https://{NAME}:{}", nginx.port())])
        .args(["--trusted-proxies", "127.0.0.1", "--socket-ping-s", ping])
        .arg("--data-dir")
        .arg(folder.join("data"))
        .arg("--print-json")
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let lines = BufReader::new(child.stdout.take().expect("a standard output")).lines();
    let running = Running(child);
    let ready = lines
        .map_while(Result::ok)
        .any(|line| line.contains("/link?token="));
    assert!(ready, "the demo did not start");
    let json = fs::read(&file).expect("the demo's facts");
    let mut json: Value = serde_json::from_slice(&json).expect("json");
    json["listen"] = listen.into();
    (running, json)
}

fn listening(json: &Value) -> SocketAddr {
    let text = json["listen"].as_str().expect("an address");
    text.parse().expect("an address")
}

/// With the documented configuration, moved to free ports and this folder.
fn start_nginx(folder: &Path, nginx: SocketAddr, server: SocketAddr) -> Running {
    let documented = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/nginx/webxenadmin.conf");
    let mut site = fs::read_to_string(documented).expect("the documented configuration");
    for (from, to) in [
        ("listen 443 ssl;", format!("listen {nginx} ssl;")),
        ("127.0.0.1:8006", server.to_string()),
        (
            "/etc/ssl/console.example.pem",
            folder.join("cert.pem").display().to_string(),
        ),
        (
            "/etc/ssl/private/console.example.key",
            folder.join("key.pem").display().to_string(),
        ),
        (
            "proxy_read_timeout 60s;",
            format!("proxy_read_timeout {IDLE_S}s;"),
        ),
    ] {
        assert!(site.contains(from), "the configuration has no {from:?} any more");
        site = site.replace(from, &to);
    }
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("{what}_temp_path {}/{what};\n", folder.display()))
        .concat();
    let whole = format!(
        "daemon off;\nmaster_process off;\npid {0}/nginx.pid;\nerror_log {0}/error.log;\nevents {{}}\n\
         http {{\naccess_log off;\n{temporary}{site}}}\n",
        folder.display()
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, whole).expect("written");
    let program = std::env::var("WXA_NGINX").unwrap_or_else(|_| "nginx".into());
    let child = Command::new(program)
        .arg("-p")
        .arg(folder)
        .arg("-c")
        .arg(&file)
        .spawn()
        .expect("nginx starts: WXA_NGINX names the program");
    Running(child)
}

async fn accepts(address: SocketAddr) {
    let began = Instant::now();
    while tokio::net::TcpStream::connect(address).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "nginx does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
