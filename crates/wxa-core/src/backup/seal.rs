//! Sealing a backup with a passphrase: argon2id makes the key, XChaCha20-Poly1305 seals piece by piece.
//!
//! The nonce of a piece is random bytes of the backup, the piece's number, and whether it is the last (the STREAM construction): pieces
//! cannot be left out, exchanged or cut off. Each also covers the header.
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
const SALT_BYTES: usize = 16;
const PREFIX_BYTES: usize = 19;
/// 64 MiB, three passes: it is done once, and a stolen backup can be tried at leisure.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// A header that asks for more than these is not believed.
const MEMORY_KIB_MOST: u32 = 1024 * 1024;
const PASSES_MOST: u32 = 16;

/// How a backup is sealed; nothing in it is secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Recipe {
    salt: String,
    memory_kib: u32,
    passes: u32,
    nonce_prefix: String,
}

impl Recipe {
    pub(super) fn new() -> Self {
        Self {
            salt: STANDARD.encode(rand::random::<[u8; SALT_BYTES]>()),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            nonce_prefix: STANDARD.encode(rand::random::<[u8; 32]>().get(..PREFIX_BYTES).unwrap_or_default()),
        }
    }

    /// The cipher that this recipe and a passphrase make.
    pub(super) fn cipher(&self, passphrase: &SecretString, header: Vec<u8>) -> io::Result<PieceCipher> {
        if self.memory_kib > MEMORY_KIB_MOST || self.passes > PASSES_MOST {
            return Err(io::Error::other("its seal asks for too much work"));
        }
        let salt = STANDARD.decode(&self.salt).map_err(io::Error::other)?;
        let prefix = STANDARD.decode(&self.nonce_prefix).map_err(io::Error::other)?;
        let params = Params::new(self.memory_kib, self.passes, 1, None)
            .map_err(|error| io::Error::other(error.to_string()))?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose_secret().as_bytes(), &salt, &mut key[..])
            .map_err(|error| io::Error::other(error.to_string()))?;
        Ok(PieceCipher {
            cipher: XChaCha20Poly1305::new((&*key).into()),
            prefix: prefix
                .try_into()
                .map_err(|_| io::Error::other("its seal makes no sense"))?,
            header,
            next: 0,
        })
    }
}

/// Whether a piece is the last.
#[derive(Clone, Copy)]
enum Last {
    No = 0,
    Yes = 1,
}

/// Seals and opens pieces in their order.
pub(super) struct PieceCipher {
    cipher: XChaCha20Poly1305,
    prefix: [u8; PREFIX_BYTES],
    header: Vec<u8>,
    next: u32,
}

impl PieceCipher {
    fn nonce(&mut self, last: Last) -> io::Result<XNonce> {
        let mut nonce = [0; 24];
        let (number, last) = (self.next.to_be_bytes(), [last as u8]);
        let bytes = self.prefix.iter().chain(&number).chain(&last);
        for (to, from) in nonce.iter_mut().zip(bytes) {
            *to = *from;
        }
        self.next = self
            .next
            .checked_add(1)
            .ok_or_else(|| io::Error::other("it is too large to be sealed"))?;
        Ok(XNonce::from(nonce))
    }

    fn seal(&mut self, plain: &[u8], last: Last) -> io::Result<Vec<u8>> {
        let nonce = self.nonce(last)?;
        let payload = Payload {
            msg: plain,
            aad: &self.header,
        };
        self.cipher
            .encrypt(&nonce, payload)
            .map_err(|_| io::Error::other("it cannot be sealed"))
    }

    /// Opens a piece. [`io::ErrorKind::PermissionDenied`] when the key is another.
    fn open(&mut self, sealed: &[u8], last: Last) -> io::Result<Zeroizing<Vec<u8>>> {
        let nonce = self.nonce(last)?;
        let payload = Payload {
            msg: sealed,
            aad: &self.header,
        };
        let opened = self.cipher.decrypt(&nonce, payload);
        opened
            .map(Zeroizing::new)
            .map_err(|_| io::ErrorKind::PermissionDenied.into())
    }
}

/// Seals what is written.
pub(super) struct Sealing<W> {
    to: W,
    cipher: PieceCipher,
    waiting: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(to: W, cipher: PieceCipher) -> Self {
        Self {
            to,
            cipher,
            waiting: Zeroizing::new(Vec::with_capacity(2 * PIECE)),
        }
    }

    /// Seals the last piece, which may be empty.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let sealed = self.cipher.seal(&self.waiting, Last::Yes)?;
        self.to.write_all(&sealed)?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.get(..bytes.len().min(PIECE)).unwrap_or_default();
        self.waiting.extend_from_slice(taken);
        // One piece is always kept back: the last one is sealed as the last.
        while self.waiting.len() > PIECE {
            let piece: Zeroizing<Vec<u8>> = Zeroizing::new(self.waiting.drain(..PIECE).collect());
            let sealed = self.cipher.seal(&piece, Last::No)?;
            self.to.write_all(&sealed)?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Opens what is read; `from` ends where the sealed body does.
pub(super) struct Opening<R> {
    from: R,
    cipher: PieceCipher,
    /// Sealed bytes that were read already: up to a piece and one byte, to know whether another piece follows.
    ahead: Vec<u8>,
    opened: Zeroizing<Vec<u8>>,
    taken: usize,
    ended: bool,
}

impl<R: Read> Opening<R> {
    /// Opens the first piece.
    ///
    /// # Errors
    /// [`io::ErrorKind::PermissionDenied`] when another passphrase sealed it.
    pub(super) fn new(from: R, cipher: PieceCipher) -> io::Result<Self> {
        let mut opening = Self {
            from,
            cipher,
            ahead: Vec::new(),
            opened: Zeroizing::new(Vec::new()),
            taken: 0,
            ended: false,
        };
        opening.next_piece()?;
        Ok(opening)
    }

    fn next_piece(&mut self) -> io::Result<()> {
        let sealed = PIECE + TAG;
        let wanted = (sealed + 1).saturating_sub(self.ahead.len());
        (&mut self.from)
            .take(wanted as u64)
            .read_to_end(&mut self.ahead)?;
        let last = if self.ahead.len() > sealed {
            Last::No
        } else {
            Last::Yes
        };
        let rest = self.ahead.split_off(self.ahead.len().min(sealed));
        let piece = std::mem::replace(&mut self.ahead, rest);
        self.opened = self.cipher.open(&piece, last)?;
        self.taken = 0;
        self.ended = matches!(last, Last::Yes);
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.opened.len() && !self.ended {
            self.next_piece()?;
        }
        let mut left = self.opened.get(self.taken..).unwrap_or_default();
        let read = left.read(into)?;
        self.taken += read;
        Ok(read)
    }
}
