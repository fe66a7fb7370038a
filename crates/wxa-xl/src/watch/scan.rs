//! One look at a host: a few commands at the same time.
use super::Known;
use crate::{
    logging::daemon,
    parse::{
        definition::{self, Definition},
        files::{self, Found, Listing},
        xl_info, xl_list,
        xl_list::XlDomain,
        xl_list_long::{self, LongDomain},
        xl_uptime,
    },
    transport::{Connection, Limits},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, timeout};
use wxa_driver::{Error, ErrorKind};
use wxa_model::{GuestLogging, HostFacts};

/// The largest definition that is read; real ones have a few hundred bytes.
const LARGEST_FILE: u64 = 64 << 10;
/// How many definitions are read at most.
const MOST_FILES: usize = 4096;
/// How many are read with one command.
const FILES_AT_ONCE: usize = 40;

/// What is not needed to follow the host is not waited for so long.
const ASIDE: Duration = Duration::from_secs(10);

/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Domains only.
    Domains,
    /// Domains, definitions and the host's own numbers.
    Everything,
    /// The same, and what changes rarely: whether guests are logged.
    Rare,
}

/// What was seen.
#[derive(Debug)]
pub(crate) struct Scan {
    /// When the list of domains was there.
    pub(crate) listed_at: Instant,
    /// `xl list`.
    pub(crate) domains: Vec<XlDomain>,
    /// `xl list -l`, where it could be read.
    pub(crate) long: Option<Vec<LongDomain>>,
    /// The definitions, where they were looked at: the list, and what is new or different.
    pub(crate) files: Option<(Listing, NewFiles)>,
    /// `xl info`.
    pub(crate) facts: Option<HostFacts>,
    /// `xl uptime`, where some domain's start is not known yet.
    pub(crate) uptimes: Vec<(u32, u64)>,
    /// Whether guests are logged, where the host said something about it now.
    pub(crate) logging: Option<GuestLogging>,
}

/// Files as read now.
pub(crate) type NewFiles = BTreeMap<String, Result<Definition, String>>;

/// Looks at the host.
///
/// # Errors
/// When there is no list of domains; everything else that fails is left out.
pub(crate) async fn scan(
    connection: &Connection,
    known: &Mutex<Known>,
    dir: &str,
    depth: Depth,
) -> Result<Scan, Error> {
    let list = async {
        let text = connection.read(&["xl", "list"], 1 << 20).await?;
        let domains = xl_list::parse(&text).ok_or_else(|| {
            Error::new(
                ErrorKind::Malformed,
                "`xl list` printed something that is no list of domains.",
            )
        })?;
        Ok::<_, Error>((domains, Instant::now()))
    };
    let long = async {
        let text = connection.read(&["xl", "list", "-l"], 8 << 20).await?;
        // A domain that goes away in the middle spoils the text: the next look has it.
        Ok::<_, Error>(xl_list_long::parse(&text).ok())
    };
    let files = async {
        match depth {
            Depth::Domains => None,
            Depth::Everything | Depth::Rare => definitions(connection, known, dir).await,
        }
    };
    let facts = async {
        match depth {
            Depth::Domains => None,
            Depth::Everything | Depth::Rare => Some(facts(connection).await),
        }
    };
    let logging = async {
        match depth {
            Depth::Domains | Depth::Everything => None,
            Depth::Rare => guest_logging(connection).await,
        }
    };
    let (list, long, files, facts, logging) = tokio::join!(list, long, files, facts, logging);
    let (domains, listed_at) = list?;
    let long = match long {
        Ok(long) => long,
        Err(error) if error.kind == ErrorKind::Unreachable => return Err(error),
        Err(error) => {
            tracing::warn!(%error, "details of domains cannot be read");
            None
        }
    };
    let (unknown, no_facts) = {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = domains.iter().any(|domain| !known.knows_start_of(domain.domid));
        (unknown, known.facts().is_none())
    };
    let facts = match facts {
        // What was known of the host still holds; without ever having known anything it is no Xen host.
        Some(Err(error)) if no_facts => return Err(error),
        facts => facts.and_then(Result::ok),
    };
    let uptimes = if unknown && depth != Depth::Domains {
        let output = connection.run(&["xl", "uptime"], aside(1 << 20)).await;
        output
            .map(|output| xl_uptime::parse(&output.text()))
            .unwrap_or_default()
    } else {
        Vec::new()
    };
    Ok(Scan {
        listed_at,
        domains,
        long,
        files,
        facts,
        uptimes,
        logging,
    })
}

