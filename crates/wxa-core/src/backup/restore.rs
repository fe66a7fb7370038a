//! Restoring a backup. All of it is checked in a folder of its own before anything of the installation is moved.
use super::{
    BackupError, BackupInfo, DATABASE, METRICS, SEALING_KEY,
    create::{Staging, private},
    format::{Header, Summing, hex},
    inspect,
    seal::Opening,
};
use crate::{AuditTarget, Clock as _, Ctx, Error, SystemClock, core::audit_writer, data_dir::DataDir};
use flate2::read::GzDecoder;
use secrecy::SecretString;
use std::{
    fs::{self, File},
    io::{self, BufReader, Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::task::spawn_blocking;
use wxa_store::{MetricStore, OpenError, Store};

/// What to do with a data folder that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupied {
    /// Refuse.
    Refuse,
    /// Put what is in it aside, in a folder inside it.
    PutAside,
}

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The backup.
    pub backup: BackupInfo,
    /// Where that is now which was in the folder before.
    pub aside: Option<PathBuf>,
    /// Why the measurements of the backup were left behind; none where they are there, or none were in it.
    pub without_measurements: Option<String>,
}

/// Restores the backup at `path` into the data folder `to`, in which no server may be running. Sessions and one-time links of the backup
/// are void afterwards; the audit log says that it was restored.
///
/// # Errors
/// [`BackupError`]; the folder is then as it was.
pub async fn restore(
    path: &Path,
    to: &Path,
    occupied: Occupied,
    passphrase: Option<SecretString>,
) -> Result<Restored, BackupError> {
    let from = path.to_owned();
    let backup = blocking(move || inspect(&from)).await?;
    if backup.sealed && passphrase.is_none() {
        return Err(BackupError::PassphraseNeeded(path.to_owned()));
    }
    let data_dir = DataDir::open(to)?.lock()?;
    let folder = data_dir.path().to_owned();
    let there = contents(&folder).map_err(BackupError::at(&folder))?;
    if occupied == Occupied::Refuse && !there.is_empty() {
        return Err(BackupError::NotEmpty(folder));
    }
    let staging = Staging::new(&folder, "restore")?;
    let (from, opened) = (path.to_owned(), backup.clone());
    let staging =
        blocking(move || unpack(&from, &opened, &staging, passphrase.as_ref()).map(|()| staging)).await?;
    check(&staging, path).await?;
    let without_measurements = check_measurements(&staging).await?;
    let aside = swap(&folder, &staging, &there)
        .and_then(|aside| data_dir.give_to_owner().map(|()| aside))
        .map_err(BackupError::at(&folder))?;
    Ok(Restored {
        backup,
        aside,
        without_measurements,
    })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    spawn_blocking(work).await.map_err(Error::internal)?
}

/// What counts as something in the folder: neither the lock nor what earlier restores put aside.
fn contents(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name != "lock" && !name.starts_with(ASIDE) {
            found.push(path);
        }
    }
    Ok(found)
}

const ASIDE: &str = "before-restore-";

fn unpack(
    path: &Path,
    backup: &BackupInfo,
    staging: &Staging,
    passphrase: Option<&SecretString>,
) -> Result<(), BackupError> {
    let failed = BackupError::at(path);
    let (start, length) = backup.body;
    let mut file = BufReader::new(File::open(path).map_err(&failed)?);
    file.seek(SeekFrom::Start(start)).map_err(&failed)?;
    let body = file.take(length);
    let body: Box<dyn Read> = match (&backup.header.seal, passphrase) {
        (Some(recipe), Some(passphrase)) => {
            let cipher = recipe
                .cipher(passphrase, backup.header_json.clone())
                .map_err(&failed)?;
            Box::new(Opening::new(body, cipher).map_err(|error| match error.kind() {
                io::ErrorKind::PermissionDenied => BackupError::WrongPassphrase(path.to_owned()),
                _ => failed(error),
            })?)
        }
        _ => Box::new(body),
    };
    let mut files = GzDecoder::new(body);
    write_files(&backup.header, &mut files, staging, path)
}

fn write_files(
    header: &Header,
    from: &mut impl Read,
    staging: &Staging,
    path: &Path,
) -> Result<(), BackupError> {
    for entry in &header.files {
        // Only what belongs there, whatever the header says.
        if ![DATABASE, SEALING_KEY, METRICS].contains(&entry.name.as_str()) {
            return Err(BackupError::NotABackup(path.to_owned()));
        }
        let to = staging.path.join(&entry.name);
        let failed = BackupError::at(&to);
        let mut summing = Summing::new(private(&to).map_err(&failed)?);
        io::copy(&mut from.take(entry.bytes), &mut summing).map_err(&failed)?;
        summing.inner.sync_all().map_err(&failed)?;
        if summing.bytes != entry.bytes || hex(&summing.sum()) != entry.sha256 {
            return Err(BackupError::Damaged(path.to_owned()));
        }
    }
    Ok(())
}

/// Opens what was unpacked as a server would, and writes down that it is restored.
async fn check(staging: &Staging, path: &Path) -> Result<(), BackupError> {
    let data_dir = DataDir::open(&staging.path)?;
    let examined = wxa_store::examine(&data_dir.database())
        .await
        .map_err(crate::StartError::from)?;
    if let Some(problem) = examined.problems.first() {
        return Err(BackupError::Unsound(problem.clone()));
    }
    let store = Store::open(&data_dir.database())
        .await
        .map_err(crate::StartError::from)?;
    let done = async {
        let key = data_dir.sealing_key(&store).await?;
        // The journal's end is noted anew beside the restored database.
        let audit = audit_writer(&data_dir, &store, &key, Arc::new(SystemClock)).await?;
        let target = AuditTarget {
            id: String::new(),
            label: path.display().to_string(),
        };
        let row = audit
            .begin(&Ctx::command_line(), "backup_restore", target)
            .await?;
        store.forget_sign_ins().await?;
        row.done("sessions and one-time links of the backup are void")
            .await;
        Ok(())
    }
    .await;
    store.close().await;
    done
}

/// Opens the measurements as a server would. Those that it could not go on with are left behind: the rest is worth restoring.
pub(super) async fn check_measurements(staging: &Staging) -> Result<Option<String>, BackupError> {
    let path = staging.path.join(METRICS);
    if !path.exists() {
        return Ok(None);
    }
    match MetricStore::check_file(&path).await {
        Ok(()) => Ok(None),
        Err(error @ (OpenError::Corrupt { .. } | OpenError::Newer { .. })) => {
            for name in [
                METRICS.to_owned(),
                format!("{METRICS}-wal"),
                format!("{METRICS}-shm"),
            ] {
                // The side files are most often not there.
                let _ = fs::remove_file(staging.path.join(name));
            }
            Ok(Some(error.to_string()))
        }
        Err(error) => Err(crate::StartError::from(error).into()),
    }
}

/// Puts the old aside and the new in its place.
fn swap(folder: &Path, staging: &Staging, there: &[PathBuf]) -> io::Result<Option<PathBuf>> {
    let aside = (!there.is_empty()).then(|| folder.join(format!("{ASIDE}{}", SystemClock.now().0)));
    if let Some(aside) = &aside {
        fs::DirBuilder::new().create(aside)?;
        for old in there {
            fs::rename(old, aside.join(old.file_name().unwrap_or_default()))?;
        }
    }
    for entry in fs::read_dir(&staging.path)? {
        let path = entry?.path();
        fs::rename(&path, folder.join(path.file_name().unwrap_or_default()))?;
    }
    File::open(folder)?.sync_all()?;
    Ok(aside)
}
