//! Ctrl and Alt that stay down for the next key: phones have none, and a finger cannot hold one.

/// Which of them are down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sticky {
    /// Ctrl.
    pub ctrl: bool,
    /// Alt.
    pub alt: bool,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// Ctrl.
    Ctrl,
    /// Alt.
    Alt,
}

impl Sticky {
    /// Whether one is down.
    #[cfg(any(feature = "hydrate", test))]
    pub fn is_any(self) -> bool {
        self.ctrl || self.alt
    }

    /// Whether it is down.
    pub fn has(self, modifier: Modifier) -> bool {
        match modifier {
            Modifier::Ctrl => self.ctrl,
            Modifier::Alt => self.alt,
        }
    }

    /// With one of them the other way.
    #[cfg(any(feature = "hydrate", test))]
    pub fn toggled(self, modifier: Modifier) -> Self {
        match modifier {
            Modifier::Ctrl => Self {
                ctrl: !self.ctrl,
                ..self
            },
            Modifier::Alt => Self {
                alt: !self.alt,
                ..self
            },
        }
    }

    /// What a key sends with them, as xterm does it. What is more than a key is left as it is.
    #[cfg(any(feature = "hydrate", test))]
    pub fn apply(self, key: &str) -> String {
        if let Some(last) = key.strip_prefix("\x1b[").filter(|last| last.len() == 1) {
            let code = 1 + 2 * u8::from(self.alt) + 4 * u8::from(self.ctrl);
            return if self.is_any() {
                format!("\x1b[1;{code}{last}")
            } else {
                key.to_owned()
            };
        }
        let mut chars = key.chars();
        let (Some(c), None) = (chars.next(), chars.next()) else {
            return key.to_owned();
        };
        let c = if self.ctrl { control(c).unwrap_or(c) } else { c };
        if self.alt {
            format!("\x1b{c}")
        } else {
            c.to_string()
        }
    }
}

#[cfg(any(feature = "hydrate", test))]
fn control(c: char) -> Option<char> {
    match c.to_ascii_uppercase() {
        '@'..='_' => char::from_u32(c.to_ascii_uppercase() as u32 & 0x1f),
        ' ' => Some('\0'),
        '?' => Some('\x7f'),
        '/' | '-' => Some('\x1f'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_ctrl_and_alt_are_what_xterm_sends() {
        let ctrl = Sticky::default().toggled(Modifier::Ctrl);
        let alt = Sticky::default().toggled(Modifier::Alt);
        let both = ctrl.toggled(Modifier::Alt);
        for (with, key, sends) in [
            (ctrl, "c", "\x03"),
            (ctrl, "C", "\x03"),
            (ctrl, "[", "\x1b"),
            (ctrl, " ", "\0"),
            (ctrl, "1", "1"),
            (alt, "f", "\x1bf"),
            (both, "c", "\x1b\x03"),
            (ctrl, "\x1b[A", "\x1b[1;5A"),
            (alt, "\x1b[D", "\x1b[1;3D"),
            (both, "\x1b[C", "\x1b[1;7C"),
            (Sticky::default(), "\x1b[C", "\x1b[C"),
            (ctrl, "more than a key", "more than a key"),
        ] {
            assert_eq!(with.apply(key), sends, "{with:?} {key:?}");
        }
    }
}
