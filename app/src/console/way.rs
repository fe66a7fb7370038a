//! By which way a console is reached: with an account, or by a guest link.
use wxa_model::VmId;
#[cfg(any(feature = "hydrate", test))]
use wxa_wire::{Operation, operation::ConsoleOpen};

/// It.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    allow(dead_code, reason = "on the server a console is always loading")
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsoleWay {
    /// By the account's right to it.
    Account(VmId),
    /// By the link whose page is at this path.
    Link(String),
}

#[cfg(any(feature = "hydrate", test))]
impl ConsoleWay {
    /// The path of its socket.
    pub fn socket(&self) -> String {
        match self {
            Self::Account(vm) => ConsoleOpen::ROW.path_for(vm),
            Self::Link(path) => format!("{}/console", path.trim_end_matches('/')),
        }
    }

    /// What is said when there is nothing there any more.
    #[cfg(feature = "hydrate")]
    pub fn gone(&self) -> &'static str {
        match self {
            Self::Account(_) => "This VM is no longer there.",
            Self::Link(_) => "This link has ended. Whoever gave it to you can make another one.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_links_socket_is_below_its_page() {
        for path in ["/c/secret", "/c/secret/"] {
            assert_eq!(ConsoleWay::Link(path.into()).socket(), "/c/secret/console");
        }
    }
}
