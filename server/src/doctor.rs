//! `webxenadmin doctor`: what is wrong with an installation, and what to do. Looks, and changes nothing; works beside a running server.
mod certificate;
mod clock;
mod data;
mod database;
mod disk;
mod hosts;
mod serving;

pub(crate) use hosts::product;

use serde::Serialize;
use std::fmt;

use crate::config::{Config, ConfigProblems};

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// Something does not work, or soon will not.
    Bad,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub about: String,
    /// How it stands.
    pub grade: Grade,
    /// What was seen.
    pub says: String,
    /// What to do; empty when there is nothing.
    pub advice: String,
}

impl Finding {
    fn good(about: &str, says: impl Into<String>) -> Self {
        Self {
            about: about.to_owned(),
            grade: Grade::Good,
            says: says.into(),
            advice: String::new(),
        }
    }

    fn note(about: &str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            grade: Grade::Note,
            advice: advice.into(),
            ..Self::good(about, says)
        }
    }

    fn bad(about: &str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            grade: Grade::Bad,
            ..Self::note(about, says, advice)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.grade {
            Grade::Good => "ok     ",
            Grade::Note => "note   ",
            Grade::Bad => "PROBLEM",
        };
        write!(f, "{mark}  {}: {}", self.about, self.says)?;
        if !self.advice.is_empty() {
            write!(f, "\n           what to do: {}", self.advice)?;
        }
        Ok(())
    }
}

/// Whether hosts are connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// They are left alone.
    Leave,
    /// Each is signed in to once.
    Try,
}

/// Looks at everything.
pub async fn examine(settings: &Result<Config, ConfigProblems>, hosts: Hosts) -> Vec<Finding> {
    let config = match settings {
        Ok(config) => config,
        Err(ConfigProblems(problems)) => {
            let advice = "correct it; `webxenadmin check-config` shows where each setting is said";
            let bad = |problem: &String| Finding::bad("settings", problem, advice);
            return problems.iter().map(bad).collect();
        }
    };
    let mut found = vec![Finding::good("settings", "can be used"), reach(config)];
    found.extend(data::examine(&config.data_dir));
    found.extend(disk::examine(&config.data_dir));
    found.extend(database::examine(&config.data_dir).await);
    found.extend(serving::examine(config).await);
    found.extend(certificate::examine(config));
    found.extend(clock::examine(&config.data_dir));
    if hosts == Hosts::Try {
        found.extend(hosts::examine(&config.data_dir).await);
    }
    found
}

/// Whether anybody but this machine can sign in.
fn reach(config: &Config) -> Finding {
    let listen = config.listen;
    match &config.public_url {
        Some(url) if url.is_https() => Finding::good("address", format!("{url}, listening on {listen}")),
        _ if listen.ip().is_loopback() => {
            Finding::good("address", format!("{listen}, for this machine only"))
        }
        _ => Finding::note(
            "address",
            format!("{listen} without TLS: signing in works on this machine only"),
            "put TLS in front and set public_url to its https:// address",
        ),
    }
}
