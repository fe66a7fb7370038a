//! `webxenadmin doctor`.
use super::{demo, run, said, start, text, told};
use std::{fs, os::unix::fs::PermissionsExt};

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
