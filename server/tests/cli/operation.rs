//! Commands for whoever runs an installation.
use super::{demo, run, said, start, webxenadmin};
use flate2::read::GzDecoder;
use std::{
    fs,
    io::Read,
    os::unix::{fs::PermissionsExt, net::UnixDatagram},
    path::Path,
    process::{Command, Output},
    time::Duration,
};

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn check_config_tells_what_holds_where_it_was_said_and_hides_secrets() {
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("a.toml");
    fs::write(&file, "listen = \"127.0.0.1:9\"\nlog = \"warn\"").expect("a file");
    let args = ["check-config", "--config", text(&file), "--log", "debug"];
    let good = said(&run(data.path(), &args, ""));
    let line = |key: &str| {
        let found = good.lines().find(|line| line.starts_with(&format!("{key} ")));
        found.unwrap_or_else(|| panic!("no {key} in {good}")).to_owned()
    };
    assert!(line("listen").contains("127.0.0.1:9") && line("listen").ends_with("a.toml: listen)"));
    assert!(line("log").contains("debug") && line("log").ends_with("(--log)"));
    assert!(line("data_dir").ends_with("(WXA_DATA_DIR)"));
    assert!(line("public_url").ends_with("(default)"));

    fs::write(
        &file,
        "public_url = \"https://u:geheim@a.example\"\nlistne = \"x\"",
    )
    .expect("a file");
    let bad = run(
        data.path(),
        &["check-config", "--config", text(&file), "--listen", "8006"],
        "",
    );
    assert!(!bad.status.success());
    for problem in ["listne", "8006", "(hidden)@a.example"] {
        assert!(told(&bad).contains(problem), "{bad:?}");
    }
    assert!(!format!("{bad:?}").contains("geheim"));
}

#[test]
fn a_backup_is_restored_elsewhere_while_the_first_server_runs() {
    let data = tempfile::tempdir().expect("a folder");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (_server, _) = start(
        data.path(),
        &["serve", "--listen", "127.0.0.1:0"],
        "/setup?token=",
    );
    said(&run(
        data.path(),
        &["user", "add", "anna", "--role", "admin"],
        "correct horse battery\n",
    ));
    let made = said(&run(
        data.path(),
        &["backup", text(elsewhere.path()), "--passphrase"],
        "a long passphrase\n",
    ));
    let file = made.split(": ").next().expect("a name").to_owned();
    assert!(file.ends_with(".backup"), "{made}");
    let mode = fs::metadata(&file).expect("the backup").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(said(&run(data.path(), &["restore", &file, "--check"], "")).contains("whole. Made 20"));

    let over = run(
        data.path(),
        &["restore", &file, "--replace"],
        "a long passphrase\n",
    );
    assert!(told(&over).contains("another server is running"), "{over:?}");
    let other = elsewhere.path().join("data");
    let wrong = run(&other, &["restore", &file], "another passphrase\n");
    assert!(told(&wrong).contains("does not fit"), "{wrong:?}");
    said(&run(&other, &["restore", &file], "a long passphrase\n"));
    assert_eq!(
        said(&run(&other, &["user", "list"], "")),
        "anna  admin everywhere"
    );
    let again = run(&other, &["restore", &file], "a long passphrase\n");
    assert!(told(&again).contains("--replace"), "{again:?}");
    let short = run(data.path(), &["backup", "x", "--passphrase"], "short\n");
    assert!(told(&short).contains("12 characters"), "{short:?}");
    let nothing = run(&elsewhere.path().join("none"), &["backup", "x"], "");
    assert!(told(&nothing).contains("no database"), "{nothing:?}");
}

