//! Who is at a console and who types, and what of it is worth saying.
use super::typing::Typing;
use crate::text::{T, fill, t};
use wxa_wire::{ConsoleViewerView, ConsoleWord, KeyboardState};

/// Everybody at a console, as one of them sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// The reader's own number; 0 while that is not known.
    pub you: u64,
    /// All of them in order of arrival, the reader included; none while there is no connection.
    pub viewers: Vec<ConsoleViewerView>,
}

impl People {
    /// What the reader does with the keyboard; none while that is not known.
    pub fn own(&self) -> Option<KeyboardState> {
        self.find(self.you).map(|own| own.keyboard)
    }

    /// The one of that number.
    pub fn find(&self, number: u64) -> Option<&ConsoleViewerView> {
        self.viewers.iter().find(|viewer| viewer.number == number)
    }

    /// Whoever has the keyboard.
    pub fn typist(&self) -> Option<&ConsoleViewerView> {
        let mut all = self.viewers.iter();
        all.find(|viewer| viewer.keyboard == KeyboardState::Types)
    }

    /// Whether there is anything to show: somebody else, or that one may not type.
    pub fn are_worth_showing(&self) -> bool {
        self.viewers.len() > 1 || self.own() == Some(KeyboardState::MayOnlyWatch)
    }

    /// Whether what the reader types reaches the guest. Of one's own windows the server knows better: each may.
    pub fn typing(&self) -> Typing {
        match (self.own(), self.typist()) {
            (Some(KeyboardState::MayOnlyWatch), _) => Typing::Never,
            (Some(KeyboardState::Watches | KeyboardState::Asks), Some(typist)) => {
                let own = self.find(self.you);
                let is_same = own.is_some_and(|own| !own.guest && !typist.guest && own.name == typist.name);
                if is_same {
                    Typing::Reaches
                } else {
                    Typing::Elsewhere(typist.name.clone())
                }
            }
            _ => Typing::Reaches,
        }
    }

    /// Whether what the reader types goes nowhere.
    pub fn hear_you_not(&self) -> bool {
        self.typing() != Typing::Reaches
    }

    /// What is said to a reader who has typed in vain; none where there is nothing to add to how it stands.
    pub fn in_vain(&self) -> Option<String> {
        let waits = matches!(self.own(), Some(KeyboardState::Watches | KeyboardState::Asks));
        let typist = self.typist().filter(|_| waits)?;
        Some(fill(T::NotTyped, &[("name", &typist.name)]))
    }

    /// How it stands, in a sentence.
    pub fn standing(&self) -> String {
        let name = self.typist().map(|typist| &typist.name);
        match (self.own(), name) {
            (None, _) => String::new(),
            (Some(KeyboardState::MayOnlyWatch), _) => t(T::YouOnlyWatch).to_owned(),
            (Some(KeyboardState::Types), _) => t(T::YouType).to_owned(),
            (_, Some(name)) => fill(T::SomebodyTypes, &[("name", name)]),
            (_, None) => t(T::NobodyTypes).to_owned(),
        }
    }

    /// What the reader's one button for the keyboard says, if there is one.
    pub fn offer(&self) -> Option<(T, ConsoleWord)> {
        match self.own()? {
            KeyboardState::Types if self.viewers.len() > 1 => {
                Some((T::GiveKeyboardBack, ConsoleWord::Release))
            }
            KeyboardState::Asks => Some((T::AskNoMore, ConsoleWord::Withdraw)),
            KeyboardState::Watches if self.typist().is_some() => Some((T::AskForKeyboard, ConsoleWord::Ask)),
            KeyboardState::Types | KeyboardState::Watches | KeyboardState::MayOnlyWatch => None,
        }
    }

    /// Whether the reader could give the keyboard to that one.
    pub fn may_give_to(&self, number: u64) -> bool {
        let takes = |to: &ConsoleViewerView| {
            matches!(to.keyboard, KeyboardState::Watches | KeyboardState::Asks) && number != self.you
        };
        self.own() == Some(KeyboardState::Types) && self.find(number).is_some_and(takes)
    }

    /// What is said aloud of what changed since `before`; nothing of arriving oneself, and of several things the weightiest.
    pub fn news(&self, before: &Self) -> Option<String> {
        before.own()?;
        self.own()?;
        let others = |people: &'_ Self| -> Vec<ConsoleViewerView> {
            let mut all = people.viewers.clone();
            all.retain(|viewer| viewer.number != people.you);
            all
        };
        if before.typist().map(|one| one.number) != self.typist().map(|one| one.number) {
            return Some(self.standing());
        }
        let (was, is) = (others(before), others(self));
        let asks = is.iter().find(|now| {
            let asked = |then: &ConsoleViewerView| then.number == now.number && then.keyboard == now.keyboard;
            now.keyboard == KeyboardState::Asks && !was.iter().any(asked)
        });
        let missing = |from: &[ConsoleViewerView], one: &&ConsoleViewerView| {
            !from.iter().any(|other| other.number == one.number)
        };
        let came = is.iter().find(|one| missing(&was, one));
        let went = was.iter().find(|one| missing(&is, one));
        let said = |key, one: &ConsoleViewerView| fill(key, &[("name", &one.name)]);
        asks.map(|one| said(T::NewsAsks, one))
            .or_else(|| came.map(|one| said(T::NewsCame, one)))
            .or_else(|| went.map(|one| said(T::NewsWent, one)))
    }
}

