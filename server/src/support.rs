//! `webxenadmin support-bundle`: what helps to find a fault, in one archive that may be sent to strangers.
mod facts;
mod names;
mod scrub;

pub use names::Names;

use flate2::{Compression, write::GzEncoder};
use std::{
    fs::OpenOptions,
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use crate::{
    config::{ConfigProblems, Layer, effective},
    doctor::Finding,
    version,
};
use scrub::scrub;

/// So much of the end of each log.
const LOG_MOST: u64 = 5 * 1024 * 1024;

/// What a bundle is made of.
#[derive(Debug)]
pub struct Bundle {
    files: Vec<(String, String)>,
    names: Names,
}

impl Bundle {
    /// An empty one; what is put into it is freed of secrets, and of `names`.
    pub fn new(names: Names) -> Self {
        let files = vec![("version.txt".to_owned(), version::facts())];
        Self { files, names }
    }

    /// The settings, with where each was said.
    pub fn add_settings(&mut self, layers: &[Layer], problems: Option<&ConfigProblems>) {
        let lines = effective(layers).into_iter().map(|effective| {
            format!(
                "{} = {}  ({})\n",
                effective.setting.key, effective.value, effective.place
            )
        });
        let problems = problems.map(|problems| format!("\n{problems}\n"));
        let text: String = lines.chain(problems).collect();
        self.add("settings.txt", &text);
    }

    /// What doctor found.
    pub fn add_findings(&mut self, found: &[Finding]) {
        let text: String = found.iter().map(|finding| format!("{finding}\n")).collect();
        self.add("doctor.txt", &text);
    }

    /// The machine and its operating system.
    pub fn add_system(&mut self) {
        self.add("system.txt", &facts::system());
    }

    /// The database's tables and how many rows each has; nothing of what is in them.
    pub async fn add_database(&mut self, data_dir: &Path) {
        let text = facts::database(data_dir).await;
        self.add("database.txt", &text);
    }

    /// The end of a log.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn add_log(&mut self, path: &Path) -> io::Result<()> {
        let mut file = std::fs::File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LOG_MOST)))?;
        let mut bytes = Vec::new();
        file.take(LOG_MOST).read_to_end(&mut bytes)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let number = self.files.len();
        self.add(&format!("logs/{number}-{name}"), &String::from_utf8_lossy(&bytes));
        Ok(())
    }

    fn add(&mut self, name: &str, text: &str) {
        let text = scrub(text, &self.names);
        self.files.push((scrub(name, &self.names), text));
    }

    /// Writes it to `path`, which must not be there yet, for its owner only. Returns the names of what is in it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<Vec<&str>> {
        let file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(path)?;
        let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::best()));
        for (name, text) in &self.files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o600);
            archive.append_data(
                &mut header,
                format!("webxenadmin-support/{name}"),
                text.as_bytes(),
            )?;
        }
        archive.into_inner()?.finish()?.sync_all()?;
        Ok(self.files.iter().map(|(name, _)| name.as_str()).collect())
    }
}
