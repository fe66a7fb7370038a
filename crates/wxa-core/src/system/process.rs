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
    /// CPU time used so far, in milliseconds.
    pub cpu_ms: Option<u64>,
}

impl ProcessFacts {
    /// Asks the kernel.
    pub(crate) fn read() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kib = |name| value(&status, name).map(|kib| kib.saturating_mul(1024));
        let open = fs::read_dir("/proc/self/fd").map(|files| files.count());
        Self {
            pid: std::process::id(),
            memory_bytes: kib("VmRSS"),
            memory_most_bytes: kib("VmHWM"),
            threads: value(&status, "Threads"),
            cpu_ms: cpu_ms(&fs::read_to_string("/proc/self/stat").unwrap_or_default()),
            open_files: open.ok().and_then(|count| u64::try_from(count).ok()),
        }
    }
}

/// The CPU time in a line like `/proc/self/stat`, in user mode and in the kernel. The kernel tells it in hundredths of a second
/// whatever its own tick is.
fn cpu_ms(stat: &str) -> Option<u64> {
    // The name in brackets may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut numbers = rest.split_whitespace().skip(11);
    let user: u64 = numbers.next()?.parse().ok()?;
    let kernel: u64 = numbers.next()?.parse().ok()?;
    Some(user.saturating_add(kernel).saturating_mul(10))
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
        let stat = "7 (web) xen) S 1 7 7 0 -1 4194560 1 2 3 4 150 50 0 0 20 0";
        assert_eq!((cpu_ms(stat), cpu_ms("7 (")), (Some(2000), None));
    }
}
