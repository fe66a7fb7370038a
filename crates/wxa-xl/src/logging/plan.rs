//! What is to be changed on a host, as its files say how xenconsoled is started there: Debian's script, or upstream's unit.
use super::setting::{Edit, Setting};
use crate::{
    parse::{stderr, xenconsoled},
    transport::{Connection, Limits},
};
use wxa_driver::{Error, Switch};

/// The largest settings file that is read; real ones have 1 to 5 KiB.
const LARGEST: usize = 64 << 10;

const DEBIAN: &str = "/etc/default/xen";
const DEBIAN_SCRIPT: &str = "/etc/init.d/xen";
/// Where builds of upstream look for their settings; the first that is there is the one.
const UPSTREAM: [&str; 2] = ["/etc/sysconfig/xencommons", "/etc/default/xencommons"];
const UPSTREAM_UNITS: [&str; 3] = [
    "/etc/systemd/system/xenconsoled.service",
    "/usr/lib/systemd/system/xenconsoled.service",
    "/lib/systemd/system/xenconsoled.service",
];

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    file: &'static str,
    /// None where the file says already what it shall.
    edit: Option<Edit>,
    /// The folder to make.
    folder: Option<&'static str>,
    restart: &'static [&'static str],
}

impl Plan {
    /// The settings file.
    pub(super) fn file(&self) -> &str {
        self.file
    }

    /// Its new text, where it changes.
    pub(super) fn text(&self) -> Option<&str> {
        self.edit.as_ref().map(|edit| edit.text.as_str())
    }

    /// The folder to make, where it is not there.
    pub(super) fn folder(&self) -> Option<&str> {
        self.folder
    }

    /// What starts the daemon anew.
    pub(super) fn restart(&self) -> &[&str] {
        self.restart
    }

    /// All of it, as an administrator would do it.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(folder) = self.folder {
            lines.push(format!("mkdir -p -m 2750 {folder}"));
        }
        if let Some(edit) = &self.edit {
            let removed = edit.removed.iter().map(|line| format!("{}: - {line}", self.file));
            lines.extend(removed);
            let added = edit.added.iter().map(|line| format!("{}: + {line}", self.file));
            lines.extend(added);
        }
        lines.push(self.restart.join(" "));
        lines
    }
}

/// Looks at the host's files; none where none of the known ways is found, or where the setting is made in one that is not known.
///
/// # Errors
/// As for any command that reads.
pub(super) async fn plan(connection: &Connection, switch: Switch) -> Result<Option<Plan>, Error> {
    let mut words = vec!["find", "-L", xenconsoled::FOLDER, DEBIAN, DEBIAN_SCRIPT];
    words.extend(UPSTREAM);
    words.extend(UPSTREAM_UNITS);
    words.extend(["-maxdepth", "0", "-printf", r"%p\n"]);
    // It complains of those that are not there.
    let output = connection.run(&words, Limits::read(16 << 10)).await?;
    let text = output.text();
    let there: Vec<&str> = text.lines().collect();
    if there.is_empty() {
        return Err(stderr::to_error(
            "Looking for xenconsoled's settings",
            output.status,
            &output.stderr,
        ));
    }
    let is_there = |path: &&'static str| there.contains(path);
    let upstream = UPSTREAM.into_iter().find(is_there);
    let (setting, file, restart): (Setting, &'static str, &'static [&'static str]) = match upstream {
        Some(file) if UPSTREAM_UNITS.iter().any(is_there) => (
            Setting::Trace,
            file,
            &["systemctl", "restart", "xenconsoled.service"],
        ),
        _ if is_there(&DEBIAN) && is_there(&DEBIAN_SCRIPT) => {
            (Setting::Arguments, DEBIAN, &["service", "xen", "restart"])
        }
        _ => return Ok(None),
    };
    let text = connection
        .read(&["head", "-c", "65536", "--", file], LARGEST + 1)
        .await?;
    if text.len() >= LARGEST || text.contains(['\0', '\u{fffd}']) {
        return Ok(None);
    }
    Ok(setting.edit(&text, switch).ok().map(|edit| Plan {
        file,
        edit: (edit.text != text).then_some(edit),
        // Upstream's unit makes it.
        folder: (setting == Setting::Arguments && switch == Switch::On && !is_there(&xenconsoled::FOLDER))
            .then_some(xenconsoled::FOLDER),
        restart,
    }))
}
