//! Our own process, as the kernel sees it.
use std::fs;

/// The process. What the system does not tell is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessFacts {
    /// Its number.
    pub pid: u32,
    /// Resident memory in bytes.
    pub memory_bytes: Option<u64>,
    /// The most it ever was.
    pub memory_most_bytes: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
    /// Open files and sockets.
    pub open_files: Option<u64>,
}

impl ProcessFacts {
    /// Asks the kernel.
    pub(super) fn read() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kib = |name| value(&status, name).map(|kib| kib.saturating_mul(1024));
        let open = fs::read_dir("/proc/self/fd").map(|files| files.count());
        Self {
            pid: std::process::id(),
            memory_bytes: kib("VmRSS"),
            memory_most_bytes: kib("VmHWM"),
            threads: value(&status, "Threads"),
            open_files: open.ok().and_then(|count| u64::try_from(count).ok()),
        }
    }
}

/// The number after `name:` in a file like `/proc/self/status`.
fn value(status: &str, name: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_words_are_read() {
        let status = "Name:\twebxenadmin\nVmRSS:\t   37912 kB\nThreads:\t5\n";
        assert_eq!(value(status, "VmRSS"), Some(37912));
        assert_eq!(value(status, "Threads"), Some(5));
        assert_eq!(value(status, "Vm"), None);
        assert_eq!(value("", "Threads"), None);
    }
}
