//! Why something that was asked for cannot be done. A refusal is data and expected; a failure is an error.
use crate::{Action, UnixMillis};
use serde::{Deserialize, Serialize};

/// An explained no: the same in the browser (a disabled button) and on the server (409).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// For programs.
    pub code: RefusalCode,
    /// For people: one sentence, with what to do where there is something.
    pub sentence: String,
    /// When it may be tried again, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UnixMillis>,
}

/// The closed list of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The caller's grants do not allow it.
    NotAllowed,
    /// The VM is not in a state for it.
    WrongState,
    /// It runs the host.
    ControlDomain,
    /// Another act on the same VM is under way.
    Busy,
    /// The host is not connected.
    HostDown,
    /// The VM's definition is missing or broken.
    NoDefinition,
    /// The host's tool cannot do it, or its pool does not do it to this VM now.
    NotSupported,
    /// Nobody would be left who can administer the installation.
    LastAdmin,
}

/// What a VM's pool would refuse now.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefusedAction {
    /// The act.
    pub action: Action,
    /// Why, as a sentence.
    pub why: String,
}

impl Refusal {
    /// A refusal without a date.
    pub fn new(code: RefusalCode, sentence: impl Into<String>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
            until: None,
        }
    }
}
