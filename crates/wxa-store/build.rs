//! Rebuilds the crate when a migration is added: the migrations are part of the binary.
fn main() {
#![allow(clippy::print_stdout)] // how a build script talks to cargo
    println!("cargo:rerun-if-changed=migrations");
}
