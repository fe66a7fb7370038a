//! `xl uptime`: how long each domain has run, in seconds. Domain-0's is the host's.
use super::words_from_right;

/// Parses the table into (domid, seconds). Lines that make no sense are left out.
pub fn parse(text: &str) -> Vec<(u32, u64)> {
    text.lines().skip(1).filter_map(line).collect()
}

fn line(line: &str) -> Option<(u32, u64)> {
    // "name  8  0:01:54", "name  8  1 day, 0:01:54" or "name  8 12 days, 0:01:54"
    let (rest, words) = words_from_right(line, 1)?;
    let clock = seconds(words.first()?)?;
    if let Some(days) = rest.strip_suffix(" days,").or_else(|| rest.strip_suffix(" day,")) {
        let (rest, words) = words_from_right(days, 1)?;
        let days: u64 = words.first()?.parse().ok()?;
        let (_, words) = words_from_right(rest, 1)?;
        return Some((
            words.first()?.parse().ok()?,
            days.checked_mul(86_400)?.checked_add(clock)?,
        ));
    }
    let (_, words) = words_from_right(rest, 1)?;
    Some((words.first()?.parse().ok()?, clock))
}

fn seconds(clock: &str) -> Option<u64> {
    let mut parts = clock.split(':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    hours
        .checked_mul(3600)?
        .checked_add(minutes.checked_mul(60)?)?
        .checked_add(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_real_table_is_read() {
        let seen = parse(include_str!("../../tests/captures/xl-uptime.txt"));
        assert_eq!(seen, [(0, 799), (8, 114), (9, 110), (10, 87), (11, 81)]);
    }

    #[test]
    fn days_are_counted() {
        let text = "Name  ID Uptime\nmy web 3   8 2 days, 1:00:01\nx   9 1 day, 0:00:00\n";
        assert_eq!(parse(text), [(8, 2 * 86_400 + 3601), (9, 86_400)]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "Name\n[a-z 0-9:,]{0,80}( days?,)? [0-9]{1,22}:[0-9]{1,22}:[0-9]{1,9}.{0,10}") {
            parse(&text);
        }
    }
}
