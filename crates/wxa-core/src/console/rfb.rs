//! RFB (RFC 6143) as far as whoever stands between a screen and its viewer must understand it: both handshakes, and where the viewer's
//! messages begin and end. Pure, bounded, and the same however the bytes are cut.
//!
//! Pictures are not looked at. What a viewer's browser makes of them is its own affair; what its owner may do is not: see [`Client`].
mod client;
mod opening;

pub use client::{Client, Fed, Hand};
pub use opening::{Opened, Opening};

use std::fmt;

/// What every version of ours is called on the wire.
const VERSION: &[u8; 12] = b"RFB 003.008\n";
/// The security type without a password.
const NONE: u8 = 1;

/// What is no RFB, or none that we take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable(String);

impl Unusable {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// A sentence.
impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unusable {}

/// The number of two or four bytes at a place; 0 where there are fewer.
fn number(bytes: &[u8], at: usize, len: usize) -> u32 {
    let digits = bytes.get(at..at + len).unwrap_or_default();
    digits
        .iter()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}
