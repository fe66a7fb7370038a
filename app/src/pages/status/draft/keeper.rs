//! Whose the signals of a draft are. What a click makes belongs to what was clicked, and goes with it when that is drawn anew:
//! fields that are added later must outlive that.
use leptos::{prelude::*, reactive::owner::WeakOwner};

/// What lives as long as the draft.
#[derive(Clone, Copy)]
pub(super) struct Keeper(StoredValue<Option<WeakOwner>>);

impl Keeper {
    /// The component that we are in.
    pub(super) fn here() -> Self {
        Self(StoredValue::new(Owner::current().map(|owner| owner.downgrade())))
    }

    /// What `make` makes lives as long.
    pub(super) fn keeps<T>(self, make: impl FnOnce() -> T) -> T {
        match self.0.get_value().and_then(|owner| owner.upgrade()) {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }
}
