//! The three settings of TLS, which must agree.
use super::{Tls, layers::Reader};
use std::path::PathBuf;

/// Reads them; what does not agree is a problem.
pub(super) fn read(reader: &mut Reader<'_>) -> Tls {
    let cert = reader.text("tls_cert").map(PathBuf::from);
    let key = reader.text("tls_key").map(PathBuf::from);
    let word = reader.text("tls");
    match (word.as_deref(), cert, key) {
        (None | Some("files"), Some(cert), Some(key)) => Tls::Files { cert, key },
        (None | Some("off"), None, None) => Tls::Off,
        (Some("self-signed"), None, None) => Tls::SelfSigned,
        (Some("files"), None, None) => {
            reader.problem("tls", "needs tls_cert and tls_key beside it");
            Tls::Off
        }
        (None | Some("files"), Some(_), None) => {
            reader.problem("tls_cert", "needs tls_key beside it");
            Tls::Off
        }
        (None | Some("files"), None, Some(_)) => {
            reader.problem("tls_key", "needs tls_cert beside it");
            Tls::Off
        }
        (Some("off" | "self-signed"), ..) => {
            reader.problem(
                "tls",
                "does not go with tls_cert and tls_key: say one or the other",
            );
            Tls::Off
        }
        (Some(_), ..) => {
            reader.problem("tls", "is not off, self-signed or files");
            Tls::Off
        }
    }
}
