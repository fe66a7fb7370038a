//! The filter language; the server goes by the same one.
pub use wxa_model::query::*;
