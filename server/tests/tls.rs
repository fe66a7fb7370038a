//! TLS of our own, as people run it: the built program, real certificates, real handshakes.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: a failure must stop"
)]
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    mem,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};

const LONG: Duration = Duration::from_secs(20);

fn webxenadmin(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webxenadmin"));
    command
        .args(args)
        .env("WXA_DATA_DIR", data)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(data: &Path, args: &[&str]) -> Output {
    webxenadmin(data, args).output().expect("it starts")
}

/// A server in the background; ended with its handle.
struct Server {
    child: Child,
    /// All it said until it was ready.
    said: String,
    address: String,
    /// Its log's lines as they come, and those that were waited for.
    log: Receiver<String>,
    logged: String,
}

impl Server {
    fn start(data: &Path, args: &[&str]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        let mut child = webxenadmin(data, &args).spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("a standard output")).lines();
        let written = BufReader::new(child.stderr.take().expect("a log"));
        let (sender, log) = mpsc::channel();
        thread::spawn(move || {
            for line in written.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut said = String::new();
        for line in lines.map_while(Result::ok) {
            said += &line;
            said.push('\n');
            if let Some(rest) = line.trim().strip_prefix("https://") {
                let address = rest.split('/').next().expect("an address").to_owned();
                return Self {
                    child,
                    said,
                    address,
                    log,
                    logged: String::new(),
                };
            }
        }
        let _ = child.wait();
        panic!("it did not start: {said} {:?}", log.iter().collect::<Vec<_>>());
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &pid]).status().expect("kill");
        assert!(sent.success());
    }

    /// Waits until it has logged that.
    fn logs(&mut self, what: &str) {
        let until = Instant::now() + LONG;
        while !self.logged.contains(what) {
            let left = until.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(line) => {
                    self.logged += &line;
                    self.logged.push('\n');
                }
                Err(error) => panic!("{what:?} was not logged, {error}: {}", self.logged),
            }
        }
    }

    /// Ends it; all that it logged.
    fn stop(mut self) -> String {
        self.signal("-TERM");
        assert!(self.child.wait().expect("it ends").success());
        let mut logged = mem::take(&mut self.logged);
        for line in self.log.iter() {
            logged += &line;
            logged.push('\n');
        }
        logged
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

type Tls = StreamOwned<ClientConnection, TcpStream>;

/// Connects, and believes the certificate in `trusted` alone.
fn connect(address: &str, name: &'static str, trusted: &Path) -> Result<Tls, String> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(trusted).expect("a certificate");
    roots.add(certificate).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name).expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(LONG)).expect("a time-out");
    let mut tls = StreamOwned::new(client, stream);
    tls.flush()
        .and_then(|()| tls.conn.complete_io(&mut tls.sock).map(drop))
        .map_err(|error| error.to_string())?;
    Ok(tls)
}

