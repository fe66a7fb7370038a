//! What is open, said and selected on the page: nothing of it survives it.
use crate::{marks::Marks, steps};
use leptos::prelude::*;
use wxa_model::{Action, VmAct};

/// State of the page itself.
#[derive(Clone, Copy)]
pub struct Ui {
    /// Whether the tree is open on a phone.
    pub drawer: RwSignal<bool>,
    /// Whether the palette is open.
    pub palette: RwSignal<bool>,
    /// What was typed for the palette before it was there.
    pub typed_ahead: StoredValue<String>,
    /// Whether the list of keys is open.
    pub help: RwSignal<bool>,
    /// The act that waits for a yes.
    pub confirm: RwSignal<Option<Ask>>,
    /// The act on all marked VMs that waits for a yes.
    pub bulk_ask: RwSignal<Option<Action>>,
    /// VMs marked for acting on several.
    pub marks: Marks,
    /// Words that show for a while, newest last.
    pub notes: RwSignal<Vec<Note>>,
    next_note: StoredValue<u32>,
}

/// A question before an act that loses something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What is to be done, and to which VM.
    pub act: VmAct,
    /// Its name.
    pub name: String,
}

/// Words that show for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Names it.
    pub id: u32,
    /// How it looks.
    pub tone: Tone,
    /// What happened.
    pub title: String,
    /// What it means and what to do; may be empty.
    pub detail: String,
}

/// How a note looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Good,
    /// It did not.
    Bad,
}

impl Ui {
    /// With nothing open.
    pub fn new() -> Self {
        Self {
            drawer: RwSignal::new(false),
            palette: RwSignal::new(false),
            typed_ahead: StoredValue::default(),
            help: RwSignal::new(false),
            confirm: RwSignal::new(None),
            bulk_ask: RwSignal::new(None),
            marks: Marks::new(),
            notes: RwSignal::default(),
            next_note: StoredValue::new(0),
        }
    }

    /// Whether something is open, or is to open, that floats above the page and has the keys.
    pub fn is_anything_open(self) -> bool {
        self.palette.get_untracked()
            || self.help.get_untracked()
            || self.confirm.with_untracked(Option::is_some)
            || self.bulk_ask.with_untracked(Option::is_some)
    }

    /// Closes what floats above the page; false when there was nothing.
    pub fn close_all(self) -> bool {
        let any = self.is_anything_open();
        if any {
            self.palette.set(false);
            self.help.set(false);
            self.confirm.set(None);
            self.bulk_ask.set(None);
        }
        any
    }

    /// Shows a note: good ones go by themselves, bad ones stay until they are closed.
    pub fn say(self, tone: Tone, title: impl Into<String>, detail: impl Into<String>) {
        steps::now();
        let id = self.next_note.get_value();
        self.next_note.set_value(id + 1);
        let note = Note {
            id,
            tone,
            title: title.into(),
            detail: detail.into(),
        };
        self.notes.update(|notes| {
            notes.push(note);
            if notes.len() > 4 {
                notes.remove(0);
            }
        });
        if tone == Tone::Good {
            set_timeout(move || self.unsay(id), std::time::Duration::from_secs(6));
        }
    }

    /// Takes a note away.
    pub fn unsay(self, id: u32) {
        self.notes.update(|notes| notes.retain(|note| note.id != id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_says_whether_somebody_waits_for_what_is_closed() {
        Owner::new().with(|| {
            let ui = Ui::new();
            assert!(!ui.close_all());
            ui.bulk_ask.set(Some(Action::VmStart));
            assert!(ui.is_anything_open() && ui.close_all());
            assert!(!ui.is_anything_open());
            ui.palette.set(true);
            assert!(ui.close_all() && !ui.palette.get_untracked());
        });
    }
}