/// The first letters of a name's first two words, for where there is room for two.
pub fn initials(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let first = words.filter_map(|word| word.chars().next());
    first.take(2).flat_map(char::to_uppercase).collect()
}

/// What somebody does with the keyboard, in words.
pub fn does(keyboard: KeyboardState) -> &'static str {
    t(match keyboard {
        KeyboardState::Types => T::PersonTypes,
        KeyboardState::Asks => T::PersonAsks,
        KeyboardState::Watches => T::PersonWatches,
        KeyboardState::MayOnlyWatch => T::PersonMayOnlyWatch,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::UnixMillis;

    fn people(you: u64, viewers: &[(&str, KeyboardState)]) -> People {
        let viewers = (1..)
            .zip(viewers)
            .map(|(number, (name, keyboard))| ConsoleViewerView {
                number,
                name: (*name).to_owned(),
                guest: false,
                since: UnixMillis(1),
                keyboard: *keyboard,
            });
        People {
            you,
            viewers: viewers.collect(),
        }
    }

    use KeyboardState::{Asks, MayOnlyWatch, Types, Watches};

    #[test]
    fn who_is_alone_and_may_type_is_told_nothing() {
        assert!(!People::default().are_worth_showing());
        assert!(!people(1, &[("ada", Types)]).are_worth_showing());
        assert!(people(1, &[("ada", MayOnlyWatch)]).are_worth_showing());
        assert!(people(1, &[("ada", Watches), ("ben", Watches)]).are_worth_showing());
    }

    #[test]
    fn what_is_typed_in_vain_is_said_to_be() {
        let watching = people(1, &[("ada", Watches), ("ben", Types)]);
        assert!(watching.hear_you_not());
        assert_eq!(
            watching.in_vain().as_deref(),
            Some("Not typed: ben has the keyboard.")
        );
        assert_eq!(watching.standing(), "ben has the keyboard.");
        assert!(!people(1, &[("ada", Watches), ("ben", Watches)]).hear_you_not());
        assert!(
            !people(1, &[("ada", Watches), ("ada", Types)]).hear_you_not(),
            "one's other window gives way"
        );
        assert!(people(1, &[("ada", MayOnlyWatch)]).hear_you_not());
    }

    #[test]
    fn the_button_does_what_makes_sense_now() {
        let word = |people: &People| people.offer().map(|(_, word)| word);
        assert_eq!(word(&people(1, &[("ada", Types)])), None);
        assert_eq!(word(&people(1, &[("ada", Watches), ("ben", Watches)])), None);
        assert_eq!(
            word(&people(1, &[("ada", Types), ("ben", Watches)])),
            Some(ConsoleWord::Release)
        );
        assert_eq!(
            word(&people(1, &[("ada", Watches), ("ben", Types)])),
            Some(ConsoleWord::Ask)
        );
        assert_eq!(
            word(&people(1, &[("ada", Asks), ("ben", Types)])),
            Some(ConsoleWord::Withdraw)
        );
        assert_eq!(word(&people(1, &[("ada", MayOnlyWatch), ("ben", Types)])), None);
    }

    #[test]
    fn the_keyboard_is_given_only_by_who_has_it_and_to_who_may_have_it() {
        let all = [("ada", Types), ("ben", Asks), ("cyd", MayOnlyWatch)];
        let given = |you| [1, 2, 3].map(|to| people(you, &all).may_give_to(to));
        assert_eq!(given(1), [false, true, false]);
        assert_eq!(given(2), [false, false, false]);
    }

    #[test]
    fn news_are_told_once_and_not_of_oneself() {
        let before = people(1, &[("ada", Types), ("ben", Watches)]);
        let asked = people(1, &[("ada", Types), ("ben", Asks)]);
        assert_eq!(asked.news(&before).as_deref(), Some("ben asks for the keyboard."));
        assert_eq!(asked.news(&asked), None);
        assert_eq!(before.news(&People::default()), None, "that is arriving");
        let came = people(1, &[("ada", Types), ("ben", Watches), ("cyd", Watches)]);
        assert_eq!(came.news(&before).as_deref(), Some("cyd is here."));
        assert_eq!(before.news(&came).as_deref(), Some("cyd has gone."));
        let handed = people(1, &[("ada", Watches), ("ben", Types)]);
        assert_eq!(handed.news(&asked).as_deref(), Some("ben has the keyboard."));
        let to_you = people(2, &[("ada", Watches), ("ben", Types)]);
        assert_eq!(
            to_you
                .news(&people(2, &[("ada", Types), ("ben", Asks)]))
                .as_deref(),
            Some("You have the keyboard.")
        );
    }

    #[test]
    fn initials_are_those_of_names_of_any_kind() {
        for (name, letters) in [
            ("ada", "A"),
            ("ada.lovelace", "AL"),
            ("Örs É.", "ÖÉ"),
            ("admin (token nightly)", "AT"),
            ("…", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
