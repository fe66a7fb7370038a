//! The command line, as people and scripts use it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: a failure must stop"
)]
mod backup;
mod check_config;
mod doctor;
mod documents;
mod recovery;
mod service;
mod support;

use serde_json::Value;
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

fn webxenadmin(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webxenadmin"));
    command
        .env("WXA_DATA_DIR", data)
        .stderr(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

fn run(data: &Path, args: &[&str], typed: &str) -> Output {
    let mut child = webxenadmin(data)
        .args(args)
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a standard input");
    stdin.write_all(typed.as_bytes()).expect("typed");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A server in the background; ended with its handle.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server and reads what it says until `wanted` comes.
fn start(data: &Path, args: &[&str], wanted: &str) -> (Server, String) {
    let mut child = webxenadmin(data).args(args).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a standard output")).lines();
    let server = Server(child);
    let line = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains(wanted)));
    let line = line.expect("it says it").expect("readable");
    (server, line.trim().to_owned())
}

/// One request over a connection of its own, in plain HTTP/1.1.
fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("a reply");
    reply
}

#[test]
fn accounts_are_kept_without_a_server_and_passwords_come_from_standard_input() {
    let data = tempfile::tempdir().expect("a folder");
    let data = data.path();
    said(&run(
        data,
        &["user", "add", "anna", "--role", "admin"],
        "correct horse battery\n",
    ));
    said(&run(data, &["user", "add", "otto"], "another long password\n"));
    let list = said(&run(data, &["user", "list"], ""));
    assert_eq!(list, "anna  admin everywhere\notto  viewer everywhere");

    said(&run(data, &["user", "grant", "otto", "operator"], ""));
    said(&run(
        data,
        &["user", "grant", "otto", "viewer", "--tag", "lab", "--also"],
        "",
    ));
    said(&run(data, &["user", "rename", "otto", "otto.k"], ""));
    said(&run(data, &["user", "disable", "otto.k"], ""));
    let list = said(&run(data, &["user", "list"], ""));
    assert!(
        list.contains("otto.k  viewer on tag lab, operator everywhere  locked out"),
        "{list}"
    );
    said(&run(data, &["user", "delete", "otto.k"], ""));
    let unknown = run(data, &["user", "enable", "otto.k"], "");
    let told = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(
        !unknown.status.success() && told.contains("there is no such account"),
        "{told}"
    );
    let last = run(data, &["user", "delete", "anna"], "");
    let told = String::from_utf8_lossy(&last.stderr).into_owned();
    assert!(
        !last.status.success() && told.contains("make another administrator first"),
        "{told}"
    );
    let link = said(&run(
        data,
        &["user", "link", "anna", "--url", "https://console.example/"],
        "",
    ));
    assert!(link.starts_with("https://console.example/link?token="), "{link}");

    let short = run(data, &["user", "passwd", "anna"], "short\n");
    assert!(!short.status.success());
    assert!(
        String::from_utf8_lossy(&short.stderr).contains("password"),
        "{short:?}"
    );
}

#[tokio::test]
async fn a_changed_audit_log_is_found_with_its_row_and_accepted_with_a_reason() {
    let data = tempfile::tempdir().expect("a folder");
    let data = data.path();
    let password = "correct horse battery\n";
    said(&run(data, &["user", "add", "anna", "--role", "admin"], password));
    said(&run(data, &["user", "add", "otto"], password));
    said(&run(data, &["user", "disable", "otto"], ""));
    let intact = said(&run(data, &["audit", "verify"], ""));
    assert!(intact.ends_with("the audit log is intact"), "{intact}");
    let head = intact
        .lines()
        .find_map(|line| line.strip_prefix("newest link: "))
        .expect("the newest link");
    said(&run(data, &["audit", "verify", "--head", head], ""));
    let other = format!("1:{}", "00".repeat(32));
    let kept = run(data, &["audit", "verify", "--head", &other], "");
    assert_eq!(kept.status.code(), Some(1), "{kept:?}");

    let options = SqliteConnectOptions::new().filename(data.join("webxenadmin.db"));
    let pool = SqlitePool::connect_with(options).await.expect("the database");
    sqlx::query("update audit set what = 'user_create' where what = 'user_disable'")
        .execute(&pool)
        .await
        .expect("changed");
    pool.close().await;
    let broken = run(data, &["audit", "verify"], "");
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
    let out = String::from_utf8_lossy(&broken.stdout);
    assert!(
        out.contains("WRONG: row 3: what was written before the act was changed"),
        "{out}"
    );
    assert!(String::from_utf8_lossy(&broken.stderr).contains("1 wrong"));

    let accept = ["audit", "accept", "--reason", "a test did it"];
    said(&run(data, &accept, ""));
    said(&run(data, &["audit", "verify"], ""));
}

