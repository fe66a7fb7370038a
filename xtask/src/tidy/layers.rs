//! Who may use whom: the arrows of ARCHITECTURE.md, and the foreign crates that each layer must do without.

use anyhow::{Context, Result};

use crate::cmd::Cmd;
use crate::project::Project;

/// Each crate with those of ours that it may use. Tests may use more: dev-dependencies are free.
const MAY_USE: &[(&str, &[&str])] = &[
    ("frontend", &["app"]),
    ("app", &["wxa-wire", "wxa-model"]),
    (
        "server",
        &[
            "app",
            "wxa-wire",
            "wxa-core",
            "wxa-store",
            "wxa-driver",
            "wxa-xapi",
            "wxa-xl",
            "wxa-sim",
            "wxa-model",
        ],
    ),
    ("wxa-wire", &["wxa-model"]),
    ("wxa-model", &[]),
    ("wxa-console", &["wxa-model"]),
    (
        "wxa-core",
        &["wxa-console", "wxa-model", "wxa-driver", "wxa-store"],
    ),
    ("wxa-store", &["wxa-model"]),
    ("wxa-driver", &["wxa-model"]),
    ("wxa-xapi", &["wxa-driver", "wxa-model"]),
    ("wxa-xl", &["wxa-driver", "wxa-model"]),
    ("wxa-sim", &["wxa-model"]),
    (
        "wxa-testkit",
        &[
            "server",
            "wxa-core",
            "wxa-store",
            "wxa-driver",
            "wxa-xl",
            "wxa-sim",
            "wxa-model",
            "wxa-wire",
        ],
    ),
    // Measures the server from outside: what it shares with it is what travels. Only the way of measurements is run by itself.
    (
        "wxa-bench",
        &["wxa-core", "wxa-model", "wxa-sim", "wxa-store", "wxa-wire"],
    ),
    // Feeds parsers wherever they are.
    (
        "wxa-fuzz",
        &[
            "app",
            "server",
            "wxa-console",
            "wxa-core",
            "wxa-model",
            "wxa-wire",
            "wxa-xapi",
            "wxa-xl",
        ],
    ),
    ("xtask", &[]),
];

/// Each crate with the foreign ones that its place rules out: no I/O in the nouns, no web in core, no server in the pages.
const MUST_NOT_USE: &[(&str, &[&str])] = &[
    (
        "wxa-model",
        &[
            "tokio", "axum", "leptos", "sqlx", "russh", "reqwest", "rand", "jiff",
        ],
    ),
    (
        "wxa-wire",
        &[
            "tokio", "axum", "leptos", "sqlx", "russh", "reqwest", "rand", "jiff",
        ],
    ),
    (
        "wxa-console",
        &[
            "tokio", "axum", "leptos", "sqlx", "russh", "reqwest", "rand", "jiff",
        ],
    ),
    ("wxa-core", &["axum", "leptos", "russh", "sqlx", "reqwest"]),
    ("wxa-driver", &["axum", "leptos", "russh", "sqlx", "reqwest"]),
    ("app", &["tokio", "axum", "sqlx", "russh"]),
];

/// A breach for each arrow that ARCHITECTURE.md doesn't have.
///
/// # Errors
/// When cargo can't read the workspace.
pub fn check(project: &Project) -> Result<Vec<String>> {
    let metadata = Cmd::new("cargo")
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .dir(&project.root)
        .output()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).context("reading `cargo metadata`")?;
    let mut breaches = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        for used in package["dependencies"].as_array().into_iter().flatten() {
            // A normal dependency has no kind.
            if !used["kind"].is_null() {
                continue;
            }
            let (other, ours) = (
                used["name"].as_str().unwrap_or_default(),
                used["path"].is_string(),
            );
            breaches.extend(breach(name, other, ours));
        }
    }
    Ok(breaches)
}

fn breach(name: &str, other: &str, ours: bool) -> Option<String> {
    let listed = |table: &[(&str, &[&str])]| {
        table
            .iter()
            .find(|row| row.0 == name)
            .map(|row| row.1.contains(&other))
    };
    if ours {
        match listed(MAY_USE) {
            Some(true) => None,
            Some(false) => Some(format!(
                "{name} may not use {other}: ARCHITECTURE.md, who may use whom"
            )),
            None => Some(format!("{name} has no place yet in xtask/src/tidy/layers.rs")),
        }
    } else {
        (listed(MUST_NOT_USE) == Some(true))
            .then(|| format!("{name} must do without {other}: ARCHITECTURE.md, invariants"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_arrows_are_found() {
        assert!(breach("app", "wxa-core", true).is_some());
        assert!(breach("wxa-core", "axum", false).is_some());
        assert!(breach("newcomer", "app", true).is_some());
        assert!(breach("server", "wxa-core", true).is_none());
        assert!(breach("wxa-core", "tokio", false).is_none());
    }
}
