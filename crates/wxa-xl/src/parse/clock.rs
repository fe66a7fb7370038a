//! `date +%s.%N`: what time it is on a host.

/// The host's time in milliseconds since 1970, and how exact that is in milliseconds.
pub fn parse(text: &str) -> Option<(i64, u64)> {
    let (seconds, fraction) = text.trim().split_once('.')?;
    let seconds: i64 = seconds.parse().ok()?;
    let whole = seconds.checked_mul(1000)?;
    let digits: Option<i64> = fraction
        .get(..3)
        .and_then(|digits| digits.parse().ok())
        .filter(|n| *n >= 0);
    match digits {
        Some(ms) => Some((whole.checked_add(ms)?, 1)),
        // A `date` that knows no fractions prints something else: somewhere within that second.
        None => Some((whole.checked_add(500)?, 500)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fractions_are_taken_where_they_are_told() {
        assert_eq!(parse("1790000000.123456789\n"), Some((1_790_000_000_123, 1)));
        assert_eq!(parse("1790000000.%N\n"), Some((1_790_000_000_500, 500)));
        assert_eq!(parse("Wed Nov 25"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "-?[0-9]{0,22}\\.?.{0,12}") {
            parse(&text);
        }
    }
}
