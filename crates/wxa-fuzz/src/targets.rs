//! The targets by where their bytes come from.
pub mod browser;
pub mod console;
pub mod host;
pub mod pool;
pub mod screen;
pub mod wire;

/// What the product does with bytes that should be text.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
