//! When the parts of a piece were printed: pairs of numbers, each seven bits a byte, the lowest first. The first of a pair is
//! the offset in the piece at which a part begins, the second the milliseconds since the piece's own time. Pure.

/// Adds that what stands at `offset` in the piece was printed `after_ms` after its beginning.
pub(super) fn push(times: &mut Vec<u8>, offset: u64, after_ms: u64) {
    number(times, offset);
    number(times, after_ms);
}

/// The parts of a piece of `len` bytes, in order: where each begins and how long after the piece's own time it was printed. The
/// first is always there. What makes no sense is left out.
pub(super) fn parts(times: &[u8], len: u64) -> Vec<(u64, u64)> {
    let mut parts = vec![(0, 0)];
    let mut rest = times;
    let mut last = 0;
    while let Some(offset) = take(&mut rest) {
        let Some(after) = take(&mut rest) else { break };
        if offset > last && offset < len {
            parts.push((offset, after));
            last = offset;
        }
    }
    parts
}

fn number(times: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            times.push(low);
            return;
        }
        times.push(low | 0x80);
    }
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..63).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_are_read_as_they_were_written(steps in proptest::collection::vec((1u64..5000, 0u64..1 << 40), 0..40)) {
            let mut times = Vec::new();
            let mut wanted = vec![(0, 0)];
            let mut offset = 0;
            for (step, after) in steps {
                offset += step;
                push(&mut times, offset, after);
                wanted.push((offset, after));
            }
            prop_assert_eq!(parts(&times, offset + 1), wanted);
        }

        #[test]
        fn no_bytes_make_it_panic_or_leave_the_piece(bytes in proptest::collection::vec(any::<u8>(), 0..100), len in 0u64..10_000) {
            let read = parts(&bytes, len);
            prop_assert!(read.windows(2).all(|pair| pair[0].0 < pair[1].0));
            prop_assert!(read.iter().skip(1).all(|(offset, _)| *offset < len));
        }
    }
}
