//! The same output may come twice: once from the host's log and once from what the host kept for the next one to
//! attach. Pure.

/// A match must be at least so long to be believed.
pub(super) const LEAST: usize = 16;

/// How many bytes at the beginning of `next` are the end of `known` once more. Takes time in proportion to both, whatever a guest
/// prints.
pub(super) fn repeated(known: &[u8], next: &[u8]) -> usize {
    let longest = known.len().min(next.len());
    let (Some(next), Some(known)) = (next.get(..longest), known.get(known.len() - longest..)) else {
        return 0;
    };
    // Knuth, Morris and Pratt: for each length of `next` that fits, the longest shorter one that would fit too.
    let shorter = shorter_fits(next);
    let mut fits = 0;
    for byte in known {
        fits = longer_fit(next, &shorter, fits, *byte);
    }
    if fits < LEAST { 0 } else { fits }
}

/// How much of `next` fits when `fits` did and one more byte comes.
fn longer_fit(next: &[u8], shorter: &[usize], mut fits: usize, byte: u8) -> usize {
    loop {
        if next.get(fits) == Some(&byte) {
            return fits + 1;
        }
        if fits == 0 {
            return 0;
        }
        fits = shorter.get(fits - 1).copied().unwrap_or_default();
    }
}

fn shorter_fits(next: &[u8]) -> Vec<usize> {
    let mut shorter = vec![0; next.len().min(1)];
    let mut fits = 0;
    for byte in next.iter().skip(1) {
        fits = longer_fit(next, &shorter, fits, *byte);
        shorter.push(fits);
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_long_repetition_counts() {
        assert_eq!(
            repeated(b"[0.1] booting the kernel\r\n", b"booting the kernel\r\nlogin: "),
            20
        );
        assert_eq!(repeated(b"login: ", b"login: "), 0);
        assert_eq!(repeated(b"", b"anything at all, really"), 0);
    }

    #[test]
    fn a_guest_that_prints_the_same_again_and_again_does_not_make_it_slow() {
        let same = vec![b'a'; 256 << 10];
        let mut other = same.clone();
        other.push(b'b');
        assert_eq!(repeated(&same, &same), same.len());
        assert_eq!(repeated(&other, &same), 0);
    }

    proptest! {
        #[test]
        fn it_is_the_longest_end_that_is_a_beginning(
            known in proptest::collection::vec(0u8..2, 0..80),
            next in proptest::collection::vec(0u8..2, 0..80),
        ) {
            let longest = (LEAST..=known.len().min(next.len())).rev().find(|len| known.ends_with(&next[..*len]));
            prop_assert_eq!(repeated(&known, &next), longest.unwrap_or(0));
        }
    }
}
