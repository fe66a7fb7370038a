//! Combinations of keys that a browser or the reader's own system takes for itself, as data.

/// A key: what it means (X's keysym), and where it is (as `KeyboardEvent.code` calls it).
pub type Key = (u32, &'static str);

/// Keys that are pressed in that order and let go of the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Combo {
    /// On the button.
    pub label: &'static str,
    /// What is pressed.
    pub keys: &'static [Key],
}

const CTRL: Key = (0xffe3, "ControlLeft");
const ALT: Key = (0xffe9, "AltLeft");
const SUPER: Key = (0xffeb, "MetaLeft");

const fn function(n: u32, code: &'static str) -> Key {
    (0xffbd + n, code)
}

/// The menu, top to bottom; the first has a button of its own.
pub const COMBOS: &[Combo] = &[
    Combo {
        label: "Ctrl Alt Del",
        keys: &[CTRL, ALT, (0xffff, "Delete")],
    },
    Combo {
        label: "Ctrl Alt Backspace",
        keys: &[CTRL, ALT, (0xff08, "Backspace")],
    },
    Combo {
        label: "Alt Tab",
        keys: &[ALT, (0xff09, "Tab")],
    },
    Combo {
        label: "Alt F4",
        keys: &[ALT, function(4, "F4")],
    },
    Combo {
        label: "Super",
        keys: &[SUPER],
    },
    Combo {
        label: "Super R",
        keys: &[SUPER, (0x72, "KeyR")],
    },
    Combo {
        label: "Super L",
        keys: &[SUPER, (0x6c, "KeyL")],
    },
    Combo {
        label: "Ctrl Esc",
        keys: &[CTRL, (0xff1b, "Escape")],
    },
    Combo {
        label: "Print Screen",
        keys: &[(0xff61, "PrintScreen")],
    },
    Combo {
        label: "Ctrl W",
        keys: &[CTRL, (0x77, "KeyW")],
    },
    Combo {
        label: "F11",
        keys: &[function(11, "F11")],
    },
    Combo {
        label: "Ctrl Alt F1",
        keys: &[CTRL, ALT, function(1, "F1")],
    },
    Combo {
        label: "Ctrl Alt F2",
        keys: &[CTRL, ALT, function(2, "F2")],
    },
    Combo {
        label: "Ctrl Alt F3",
        keys: &[CTRL, ALT, function(3, "F3")],
    },
    Combo {
        label: "Ctrl Alt F7",
        keys: &[CTRL, ALT, function(7, "F7")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_keys_have_xs_numbers() {
        assert_eq!(function(1, "F1").0, 0xffbe);
        assert_eq!(function(11, "F11").0, 0xffc8);
    }

    #[test]
    fn each_is_there_once() {
        for (n, combo) in COMBOS.iter().enumerate() {
            let again = COMBOS
                .iter()
                .skip(n + 1)
                .any(|other| other.keys == combo.keys || other.label == combo.label);
            assert!(!again, "{}", combo.label);
        }
    }
}
