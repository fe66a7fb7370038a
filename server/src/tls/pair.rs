//! A certificate and its key, read and checked: all that is wrong is told at once.
use sha2::{Digest, Sha256};
use std::{fmt, fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc, time::SystemTime};
use tokio_rustls::rustls::{
    self, InconsistentKeys,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer};

/// The largest file that is read: a chain has a few kilobytes.
const LARGEST: u64 = 1 << 20;
/// An end that is nearer than this is worth a warning.
const ENDS_SOON_S: i64 = 14 * 24 * 3600;

/// A certificate that can be shown.
#[derive(Clone, Debug)]
pub struct Pair {
    /// For rustls.
    pub key: Arc<CertifiedKey>,
    /// SHA-256 of the certificate, as browsers write it: `AB:CD:…`.
    pub fingerprint: String,
    /// The names and addresses that it is for.
    pub names: Vec<String>,
    /// When it ends, in seconds since 1970.
    pub ends_at_s: i64,
    /// The same for people.
    pub ends: String,
    /// What is no reason not to use it.
    pub warnings: Vec<String>,
}

/// Why a certificate cannot be used: everything that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the TLS certificate cannot be used:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Problems {}

impl Pair {
    /// Reads and checks both files.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn read(cert: &Path, key: &Path) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let mut note = |result: Result<_, String>| result.map_err(|problem| problems.push(problem)).ok();
        let chain = note(read(cert).and_then(|bytes| chain(cert, &bytes)));
        let mut note_key = |result: Result<_, String>| result.map_err(|problem| problems.push(problem)).ok();
        let secret = note_key(read(key).and_then(|bytes| secret(key, &bytes)));
        let facts = chain.as_ref().and_then(|chain| {
            let first = chain.first()?;
            Facts::of(first)
                .map_err(|why| problems.push(format!("{}: {why}", cert.display())))
                .ok()
        });
        if let Some(facts) = &facts {
            problems.extend(
                facts
                    .problems(now_s())
                    .map(|why| format!("{}: {why}", cert.display())),
            );
        }
        let certified = match (chain, secret) {
            (Some(chain), Some(secret)) => certify(chain, secret, cert, key)
                .map_err(|problem| problems.push(problem))
                .ok(),
            _ => None,
        };
        match (certified, facts) {
            (Some(certified), Some(facts)) if problems.is_empty() => {
                let warnings = warnings(&facts, cert, key);
                Ok(Self {
                    fingerprint: fingerprint(&certified),
                    key: Arc::new(certified),
                    names: facts.names,
                    ends_at_s: facts.ends_at_s,
                    ends: facts.ends,
                    warnings,
                })
            }
            _ => Err(Problems(problems)),
        }
    }
}

fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error| format!("{} cannot be read: {error}", path.display());
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > LARGEST {
        return Err(format!(
            "{} has {size} bytes: that is no PEM file",
            path.display()
        ));
    }
    fs::read(path).map_err(unreadable)
}

fn chain(path: &Path, bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(format!(
            "{} has no certificate in it (-----BEGIN CERTIFICATE-----)",
            path.display()
        )),
        Ok(chain) => Ok(chain),
        Err(error) => Err(format!("{} is no good PEM file: {error}", path.display())),
    }
}

fn secret(path: &Path, bytes: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    let encrypted = bytes.windows(9).any(|word| word == b"ENCRYPTED");
    PrivateKeyDer::from_pem_slice(bytes).map_err(|_| match encrypted {
        true => format!(
            "{} is encrypted: the server starts without anybody to ask for the passphrase",
            path.display()
        ),
        false => format!(
            "{} has no private key in it (-----BEGIN PRIVATE KEY-----, or EC or RSA)",
            path.display()
        ),
    })
}

fn certify(
    chain: Vec<CertificateDer<'static>>,
    secret: PrivateKeyDer<'static>,
    cert: &Path,
    key: &Path,
) -> Result<CertifiedKey, String> {
    CertifiedKey::from_der(chain, secret, &ring::default_provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => format!(
            "{} is not the key of the first certificate in {}",
            key.display(),
            cert.display()
        ),
        error => format!("{} and {}: {error}", cert.display(), key.display()),
    })
}

fn fingerprint(certified: &CertifiedKey) -> String {
    let first = certified
        .cert
        .first()
        .map(|first| first.as_ref())
        .unwrap_or_default();
    let bytes: Vec<String> = Sha256::digest(first)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    bytes.join(":")
}

fn warnings(facts: &Facts, cert: &Path, key: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    let mode = fs::metadata(key).map_or(0, |facts| facts.permissions().mode());
    if mode & 0o004 != 0 {
        warnings.push(format!(
            "{} can be read by everybody on this machine: chmod 640, or 600",
            key.display()
        ));
    }
    if facts.ends_at_s - now_s() < ENDS_SOON_S {
        warnings.push(format!("{} ends soon: {}", cert.display(), facts.ends));
    }
    warnings
}

/// What the certificate says.
struct Facts {
    begins_at_s: i64,
    begins: String,
    ends_at_s: i64,
    ends: String,
    names: Vec<String>,
}

impl Facts {
    fn of(certificate: &CertificateDer<'_>) -> Result<Self, String> {
        let (_, parsed) = X509Certificate::from_der(certificate)
            .map_err(|error| format!("the first certificate cannot be read: {error}"))?;
        let validity = parsed.validity();
        let text = |time: x509_parser::time::ASN1Time| time.to_rfc2822().unwrap_or_else(|text| text);
        Ok(Self {
            begins_at_s: validity.not_before.timestamp(),
            begins: text(validity.not_before),
            ends_at_s: validity.not_after.timestamp(),
            ends: text(validity.not_after),
            names: names(&parsed),
        })
    }

    fn problems(&self, now_s: i64) -> impl Iterator<Item = String> {
        let early =
            (now_s < self.begins_at_s).then(|| format!("the certificate begins only on {}", self.begins));
        let late = (now_s >= self.ends_at_s).then(|| format!("the certificate ended on {}", self.ends));
        early.into_iter().chain(late)
    }
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(alternatives)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    };
    alternatives.value.general_names.iter().filter_map(name).collect()
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(std::net::IpAddr::from);
    let v6 = <[u8; 16]>::try_from(bytes).map(std::net::IpAddr::from);
    v4.or(v6).ok().map(|address| address.to_string())
}
