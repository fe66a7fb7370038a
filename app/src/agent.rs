//! What a browser calls itself, in words.
pub use wxa_model::agent::words;