#[test]
fn doctor_is_content_with_a_running_server_and_names_what_is_wrong_with_a_broken_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let site = tempfile::tempdir().expect("a folder");
    fs::write(site.path().join("manifest.json"), r#"{"build":"b1","files":{}}"#).expect("a manifest");
    let (server, link) = start(&data, &["serve", "--listen", "127.0.0.1:0"], "/setup?token=");
    let address = link
        .trim_start_matches("http://")
        .split('/')
        .next()
        .expect("an address")
        .to_owned();
    let args = ["doctor", "--listen", &address, "--site-dir", text(site.path())];
    let well = said(&run(&data, &args, ""));
    for good in [
        "runs and is ready",
        "build b1",
        "belongs to the database",
        "for its owner only",
    ] {
        assert!(well.contains(good), "{good}: {well}");
    }
    said(&run(&data, &["healthcheck", "--listen", &address], ""));
    drop(server);

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let key = data.join("sealing.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("rights");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).expect("rights");
    let ill = run(
        &data,
        &["doctor", "--listen", &address, "--site-dir", "/nowhere"],
        "",
    );
    let list = String::from_utf8_lossy(&ill.stdout).into_owned();
    for bad in [
        "chmod 700",
        "chmod 600",
        "another program listens",
        "no /nowhere/manifest.json",
    ] {
        assert!(list.contains(bad), "{bad}: {list}");
    }
    assert!(
        !ill.status.success() && told(&ill).contains("problems"),
        "{ill:?}"
    );
    assert!(
        !run(&data, &["healthcheck", "--listen", &address], "")
            .status
            .success()
    );

    let database = data.join("webxenadmin.db");
    // The journal beside it holds whole pages, with which a damaged file could still be read.
    for journal in ["webxenadmin.db-wal", "webxenadmin.db-shm"] {
        let _ = fs::remove_file(data.join(journal));
    }
    fs::write(
        &database,
        "not a database at all, and long enough to be looked at".repeat(40),
    )
    .expect("damage");
    let ill = run(&data, &["doctor", "--json"], "");
    let found: serde_json::Value = serde_json::from_slice(&ill.stdout).expect("json");
    let bad = found
        .as_array()
        .into_iter()
        .flatten()
        .find(|finding| finding["about"] == "database");
    assert_eq!(bad.expect("a finding")["grade"], "bad");
    assert_eq!(
        fs::read(&database).expect("the file").len(),
        54 * 40,
        "looking changes nothing"
    );
}

#[test]
fn doctor_signs_in_to_each_host() {
    let data = tempfile::tempdir().expect("a folder");
    let (demo, json) = demo(data.path());
    let spare = &json["spare"];
    let word = |name: &str| spare[name].as_str().unwrap_or_default().to_owned();
    let port = spare["port"].to_string();
    let other = tempfile::tempdir().expect("a folder");
    let fingerprint = word("fingerprint");
    let add = [
        "host",
        "add",
        "127.0.0.1",
        "--port",
        &port,
        "--fingerprint",
        &fingerprint,
    ];
    said(&run(other.path(), &add, "xen\n"));
    let well = run(other.path(), &["doctor", "--hosts"], "");
    let list = String::from_utf8_lossy(&well.stdout).into_owned();
    assert!(list.contains("ok       host xen-spare: root@127.0.0.1"), "{list}");
    drop(demo);
    let gone = run(other.path(), &["doctor", "--hosts"], "");
    let list = String::from_utf8_lossy(&gone.stdout).into_owned();
    assert!(list.contains("PROBLEM  host xen-spare"), "{list}");
    assert!(list.contains("check that the host is up"), "{list}");
    assert!(!gone.status.success());
}

#[test]
fn a_support_bundle_has_no_secret_and_no_name_in_it() {
    let data = tempfile::tempdir().expect("a folder");
    let (demo, json) = demo(data.path());
    let port = json["spare"]["port"].to_string();
    let fingerprint = json["spare"]["fingerprint"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let other = tempfile::tempdir().expect("a folder");
    let folder = other.path();
    said(&run(
        folder,
        &["user", "add", "annabelle", "--role", "admin"],
        "correct horse battery\n",
    ));
    let link = said(&run(folder, &["user", "link", "annabelle"], ""));
    let token = link.split_once("token=").expect("a token").1.to_owned();
    let add = [
        "host",
        "add",
        "127.0.0.1",
        "--port",
        &port,
        "--fingerprint",
        &fingerprint,
        "--name",
        "rosebud",
        "--site",
        "xanadu",
    ];
    said(&run(folder, &add, "xen\n"));
    drop(demo);
    let key = fs::read_to_string(folder.join("sealing.key")).expect("the key");
    let log = folder.join("annabelle.log");
    fs::write(
        &log,
        format!(
            "INFO rosebud in xanadu is up\nINFO annabelle came from 203.0.113.9\nGET /link?token={token}\n\
             password: correct horse battery\nthe key is {key}kept: the disk is nearly full\n"
        ),
    )
    .expect("a log");
    let bundle = folder.join("b.tar.gz");
    let args = [
        "support-bundle",
        text(&bundle),
        "--hosts",
        "--with-log",
        text(&log),
        "--public-url",
        "https://kane.example",
    ];
    let listed = said(&run(folder, &args, ""));
    let mut all = String::new();
    GzDecoder::new(fs::File::open(&bundle).expect("the bundle"))
        .read_to_string(&mut all)
        .expect("an archive of texts");
    for secret in [
        key.trim(),
        &token,
        "correct horse",
        "annabelle",
        "rosebud",
        "xanadu",
        "203.0.113.9",
        "kane.example",
    ] {
        assert!(!all.contains(secret), "{secret} is in the bundle");
    }
    for wanted in [
        "the disk is nearly full",
        "CREATE TABLE host",
        "table user, 1 rows",
        "webxenadmin 0.",
        "PROBLEM  host (",
        "listen = ",
    ] {
        assert!(all.contains(wanted), "{wanted} is not in the bundle: {all}");
    }
    assert!(
        listed.contains("doctor.txt, system.txt, database.txt"),
        "{listed}"
    );
    let mode = fs::metadata(&bundle).expect("the bundle").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(!run(folder, &args, "").status.success(), "nothing is overwritten");

    let named = folder.join("named.tar.gz");
    said(&run(
        folder,
        &[
            "support-bundle",
            text(&named),
            "--names",
            "--with-log",
            text(&log),
        ],
        "",
    ));
    let mut all = String::new();
    GzDecoder::new(fs::File::open(&named).expect("the bundle"))
        .read_to_string(&mut all)
        .expect("an archive of texts");
    assert!(all.contains("rosebud") && !all.contains(&token));
}

#[test]
fn the_service_manager_is_told_and_the_first_link_stays_out_of_its_journal() {
    let data = tempfile::tempdir().expect("a folder");
    let socket = data.path().join("notify");
    let manager = UnixDatagram::bind(&socket).expect("a socket");
    manager
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a bound");
    let told = |what: &str| loop {
        let mut buffer = [0; 512];
        let length = manager
            .recv(&mut buffer)
            .unwrap_or_else(|error| panic!("no {what}: {error}"));
        let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
        if text.lines().any(|line| line == what) {
            break;
        }
    };
    let mut child = webxenadmin(data.path())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "400000")
        .env("JOURNAL_STREAM", "8:1")
        .spawn()
        .expect("it starts");
    let kill = |signal: &str| {
        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .expect("kill")
                .success()
        );
    };
    told("READY=1");
    told("WATCHDOG=1");
    kill("-HUP");
    told("RELOADING=1");
    told("READY=1");
    kill("-TERM");
    told("STOPPING=1");
    assert!(child.wait().expect("it ends").success());
    let (mut out, mut log) = (String::new(), String::new());
    child
        .stdout
        .take()
        .expect("its output")
        .read_to_string(&mut out)
        .expect("read");
    child
        .stderr
        .take()
        .expect("its log")
        .read_to_string(&mut log)
        .expect("read");
    assert!(!format!("{out}{log}").contains("token="), "{out}{log}");
    assert!(log.contains("setup-link"), "{log}");
    let link = said(&run(data.path(), &["setup-link", "--listen", "127.0.0.1:9"], ""));
    assert!(link.contains("http://127.0.0.1:9/setup?token="), "{link}");
}

#[test]
fn completions_manual_pages_and_version_are_there_for_packagers() {
    let data = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish"] {
        let script = said(&run(data.path(), &["completions", shell], ""));
        assert!(
            script.contains("support-bundle") && script.contains("trusted-proxies"),
            "{shell}"
        );
    }
    let pages = data.path().join("man");
    said(&run(data.path(), &["man", text(&pages)], ""));
    assert!(pages.join("webxenadmin.1").exists() && pages.join("webxenadmin-user-add.1").exists());
    assert!(said(&run(data.path(), &["version"], "")).starts_with("webxenadmin 0."));
    let without = run(data.path(), &["licenses", "--site-dir", "/nowhere"], "");
    assert!(told(&without).contains("cargo xtask build"), "{without:?}");
}
