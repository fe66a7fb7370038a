//! Measurements in 16 bits, for rings: 11 significant bits of anything between a microsecond and 17 TB. What is written to the
//! database and counted in the ledger comes from the measurements themselves.

/// A value that is not known.
pub(super) const UNKNOWN: u16 = u16::MAX;
const MOST: u32 = 0xFFFE;
/// Bits of a 32-bit float's mantissa that are left out.
const LEFT_OUT: u32 = 13;
/// The exponent of the smallest that is kept, as 32-bit floats write it: 2⁻²⁰.
const LEAST: u32 = 107 << (23 - LEFT_OUT);

/// Rounds to the nearest that can be kept; what is out of range becomes the least or the most. NaN is unknown, and nothing
/// that is measured is less than zero.
pub(super) fn pack(value: f32) -> u16 {
    if value.is_nan() {
        return UNKNOWN;
    }
    if value <= 0.0 {
        return 0;
    }
    let rounded = (value.to_bits() + (1 << (LEFT_OUT - 1))) >> LEFT_OUT;
    u16::try_from(rounded.saturating_sub(LEAST).clamp(1, MOST)).unwrap_or(UNKNOWN)
}

/// NaN for what is not known.
pub(super) fn unpack(packed: u16) -> f32 {
    match packed {
        UNKNOWN => f32::NAN,
        0 => 0.0,
        packed => f32::from_bits((u32::from(packed) + LEAST) << LEFT_OUT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn zero_sizes_and_the_unknown_stay_what_they_are() {
        let gib = 1024.0 * 1024.0 * 1024.0;
        for exact in [0.0, 0.25, 1.0, 1.5, 3.75 * gib, 768.0 * gib] {
            assert_eq!(unpack(pack(exact)), exact);
        }
        assert!(unpack(pack(f32::NAN)).is_nan());
        assert_eq!(unpack(pack(-1.0)), 0.0);
        assert!(unpack(pack(f32::INFINITY)) > 1.7e13);
        assert!(unpack(pack(1e-9)) < 1.1e-6 && unpack(pack(1e-9)) > 0.0);
    }

    proptest! {
        #[test]
        fn a_value_differs_by_less_than_a_two_thousandth(value in 1e-6f32..1.7e13) {
            prop_assert!((unpack(pack(value)) / value - 1.0).abs() <= 1.0 / 2048.0);
        }
    }
}
