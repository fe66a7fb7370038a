//! How well a query fits a text: all its letters in order, best at the beginnings of words.

/// The score of `query` in `text` (larger fits better), none when it does not fit. Words of the query may match in any
/// order; an empty query fits everything equally.
pub fn score(query: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    query
        .to_lowercase()
        .split_whitespace()
        .map(|word| word_score(word, &text))
        .try_fold(0, |sum, score| Some(sum + score?))
}

fn word_score(word: &str, text: &[char]) -> Option<i32> {
    // Every place where the word may begin is tried: the first is not always the best.
    let first = word.chars().next()?;
    let starts = text
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == first)
        .map(|(at, _)| at);
    starts.filter_map(|at| from(word, text, at)).max()
}

fn from(word: &str, text: &[char], start: usize) -> Option<i32> {
    let mut score = 0;
    let mut at = start;
    let mut last = None;
    let mut whole = true;
    for letter in word.chars() {
        let found = at + text.get(at..)?.iter().position(|c| *c == letter)?;
        let begins = found == 0
            || text
                .get(found - 1)
                .is_some_and(|before| !before.is_alphanumeric());
        score += 1;
        if begins {
            score += 6;
        }
        if last == Some(found.wrapping_sub(1)) {
            score += 4;
        } else if last.is_some() {
            whole = false;
        }
        last = Some(found);
        at = found + 1;
    }
    // A name that is typed out is meant, however well another's scattered letters fit.
    if whole {
        score += 12;
    }
    Some(score - (start as i32).min(8) / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_must_come_in_order() {
        assert!(score("wb1", "web-01").is_some());
        assert!(score("1web", "web-01").is_none());
        assert!(score("start web", "Start web-01").is_some());
        assert!(score("web start", "Start web-01").is_some());
        assert_eq!(score("", "anything"), Some(0));
    }

    #[test]
    fn beginnings_of_words_fit_best() {
        assert!(score("sd", "shut down") > score("sd", "used"));
        assert!(score("web", "web-01") > score("web", "old-cobweb"));
    }

    #[test]
    fn what_is_typed_out_comes_before_scattered_letters() {
        assert!(
            score("dns-01", "dns-01 VM · running on xen-1") > score("dns-01", "dns-02 VM · running on xen-1")
        );
        assert!(
            score("pause dns-01", "Pause dns-01") > score("pause dns-01", "Pause dns-02 not possible: xen-1")
        );
    }
}
