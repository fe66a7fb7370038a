//! Making a backup, while the server runs or not.
use super::{
    BackupError, DATABASE, METRICS, SEALING_KEY,
    format::{self, END, Entry, FORM, FORM_WITHOUT, Header, Summing, hex},
    seal::{Recipe, Sealing},
};
use crate::{AuditTarget, Core, Ctx, Error};
use flate2::{Compression, write::GzEncoder};
use secrecy::SecretString;
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;
use wxa_model::{Permission, UnixMillis};
use wxa_store::MetricStore;

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole file in hexadecimal, as `sha256sum` prints it.
    pub sha256: String,
    /// Bytes of measurements in it, before they are packed; none where there are none in it.
    pub measurements: Option<u64>,
    /// Why the measurements that are there are not in it: their file is damaged, and the rest is as good as ever.
    pub unreadable: Option<String>,
}

/// What becomes of what was measured over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measurements {
    /// It is in the backup.
    #[default]
    Include,
    /// It is not: it is most of what there is.
    LeaveOut,
}

impl Core {
    /// Writes a backup to `path`, which must not be there yet, for its owner only. Whoever has it and, where one was given, its passphrase
    /// has the credentials of all hosts.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation; [`BackupError`].
    pub async fn backup_create(
        &self,
        ctx: &Ctx,
        path: &Path,
        passphrase: Option<SecretString>,
        measurements: Measurements,
    ) -> Result<Created, BackupError> {
        ctx.require_installation(Permission::Administer)?;
        let label = path.display().to_string();
        let target = AuditTarget {
            id: String::new(),
            label,
        };
        let row = self.audit_begin(ctx, "backup_create", target).await?;
        let made = self.write_backup(path, passphrase, measurements).await;
        match &made {
            Ok(created) => row.done(&format!("SHA-256 {}", created.sha256)).await,
            Err(error) => row.failed(&error.to_string()).await,
        }
        made
    }

    async fn write_backup(
        &self,
        path: &Path,
        passphrase: Option<SecretString>,
        measurements: Measurements,
    ) -> Result<Created, BackupError> {
        if path.exists() {
            return Err(BackupError::Exists(path.to_owned()));
        }
        let folder = self.folder().ok_or(Error::from(wxa_store::Error::Closed))?;
        let staging = Staging::new(&folder, "backup")?;
        let database = staging.path.join(DATABASE);
        // There first, so that the engine does not make it for all to read.
        private(&database).map_err(BackupError::at(&database))?;
        self.inner.store.copy_into(&database).await?;
        let key = staging.path.join(SEALING_KEY);
        let at_key = BackupError::at(&key);
        private(&key)
            .and_then(|mut copy| io::copy(&mut File::open(folder.join(SEALING_KEY))?, &mut copy))
            .map_err(at_key)?;
        let layout = wxa_store::examine(&database)
            .await
            .map_err(crate::StartError::from)?
            .layout;
        let unreadable = match measurements {
            Measurements::Include => copy_measurements(&folder, &staging).await?,
            Measurements::LeaveOut => None,
        };
        let (to, now) = (path.to_owned(), self.now());
        let created = spawn_blocking(move || write(&staging, &to, passphrase.as_ref(), layout, now))
            .await
            .map_err(Error::internal)??;
        Ok(Created {
            unreadable,
            ..created
        })
    }
}

/// Brings the measurements along, where there are any. Tells why they cannot be read: that is no reason for no backup.
async fn copy_measurements(folder: &Path, staging: &Staging) -> Result<Option<String>, BackupError> {
    let from = folder.join(METRICS);
    if !from.exists() {
        return Ok(None);
    }
    let to = staging.path.join(METRICS);
    private(&to).map_err(BackupError::at(&to))?;
    match MetricStore::copy_file(&from, &to).await {
        Ok(()) => Ok(None),
        Err(error) if MetricStore::is_damage(&error) => {
            fs::remove_file(&to).map_err(BackupError::at(&to))?;
            Ok(Some(error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

fn write(
    staging: &Staging,
    to: &Path,
    passphrase: Option<&SecretString>,
    layout: i64,
    now: UnixMillis,
) -> Result<Created, BackupError> {
    let mut files = Vec::new();
    let has_metrics = staging.path.join(METRICS).exists();
    for name in [SEALING_KEY, DATABASE]
        .into_iter()
        .chain(has_metrics.then_some(METRICS))
    {
        let path = staging.path.join(name);
        files.push(entry(&path, name).map_err(BackupError::at(&path))?);
    }
    let header = Header {
        form: if has_metrics { FORM } else { FORM_WITHOUT },
        program: env!("CARGO_PKG_VERSION").into(),
        layout,
        created_at: now,
        seal: passphrase.map(|_| Recipe::new()),
        files,
    };
    let mut draft = to.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    let written = write_file(staging, &draft, &header, passphrase).and_then(|created| {
        // Somebody may have put something there meanwhile.
        if to.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(&draft, to).map(|()| created)
    });
    // When it was never made there is nothing to remove.
    let _ = fs::remove_file(&draft);
    written.map_err(BackupError::at(to))
}

fn write_file(
    staging: &Staging,
    draft: &Path,
    header: &Header,
    passphrase: Option<&SecretString>,
) -> io::Result<Created> {
    let mut file = Summing::new(private(draft)?);
    let header_json = format::write_header(&mut file, header)?;
    let mut file = match (&header.seal, passphrase) {
        (Some(recipe), Some(passphrase)) => {
            let cipher = recipe.cipher(passphrase, header_json)?;
            pack(staging, header, Sealing::new(file, cipher))?.finish()?
        }
        _ => pack(staging, header, file)?,
    };
    let sum = file.sum();
    file.write_all(&sum)?;
    file.write_all(END)?;
    file.inner.sync_all()?;
    Ok(Created {
        bytes: file.bytes,
        sha256: hex(&file.sum()),
        measurements: header.measurements(),
        unreadable: None,
    })
}

fn pack<W: io::Write>(staging: &Staging, header: &Header, to: W) -> io::Result<W> {
    let mut packer = GzEncoder::new(to, Compression::default());
    for file in &header.files {
        io::copy(&mut File::open(staging.path.join(&file.name))?, &mut packer)?;
    }
    packer.finish()
}

fn entry(path: &Path, name: &str) -> io::Result<Entry> {
    let mut summing = Summing::new(File::open(path)?);
    io::copy(&mut summing, &mut io::sink())?;
    Ok(Entry {
        name: name.to_owned(),
        bytes: summing.bytes,
        sha256: hex(&summing.sum()),
    })
}

/// A new file for the owner only.
pub(super) fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)
}

/// A folder for the owner only, gone with what is in it when this is dropped.
pub(super) struct Staging {
    pub(super) path: PathBuf,
}

impl Staging {
    pub(super) fn new(folder: &Path, what: &str) -> Result<Self, BackupError> {
        let path = folder.join(format!("{what}-{}.tmp", std::process::id()));
        // Of a process that had the same number and was killed.
        let _ = fs::remove_dir_all(&path);
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(BackupError::at(&path))?;
        Ok(Self { path })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is removed the next time.
        let _ = fs::remove_dir_all(&self.path);
    }
}
