//! Authorities that vouch for members' certificates: those that an administrator gave, or those that this machine trusts.
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio_rustls::rustls::{
    RootCertStore,
    client::WebPkiServerVerifier,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use wxa_driver::{Error, ErrorKind};
use wxa_model::Trust;

/// Where systems keep the certificates of all authorities that they trust, in one file.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
];
/// Says another file, as for OpenSSL.
const VARIABLE: &str = "SSL_CERT_FILE";
/// The longest such file that is read.
const MOST: u64 = 16 << 20;

/// Who vouches.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    whose: Whose,
    verifier: Result<Arc<WebPkiServerVerifier>, String>,
}

/// Who has named the authorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Given,
    System,
}

impl Authority {
    /// The authority of `trust`; none where a fingerprint is pinned. One that cannot be used is told when it is needed.
    pub(crate) fn of(trust: &Trust) -> Option<Self> {
        let (whose, verifier) = match trust {
            Trust::Pin => return None,
            Trust::Authority { certificates } => (Whose::Given, given(certificates)),
            Trust::System => (Whose::System, system()),
        };
        Some(Self { whose, verifier })
    }

    /// What checks certificates.
    ///
    /// # Errors
    /// `Untrusted` where there is no authority.
    pub(super) fn verifier(&self) -> Result<Arc<WebPkiServerVerifier>, Error> {
        self.verifier
            .clone()
            .map_err(|why| Error::new(ErrorKind::Untrusted, why))
    }

    /// In a sentence.
    pub(super) fn words(&self) -> &'static str {
        match self.whose {
            Whose::Given => "the authority that was given",
            Whose::System => "an authority that this machine trusts",
        }
    }
}

/// Those in the text: each must make sense.
fn given(pem: &str) -> Result<Arc<WebPkiServerVerifier>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let added = certificate
            .ok()
            .and_then(|certificate| roots.add(certificate).ok());
        added.ok_or("The certificate of the authority cannot be read.")?;
    }
    verifier(roots).ok_or_else(|| "No certificate of an authority was given.".to_owned())
}

/// Those of this machine.
fn system() -> Result<Arc<WebPkiServerVerifier>, String> {
    let said = env::var_os(VARIABLE).map(PathBuf::from);
    let file = said
        .or_else(|| BUNDLES.into_iter().map(PathBuf::from).find(|path| path.exists()))
        .ok_or("This machine has no list of authorities that it trusts: install ca-certificates.")?;
    bundle(&file)
}

/// Those in a file; what cannot be read among them is passed over, as everybody does it.
fn bundle(file: &Path) -> Result<Arc<WebPkiServerVerifier>, String> {
    let text = read(file).ok_or_else(|| format!("The authorities in {} cannot be read.", file.display()))?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&text).filter_map(Result::ok));
    verifier(roots).ok_or_else(|| format!("There is no authority in {}.", file.display()))
}

fn read(file: &Path) -> Option<Vec<u8>> {
    (fs::metadata(file).ok()?.len() <= MOST).then(|| fs::read(file).ok())?
}

fn verifier(roots: RootCertStore) -> Option<Arc<WebPkiServerVerifier>> {
    let provider = Arc::new(ring::default_provider());
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_that_cannot_be_read_is_told() {
        let of = |certificates: &str| {
            let trust = Trust::Authority {
                certificates: certificates.to_owned(),
            };
            let authority = Authority::of(&trust)?;
            authority
                .verifier()
                .err()
                .map(|error| (error.kind, error.message))
        };
        let none = "No certificate of an authority was given.".to_owned();
        assert_eq!(of("nothing"), Some((ErrorKind::Untrusted, none)));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let why = "The certificate of the authority cannot be read.".to_owned();
        assert_eq!(of(broken), Some((ErrorKind::Untrusted, why)));
        assert!(Authority::of(&Trust::Pin).is_none());
    }

    #[test]
    fn the_machines_authorities_are_read_past_what_is_none() -> Result<(), Box<dyn std::error::Error>> {
        let made = rcgen::generate_simple_self_signed(vec!["ca.example".to_owned()])?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("bundle.crt");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        fs::write(&file, format!("# a comment\n{broken}{}", made.cert.pem()))?;
        assert!(bundle(&file).is_ok());
        fs::write(&file, broken)?;
        let why = bundle(&file).err().unwrap_or_default();
        assert!(why.starts_with("There is no authority in "), "{why}");
        let why = bundle(Path::new("/nowhere")).err().unwrap_or_default();
        assert_eq!(why, "The authorities in /nowhere cannot be read.");
        Ok(())
    }
}
