//! `webxenadmin backup` and `restore`.
use super::{run, said, start, text, told};
use std::{fs, os::unix::fs::PermissionsExt};

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
    let whole = said(&run(data.path(), &["restore", &file, "--check"], ""));
    assert!(
        whole.contains("whole. Made 20") && whole.contains("of them measurements"),
        "{whole}"
    );
    let small = elsewhere.path().join("small.backup");
    said(&run(
        data.path(),
        &["backup", text(&small), "--without-measurements"],
        "",
    ));
    let told_small = said(&run(data.path(), &["restore", text(&small), "--check"], ""));
    assert!(told_small.contains("without measurements"), "{told_small}");

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
