//! How an account likes its pages: kept on the server, applied in the browser.
use serde::{Deserialize, Serialize};

/// A closed choice: its names are what is stored, what travels, and what stands in the document's attributes.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident {
        $(#[$first_doc:meta])* $first:ident = $first_text:literal,
        $($(#[$more_doc:meta])* $more:ident = $more_text:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $(#[$first_doc])* #[default] #[serde(rename = $first_text)] $first,
            $($(#[$more_doc])* #[serde(rename = $more_text)] $more,)*
        }

        impl $name {
            /// All of them, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$more),*];

            /// Its one name.
            pub fn name(self) -> &'static str {
                match self {
                    Self::$first => $first_text,
                    $(Self::$more => $more_text,)*
                }
            }

            /// The one of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

choice! {
    /// The colours.
    Theme {
        /// As the system is set.
        System = "system",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
        /// The strongest contrast.
        Contrast = "contrast",
    }
}

choice! {
    /// How close things stand.
    Density {
        /// Many rows on a screen.
        Compact = "compact",
        /// More air, larger targets.
        Comfortable = "comfortable",
    }
}

choice! {
    /// Whether things move.
    Motion {
        /// As the system is set.
        System = "system",
        /// Nothing moves.
        Reduced = "reduced",
    }
}

choice! {
    /// The language of the pages. A new one is a variant here and a file in `app/texts`.
    Language {
        /// English.
        English = "en",
    }
}

choice! {
    /// How times of day are written.
    Hours {
        /// `14:05`.
        TwentyFour = "24",
        /// `2:05 pm`.
        Twelve = "12",
    }
}

choice! {
    /// How dates are written.
    Dates {
        /// `23 Nov`.
        DayMonth = "day_month",
        /// `Nov 23`.
        MonthDay = "month_day",
        /// `2026-11-23`.
        Iso = "iso",
    }
}

choice! {
    /// The sign between a number's whole part and its decimals.
    Decimal {
        /// `1.5`.
        Point = "point",
        /// `1,5`.
        Comma = "comma",
    }
}

choice! {
    /// The page that opens first.
    Landing {
        /// What is wrong, what is busy, what changed.
        Overview = "overview",
        /// All VMs.
        Vms = "vms",
        /// The first host.
        Host = "host",
        /// Recent tasks.
        Tasks = "tasks",
    }
}

choice! {
    /// The colours of consoles.
    ConsoleTheme {
        /// Light letters on a dark ground.
        Dark = "dark",
        /// Dark letters on a light ground.
        Light = "light",
        /// Green letters on black.
        Green = "green",
        /// White on black.
        Contrast = "contrast",
    }
}

/// What an account chose. What it never chose is the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    /// The colours.
    pub theme: Theme,
    /// How close things stand.
    pub density: Density,
    /// Whether things move.
    pub motion: Motion,
    /// The language of the pages.
    pub language: Language,
    /// How times of day are written.
    pub hours: Hours,
    /// How dates are written.
    pub dates: Dates,
    /// The decimal sign.
    pub decimal: Decimal,
    /// The IANA name of the time zone that times are shown in (`Europe/Vienna`, `UTC`); empty for the browser's own.
    pub time_zone: String,
    /// The page that opens first.
    pub landing: Landing,
    /// Size of the console's letters, in CSS pixels.
    pub console_font_px: u8,
    /// Lines that a console remembers above its screen.
    pub console_scrollback: u32,
    /// The colours of consoles.
    pub console_theme: ConsoleTheme,
    /// Consoles keep a copy of their screen that screen readers can read, and say what is printed.
    pub console_screen_reader: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            density: Density::default(),
            motion: Motion::default(),
            language: Language::default(),
            hours: Hours::default(),
            dates: Dates::default(),
            decimal: Decimal::default(),
            time_zone: String::new(),
            landing: Landing::default(),
            console_font_px: 13,
            console_scrollback: 10_000,
            console_theme: ConsoleTheme::default(),
            console_screen_reader: false,
        }
    }
}

impl Preferences {
    /// The smallest and the largest letters of a console.
    pub const FONT_PX: std::ops::RangeInclusive<u8> = 9..=28;
    /// The fewest and the most lines that a console remembers.
    pub const SCROLLBACK: std::ops::RangeInclusive<u32> = 100..=100_000;

    /// Whether all of it can be applied.
    ///
    /// # Errors
    /// The field that cannot, and why, as a sentence.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let zone_fits = self.time_zone.len() <= 64
            && self
                .time_zone
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c));
        if !zone_fits {
            let why = "A time zone is named like Europe/Vienna or UTC; empty means the browser's own.";
            return Err(("time_zone", why.into()));
        }
        let (font, lines) = (Self::FONT_PX, Self::SCROLLBACK);
        if !font.contains(&self.console_font_px) {
            let why = format!(
                "The console's letters are between {} and {} pixels.",
                font.start(),
                font.end()
            );
            return Err(("console_font_px", why));
        }
        if !lines.contains(&self.console_scrollback) {
            let why = format!(
                "A console remembers between {} and {} lines.",
                lines.start(),
                lines.end()
            );
            return Err(("console_scrollback", why));
        }
        Ok(())
    }

    /// What the pages before sign-in must know to look right, for a cookie: `dark.compact.system.en`.
    pub fn look(&self) -> String {
        [
            self.theme.name(),
            self.density.name(),
            self.motion.name(),
            self.language.name(),
        ]
        .join(".")
    }

    /// From such a cookie; what cannot be read is the default.
    pub fn from_look(text: &str) -> Self {
        let mut parts = text.split('.');
        let mut next = || parts.next().unwrap_or_default();
        Self {
            theme: Theme::from_name(next()).unwrap_or_default(),
            density: Density::from_name(next()).unwrap_or_default(),
            motion: Motion::from_name(next()).unwrap_or_default(),
            language: Language::from_name(next()).unwrap_or_default(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_chosen_is_the_default() {
        let read: Result<Preferences, _> = serde_json::from_str(r#"{"theme":"dark"}"#);
        let expected = Preferences {
            theme: Theme::Dark,
            ..Preferences::default()
        };
        assert_eq!(read.ok(), Some(expected));
        assert!(serde_json::from_str::<Preferences>(r#"{"theme":"pink"}"#).is_err());
        assert!(serde_json::from_str::<Preferences>(r#"{"colour":"dark"}"#).is_err());
    }

    #[test]
    fn the_look_survives_a_cookie_and_nonsense_in_it_is_ignored() {
        let chosen = Preferences {
            theme: Theme::Contrast,
            density: Density::Comfortable,
            motion: Motion::Reduced,
            ..Preferences::default()
        };
        assert_eq!(chosen.look(), "contrast.comfortable.reduced.en");
        assert_eq!(Preferences::from_look(&chosen.look()), chosen);
        for nonsense in ["", "...", "\"><script>.x", "dark"] {
            let read = Preferences::from_look(nonsense);
            assert!(read.check().is_ok());
            assert_eq!(read.theme == Theme::Dark, nonsense == "dark");
        }
    }

    #[test]
    fn what_cannot_be_applied_is_named() {
        let with = |change: fn(&mut Preferences)| {
            let mut preferences = Preferences::default();
            change(&mut preferences);
            preferences.check().err().map(|(field, _)| field)
        };
        assert_eq!(with(|_| {}), None);
        assert_eq!(
            with(|p| p.time_zone = "America/Argentina/Buenos_Aires".into()),
            None
        );
        assert_eq!(with(|p| p.time_zone = "no such zone".into()), Some("time_zone"));
        assert_eq!(with(|p| p.time_zone = "x".repeat(65)), Some("time_zone"));
        assert_eq!(with(|p| p.console_font_px = 2), Some("console_font_px"));
        assert_eq!(with(|p| p.console_scrollback = 1), Some("console_scrollback"));
    }
}
