//! Rebuilds the crate when a migration is added: the migrations are part of the binary.
#![allow(clippy::print_stdout)] // how a build script talks to cargo

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
