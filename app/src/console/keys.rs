//! Keys that phones lack and browsers keep for themselves, as data.

/// A key of the bar under the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// On the key.
    pub label: &'static str,
    /// For screen readers.
    pub name: &'static str,
    /// What the guest gets.
    pub sends: &'static str,
}

/// The bar, left to right.
pub const KEY_BAR: &[Key] = &[
    Key {
        label: "Esc",
        name: "Esc: Escape",
        sends: "\x1b",
    },
    Key {
        label: "Tab",
        name: "Tab",
        sends: "\t",
    },
    Key {
        label: "↑",
        name: "Up",
        sends: "\x1b[A",
    },
    Key {
        label: "↓",
        name: "Down",
        sends: "\x1b[B",
    },
    Key {
        label: "←",
        name: "Left",
        sends: "\x1b[D",
    },
    Key {
        label: "→",
        name: "Right",
        sends: "\x1b[C",
    },
    Key {
        label: "|",
        name: "|: bar",
        sends: "|",
    },
    Key {
        label: "/",
        name: "/: slash",
        sends: "/",
    },
    Key {
        label: "~",
        name: "~: tilde",
        sends: "~",
    },
    Key {
        label: "Ctrl C",
        name: "Ctrl C: interrupt",
        sends: "\x03",
    },
    Key {
        label: "Ctrl D",
        name: "Ctrl D: end of input",
        sends: "\x04",
    },
    Key {
        label: "Ctrl Z",
        name: "Ctrl Z: stop the job",
        sends: "\x1a",
    },
    Key {
        label: "Ctrl ]",
        name: "Ctrl ]: right bracket",
        sends: "\x1d",
    },
];

/// The command that tells the guest's shell how large this terminal is: a serial line cannot say so itself.
#[cfg(feature = "hydrate")]
pub fn stty(rows: u32, cols: u32) -> String {
    format!("stty rows {rows} cols {cols}\r")
}
