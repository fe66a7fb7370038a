//! Guest links: one console for a limited time, for somebody without an account.
use serde::{Deserialize, Serialize};
use std::fmt;
use wxa_model::{ConsoleKind, ConsoleLinkId, UnixMillis, VmId};

/// A guest link to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsoleLinkParams {
    /// For whom: the name that others see beside the console. 1 to 60 characters.
    pub name: String,
    /// Which console; the VM's first text console when absent.
    #[serde(default)]
    pub kind: Option<ConsoleKind>,
    /// Minutes for which it opens: 1 to 10,080 (a week).
    pub minutes: u32,
    /// Whether its holder may type when given the keyboard; otherwise only watch.
    #[serde(default)]
    pub typing: bool,
}

/// A fresh guest link. The secret is in no later reply.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleLinkCreated {
    /// The link, as others are told of it.
    pub link: ConsoleLinkView,
    /// Its path, to be appended to this console's address: `/c/SECRET`.
    pub path: String,
}

impl fmt::Debug for ConsoleLinkCreated {
    /// Without the path, which is the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleLinkCreated")
            .field("link", &self.link)
            .finish_non_exhaustive()
    }
}

/// A guest link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleLinkView {
    /// Ours.
    pub id: ConsoleLinkId,
    /// Of which VM.
    pub vm: VmId,
    /// Which console; the VM's first text console when absent.
    pub kind: Option<ConsoleKind>,
    /// For whom.
    pub name: String,
    /// Whether its holder may type.
    pub typing: bool,
    /// Who made it.
    pub by: String,
    /// When.
    pub made_at: UnixMillis,
    /// When it stops opening.
    pub until: UnixMillis,
    /// How many look through it now.
    pub open: u32,
}

/// What the page of a guest link shows, besides the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleGuestView {
    /// Of which VM: of no use without an account.
    pub id: VmId,
    /// The VM's name.
    pub vm: String,
    /// For whom the link is.
    pub name: String,
    /// Who made it.
    pub by: String,
    /// Whether its holder may type.
    pub typing: bool,
    /// When it stops opening.
    pub until: UnixMillis,
}
