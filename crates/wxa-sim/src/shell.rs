//! A small, honest part of a POSIX shell: what command lines sent over SSH to a host use.

pub(crate) mod expand;
pub(crate) mod io;
pub(crate) mod parser;
mod run;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::actor::{HostGone, WorldHandle};
use io::Tty;

/// Why a command ended before its time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stop {
    /// Nobody reads its output any more.
    Pipe,
    /// The host has ended.
    Gone,
    Exit(i32),
    Break,
    Continue,
}

impl From<HostGone> for Stop {
    fn from(_: HostGone) -> Self {
        Self::Gone
    }
}

/// What a command gives back: its status, or why there is none.
pub(crate) type Outcome = Result<i32, Stop>;

/// Where commands run: the host, who runs them, and the shell's variables.
#[derive(Debug, Clone)]
pub(crate) struct Env {
    pub(crate) world: WorldHandle,
    /// Who the commands run as.
    pub(crate) user: String,
    pub(crate) vars: BTreeMap<String, String>,
    /// Status of the last command.
    pub(crate) status: i32,
    /// The terminal, if the session has one.
    pub(crate) tty: Option<Arc<Tty>>,
    /// Who runs commands.
    pub(crate) way: Way,
}

/// How somebody came to the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// At the machine itself: nothing is spoilt there.
    Local,
    /// Over SSH: commands misbehave as `/etc/sim/faults` says.
    Ssh,
}

impl Env {
    /// The shell of a user who has just logged in.
    pub(crate) fn new(world: WorldHandle, user: String, tty: Option<Arc<Tty>>) -> Self {
        let home = if user == "root" {
            "/root".to_owned()
        } else {
            format!("/home/{user}")
        };
        let vars = BTreeMap::from([
            ("HOME".to_owned(), home),
            ("USER".to_owned(), user.clone()),
            ("SHELL".to_owned(), "/bin/bash".to_owned()),
        ]);
        Self {
            world,
            user,
            vars,
            status: 0,
            tty,
            way: Way::Ssh,
        }
    }

    /// Whether commands run as root.
    pub(crate) fn is_root(&self) -> bool {
        self.user == "root"
    }

    /// Runs a whole command line and returns its status.
    pub(crate) async fn run_script(&self, script: &str, io: io::Io) -> i32 {
        let mut env = self.clone();
        match env.script(script, &io).await {
            Ok(status) | Err(Stop::Exit(status)) => status,
            Err(Stop::Pipe) => 141,
            Err(Stop::Gone) => 255,
            Err(Stop::Break | Stop::Continue) => 0,
        }
    }
}