/// `xl info`.
async fn facts(connection: &Connection) -> Result<HostFacts, Error> {
    let text = connection.read(&["xl", "info"], 64 << 10).await?;
    xl_info::parse(&text).ok_or_else(|| {
        Error::new(
            ErrorKind::Malformed,
            "`xl info` printed nothing that makes sense.",
        )
    })
}

fn aside(stdout: usize) -> Limits {
    Limits {
        time: ASIDE,
        ..Limits::read(stdout)
    }
}

/// Lists the definitions and reads those that are new or different. None where the folder cannot be read now.
async fn definitions(
    connection: &Connection,
    known: &Mutex<Known>,
    dir: &str,
) -> Option<(Listing, NewFiles)> {
    let auto = format!("{}/auto", dir.trim_end_matches('/'));
    let words = [
        "find",
        "-L",
        dir,
        &auto,
        "-maxdepth",
        "1",
        "-printf",
        r"%D:%i %C@ %y %s %p\0",
    ];
    let output = connection.run(&words, aside(4 << 20)).await.ok()?;
    // A folder that is not there holds nothing; one that cannot be read is not known.
    let missing = output.stderr.contains("No such file");
    let failed = output.stdout.is_empty() && output.status != Some(0) && !missing;
    let listing = files::listing(&output.stdout, dir).filter(|_| !failed && output.status.is_some());
    let Some(mut listing) = listing else {
        tracing::warn!(stderr = %crate::parse::stderr::tidy(&output.stderr), "cannot list definitions");
        return None;
    };
    let all = listing.definitions.len();
    while listing.definitions.len() > MOST_FILES {
        listing.definitions.pop_last();
    }
    if all > MOST_FILES {
        tracing::warn!(all, read = MOST_FILES, "more definitions than are read");
    }
    let wanted: Vec<Found> = {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        listing
            .definitions
            .values()
            .filter(|found| !known.has_file(found))
            .cloned()
            .collect()
    };
    let mut new = NewFiles::new();
    let mut paths = Vec::new();
    for found in wanted {
        match unfit(&found) {
            Some(problem) => {
                new.insert(found.path, Err(problem));
            }
            None => paths.push(found.path),
        }
    }
    for some in paths.chunks(FILES_AT_ONCE) {
        let most = LARGEST_FILE.to_string();
        let mut words = vec!["head", "-v", "-c", &most, "--"];
        words.extend(some.iter().map(String::as_str));
        let room = FILES_AT_ONCE * (LARGEST_FILE as usize + 4096);
        let output = connection.run(&words, aside(room)).await.ok()?;
        for (path, text) in some.iter().zip(files::contents(&output.stdout, some)) {
            let Some(found) = listing.definitions.get_mut(path) else {
                continue;
            };
            let definition = match text {
                Some(text) if text.len() as u64 >= found.size => {
                    definition::parse(&String::from_utf8_lossy(text)).map_err(|problem| problem.to_string())
                }
                text => {
                    // It may be readable again at the next look.
                    found.changed.clear();
                    Err(unread(path, text, &output.stderr))
                }
            };
            new.insert(path.clone(), definition);
        }
    }
    Some((listing, new))
}

/// Why what was found is not even read.
fn unfit(found: &Found) -> Option<String> {
    let large = || {
        (found.size > LARGEST_FILE)
            .then(|| format!("the file has {} bytes: that is no definition", found.size))
    };
    found.kind.problem().map(str::to_owned).or_else(large)
}

/// Why a file could not be read, in the host's words where there are any.
fn unread(path: &str, text: Option<&[u8]>, stderr: &str) -> String {
    if text.is_some() {
        return "only a part of the file came from the host".to_owned();
    }
    let quoted = format!("'{path}'");
    let said = stderr.lines().find(|line| line.contains(&quoted));
    match said.and_then(|line| line.rsplit(": ").next()) {
        Some(why) => format!(
            "the file cannot be read on the host: {}",
            crate::parse::stderr::tidy(why)
        ),
        None => "the file cannot be read on the host".to_owned(),
    }
}

/// Whether `xenconsoled` logs its guests. None when the host did not answer in time.
async fn guest_logging(connection: &Connection) -> Option<GuestLogging> {
    let asked = timeout(ASIDE, daemon(connection)).await.ok()?;
    Some(match asked {
        Ok(Some(daemon)) if daemon.logs => GuestLogging::On,
        Ok(Some(_)) => GuestLogging::Off,
        Err(error) if error.is_transient() => return None,
        Ok(None) | Err(_) => GuestLogging::Unknown,
    })
}