/// One request on a connection that stays open.
fn ask(tls: &mut Tls, path: &str) -> String {
    write!(tls, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("sent");
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    while !seen.ends_with(b"alive\n") {
        let count = tls.read(&mut piece).expect("a reply");
        assert!(count > 0, "it was closed: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..count]);
    }
    String::from_utf8_lossy(&seen).into_owned()
}

/// A certificate for `localhost`, with its key, in files.
struct Files {
    folder: TempDir,
}

impl Files {
    fn new() -> Self {
        let files = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        files.renew(|_| {});
        files
    }

    fn cert(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    /// Writes another pair.
    fn renew(&self, change: impl FnOnce(&mut rcgen::CertificateParams)) {
        let secret = rcgen::KeyPair::generate().expect("a key");
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("a name");
        change(&mut params);
        let certificate = params.self_signed(&secret).expect("a certificate");
        fs::write(self.key(), secret.serialize_pem()).expect("written");
        fs::write(self.cert(), certificate.pem()).expect("written");
    }

    /// Keeps a copy of the certificate, to trust it later.
    fn copy(&self, name: &str) -> PathBuf {
        let copy = self.folder.path().join(name);
        fs::copy(self.cert(), &copy).expect("copied");
        copy
    }

    fn server(&self, data: &Path) -> Server {
        let (cert, key) = (
            self.cert().display().to_string(),
            self.key().display().to_string(),
        );
        Server::start(data, &["--tls-cert", &cert, "--tls-key", &key])
    }
}

/// Waits until a new connection is shown the certificate in `trusted`.
fn shows(server: &Server, trusted: &Path) {
    let began = Instant::now();
    while let Err(error) = connect(&server.address, "localhost", trusted) {
        assert!(began.elapsed() < LONG, "it does not come: {error}");
    }
}

#[test]
fn a_self_signed_certificate_is_made_and_its_fingerprint_told() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(data.path(), &["--tls", "self-signed"]);
    let told = run(data.path(), &["tls", "--tls", "self-signed"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let fingerprint = told
        .lines()
        .next()
        .and_then(|line| line.split_whitespace().last())
        .expect("a fingerprint");
    assert_eq!(fingerprint.split(':').count(), 32, "{told}");
    assert!(server.said.contains(fingerprint), "{}", server.said);
    assert!(told.contains("localhost"), "{told}");

    let cert = data.path().join("tls-cert.pem");
    let mut tls = connect(&server.address, "localhost", &cert).expect("a handshake");
    let reply = ask(&mut tls, "/healthz");
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    assert!(
        !reply.contains("strict-transport-security"),
        "browsers could not accept the next one: {reply}"
    );
    let well = run(
        data.path(),
        &["healthcheck", "--tls", "self-signed", "--listen", &server.address],
    );
    assert!(well.status.success(), "{well:?}");
    server.stop();

    let again = Server::start(data.path(), &["--tls", "self-signed"]);
    assert!(again.said.contains(fingerprint), "it stays the same");
}

#[test]
fn a_new_certificate_is_shown_without_a_restart_and_open_connections_go_on() {
    let data = tempfile::tempdir().expect("a folder");
    let files = Files::new();
    let server = files.server(data.path());
    let first = files.copy("first.pem");
    let mut open = connect(&server.address, "localhost", &first).expect("a handshake");
    assert!(ask(&mut open, "/healthz").contains("strict-transport-security"));

    files.renew(|_| {});
    shows(&server, &files.cert());
    ask(&mut open, "/healthz");
    assert!(
        connect(&server.address, "localhost", &first).is_err(),
        "the old one is gone"
    );

    // The same, for those who cannot wait: SIGHUP reads them at once and ends nothing.
    files.renew(|_| {});
    server.signal("-HUP");
    shows(&server, &files.cert());
    ask(&mut open, "/healthz");
    server.stop();
}

#[test]
fn a_broken_new_certificate_leaves_the_old_one() {
    let data = tempfile::tempdir().expect("a folder");
    let files = Files::new();
    let mut server = files.server(data.path());
    let good = files.copy("good.pem");
    fs::write(files.cert(), "-----BEGIN CERTIFICATE-----\nnothing\n").expect("written");
    server.signal("-HUP");
    server.logs("the one from before is shown until this is put right");
    for _ in 0..3 {
        connect(&server.address, "localhost", &good).expect("the old one is shown");
    }
    files.renew(|_| {});
    shows(&server, &files.cert());
    server.stop();
}

#[test]
fn all_that_is_wrong_with_a_certificate_is_told_at_once() {
    let data = tempfile::tempdir().expect("a folder");
    let files = Files::new();
    files.renew(|params| {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    });
    let other = Files::new();
    let (cert, key) = (
        files.cert().display().to_string(),
        other.key().display().to_string(),
    );
    let told = |cert: &str, key: &str| {
        let output = run(
            data.path(),
            &[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--tls-cert",
                cert,
                "--tls-key",
                key,
            ],
        );
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let text = told(&cert, &key);
    assert!(
        text.contains("ended on") && text.contains("is not the key of"),
        "{text}"
    );
    let text = told("/nowhere/cert.pem", "/nowhere/key.pem");
    assert!(
        text.contains("/nowhere/cert.pem cannot be read") && text.contains("/nowhere/key.pem cannot be read"),
        "{text}"
    );
    let checked = run(
        data.path(),
        &["check-config", "--tls-cert", &cert, "--tls-key", &key],
    );
    assert!(!checked.status.success(), "{checked:?}");
    let text = told(&key, &cert);
    assert!(
        text.contains("has no certificate in it") && text.contains("has no private key in it"),
        "{text}"
    );
}

#[test]
fn a_key_that_everybody_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let data = tempfile::tempdir().expect("a folder");
    let files = Files::new();
    fs::set_permissions(files.key(), fs::Permissions::from_mode(0o644)).expect("changed");
    let log = files.server(data.path()).stop();
    assert!(log.contains("can be read by everybody"), "{log}");
}

#[test]
fn plain_http_is_sent_to_https_and_a_silent_client_holds_nobody_up() {
    let data = tempfile::tempdir().expect("a folder");
    let files = Files::new();
    let server = files.server(data.path());
    let silent: Vec<TcpStream> = (0..300)
        .map(|_| TcpStream::connect(&server.address).expect("a connection"))
        .collect();
    connect(&server.address, "localhost", &files.cert()).expect("a handshake beside the silent ones");
    let mut plain = TcpStream::connect(&server.address).expect("a connection");
    write!(plain, "GET /vms HTTP/1.1\r\nhost: {}\r\n\r\n", server.address).expect("sent");
    let mut reply = String::new();
    plain.read_to_string(&mut reply).expect("a reply");
    assert!(reply.starts_with("HTTP/1.1 308"), "{reply}");
    assert!(
        reply.contains(&format!("location: https://{}/vms", server.address)),
        "{reply}"
    );
    drop(silent);
    let log = server.stop();
    assert!(!log.contains("panicked"), "{log}");
}
