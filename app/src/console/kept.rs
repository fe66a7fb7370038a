//! What is kept of a console as one line without its gaps: what a slider goes along.
use wxa_wire::ConsoleSpan;

/// Bytes that are kept.
pub fn length(kept: &[ConsoleSpan]) -> u64 {
    kept.iter().map(len).sum()
}

/// How far an offset is along them; what is in a gap is where that ends.
pub fn place_of(kept: &[ConsoleSpan], offset: u64) -> u64 {
    kept.iter()
        .map(|span| offset.clamp(span.from, span.to.max(span.from)) - span.from)
        .sum()
}

/// The offset that is so far along them; the end where it is beyond.
pub fn offset_at(kept: &[ConsoleSpan], place: u64) -> Option<u64> {
    let mut left = place;
    for span in kept {
        if left < len(span) {
            return Some(span.from + left);
        }
        left -= len(span);
    }
    kept.last().map(|span| span.to)
}

fn len(span: &ConsoleSpan) -> u64 {
    span.to.saturating_sub(span.from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_take_no_place_on_the_line() {
        let kept = [(0, 100), (500, 600)].map(|(from, to)| ConsoleSpan { from, to });
        assert_eq!(length(&kept), 200);
        for (offset, place) in [(0, 0), (99, 99), (300, 100), (500, 100), (550, 150), (900, 200)] {
            assert_eq!(place_of(&kept, offset), place);
        }
        for (place, offset) in [(0, 0), (99, 99), (100, 500), (150, 550), (200, 600), (999, 600)] {
            assert_eq!(offset_at(&kept, place), Some(offset));
        }
        assert_eq!(offset_at(&[], 1), None);
    }
}
