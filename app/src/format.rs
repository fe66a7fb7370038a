//! Numbers and times as people read them. Pure: the same text on the server and in the browser.
use wxa_model::Bytes;

/// What stands where nothing is known.
pub const UNKNOWN: &str = "–";

/// CPU use as a share of the CPUs it has: `0.5` of 1 vCPU is `50 %`.
pub fn cpu(used: Option<f32>, cpus: u32) -> String {
    match cpu_share(used, cpus) {
        Some(share) => format!("{:.0} %", share * 100.0),
        None => UNKNOWN.into(),
    }
}

/// CPU use from 0 to 1; none when it is not known.
pub fn cpu_share(used: Option<f32>, cpus: u32) -> Option<f32> {
    used.map(|used| (used / cpus.max(1) as f32).clamp(0.0, 1.0))
}

/// A rate in MB/s, as disks are sold.
pub fn megabytes(per_second: Option<f32>) -> String {
    per_second.map_or_else(|| UNKNOWN.into(), |rate| short(rate / 1e6))
}

/// A rate in Mbit/s, as networks are sold.
pub fn megabits(per_second: Option<f32>) -> String {
    per_second.map_or_else(|| UNKNOWN.into(), |rate| short(rate * 8.0 / 1e6))
}

/// The sum of two rates of which one may not be known.
pub fn sum(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (one, other) => one.or(other),
    }
}

fn short(value: f32) -> String {
    if value < 0.005 {
        "0".into()
    } else if value < 0.1 {
        format!("{value:.2}")
    } else if value < 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

/// Memory, with what it may grow to where that differs.
pub fn memory(now: Bytes, max: Bytes) -> String {
    if now == Bytes(0) && max == Bytes(0) {
        // Only a definition that cannot be read says nothing about memory.
        "–".into()
    } else if max > now {
        format!("{now} of {max}")
    } else {
        now.to_string()
    }
}

/// A time span in its largest sensible unit: `42 s`, `13 min`, `5 h`, `9 d`.
pub fn span(ms: u64) -> String {
    let seconds = ms / 1000;
    match seconds {
        0..=59 => format!("{seconds} s"),
        60..=3599 => format!("{} min", seconds / 60),
        3600..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// How long ago something was: `now`, `42 s ago`.
pub fn ago(ms: u64) -> String {
    if ms < 2000 {
        "just now".into()
    } else {
        format!("{} ago", span(ms))
    }
}

/// How long something took: `0:06`, `1:02:03`; below ten seconds with a decimal, `0.4 s`.
pub fn took(ms: u64) -> String {
    let seconds = ms / 1000;
    if ms < 10_000 {
        format!("{}.{} s", seconds, ms % 1000 / 100)
    } else if seconds < 3600 {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    } else {
        format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// A count with its noun: `1 VM`, `3 VMs`.
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

/// At most two letters that stand for a name: `ops` → `OP`.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty());
    let first = words.next().unwrap_or("?");
    match words.next() {
        Some(second) => first
            .chars()
            .take(1)
            .chain(second.chars().take(1))
            .collect::<String>(),
        None => first.chars().take(2).collect(),
    }
    .to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_a_share_of_what_the_vm_has() {
        assert_eq!(cpu(Some(0.5), 1), "50 %");
        assert_eq!(cpu(Some(2.0), 4), "50 %");
        assert_eq!(cpu(Some(9.0), 4), "100 %");
        assert_eq!(cpu(None, 4), "–");
    }

    #[test]
    fn rates_keep_two_digits_that_say_something() {
        let shown: Vec<String> = [0.0, 1e3, 4e4, 2.5e6, 1.5e8].map(|r| megabytes(Some(r))).to_vec();
        assert_eq!(shown, ["0", "0", "0.04", "2.5", "150"]);
        assert_eq!(megabits(Some(1e6)), "8.0");
        assert_eq!(sum(Some(1.0), None), Some(1.0));
        assert_eq!(sum(None, None), None);
    }

    #[test]
    fn spans_use_their_largest_sensible_unit() {
        let shown: Vec<String> = [0, 42_000, 800_000, 100_000_000, 800_000_000].map(span).to_vec();
        assert_eq!(shown, ["0 s", "42 s", "13 min", "27 h", "9 d"]);
        assert_eq!(ago(1000), "just now");
        assert_eq!(ago(360_000), "6 min ago");
    }

    #[test]
    fn durations_read_like_a_clock() {
        let shown: Vec<String> = [430, 48_000, 3_723_000].map(took).to_vec();
        assert_eq!(shown, ["0.4 s", "0:48", "1:02:03"]);
    }

    #[test]
    fn names_shrink_to_initials() {
        assert_eq!(initials("ops"), "OP");
        assert_eq!(initials("ada lovelace"), "AL");
        assert_eq!(initials(""), "?");
    }

    #[test]
    fn memory_tells_its_limit_only_where_there_is_one() {
        assert_eq!(memory(Bytes::mib(128), Bytes::mib(128)), "128 MiB");
        assert_eq!(memory(Bytes::mib(128), Bytes::mib(256)), "128 MiB of 256 MiB");
    }
}