#[test]
fn a_host_is_not_added_without_its_fingerprint_being_confirmed() {
    let data = tempfile::tempdir().expect("a folder");
    let (_demo, json) = demo(data.path());
    let spare = json.get("spare").expect("a spare host");
    let text = |name: &str| {
        spare
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let port = spare.get("port").map(Value::to_string).expect("a port");
    let other = tempfile::tempdir().expect("a folder");
    let other = other.path();

    let probe = said(&run(other, &["host", "probe", "127.0.0.1", "--port", &port], ""));
    assert!(probe.starts_with(&text("fingerprint")), "{probe}");
    let unconfirmed = run(other, &["host", "add", "127.0.0.1", "--port", &port], "xen\n");
    assert!(!unconfirmed.status.success(), "{unconfirmed:?}");
    let add = [
        "host",
        "add",
        "127.0.0.1",
        "--port",
        &port,
        "--fingerprint",
        &text("fingerprint"),
    ];
    said(&run(other, &add, "xen\n"));
    assert!(said(&run(other, &["host", "list"], "")).contains("xen-spare"));
    said(&run(other, &["host", "remove", "xen-spare"], ""));
    assert_eq!(said(&run(other, &["host", "list"], "")), "");
}

#[test]
fn a_pool_is_added_by_its_certificates_fingerprint_and_nothing_of_ssh() {
    let data = tempfile::tempdir().expect("a folder");
    let (_demo, json) = demo(data.path());
    let member = json
        .pointer("/sparePool/members/0")
        .expect("a member of a spare pool");
    let text = |name: &str| match member.get(name) {
        Some(Value::String(text)) => text.clone(),
        other => other.map(Value::to_string).unwrap_or_default(),
    };
    let (address, port, fingerprint) = (text("address"), text("port"), text("fingerprint"));
    let other = tempfile::tempdir().expect("a folder");
    let other = other.path();
    let with = |words: &[&'static str], more: &[&str]| -> Vec<String> {
        let place = [address.as_str(), "--xapi", "--port", port.as_str()];
        let all = words.iter().chain(&place).chain(more);
        all.map(|word| (*word).to_owned()).collect()
    };
    let run = |args: Vec<String>, typed: &str| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        run(other, &args, typed)
    };
    let probe = said(&run(with(&["host", "probe"], &[]), ""));
    assert_eq!(probe.trim(), format!("{fingerprint} x509"));
    let unconfirmed = run(with(&["host", "add"], &[]), "xen\n");
    assert!(!unconfirmed.status.success(), "{unconfirmed:?}");
    let agent = run(with(&["host", "add"], &["--agent"]), "");
    assert!(!agent.status.success(), "{agent:?}");

    let lower = fingerprint.to_lowercase();
    let added = said(&run(with(&["host", "add"], &["--fingerprint", &lower]), "xen\n"));
    assert!(added.contains("XCP-ng"), "{added}");
    let list = said(&run(vec!["host".into(), "list".into()], ""));
    assert!(list.contains(&fingerprint) && list.contains("spare"), "{list}");
}

#[test]
fn a_pools_hosts_are_reached_over_ssh_by_the_keys_that_were_confirmed() {
    let data = tempfile::tempdir().expect("a folder");
    let (_server, demo) = demo(data.path());
    let members = &demo["pools"][0]["members"];
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (address, port) = (word(&members[0]["address"]), word(&members[0]["port"]));
    let (certificate, key) = (
        word(&members[0]["fingerprint"]),
        word(&members[0]["ssh"]["fingerprint"]),
    );
    let ssh_port = word(&members[0]["ssh"]["port"]);
    let other = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str], typed: &str| run(other.path(), args, typed);
    let add = [
        "host", "add", &address, "--xapi", "--port", &port, "--name", "lab",
    ];
    let add = [&add[..], &["--fingerprint", &certificate]].concat();
    said(&run(&add, "xen\n"));
    let before = said(&run(&["host", "ssh", "lab"], ""));
    assert!(before.contains("not reached over SSH"), "{before}");

    let set = ["host", "ssh-set", "lab", "--port", &ssh_port];
    let unconfirmed = run(&set, "xen\n");
    assert!(!unconfirmed.status.success(), "{unconfirmed:?}");
    let confirmed = [&set[..], &["--fingerprint", &key]].concat();
    let wrong = run(&confirmed, "guess\n");
    assert!(!wrong.status.success(), "{wrong:?}");
    said(&run(&confirmed, "xen\n"));
    let now = said(&run(&["host", "ssh", "lab"], ""));
    assert!(
        now.contains(&key) && now.contains("answers, and lets us in") && now.contains("key not confirmed"),
        "{now}"
    );
    said(&run(&["host", "ssh-remove", "lab"], ""));
    let after = said(&run(&["host", "ssh", "lab"], ""));
    assert!(after.contains("not reached over SSH"), "{after}");
}

fn demo(data: &Path) -> (Server, Value) {
    let file = data.join("demo.json");
    let path = file.to_str().expect("a path");
    let args = [
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--hosts",
        "1",
        "--vms",
        "3",
        "--pools",
        "1",
        "--pool-vms",
        "6",
        "--print-json",
        path,
    ];
    let (server, link) = start(data, &args, "/link?token=");
    let json: Value = serde_json::from_slice(&std::fs::read(&file).expect("the file")).expect("json");
    assert_eq!(
        json.get("link").and_then(Value::as_str),
        Some(link.as_str()),
        "the link is said and written"
    );
    (server, json)
}

