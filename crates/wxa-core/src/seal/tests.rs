//! Sealed values open only with the same key at the same place; the key file is private and complete.
use super::*;

#[test]
fn what_is_sealed_opens_at_its_place_only() {
    let folder = tempfile::tempdir().unwrap();
    let key = SealingKey::create(&folder.path().join("sealing.key")).unwrap();
    let sealed = key.seal("host/1/credential", b"secret").unwrap();
    assert!(!sealed.windows(6).any(|window| window == b"secret"));
    assert_eq!(
        key.open("host/1/credential", &sealed).unwrap().as_slice(),
        b"secret"
    );
    assert!(key.open("host/2/credential", &sealed).is_err());
    let other = SealingKey::create(&folder.path().join("other.key")).unwrap();
    assert!(other.open("host/1/credential", &sealed).is_err());
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(key.open("host/1/credential", &changed).is_err(), "byte {at}");
        assert!(
            key.open("host/1/credential", &sealed[..at]).is_err(),
            "cut at {at}"
        );
    }
    assert_ne!(
        key.seal("p", b"x").unwrap(),
        key.seal("p", b"x").unwrap(),
        "a nonce was used twice"
    );
}

#[test]
fn the_key_file_is_private_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealing.key");
    assert!(SealingKey::load(&path).unwrap().is_none());
    let made = SealingKey::create(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        SealingKey::load(&path).unwrap().unwrap().check_value(),
        made.check_value()
    );
    assert_eq!(
        SealingKey::create(&path).unwrap().check_value(),
        made.check_value(),
        "it was overwritten"
    );
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "a draft was left behind"
    );
    assert_eq!(format!("{made:?}"), "SealingKey");
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealing.key");
    SealingKey::create(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = SealingKey::load(&path).unwrap_err();
    assert!(
        matches!(error, StartError::KeyReadableByOthers { mode: 0o640, .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("chmod 600"), "{error}");
}

#[test]
fn a_key_file_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealing.key");
    for content in ["", "not base64!", "c2hvcnQ="] {
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = SealingKey::load(&path).unwrap_err();
        assert!(
            matches!(error, StartError::KeyUnusable { .. }),
            "{content:?}: {error:?}"
        );
    }
}
