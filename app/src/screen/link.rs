//! How the way from this page to the guest's screen stands, in words.
use crate::text::{T, fill, t};
use wxa_wire::ConsoleStatus;

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "on the server a screen is always loading")
)]
pub(super) enum Link {
    /// noVNC is being fetched.
    Loading,
    /// The socket to our server is being opened.
    Opening,
    /// Our server tells.
    Server(ConsoleStatus),
    /// A picture is there.
    Shown,
    /// What the screen sent cannot be shown; it is opened again by itself.
    Unreadable,
    /// The socket broke; it is opened again by itself.
    Lost,
    /// Not opened again by itself, for this reason.
    Closed(Why),
}

/// Why a screen is not opened again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "on the server a screen is always loading")
)]
pub(super) enum Why {
    NotLoaded,
    SignedOut,
    Forbidden,
    Gone,
    TooMany,
    Refused,
}

impl Why {
    fn text(self) -> T {
        match self {
            Self::NotLoaded => T::ScreenNotLoaded,
            Self::SignedOut => T::ScreenSignedOut,
            Self::Forbidden => T::ScreenForbidden,
            Self::Gone => T::ScreenGone,
            Self::TooMany => T::ScreenTooMany,
            Self::Refused => T::ScreenRefused,
        }
    }
}

impl Link {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Loading => t(T::ScreenLoading).to_owned(),
            Self::Opening => t(T::ScreenConnecting).to_owned(),
            Self::Lost => t(T::ScreenLost).to_owned(),
            Self::Unreadable => t(T::ScreenUnreadable).to_owned(),
            Self::Shown => t(T::ScreenConnected).to_owned(),
            Self::Closed(why) => t(why.text()).to_owned(),
            Self::Server(ConsoleStatus::Connecting | ConsoleStatus::Connected) => {
                t(T::ScreenOpening).to_owned()
            }
            Self::Server(ConsoleStatus::NotRunning) => t(T::ScreenNotRunning).to_owned(),
            Self::Server(ConsoleStatus::Held { by: why } | ConsoleStatus::Failed { why }) => {
                fill(T::ScreenFailed, &[("why", why)])
            }
        }
    }

    pub(super) fn class(&self) -> &'static str {
        match self {
            Self::Shown => "console-link console-link--up",
            Self::Closed(_)
            | Self::Lost
            | Self::Unreadable
            | Self::Server(ConsoleStatus::Failed { .. } | ConsoleStatus::Held { .. }) => {
                "console-link console-link--warn"
            }
            Self::Loading
            | Self::Opening
            | Self::Server(
                ConsoleStatus::Connecting | ConsoleStatus::Connected | ConsoleStatus::NotRunning,
            ) => "console-link",
        }
    }
}
