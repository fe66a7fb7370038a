//! The binary frame by which a list is put in the order of a measurement: one number for each VM, without its chart.
//!
//! Layout, little endian: version `u8` = 3, measure `u8` (0 CPU, 1 disk, 2 network), then for each VM: id 16 bytes, `f32`. A VM
//! that is not named used nothing, or nothing is known of it.
use crate::live::Measure;
use uuid::Uuid;
use wxa_model::VmId;

/// The first byte of the frame: tells it from the others of the live socket.
pub const VERSION: u8 = 3;
const HEAD: usize = 2;
const ROW: usize = 20;

/// Encodes the numbers; those that are nothing are left out.
pub fn encode(measure: Measure, values: impl Iterator<Item = (VmId, f32)>) -> Vec<u8> {
    let mut frame = vec![VERSION, code(measure)];
    for (id, value) in values.filter(|(_, value)| *value > 0.0) {
        frame.extend_from_slice(id.0.as_bytes());
        frame.extend_from_slice(&value.to_le_bytes());
    }
    frame
}

/// Decodes a frame; none when it is not one.
pub fn decode(frame: &[u8]) -> Option<(Measure, Vec<(VmId, f32)>)> {
    let (head, body) = frame.split_at_checked(HEAD)?;
    let measure = match head {
        [VERSION, 0] => Measure::Cpu,
        [VERSION, 1] => Measure::Disk,
        [VERSION, 2] => Measure::Net,
        _ => return None,
    };
    let rows = body.chunks_exact(ROW);
    if !rows.remainder().is_empty() {
        return None;
    }
    let row = |row: &[u8]| {
        let (id, value) = row.split_at_checked(16)?;
        let id = VmId(Uuid::from_slice(id).ok()?);
        Some((id, f32::from_le_bytes(value.try_into().ok()?)))
    };
    Some((measure, rows.map(row).collect::<Option<_>>()?))
}

/// Whether `frame` says that it is one of these.
pub fn is_one(frame: &[u8]) -> bool {
    frame.first() == Some(&VERSION)
}

fn code(measure: Measure) -> u8 {
    match measure {
        Measure::Cpu => 0,
        Measure::Disk => 1,
        Measure::Net => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written_and_nothing_is_left_out_but_nothing() {
        let id = |n| VmId(Uuid::from_u128(n));
        let values = [(id(1), 0.5), (id(2), 0.0), (id(3), 7e9)];
        let frame = encode(Measure::Disk, values.into_iter());
        let kept = vec![(id(1), 0.5), (id(3), 7e9)];
        assert_eq!(decode(&frame), Some((Measure::Disk, kept)));
        assert_eq!(decode(&frame[..frame.len() - 1]), None);
        assert_eq!(decode(&[VERSION, 9]), None);
        assert_eq!(decode(&[]), None);
    }
}
