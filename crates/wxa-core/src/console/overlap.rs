//! The same output may come twice: once from the host's log and once from what the host kept for the next one to
//! attach. Pure.

/// A match must be at least so long to be believed, unless it is all there is.
const LEAST: usize = 16;

/// How many bytes at the beginning of `next` are the end of `known` once more.
pub(super) fn repeated(known: &[u8], next: &[u8]) -> usize {
    let longest = known.len().min(next.len());
    (LEAST..=longest)
        .rev()
        .find(|&len| known.ends_with(&next[..len]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_repetition_counts() {
        assert_eq!(
            repeated(b"[0.1] booting the kernel\r\n", b"booting the kernel\r\nlogin: "),
            20
        );
        assert_eq!(repeated(b"login: ", b"login: "), 0);
        assert_eq!(repeated(b"", b"anything at all, really"), 0);
    }
}
