//! The binary frame of measurements: small rows, readable without allocation per row.
//!
//! Layout, little endian: first `u8` = 4 (2 is [`crate::index_frame`], 3 [`crate::rank_frame`]), time `u64` (ms), rows `u32`, then for each row: kind `u8` (0 VM, 1 host),
//! id 16 bytes, `u16` with a bit for each known value in the order of [`Metric::ALL`], and an `f32` for each bit set, in
//! that order and in the metric's unit. What is not known costs nothing.
use uuid::Uuid;
use wxa_model::{HostId, HostSample, Metric, UnixMillis, VmId, VmSample};

const VERSION: u8 = 4;
const HEAD: usize = 13;
/// A row without any value.
const ROW: usize = 19;

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SampleRow {
    /// A VM's.
    Vm(VmId, VmSample),
    /// A host's.
    Host(HostId, HostSample),
}

/// Encodes `rows`, measured at `at`.
pub fn encode(at: UnixMillis, rows: &[SampleRow]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(HEAD + (ROW + 24) * rows.len());
    frame.push(VERSION);
    frame.extend_from_slice(&at.0.to_le_bytes());
    frame.extend_from_slice(&u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
    for row in rows {
        let (kind, id) = match row {
            SampleRow::Vm(id, _) => (0, id.0),
            SampleRow::Host(id, _) => (1, id.0),
        };
        frame.push(kind);
        frame.extend_from_slice(id.as_bytes());
        let known_at = frame.len();
        let mut known = 0u16;
        frame.extend_from_slice(&known.to_le_bytes());
        for (bit, metric) in Metric::ALL.into_iter().enumerate() {
            let value = match row {
                SampleRow::Vm(_, sample) => sample.get(metric),
                SampleRow::Host(_, sample) => sample.get(metric),
            };
            if let Some(value) = value.filter(|value| !value.is_nan()) {
                known |= 1 << bit;
                frame.extend_from_slice(&value.to_le_bytes());
            }
        }
        if let Some(place) = frame.get_mut(known_at..known_at + 2) {
            place.copy_from_slice(&known.to_le_bytes());
        }
    }
    frame
}

/// Decodes a frame; none when it is not one.
pub fn decode(frame: &[u8]) -> Option<(UnixMillis, Vec<SampleRow>)> {
    let (head, mut body) = frame.split_at_checked(HEAD)?;
    let at = u64::from_le_bytes(head.get(1..9)?.try_into().ok()?);
    let count = u32::from_le_bytes(head.get(9..13)?.try_into().ok()?) as usize;
    if head.first() != Some(&VERSION) || count > body.len() / ROW {
        return None;
    }
    let mut rows = Vec::with_capacity(count);
    for _ in 0..count {
        rows.push(row(&mut body)?);
    }
    body.is_empty().then_some((UnixMillis(at), rows))
}

/// Takes a row from the front of `body`.
fn row(body: &mut &[u8]) -> Option<SampleRow> {
    let head = take(body, ROW)?;
    let id = Uuid::from_slice(head.get(1..17)?).ok()?;
    let known = u16::from_le_bytes(head.get(17..19)?.try_into().ok()?);
    let mut row = match head.first()? {
        0 => SampleRow::Vm(VmId(id), VmSample::default()),
        1 => SampleRow::Host(HostId(id), HostSample::default()),
        _ => return None,
    };
    for (bit, metric) in Metric::ALL.into_iter().enumerate() {
        if known & (1 << bit) == 0 {
            continue;
        }
        let value = f32::from_le_bytes(take(body, 4)?.try_into().ok()?);
        match &mut row {
            SampleRow::Vm(_, sample) => sample.set(metric, value),
            SampleRow::Host(_, sample) => sample.set(metric, value),
        }
    }
    // A bit of a metric that is not known here has a value of unknown size: nothing behind it can be read.
    (known >> Metric::ALL.len() == 0).then_some(row)
}

fn take<'a>(body: &mut &'a [u8], bytes: usize) -> Option<&'a [u8]> {
    let (taken, rest) = body.split_at_checked(bytes)?;
    *body = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wxa_model::Bytes;

    #[test]
    fn what_is_encoded_is_decoded_and_unknown_stays_unknown() {
        let vm = VmSample {
            cpu: Some(0.5),
            memory: Some(Bytes::mib(128)),
            disk_read: None,
            disk_write: Some(0.0),
            ..VmSample::default()
        };
        let host = HostSample {
            cpu: Some(1.5),
            memory_used: None,
            ..HostSample::default()
        };
        let rows = vec![
            SampleRow::Vm(VmId(Uuid::from_u128(1)), vm),
            SampleRow::Host(HostId(Uuid::from_u128(2)), host),
        ];
        assert_eq!(
            decode(&encode(UnixMillis(42), &rows)),
            Some((UnixMillis(42), rows))
        );
    }

    /// Values that are known, by metric. Sizes are whole MiB, which a float holds exactly.
    fn values() -> impl Strategy<Value = Vec<(Metric, f32)>> {
        let value =
            (any::<f32>(), 0u32..1 << 24).prop_filter("NaN stands for unknown", |(rate, _)| !rate.is_nan());
        proptest::collection::vec(proptest::option::of(value), Metric::ALL.len()).prop_map(|values| {
            let known = Metric::ALL.into_iter().zip(values);
            let exact = |(metric, value): (Metric, Option<(f32, u32)>)| {
                let (rate, mib) = value?;
                let is_size = metric.unit() == wxa_model::Unit::Bytes;
                Some((metric, if is_size { mib as f32 * 1_048_576.0 } else { rate }))
            };
            known.filter_map(exact).collect()
        })
    }

    fn any_row() -> impl Strategy<Value = SampleRow> {
        (any::<u128>(), any::<bool>(), values()).prop_map(|(id, is_vm, values)| {
            let (mut vm, mut host) = (VmSample::default(), HostSample::default());
            for (metric, value) in values {
                vm.set(metric, value);
                host.set(metric, value);
            }
            match is_vm {
                true => SampleRow::Vm(VmId(Uuid::from_u128(id)), vm),
                false => SampleRow::Host(HostId(Uuid::from_u128(id)), host),
            }
        })
    }

    proptest! {
        #[test]
        fn every_frame_is_decoded_as_it_was_encoded(at in any::<u64>(), rows in proptest::collection::vec(any_row(), 0..20)) {
            let frame = encode(UnixMillis(at), &rows);
            prop_assert!(frame.len() >= HEAD + ROW * rows.len());
            prop_assert_eq!(decode(&frame), Some((UnixMillis(at), rows)));
        }

        #[test]
        fn a_frame_with_a_byte_more_or_less_is_none(rows in proptest::collection::vec(any_row(), 0..5), cut in 1usize..20) {
            let mut frame = encode(UnixMillis(1), &rows);
            prop_assert_eq!(decode(&frame[..frame.len().saturating_sub(cut)]), None);
            frame.extend(vec![0; cut]);
            prop_assert_eq!(decode(&frame), None);
        }

        #[test]
        fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }
    }
}
