//! VNC authentication (RFC 6143, 7.2.2): a challenge, encrypted by a password of at most eight characters.

use des::Des;
use des::cipher::{Array, BlockCipherEncrypt, KeyInit};

/// Sixteen bytes that were not used before.
pub(super) fn challenge() -> [u8; 16] {
    rand::random()
}

/// What who knows the password answers. DES takes its key with each byte's bits the other way round here.
pub(super) fn answer(challenge: &[u8; 16], password: &str) -> [u8; 16] {
    let mut key = [0; 8];
    for (byte, given) in key.iter_mut().zip(password.bytes()) {
        *byte = given.reverse_bits();
    }
    let cipher = Des::new(&Array::from(key));
    let mut answer = *challenge;
    for half in answer.chunks_exact_mut(8) {
        let mut block = Array::from([0; 8]);
        block.copy_from_slice(half);
        cipher.encrypt_block(&mut block);
        half.copy_from_slice(&block);
    }
    answer
}
