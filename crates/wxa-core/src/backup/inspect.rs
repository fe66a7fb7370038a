//! Reading a backup from the outside: is it one, is it whole, who made it.
use super::{
    BackupError,
    format::{self, AnyHeader, CHECKSUM_BYTES, END, FORM, Header, Summing},
};
use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};
use wxa_model::UnixMillis;

/// What a backup is.
#[derive(Clone, Debug)]
pub struct BackupInfo {
    /// The version of the program that made it.
    pub program: String,
    /// When.
    pub created_at: UnixMillis,
    /// Whether a passphrase is needed.
    pub sealed: bool,
    /// Size of what it holds, in bytes.
    pub bytes: u64,
    /// Bytes of measurements among them; none where there are none in it.
    pub measurements: Option<u64>,
    pub(super) header: Header,
    pub(super) header_json: Vec<u8>,
    /// Where the body begins and how long it is.
    pub(super) body: (u64, u64),
}

/// Checks that `path` is a whole backup that this program understands. Reads all of it; opens nothing.
///
/// # Errors
/// [`BackupError`]: none of ours, incomplete, damaged, newer.
pub fn inspect(path: &Path) -> Result<BackupInfo, BackupError> {
    let failed = BackupError::at(path);
    let mut file = BufReader::new(File::open(path).map_err(&failed)?);
    let header_json = match format::read_header(&mut file) {
        Ok(Some(json)) => json,
        Ok(None) => return Err(BackupError::NotABackup(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(BackupError::NotABackup(path.to_owned()));
        }
        Err(error) => return Err(failed(error)),
    };
    let start = file.stream_position().map_err(&failed)?;
    let end = file.seek(SeekFrom::End(0)).map_err(&failed)?;
    let tail = CHECKSUM_BYTES + END.len() as u64;
    let truncated = || BackupError::Truncated(path.to_owned());
    let body_end = end
        .checked_sub(tail)
        .filter(|at| *at >= start)
        .ok_or_else(truncated)?;
    let (sum, written, mark) = sums(file, body_end).map_err(&failed)?;
    if mark != END {
        return Err(truncated());
    }
    if sum != written {
        return Err(BackupError::Damaged(path.to_owned()));
    }
    let header = header(path, &header_json)?;
    Ok(BackupInfo {
        program: header.program.clone(),
        created_at: header.created_at,
        sealed: header.seal.is_some(),
        bytes: header.files.iter().map(|file| file.bytes).sum(),
        measurements: header.measurements(),
        header,
        header_json,
        body: (start, body_end - start),
    })
}

/// The checksum of the first `length` bytes, the one written after them, and the mark after that.
fn sums(mut file: BufReader<File>, length: u64) -> io::Result<([u8; 32], [u8; 32], Vec<u8>)> {
    file.rewind()?;
    let mut summing = Summing::new((&mut file).take(length));
    io::copy(&mut summing, &mut io::sink())?;
    let sum = summing.sum();
    let mut written = [0; 32];
    file.read_exact(&mut written)?;
    let mut mark = Vec::new();
    file.read_to_end(&mut mark)?;
    Ok((sum, written, mark))
}

fn header(path: &Path, json: &[u8]) -> Result<Header, BackupError> {
    let none_of_ours = |_| BackupError::NotABackup(path.to_owned());
    let any: AnyHeader = serde_json::from_slice(json).map_err(none_of_ours)?;
    let newer = || BackupError::Newer {
        path: path.to_owned(),
        program: any.program.clone(),
    };
    if any.form > FORM {
        return Err(newer());
    }
    let header: Header = serde_json::from_slice(json).map_err(none_of_ours)?;
    if header.layout > wxa_store::newest_layout() {
        return Err(newer());
    }
    Ok(header)
}
