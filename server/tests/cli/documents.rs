//! What packagers take from the program: completions, manual pages, version.
use super::{run, said, text, told};

#[test]
fn completions_manual_pages_and_version_are_there_for_packagers() {
    let data = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish"] {
        let script = said(&run(data.path(), &["completions", shell], ""));
        assert!(
            script.contains("support-bundle") && script.contains("trusted-proxies"),
            "{shell}"
        );
    }
    let pages = data.path().join("man");
    said(&run(data.path(), &["man", text(&pages)], ""));
    assert!(pages.join("webxenadmin.1").exists() && pages.join("webxenadmin-user-add.1").exists());
    assert!(said(&run(data.path(), &["version"], "")).starts_with("webxenadmin 0."));
    let without = run(data.path(), &["licenses", "--site-dir", "/nowhere"], "");
    assert!(told(&without).contains("cargo xtask build"), "{without:?}");
}
