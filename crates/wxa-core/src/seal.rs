//! Sealing of secrets at rest: XChaCha20-Poly1305 under a key that lies beside the database, never in it.
use crate::StartError;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use sha2::{Digest as _, Sha256};
use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};
use zeroize::Zeroizing;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// First byte of everything sealed, so that another way of sealing can be told from this one.
const VERSION: u8 = 1;

/// The key. It is in no output of any kind.
pub(crate) struct SealingKey(Zeroizing<[u8; KEY_BYTES]>);

/// Why something sealed could not be opened: another key, another place, or changed bytes; which, cannot be told.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value cannot be opened: it was changed, or sealed with another key or for another place")]
pub(crate) struct SealError;

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey")
    }
}

impl SealingKey {
    /// Reads the key; none when there is no such file.
    pub(crate) fn load(path: &Path) -> Result<Option<Self>, StartError> {
        let mode = match fs::metadata(path) {
            Ok(metadata) => metadata.permissions().mode() & 0o777,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(path, &error)),
        };
        if mode & 0o077 != 0 {
            return Err(StartError::KeyReadableByOthers {
                path: path.to_owned(),
                mode,
            });
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| unusable(path, &error))?);
        let bytes = STANDARD
            .decode(text.trim())
            .map(Zeroizing::new)
            .map_err(|error| unusable(path, &error))?;
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        if bytes.len() != KEY_BYTES {
            return Err(unusable(
                path,
                &format!("it holds {} bytes instead of {KEY_BYTES}", bytes.len()),
            ));
        }
        key.copy_from_slice(&bytes);
        Ok(Some(Self(key)))
    }

    /// Makes a new key and its file, complete or not at all; when another process was quicker, its key is taken.
    pub(crate) fn create(path: &Path) -> Result<Self, StartError> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        rand::fill(&mut key[..]);
        let draft = path.with_extension(format!("new-{}", std::process::id()));
        let written = write_private(&draft, &key).and_then(|()| match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        });
        let _ = fs::remove_file(&draft);
        written
            .and_then(|()| sync_folder(path))
            .map_err(|error| unusable(path, &error))?;
        Self::load(path)?.ok_or_else(|| unusable(path, &"it vanished"))
    }

    /// Tells this key from any other without telling anything about it.
    pub(crate) fn check_value(&self) -> String {
        let mut hash = Sha256::new_with_prefix(b"webxenadmin sealing key check v1");
        hash.update(*self.0);
        STANDARD.encode(hash.finalize().get(..16).unwrap_or_default())
    }

    /// A key of its own for another purpose, from which this one cannot be told.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; KEY_BYTES] {
        let mut hash = Sha256::new_with_prefix(b"webxenadmin derived key v1 ");
        hash.update(*self.0);
        hash.update(purpose.as_bytes());
        hash.finalize().into()
    }

    /// Seals `secret` for one place: it opens only with the same `place`.
    pub(crate) fn seal(&self, place: &str, secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_BYTES];
        rand::fill(&mut nonce[..]);
        let payload = Payload {
            msg: secret,
            aad: place.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| SealError)?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Opens what was sealed for `place`.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (version, rest) = sealed.split_first().ok_or(SealError)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError)?;
        if *version != VERSION {
            return Err(SealError);
        }
        let payload = Payload {
            msg: sealed,
            aad: place.as_bytes(),
        };
        let secret = self
            .cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| SealError)?;
        Ok(Zeroizing::new(secret))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

fn write_private(path: &Path, key: &[u8; KEY_BYTES]) -> io::Result<()> {
    // A draft of a process that had the same number and was killed may lie about.
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)?;
    let text = Zeroizing::new(STANDARD.encode(key) + "\n");
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn unusable(path: &Path, why: &dyn fmt::Display) -> StartError {
    StartError::KeyUnusable {
        path: path.to_owned(),
        why: why.to_string(),
    }
}

#[cfg(test)]
mod tests;
