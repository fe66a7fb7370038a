//! Text that hosts say, made fit to be shown.

/// The longest text that is kept of anything a host says about itself.
const LONGEST: usize = 1024;

/// Without control characters, and not longer than anybody reads.
pub(crate) fn printable(text: &str) -> String {
    if text.len() <= LONGEST && !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .scan(0, |length, c| {
            *length += c.len_utf8();
            (*length <= LONGEST).then_some(c)
        })
        .collect()
}

/// A line of at most `most` characters, without what would move or turn round what stands beside it.
pub(crate) fn line(text: &str, most: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let fit: String = text
        .chars()
        .filter(|c| !c.is_control() && !turns(*c))
        .take(most)
        .collect();
    fit.trim().to_owned()
}

/// Seconds since 1970 of a date as XAPI writes it (`20240102T03:04:05Z`, or with hyphens; a missing zone is UTC). None for
/// *never*, which is 1970, and for what is none.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| *c != '-').collect();
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(9, 11)?, number(12, 14)?, number(15, 17)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Years begin in March here, so that the leap day is a year's last.
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second;
    (seconds > 0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_as_xapi_writes_them() {
        assert_eq!(seconds("20240102T03:04:05Z"), Some(1_704_164_645));
        assert_eq!(seconds("2024-02-29T00:00:00"), Some(1_709_164_800));
        assert_eq!(seconds("19700101T00:00:00Z"), None, "never");
        for wrong in ["", "yesterday", "20241302T03:04:05Z", "20240102T25:04:05Z"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_cut_and_cleaned(text in "\\PC{0,40}|[\\x00-\\x1fé]{0,3000}") {
            let shown = printable(&text);
            prop_assert!(shown.len() <= LONGEST && !shown.chars().any(char::is_control));
            let _ = seconds(&text);
        }
    }
}
