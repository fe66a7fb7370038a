//! `webxenadmin check-config`.
use super::{run, said, text, told};
use std::fs;

#[test]
fn check_config_tells_what_holds_where_it_was_said_and_hides_secrets() {
    let data = tempfile::tempdir().expect("a folder");
    let file = data.path().join("a.toml");
    fs::write(&file, "listen = \"127.0.0.1:9\"\nlog = \"warn\"").expect("a file");
    let args = ["check-config", "--config", text(&file), "--log", "debug"];
    let good = said(&run(data.path(), &args, ""));
    let line = |key: &str| {
        let found = good.lines().find(|line| line.starts_with(&format!("{key} ")));
        found.unwrap_or_else(|| panic!("no {key} in {good}")).to_owned()
    };
    assert!(line("listen").contains("127.0.0.1:9") && line("listen").ends_with("a.toml: listen)"));
    assert!(line("log").contains("debug") && line("log").ends_with("(--log)"));
    assert!(line("data_dir").ends_with("(WXA_DATA_DIR)"));
    assert!(line("public_url").ends_with("(default)"));

    fs::write(
        &file,
        "public_url = \"https://u:geheim@a.example\"\nlistne = \"x\"",
    )
    .expect("a file");
    let bad = run(
        data.path(),
        &["check-config", "--config", text(&file), "--listen", "8006"],
        "",
    );
    assert!(!bad.status.success());
    for problem in ["listne", "8006", "(hidden)@a.example"] {
        assert!(told(&bad).contains(problem), "{bad:?}");
    }
    assert!(!format!("{bad:?}").contains("geheim"));
}
