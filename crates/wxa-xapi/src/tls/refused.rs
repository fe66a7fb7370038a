//! Why nobody vouches for a certificate, in sentences for administrators.
use super::Authority;
use crate::text::printable;
use tokio_rustls::rustls::CertificateError;
use x509_parser::{
    certificate::X509Certificate, extensions::GeneralName, parse_x509_certificate, time::ASN1Time,
};

/// How many names of a certificate are told.
const NAMES: usize = 6;

/// The sentence for what `address` showed.
pub(super) fn sentence(address: &str, authority: &Authority, der: &[u8], why: &CertificateError) -> String {
    let read = parse_x509_certificate(der).ok().map(|(_, read)| read);
    let read = read.as_ref();
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => format!(
            "The certificate of {address} has ended{}: it must be renewed there.",
            on(read.map(|read| &read.validity().not_after))
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => format!(
            "The certificate of {address} is not valid yet{}: compare the clocks.",
            on(read.map(|read| &read.validity().not_before))
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = read.map(names).unwrap_or_default();
            match names.is_empty() {
                true => {
                    format!("The certificate of {address} names no address: it must be made for {address}.")
                }
                false => format!(
                    "The certificate of {address} is for {}, not for {address}.",
                    names.join(", ")
                ),
            }
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            let issuer = read.map(|read| printable(&read.issuer().to_string()));
            match issuer.filter(|issuer| !issuer.is_empty()) {
                Some(issuer) => format!(
                    "The certificate of {address} is from {issuer}, not from {}.",
                    authority.words()
                ),
                None => format!("The certificate of {address} is not from {}.", authority.words()),
            }
        }
        // Rare ones, in the library's words.
        other => format!(
            "The certificate of {address} cannot be trusted: {}.",
            printable(&other.to_string())
        ),
    }
}

/// ` (on 2026-01-31)`, in UTC.
fn on(moment: Option<&ASN1Time>) -> String {
    moment.map_or_else(String::new, |moment| {
        format!(" (on {} UTC)", moment.to_datetime().date())
    })
}

/// Names and addresses that a certificate is for.
fn names(read: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(found)) = read.subject_alternative_name() else {
        return Vec::new();
    };
    let written = found.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(printable(name)),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    });
    written.take(NAMES).collect()
}

fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(|bytes| std::net::IpAddr::from(bytes).to_string());
    let sixteen = <[u8; 16]>::try_from(bytes).map(|bytes| std::net::IpAddr::from(bytes).to_string());
    four.or(sixteen).ok()
}