#[test]
fn the_demo_prints_a_link_that_signs_in() {
    let data = tempfile::tempdir().expect("a folder");
    let (_demo, json) = demo(data.path());
    let text = |name: &str| {
        json.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let address = text("url").trim_start_matches("http://").to_owned();
    let token = text("link").split_once("token=").expect("a token").1.to_owned();
    let body = format!("token={token}");
    let reply = exchange(
        &address,
        &format!(
            "POST /link HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    assert!(reply.starts_with("HTTP/1.1 303"), "{reply}");
    let cookie = reply
        .split("set-cookie: ")
        .nth(1)
        .and_then(|rest| rest.split(';').next())
        .expect("a cookie");
    let request =
        format!("GET /vms HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n");
    let page = exchange(&address, &request);
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("xen-1"),
        "{page}"
    );
}

#[test]
fn the_first_start_prints_a_setup_link_and_only_there() {
    let data = tempfile::tempdir().expect("a folder");
    let (mut server, link) = start(
        data.path(),
        &["serve", "--listen", "127.0.0.1:0", "--log", "debug"],
        "/setup?token=",
    );
    let token = link.split_once("token=").expect("a token").1.to_owned();
    let address = link
        .trim_start_matches("http://")
        .split('/')
        .next()
        .expect("an address")
        .to_owned();
    let request =
        format!("GET /setup?token={token} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    assert!(exchange(&address, &request).starts_with("HTTP/1.1 200"));

    let second = run(data.path(), &["serve", "--listen", "127.0.0.1:0"], "");
    assert!(
        String::from_utf8_lossy(&second.stderr).contains("another server is running"),
        "{second:?}"
    );

    let pid = server.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("kill")
            .success()
    );
    let mut log = String::new();
    server
        .0
        .stderr
        .take()
        .expect("a log")
        .read_to_string(&mut log)
        .expect("the log");
    assert!(
        server.0.wait().expect("it ends").success(),
        "SIGTERM ends it well: {log}"
    );
    assert!(
        log.contains("/setup") && !log.contains(&token),
        "no token in the log: {log}"
    );
}

#[test]
fn all_problems_of_the_settings_are_told_at_once() {
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("a.toml");
    std::fs::write(&file, "listne = \"x\"\nlog_format = \"xml\"").expect("a file");
    let args = [
        "serve",
        "--config",
        file.to_str().expect("a path"),
        "--listen",
        "8006",
    ];
    let output = run(data.path(), &args, "");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    for problem in ["listne", "xml", "8006"] {
        assert!(told.contains(problem), "{told}");
    }
}

#[test]
fn known_hosts_confirms_the_keys_of_host_and_jump_host() {
    let data = tempfile::tempdir().expect("a folder");
    let (_demo, json) = demo(data.path());
    let text = |host: &Value, name: &str| host[name].as_str().unwrap_or_default().to_owned();
    let line = |host: &Value| format!("[127.0.0.1]:{} {}\n", host["port"], text(host, "publicKey"));
    let (gate, spare) = (&json["hosts"][0], &json["spare"]);
    let (port, file) = (spare["port"].to_string(), data.path().join("known_hosts"));
    let known_hosts = file.to_str().expect("a path");
    let other = tempfile::tempdir().expect("a folder");
    let other = other.path();

    let probe = [
        "host",
        "probe",
        "127.0.0.1",
        "--port",
        &port,
        "--known-hosts",
        known_hosts,
    ];
    std::fs::write(&file, line(gate)).expect("written");
    let unknown = run(other, &probe, "");
    assert!(!unknown.status.success(), "{unknown:?}");
    std::fs::write(
        &file,
        format!("@revoked * {}\n{}", text(spare, "publicKey"), line(spare)),
    )
    .expect("written");
    let add = [
        "host",
        "add",
        "127.0.0.1",
        "--port",
        &port,
        "--known-hosts",
        known_hosts,
    ];
    let revoked = run(other, &add, "xen\n");
    assert!(
        String::from_utf8_lossy(&revoked.stderr).contains("@revoked"),
        "{revoked:?}"
    );
    assert!(!revoked.status.success());

    std::fs::write(&file, format!("{}{}", line(gate), line(spare))).expect("written");
    assert!(said(&run(other, &probe, "")).contains("Line 2 of known_hosts"));
    let jump = format!("root@127.0.0.1:{}", gate["port"]);
    let through = [&add[..], &["--jump", &jump]].concat();
    said(&run(other, &through, "xen\nxen\n"));
    let list = said(&run(other, &["host", "list"], ""));
    assert!(
        list.contains(&format!("via 127.0.0.1:{}", gate["port"])),
        "{list}"
    );
}

#[test]
fn this_machine_is_added_by_its_word_and_without_xen_the_reason_is_told() {
    let data = tempfile::tempdir().expect("a folder");
    let output = run(data.path(), &["host", "add", "local"], "");
    let list = said(&run(data.path(), &["host", "list"], ""));
    match output.status.success() {
        true => assert!(list.contains("this machine"), "{list}"),
        false => assert_eq!(list, "", "{output:?}"),
    }
}
