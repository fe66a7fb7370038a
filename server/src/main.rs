//! The `webxenadmin` command.
fn main() {}
