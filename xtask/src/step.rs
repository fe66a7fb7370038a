//! Telling what is being done, and how long it took.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Does one step of a longer work: says what it is before, and how long it took after.
///
/// # Errors
/// Those of `work`.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▸ {what}");
    let begun = Instant::now();
    let done = work();
    let mark = if done.is_ok() { '✓' } else { '✗' };
    eprintln!("{mark} {what}  {}", elapsed(begun.elapsed()));
    done
}

/// Says that a step has nothing to do.
pub fn fresh(what: &str) {
    eprintln!("✓ {what}  unchanged");
}

/// Something the reader should know, though the work goes on.
pub fn note(text: &str) {
    eprintln!("  note: {text}");
}

/// `0.4 s`, `41.2 s`, `3 min 05 s`.
pub fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// `860 B`, `48.3 kB`, `2.4 MB`, in powers of ten as downloads are counted.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_well() {
        assert_eq!(elapsed(Duration::from_millis(420)), "0.4 s");
        assert_eq!(elapsed(Duration::from_secs(185)), "3 min 05 s");
        assert_eq!(size(48_256), "48.2 kB");
        assert_eq!(size(2_490_329), "2.4 MB");
    }
}
