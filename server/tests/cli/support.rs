//! `webxenadmin support`: what a bundle must not hold.
use super::{demo, run, said, text};
use flate2::read::GzDecoder;
use std::{fs, io::Read, os::unix::fs::PermissionsExt};

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
