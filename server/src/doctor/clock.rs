//! The clock: sessions, links and the audit log go by it.
use super::Finding;
use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const ABOUT: &str = "clock";
/// The first of January 2026: this program is younger.
const OLDEST: Duration = Duration::from_secs(1_767_225_600);
const SLACK: Duration = Duration::from_secs(60);

pub(super) fn examine(data_dir: &Path) -> Vec<Finding> {
    let now = SystemTime::now();
    let written = fs::metadata(data_dir.join("webxenadmin.db")).and_then(|file| file.modified());
    vec![grade(now, written.ok(), is_synchronized())]
}

/// None where nothing tells.
fn is_synchronized() -> Option<bool> {
    let said = Command::new("timedatectl")
        .args(["show", "--property=NTPSynchronized", "--value"])
        .output();
    match String::from_utf8_lossy(&said.ok()?.stdout).trim() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn grade(now: SystemTime, written: Option<SystemTime>, synchronized: Option<bool>) -> Finding {
    let advice = "set it, and let NTP keep it: `timedatectl set-ntp true`";
    if now < UNIX_EPOCH + OLDEST {
        return Finding::bad(ABOUT, "it is years behind", advice);
    }
    if written.is_some_and(|written| written > now + SLACK) {
        let says = "the database was written in the future: the clock was set back";
        return Finding::bad(ABOUT, says, advice);
    }
    match synchronized {
        Some(true) => Finding::good(ABOUT, "kept by NTP"),
        Some(false) => Finding::note(ABOUT, "plausible, but not kept by NTP", advice),
        None => Finding::good(ABOUT, "plausible"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Grade;

    #[test]
    fn a_clock_that_was_set_back_is_noticed() {
        let now = UNIX_EPOCH + OLDEST * 2;
        let hour = Duration::from_secs(3600);
        assert_eq!(grade(UNIX_EPOCH, None, None).grade, Grade::Bad);
        assert_eq!(grade(now, Some(now + hour), Some(true)).grade, Grade::Bad);
        assert_eq!(grade(now, Some(now - hour), Some(false)).grade, Grade::Note);
        assert_eq!(grade(now, Some(now), None).grade, Grade::Good);
    }
}
