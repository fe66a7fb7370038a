//! The binary frame of measurements: small, fixed-size rows, readable without allocation per row.
//!
//! Layout, little endian: version `u8` = 1, time `u64` (ms), rows `u32`, then for each row: kind `u8` (0 VM, 1 host),
//! id 16 bytes, six `f32` (VM: cpu, memory, disk read, disk write, net received, net sent; host: cpu, memory used).
//! Not-a-number means not known. Memory in bytes: a float keeps 7 digits, more than is ever shown.
use uuid::Uuid;
use wxa_model::{Bytes, HostId, HostSample, UnixMillis, VmId, VmSample};

const VERSION: u8 = 1;
const HEAD: usize = 13;
const ROW: usize = 41;

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
    let mut frame = Vec::with_capacity(HEAD + ROW * rows.len());
    frame.push(VERSION);
    frame.extend_from_slice(&at.0.to_le_bytes());
    frame.extend_from_slice(&u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
    for row in rows {
        let (kind, id, values) = columns(row);
        frame.push(kind);
        frame.extend_from_slice(id.as_bytes());
        for value in values {
            frame.extend_from_slice(&value.unwrap_or(f32::NAN).to_le_bytes());
        }
    }
    frame
}

/// Decodes a frame; none when it is not one.
pub fn decode(frame: &[u8]) -> Option<(UnixMillis, Vec<SampleRow>)> {
    let (head, body) = frame.split_at_checked(HEAD)?;
    let at = u64::from_le_bytes(head.get(1..9)?.try_into().ok()?);
    let count = u32::from_le_bytes(head.get(9..13)?.try_into().ok()?) as usize;
    if head.first() != Some(&VERSION) || body.len() != count.checked_mul(ROW)? {
        return None;
    }
    let rows = body.chunks_exact(ROW).map(row).collect::<Option<Vec<_>>>()?;
    Some((UnixMillis(at), rows))
}

fn columns(row: &SampleRow) -> (u8, Uuid, [Option<f32>; 6]) {
    match row {
        SampleRow::Vm(id, s) => {
            let memory = s.memory.map(|bytes| bytes.0 as f32);
            (
                0,
                id.0,
                [s.cpu, memory, s.disk_read, s.disk_write, s.net_rx, s.net_tx],
            )
        }
        SampleRow::Host(id, s) => (
            1,
            id.0,
            [
                s.cpu,
                s.memory_used.map(|bytes| bytes.0 as f32),
                None,
                None,
                None,
                None,
            ],
        ),
    }
}

fn row(bytes: &[u8]) -> Option<SampleRow> {
    let id = Uuid::from_slice(bytes.get(1..17)?).ok()?;
    let mut values = [None; 6];
    for (value, raw) in values.iter_mut().zip(bytes.get(17..)?.chunks_exact(4)) {
        let number = f32::from_le_bytes(raw.try_into().ok()?);
        *value = (!number.is_nan()).then_some(number);
    }
    let [cpu, memory, disk_read, disk_write, net_rx, net_tx] = values;
    let memory = memory.map(|bytes| Bytes(bytes as u64));
    match bytes.first()? {
        0 => Some(SampleRow::Vm(
            VmId(id),
            VmSample {
                cpu,
                memory,
                disk_read,
                disk_write,
                net_rx,
                net_tx,
            },
        )),
        1 => Some(SampleRow::Host(
            HostId(id),
            HostSample {
                cpu,
                memory_used: memory,
            },
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    fn rate() -> impl Strategy<Value = Option<f32>> {
        proptest::option::of(any::<f32>().prop_filter("NaN stands for unknown", |rate| !rate.is_nan()))
    }

    fn any_row() -> impl Strategy<Value = SampleRow> {
        // What a float holds exactly: measurements are rounded on the way, ids are not.
        let memory = || proptest::option::of((0u64..1 << 24).prop_map(Bytes::mib));
        let vm = (any::<u128>(), memory(), proptest::array::uniform5(rate()));
        prop_oneof![
            vm.prop_map(
                |(id, memory, [cpu, disk_read, disk_write, net_rx, net_tx])| SampleRow::Vm(
                    VmId(Uuid::from_u128(id)),
                    VmSample {
                        cpu,
                        memory,
                        disk_read,
                        disk_write,
                        net_rx,
                        net_tx
                    }
                )
            ),
            (any::<u128>(), memory(), rate()).prop_map(|(id, memory_used, cpu)| SampleRow::Host(
                HostId(Uuid::from_u128(id)),
                HostSample { cpu, memory_used }
            )),
        ]
    }

    proptest! {
        #[test]
        fn every_frame_is_decoded_as_it_was_encoded(at in any::<u64>(), rows in proptest::collection::vec(any_row(), 0..20)) {
            let frame = encode(UnixMillis(at), &rows);
            prop_assert_eq!(frame.len(), HEAD + ROW * rows.len());
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
