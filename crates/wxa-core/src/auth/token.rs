//! Random tokens: 256 bits, as text in links and cookies, as SHA-256 in the database.
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use wxa_store::TokenHash;
use zeroize::Zeroizing;

/// A new token and what is kept of it.
pub(crate) fn new() -> (SecretString, TokenHash) {
    let mut bytes = Zeroizing::new([0; 32]);
    rand::fill(&mut bytes[..]);
    let token = SecretString::from(URL_SAFE_NO_PAD.encode(*bytes));
    let hash = hash(&token);
    (token, hash)
}

/// What is kept of a token. Looking up by it leaks nothing: whoever can time the lookup learns about the hash only.
pub(crate) fn hash(token: &SecretString) -> TokenHash {
    Sha256::digest(token.expose_secret().as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_found_by_their_hash() {
        let ((a, a_hash), (b, b_hash)) = (new(), new());
        assert_ne!(a.expose_secret(), b.expose_secret());
        assert_ne!(a_hash, b_hash);
        assert_eq!(hash(&a), a_hash);
        assert_eq!(a.expose_secret().len(), 43);
    }
}
