//! Files that a server can do without: one that cannot be used is put aside, with what SQLite keeps beside it, and begun anew.
use crate::OpenError;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// So many files are put aside; the last one is replaced by another one.
const MOST_ASIDE: u32 = 9;

/// Opens the file at `path` by `open`. One that is damaged, or of a newer version, is renamed (`.aside`) and begun anew; its path is
/// returned then.
///
/// # Errors
/// When it can be neither opened nor made.
pub(crate) async fn open_or_begin<T>(
    path: &Path,
    open: impl AsyncFn(&Path) -> Result<T, OpenError>,
) -> Result<(T, Option<PathBuf>), OpenError> {
    match open(path).await {
        Ok(opened) => Ok((opened, None)),
        Err(OpenError::Corrupt { .. } | OpenError::Newer { .. }) => {
            let aside = put_aside(path).map_err(|error| OpenError::NotWritable {
                path: path.to_owned(),
                why: error.to_string(),
            })?;
            Ok((open(path).await?, Some(aside)))
        }
        Err(error) => Err(error),
    }
}

/// Renames the file, and with it what SQLite keeps beside it: the latest of it may be only there. What was put aside before
/// stays, as long as there are not many; the one that is replaced leaves nothing that SQLite would take for the new one's.
fn put_aside(path: &Path) -> io::Result<PathBuf> {
    let names = (1..=MOST_ASIDE).map(|n| match n {
        1 => ".aside".to_owned(),
        n => format!(".aside-{n}"),
    });
    let places: Vec<PathBuf> = names.map(|name| beside(path, &name)).collect();
    let free = places.iter().find(|place| !place.exists());
    let aside = free.or(places.last()).ok_or(io::ErrorKind::AlreadyExists)?;
    // These come first: beside the file that is begun anew, SQLite would take them for its.
    for side in ["-wal", "-shm"] {
        let moved = match fs::rename(beside(path, side), beside(aside, side)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::remove_file(beside(aside, side)),
            moved => moved,
        };
        match moved {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(path, aside)?;
    Ok(aside.clone())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
