//! Data that the server cannot or must not use: it says why and what to do, and leaves everything as it is.
use super::served::run;
use std::{fs, path::Path};

/// Starts a server that must not start; what it said.
fn refused(data: &Path) -> String {
    let output = run(data, &["serve", "--listen", "127.0.0.1:0"], "");
    assert!(!output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("webxenadmin: "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// A folder with data in it: an account, so that the database is not empty.
fn data() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let made = run(
        folder.path(),
        &["user", "add", "anna", "--role", "admin"],
        "correct horse battery\n",
    );
    assert!(made.status.success(), "{made:?}");
    let journal = folder.path().join("webxenadmin.db-wal");
    assert!(
        !journal.exists(),
        "the command left a journal beside the database"
    );
    folder
}

#[test]
fn a_damaged_database_is_told_and_left_as_it_is() {
    let folder = data();
    let file = folder.path().join("webxenadmin.db");
    let mut bytes = fs::read(&file).expect("the database");
    // Its head is whole; what follows is not.
    let from = bytes.len() / 3;
    bytes.iter_mut().skip(from).for_each(|byte| *byte = !*byte);
    fs::write(&file, &bytes).expect("written");
    let said = refused(folder.path());
    assert!(
        said.contains("damaged") && said.contains("restore a backup"),
        "{said}"
    );
    assert!(said.contains("webxenadmin.db"), "{said}");
    assert_eq!(fs::read(&file).expect("the database"), bytes, "it was changed");
}

#[test]
fn a_database_cut_short_is_told_and_left_as_it_is() {
    let folder = data();
    let file = folder.path().join("webxenadmin.db");
    let mut bytes = fs::read(&file).expect("the database");
    bytes.truncate(bytes.len() / 2);
    fs::write(&file, &bytes).expect("written");
    let said = refused(folder.path());
    assert!(
        said.contains("damaged") && said.contains("restore a backup"),
        "{said}"
    );
    assert_eq!(fs::read(&file).expect("the database"), bytes, "it was changed");
}

#[test]
fn a_folder_or_database_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "mine").expect("written");
    let said = refused(&file);
    assert!(said.contains("data folder") && said.contains("/file"), "{said}");
    assert_eq!(fs::read_to_string(&file).expect("the file"), "mine");

    // Nobody may make folders there, not even root.
    let said = refused(Path::new("/proc/webxenadmin"));
    assert!(
        said.contains("/proc/webxenadmin") && said.contains("access"),
        "{said}"
    );

    let data = folder.path().join("data");
    fs::create_dir_all(data.join("webxenadmin.db")).expect("a folder in its place");
    let said = refused(&data);
    assert!(
        said.contains("webxenadmin.db") && said.contains("cannot be written"),
        "{said}"
    );
}

#[test]
fn a_key_that_is_damaged_or_open_to_others_is_told_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = data();
    let key = folder.path().join("sealing.key");
    let whole = fs::read(&key).expect("the key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("opened");
    let said = refused(folder.path());
    assert!(
        said.contains("can be read by others") && said.contains("chmod 600"),
        "{said}"
    );
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("closed");
    fs::write(&key, &whole[..10]).expect("written");
    let said = refused(folder.path());
    assert!(
        said.contains("sealing.key") && said.contains("restore it"),
        "{said}"
    );
    assert_eq!(fs::read(&key).expect("the key"), whole[..10], "it was changed");
}
