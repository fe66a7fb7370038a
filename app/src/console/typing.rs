//! Whether what is typed reaches the guest, and what becomes of the tools that type where it does not: hidden from who may only
//! watch, shown with the reason while somebody else has the keyboard.
use super::people::People;
use crate::text::{T, fill, t};
use leptos::prelude::*;

/// Whether it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Typing {
    /// It does, as far as is known.
    Reaches,
    /// This one has the keyboard; it can be asked for.
    Elsewhere(String),
    /// The reader may only watch.
    Never,
}

impl Typing {
    /// As the server tells; before that, as the reader's rights are.
    pub fn of(people: &People, may: bool) -> Self {
        match people.own() {
            Some(_) => people.typing(),
            None if may => Self::Reaches,
            None => Self::Never,
        }
    }

    /// Why nothing can be typed now; none where it can.
    pub fn why(&self) -> Option<String> {
        match self {
            Self::Reaches => None,
            Self::Elsewhere(name) => Some(fill(T::TypesElsewhere, &[("name", name)])),
            Self::Never => Some(t(T::YouOnlyWatch).to_owned()),
        }
    }
}

/// The attributes of a tool that types: hidden, `aria-disabled` and its title.
#[derive(Clone, Copy)]
pub(super) struct Gate(pub Memo<Typing>);

impl Gate {
    /// Whether the tool is hidden.
    pub fn hides(self) -> bool {
        self.0.with(|typing| *typing == Typing::Never)
    }

    /// `aria-disabled`.
    pub fn disables(self) -> Option<&'static str> {
        self.0
            .with(|typing| (*typing != Typing::Reaches).then_some("true"))
    }

    /// The reason, or else `hint`.
    pub fn title(self, hint: &str) -> String {
        self.0.with(Typing::why).unwrap_or_else(|| hint.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::UnixMillis;
    use wxa_wire::{ConsoleViewerView, KeyboardState};

    #[test]
    fn rights_count_until_the_server_has_told() {
        assert_eq!(Typing::of(&People::default(), false), Typing::Never);
        assert_eq!(Typing::of(&People::default(), true), Typing::Reaches);
        let one = |number, name: &str, keyboard| ConsoleViewerView {
            number,
            name: name.into(),
            guest: false,
            since: UnixMillis(1),
            keyboard,
        };
        let of = |own| {
            let viewers = vec![one(1, "ada", own), one(2, "ben", KeyboardState::Types)];
            Typing::of(&People { you: 1, viewers }, true)
        };
        assert_eq!(of(KeyboardState::MayOnlyWatch), Typing::Never);
        assert_eq!(
            of(KeyboardState::Watches).why().as_deref(),
            Some("ben has the keyboard. Ask for it to type.")
        );
    }
}
