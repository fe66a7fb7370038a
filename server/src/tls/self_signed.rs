//! A certificate of our own making, for those who have none: in the data folder, renewed before it ends.
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{Pair, Problems};

/// How long one is good. Browsers dislike longer ones.
const DAYS: u64 = 397;
/// It is renewed when it ends within so many days.
const RENEW_DAYS: i64 = 30;
const DAY_S: u64 = 24 * 3600;

/// Certificate and key in the data folder.
pub(super) fn paths(folder: &Path) -> (PathBuf, PathBuf) {
    (folder.join("tls-cert.pem"), folder.join("tls-key.pem"))
}

/// The certificate in the folder; a new one when there is none, it ends soon, or a name is missing in it.
///
/// # Errors
/// When it cannot be made or written.
pub(super) fn load(folder: &Path, names: &[String]) -> Result<Pair, Problems> {
    let (cert, key) = paths(folder);
    if let Ok(pair) = Pair::read(&cert, &key)
        && is_good(&pair, names, now_s())
    {
        return Ok(pair);
    }
    make(&cert, &key, names).map_err(|why| {
        Problems(vec![format!(
            "a certificate cannot be made in {}: {why}",
            folder.display()
        )])
    })?;
    Pair::read(&cert, &key)
}

fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

fn is_good(pair: &Pair, names: &[String], now_s: i64) -> bool {
    let lasts = pair.ends_at_s - now_s > RENEW_DAYS * i64::try_from(DAY_S).unwrap_or(0);
    lasts && names.iter().all(|name| pair.names.contains(name))
}

fn make(cert: &Path, key: &Path, names: &[String]) -> io::Result<()> {
    let secret = KeyPair::generate().map_err(io::Error::other)?;
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, "WebXenAdmin, self-signed");
    params.distinguished_name = subject;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A clock that is a little behind must not refuse it.
    let now = SystemTime::now();
    params.not_before = (now - Duration::from_secs(DAY_S)).into();
    params.not_after = (now + Duration::from_secs(DAYS * DAY_S)).into();
    let made = params.self_signed(&secret).map_err(io::Error::other)?;
    // The key first: a certificate that came without its key would be refused.
    write(key, &secret.serialize_pem())?;
    write(cert, &made.pem())
}

/// For the owner only, and never half.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("pem.new");
    // Left over from a start that was cut off.
    let _ = fs::remove_file(&new);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn names() -> Vec<String> {
        ["console.example", "192.0.2.7", "::1"]
            .map(str::to_owned)
            .to_vec()
    }

    #[test]
    fn one_is_made_once_for_the_owner_only_and_for_all_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = load(folder.path(), &names()).expect("it is made");
        assert!(
            names().iter().all(|name| made.names.contains(name)),
            "{:?}",
            made.names
        );
        assert_eq!(made.warnings, [""; 0]);
        let (cert, key) = paths(folder.path());
        for path in [&cert, &key] {
            let mode = fs::metadata(path).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
        let again = load(folder.path(), &names()).expect("it is read");
        assert_eq!(again.fingerprint, made.fingerprint);

        let more = [names(), vec!["other.example".into()]].concat();
        let renewed = load(folder.path(), &more).expect("it is made anew");
        assert_ne!(renewed.fingerprint, made.fingerprint, "a name was missing");
    }

    #[test]
    fn it_is_renewed_before_it_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = load(folder.path(), &names()).expect("it is made");
        let day = i64::try_from(DAY_S).expect("a number");
        assert!(is_good(&made, &names(), made.ends_at_s - 31 * day));
        assert!(!is_good(&made, &names(), made.ends_at_s - 29 * day));
    }

    #[test]
    fn a_damaged_one_is_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        load(folder.path(), &names()).expect("it is made");
        fs::write(paths(folder.path()).0, "damaged").expect("written");
        load(folder.path(), &names()).expect("it is made anew");
    }
}
