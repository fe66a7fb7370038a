//! What a backup is, byte by byte:
//!
//! | | |
//! |---|---|
//! | magic | `webxenadmin-backup\n` |
//! | header | its length in bytes (4, big endian), then that much JSON: [`Header`] |
//! | body | the files one after the other, packed with gzip, then sealed where a passphrase was given |
//! | checksum | SHA-256 of all before (32 bytes) |
//! | end | `end-of-backup\n`: without it the file is not complete |
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read, Write};
use wxa_model::UnixMillis;

pub(super) const MAGIC: &[u8] = b"webxenadmin-backup\n";
pub(super) const END: &[u8] = b"end-of-backup\n";
pub(super) const CHECKSUM_BYTES: u64 = 32;
/// The newest form: measurements may be in it. Without them a backup is of the form before, which older versions restore too.
pub(super) const FORM: u32 = 2;
/// The form without measurements.
pub(super) const FORM_WITHOUT: u32 = 1;
/// Headers are small: a longer one is none of ours.
const HEADER_MOST: u32 = 64 * 1024;

/// What is known of a backup before it is opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// [`FORM`] or [`FORM_WITHOUT`].
    pub(super) form: u32,
    /// The version of the program that made it.
    pub(super) program: String,
    /// The number of the database's layout.
    pub(super) layout: i64,
    /// When it was made.
    pub(super) created_at: UnixMillis,
    /// How it is sealed; none when it is not.
    pub(super) seal: Option<super::seal::Recipe>,
    /// The files, in order.
    pub(super) files: Vec<Entry>,
}

impl Header {
    /// Bytes of measurements; none where there are none.
    pub(super) fn measurements(&self) -> Option<u64> {
        let file = self.files.iter().find(|file| file.name == super::METRICS)?;
        Some(file.bytes)
    }
}

/// A file in a backup.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) bytes: u64,
    /// SHA-256 in hexadecimal.
    pub(super) sha256: String,
}

/// Only this is read of a header whose form is unknown.
#[derive(Deserialize)]
pub(super) struct AnyHeader {
    pub(super) form: u32,
    pub(super) program: String,
}

/// Writes magic and header; returns the header's bytes, which the seal covers too.
pub(super) fn write_header(to: &mut impl Write, header: &Header) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(header)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    to.write_all(MAGIC)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(&json)?;
    Ok(json)
}

/// Reads what [`write_header`] wrote; none when it is something else.
pub(super) fn read_header(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut magic = [0; MAGIC.len()];
    from.read_exact(&mut magic)?;
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if magic != MAGIC || length > HEADER_MOST {
        return Ok(None);
    }
    let mut json = Vec::new();
    from.take(length.into()).read_to_end(&mut json)?;
    Ok(Some(json))
}

/// Computes the checksum of what goes through.
pub(super) struct Summing<T> {
    pub(super) inner: T,
    hash: Sha256,
    pub(super) bytes: u64,
}

impl<T> Summing<T> {
    pub(super) fn new(inner: T) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    /// What it is so far.
    pub(super) fn sum(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }

    fn note(&mut self, seen: &[u8]) {
        self.hash.update(seen);
        self.bytes += seen.len() as u64;
    }
}

impl<T: Write> Write for Summing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.note(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Summing<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.note(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// A checksum as it is written.
pub(super) fn hex(sum: &[u8]) -> String {
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}
