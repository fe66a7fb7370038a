//! Which build this is.
use std::fmt::Write as _;

use crate::assets::Site;

/// The version alone.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Everything about the build, a fact a line. `cargo xtask build --release` says from which commit it is.
pub fn facts() -> String {
    let mut text = format!("webxenadmin {VERSION}\n");
    let known = |fact: Option<&'static str>| fact.filter(|fact| !fact.is_empty());
    let mut say = |what: &str, fact: &str| {
        let _infallible = writeln!(text, "{what:<9} {fact}");
    };
    if let Some(commit) = known(option_env!("WXA_BUILD_COMMIT")) {
        say("commit", commit);
    }
    if let Some(date) = known(option_env!("WXA_BUILD_DATE")) {
        say("date", date);
    }
    say(
        "layout",
        &format!("{} of the database", wxa_store::newest_layout()),
    );
    say(
        "machine",
        &format!("{} {}", std::env::consts::ARCH, std::env::consts::OS),
    );
    say(
        "build",
        if cfg!(debug_assertions) {
            "unoptimised"
        } else {
            "release"
        },
    );
    match Site::is_embedded().then(|| Site::find(None)) {
        Some(Ok(site)) => say("pages", &site.build),
        Some(Err(error)) => say("pages", &error.to_string()),
        None => say("pages", "not inside: read from a folder"),
    }
    text
}
