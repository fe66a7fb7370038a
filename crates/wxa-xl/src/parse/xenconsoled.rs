//! How `xenconsoled` was started, as `ps -C xenconsoled -o args=` tells: whether it logs what guests print, and where.

/// Where it logs unless told otherwise.
pub const FOLDER: &str = "/var/log/xen/console";

/// What its arguments say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Daemon {
    /// Whether it logs its guests.
    pub logs: bool,
    /// The folder it logs to, absolute.
    pub folder: String,
}

/// Reads `ps`'s answer; none where no such process runs.
pub fn parse(text: &str) -> Option<Daemon> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let value = |option: &str| {
        words.iter().enumerate().rev().find_map(|(at, word)| {
            let rest = word.strip_prefix(option)?;
            match rest.strip_prefix('=') {
                Some(value) => Some(value),
                None if rest.is_empty() => words.get(at + 1).copied(),
                None => None,
            }
        })
    };
    Some(Daemon {
        logs: matches!(value("--log"), Some("guest" | "all")),
        folder: value("--log-dir")
            .filter(|folder| folder.starts_with('/'))
            .unwrap_or(FOLDER)
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_upstream_say_it_differently() {
        let logs = |text| parse(text).map(|daemon| (daemon.logs, daemon.folder));
        let debian = "/usr/lib/xen-4.17/bin/xenconsoled --log=guest --pid-file /run/xenconsoled.pid\n";
        assert_eq!(logs(debian), Some((true, FOLDER.to_owned())));
        let quiet = "/usr/lib/xen-4.17/bin/xenconsoled --pid-file /run/xenconsoled.pid";
        assert_eq!(logs(quiet), Some((false, FOLDER.to_owned())));
        let upstream = "/usr/local/sbin/xenconsoled -i --log=none --log-dir=/srv/log/console";
        assert_eq!(logs(upstream), Some((false, "/srv/log/console".to_owned())));
        assert_eq!(
            logs("xenconsoled --log all --log=hv"),
            Some((false, FOLDER.to_owned()))
        );
        assert_eq!(logs("\n"), None);
    }
}
