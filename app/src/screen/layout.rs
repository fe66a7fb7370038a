//! Which keys a text is typed with, by the layout that the *guest* has: a screen takes keys, not letters. Pure.
mod tables;

pub use tables::LAYOUTS;

/// A keyboard layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// As X and the Linux console call it.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Each key's place (`KeyboardEvent.code`) with what it gives: plain, with Shift, with AltGr. A space is nothing.
    pub keys: &'static [(&'static str, &'static str)],
    /// What appears only with the next key: a space is typed after it.
    pub dead: &'static str,
}

/// What is held while a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing.
    Plain,
    /// Shift.
    Shift,
    /// AltGr: the right Alt key.
    AltGr,
}

impl Level {
    /// As `screen.mjs` counts.
    #[cfg(feature = "hydrate")]
    pub fn number(self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::Shift => 1,
            Self::AltGr => 2,
        }
    }
}

/// A key that is pressed and let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// What it means: X's keysym. For guests that are told meanings, not places.
    pub keysym: u32,
    /// Where it is.
    pub code: &'static str,
    /// What is held.
    pub level: Level,
}

/// How a text is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In order.
    pub strokes: Vec<Stroke>,
    /// What the layout has no key for, each once: it is left out.
    pub missing: Vec<char>,
}

const ENTER: Stroke = Stroke {
    keysym: 0xff0d,
    code: "Enter",
    level: Level::Plain,
};
const TAB: Stroke = Stroke {
    keysym: 0xff09,
    code: "Tab",
    level: Level::Plain,
};
const SPACE: Stroke = Stroke {
    keysym: 0x20,
    code: "Space",
    level: Level::Plain,
};

impl Layout {
    /// The layout of that name; the first one where there is none.
    pub fn named(name: &str) -> &'static Self {
        let found = LAYOUTS.iter().find(|layout| layout.name == name);
        found.unwrap_or(&tables::US)
    }

    /// How `text` is typed.
    pub fn plan(&self, text: &str) -> Plan {
        let mut plan = Plan::default();
        let mut before = '\0';
        for c in text.chars() {
            match c {
                // The end of a line, however it is written, is one key.
                '\n' if before == '\r' => {}
                '\n' | '\r' => plan.strokes.push(ENTER),
                '\t' => plan.strokes.push(TAB),
                ' ' => plan.strokes.push(SPACE),
                c => match self.stroke(c) {
                    Some(stroke) => {
                        plan.strokes.push(stroke);
                        if self.dead.contains(c) {
                            plan.strokes.push(SPACE);
                        }
                    }
                    None if plan.missing.contains(&c) => {}
                    None => plan.missing.push(c),
                },
            }
            before = c;
        }
        plan
    }

    fn stroke(&self, c: char) -> Option<Stroke> {
        let levels = [Level::Plain, Level::Shift, Level::AltGr];
        // A plain key first, wherever it is: held keys may get lost.
        levels.into_iter().enumerate().find_map(|(n, level)| {
            let key = self
                .keys
                .iter()
                .find(|(_, gives)| gives.chars().nth(n) == Some(c));
            key.map(|(code, _)| Stroke {
                keysym: keysym(c),
                code,
                level,
            })
        })
    }
}

/// X's number for a character.
fn keysym(c: char) -> u32 {
    match c {
        '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{ff}' => u32::from(c),
        '€' => 0x20ac,
        other => 0x0100_0000 | u32::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(layout: &str, text: &str) -> String {
        let plan = Layout::named(layout).plan(text);
        let strokes = plan.strokes.iter().map(|stroke| match stroke.level {
            Level::Plain => stroke.code.to_owned(),
            level => format!("{level:?}+{}", stroke.code),
        });
        strokes.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_same_text_is_other_keys_in_other_layouts() {
        assert_eq!(typed("us", "z@/"), "KeyZ Shift+Digit2 Slash");
        assert_eq!(typed("gb", "z@/\""), "KeyZ Shift+Quote Slash Shift+Digit2");
        assert_eq!(typed("de", "z@/"), "KeyY AltGr+KeyQ Shift+Digit7");
        assert_eq!(typed("fr", "z@/"), "KeyW AltGr+Digit0 Shift+Period");
        assert_eq!(typed("fr", "aA1"), "KeyQ Shift+KeyQ Shift+Digit1");
    }

    #[test]
    fn what_waits_for_the_next_key_is_let_go_by_a_space() {
        assert_eq!(
            typed("de", "^`~"),
            "Backquote Space Shift+Equal Space AltGr+BracketRight"
        );
        assert_eq!(typed("us", "^"), "Shift+Digit6");
    }

    #[test]
    fn lines_end_once_and_what_has_no_key_is_told_once() {
        assert_eq!(
            typed("us", "a\r\nb\n\r\tc d"),
            "KeyA Enter KeyB Enter Enter Tab KeyC Space KeyD"
        );
        let plan = Layout::named("us").plan("äxäß");
        assert_eq!((plan.strokes.len(), plan.missing), (1, vec!['ä', 'ß']));
        assert!(Layout::named("de").plan("äxäß").missing.is_empty());
    }

    #[test]
    fn every_layout_types_everything_that_shells_need() {
        let ascii: String = (' '..='~').collect();
        for layout in LAYOUTS {
            let missing = layout.plan(&ascii).missing;
            assert!(missing.is_empty(), "{}: {missing:?}", layout.name);
        }
    }

    #[test]
    fn no_key_of_a_layout_is_there_twice_nor_gives_more_than_three() {
        for layout in LAYOUTS {
            for (n, (code, gives)) in layout.keys.iter().enumerate() {
                assert!(
                    (1..=3).contains(&gives.chars().count()),
                    "{code} of {}",
                    layout.name
                );
                let again = layout.keys.iter().skip(n + 1).any(|(other, _)| other == code);
                assert!(!again, "{code} of {}", layout.name);
            }
            assert!(
                layout.dead.chars().all(|dead| layout.stroke(dead).is_some()),
                "{}",
                layout.name
            );
        }
    }

    #[test]
    fn a_meaning_is_xs_number() {
        assert_eq!(keysym('a'), 0x61);
        assert_eq!(keysym('ä'), 0xe4);
        assert_eq!(keysym('€'), 0x20ac);
        assert_eq!(keysym('→'), 0x0100_2192);
    }
}
