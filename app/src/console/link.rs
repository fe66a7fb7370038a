//! How the way from a page to a console stands, in words.
use wxa_wire::ConsoleStatus;

/// How the way from this page to the guest stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "on the server a console is always loading")
)]
pub(super) enum ConsoleLink {
    /// xterm.js is being fetched.
    Loading,
    /// The socket to our server is being opened.
    Opening,
    /// Our server tells.
    Server(ConsoleStatus),
    /// The socket broke; it is opened again by itself.
    Lost,
    /// Not opened again by itself, for this reason.
    Closed(&'static str),
}

/// Whose console it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// A guest's.
    #[default]
    Guest,
    /// That of a host itself.
    Host,
}

impl Whose {
    /// What it is called in sentences.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Host => "host",
        }
    }
}

impl ConsoleLink {
    /// Whether what is typed arrives.
    pub fn is_up(&self) -> bool {
        *self == Self::Server(ConsoleStatus::Connected)
    }

    /// Whether it is over, and not opened again by itself.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed(_))
    }

    /// For the status beside the terminal.
    pub fn words(&self, whose: Whose) -> String {
        let noun = whose.noun();
        match self {
            Self::Loading => "Loading the terminal…".into(),
            Self::Opening => "Connecting…".into(),
            Self::Lost => "Connection to the server lost. Trying again…".into(),
            Self::Closed(why) => (*why).into(),
            Self::Server(ConsoleStatus::Connecting) => format!("Attaching to the {noun}…"),
            Self::Server(ConsoleStatus::Connected) => "Connected".into(),
            Self::Server(ConsoleStatus::NotRunning) => {
                format!("The {noun} is not running. The console opens by itself when it starts.")
            }
            Self::Server(ConsoleStatus::Held { by }) => {
                let holder = if by.is_empty() {
                    "somebody else"
                } else {
                    by.as_str()
                };
                format!(
                    "The console is held by {holder} on the host. It opens here as soon as it is released."
                )
            }
            Self::Server(ConsoleStatus::Failed { why }) => format!("{why} Trying again…"),
        }
    }

    /// How the status looks.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Server(ConsoleStatus::Connected) => "console-link console-link--up",
            Self::Closed(_)
            | Self::Lost
            | Self::Server(ConsoleStatus::Failed { .. } | ConsoleStatus::Held { .. }) => {
                "console-link console-link--warn"
            }
            Self::Loading
            | Self::Opening
            | Self::Server(ConsoleStatus::Connecting | ConsoleStatus::NotRunning) => "console-link",
        }
    }
}
