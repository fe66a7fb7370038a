//! Who else looks at a screen. Pure.
use crate::text::{T, fill};
use wxa_wire::ScreenWatcherView;

/// Who looks, as the server told last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct People {
    /// The viewer's own number.
    pub you: u64,
    /// All of them, the viewer included.
    pub all: Vec<ScreenWatcherView>,
}

impl People {
    /// Whether the viewer's keys and pointer reach the guest; none before the server has told.
    pub(super) fn acts(&self) -> Option<bool> {
        let own = self.all.iter().find(|one| one.number == self.you);
        own.map(|one| one.acts)
    }

    /// The others as a sentence; none where there are none.
    pub(super) fn others(&self) -> Option<String> {
        let others = self.all.iter().filter(|one| one.number != self.you);
        let names: Vec<String> = others
            .map(|one| match one.acts {
                true => one.name.clone(),
                false => fill(T::ScreenOnlyLooks, &[("name", &one.name)]),
            })
            .collect();
        (!names.is_empty()).then(|| fill(T::ScreenAlsoHere, &[("names", &names.join(", "))]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wxa_model::UnixMillis;

    fn one(number: u64, name: &str, acts: bool) -> ScreenWatcherView {
        ScreenWatcherView {
            number,
            name: name.to_owned(),
            since: UnixMillis(1),
            acts,
        }
    }

    #[test]
    fn others_are_named_and_one_knows_what_one_may() {
        let people = People {
            you: 2,
            all: vec![one(1, "ada", true), one(2, "ben", false), one(4, "cleo", false)],
        };
        assert_eq!(people.acts(), Some(false));
        assert_eq!(
            people.others().as_deref(),
            Some("Also here: ada, cleo (only looks)")
        );
        assert_eq!(People::default().acts(), None);
        assert_eq!(People::default().others(), None);
    }
}
