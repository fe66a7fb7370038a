//! How much memory the test's process has.

/// Bytes that are resident now; the simulated host is among them.
pub fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) << 10
}

/// Fails when more than `most` bytes were added since `before`.
pub fn assert_grown_less(before: u64, most: u64) {
    let now = resident();
    assert!(
        now < before + most,
        "{} MiB became {} MiB",
        before >> 20,
        now >> 20
    );
}
