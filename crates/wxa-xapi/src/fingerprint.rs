//! Certificates' fingerprints as people compare them.
use sha2::{Digest, Sha256};

/// SHA-256 of a certificate's DER form, as `AB:CD:…`.
pub(crate) fn of(der: &[u8]) -> String {
    written(&Sha256::digest(der))
}

/// A fingerprint in our form, whatever its case and whatever stands between its digits; none where it is no SHA-256.
pub(crate) fn read(text: &str) -> Option<String> {
    let text = text.trim();
    let text = match text.split_once(':') {
        Some((name, rest)) if name.eq_ignore_ascii_case("sha-256") || name.eq_ignore_ascii_case("sha256") => {
            rest
        }
        _ => text,
    };
    let mut digits = Vec::with_capacity(64);
    for c in text.chars() {
        match c.to_digit(16) {
            Some(digit) => digits.push(digit as u8),
            None if matches!(c, ':' | ' ' | '-') => {}
            None => return None,
        }
        if digits.len() > 64 {
            return None;
        }
    }
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect();
    (digits.len() == 64).then(|| written(&bytes))
}

fn written(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_in_any_spelling() {
        let ours = of(b"a certificate");
        assert_eq!(ours.len(), 95);
        for spelt in [
            ours.clone(),
            ours.to_lowercase(),
            ours.replace(':', ""),
            format!("sha-256:{ours}"),
            format!(" SHA256:{} ", ours.replace(':', " ")),
        ] {
            assert_eq!(read(&spelt).as_ref(), Some(&ours), "{spelt}");
        }
        for wrong in ["", "AB:CD", "SHA256:xyz", &format!("{ours}:00")] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
