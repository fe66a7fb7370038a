//! libFuzzer's way in: one binary for all targets, told by the environment which one it is.
//!
//! `WXA_FUZZ_TARGET` names it, `WXA_FUZZ_CORPUS` is the folder that its seeds are written to. Without a name it lists the
//! targets. `cargo xtask fuzz` sets both.
#![no_main]
#![allow(
    clippy::print_stdout,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a tool for developers: it talks to its terminal, and libFuzzer's main has no other way out"
)]
use std::{env, fs, path::Path, process, sync::LazyLock};
use wxa_fuzz::{Target, target, targets};

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = env::var("WXA_FUZZ_TARGET").unwrap_or_default();
    target(&name).unwrap_or_else(|| panic!("there is no target {name:?}"))
});

libfuzzer_sys::fuzz_target!(
    init: {
        if env::var_os("WXA_FUZZ_TARGET").is_none() {
            targets().for_each(|target| println!("{} {}", target.name, target.reads));
            process::exit(0);
        }
        if let Some(corpus) = env::var_os("WXA_FUZZ_CORPUS") {
            plant(&TARGET, Path::new(&corpus));
        }
    },
    |bytes: &[u8]| {
        (TARGET.run)(bytes);
    }
);

/// Writes the seeds where libFuzzer keeps what it finds.
fn plant(target: &Target, corpus: &Path) {
    for (n, seed) in target.seeds.iter().enumerate() {
        let path = corpus.join(format!("seed-{n}"));
        fs::write(&path, seed).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
