//! Parsers of foreign bytes that only their own modules use: doors for the fuzz targets.
pub use crate::{
    console::{Refusal, played},
    record::{Answered, answered},
};
