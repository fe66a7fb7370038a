//! A place in a console's past as an address names it: `at=512`, or `at=serial:512` where it is not on the VM's first text console.
use wxa_model::ConsoleKind;

/// It.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// On which console; the VM's first text console when absent.
    pub kind: Option<ConsoleKind>,
    /// Offset in what it printed.
    pub offset: u64,
}

impl Place {
    /// Reads it; none where it names no place.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, offset) = match text.split_once(':') {
            None => (None, text),
            Some((kind, offset)) => {
                let known = [ConsoleKind::Pv, ConsoleKind::Serial];
                let kind = known.into_iter().find(|one| word(*one) == kind)?;
                (Some(kind), offset)
            }
        };
        let offset = offset.parse().ok()?;
        Some(Self { kind, offset })
    }

    /// As it stands in an address.
    pub fn text(self) -> String {
        match self.kind {
            None => self.offset.to_string(),
            Some(kind) => format!("{}:{}", word(kind), self.offset),
        }
    }
}

/// A console's name in addresses and requests.
pub fn word(kind: ConsoleKind) -> &'static str {
    match kind {
        ConsoleKind::Pv => "pv",
        ConsoleKind::Serial => "serial",
        ConsoleKind::Graphical => "graphical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_its_console_and_one_without_it_still_works() {
        for (text, kind, offset) in [
            ("512", None, 512),
            ("serial:9", Some(ConsoleKind::Serial), 9),
            ("pv:0", Some(ConsoleKind::Pv), 0),
        ] {
            let place = Place { kind, offset };
            assert_eq!(Place::parse(text), Some(place));
            assert_eq!(place.text(), text);
        }
        for text in ["", "x", "screen:5", "graphical:5", "serial:", ":5", "-1"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }

    #[test]
    fn requests_call_consoles_the_same() {
        for kind in [ConsoleKind::Pv, ConsoleKind::Serial, ConsoleKind::Graphical] {
            assert_eq!(serde_json::to_value(kind).unwrap(), word(kind));
        }
    }
}
