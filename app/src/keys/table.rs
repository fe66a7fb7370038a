//! Every key there is, in one table: the handlers look up what a key means, help shows the same rows.
use crate::text::T;

/// Where a key is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// On every page, outside of fields and consoles.
    Everywhere,
    /// Where a list of VMs is.
    List,
    /// While the focus is in the inventory at the left.
    Tree,
    /// While the keyboard is the guest's.
    Console,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Opens the palette.
    Palette,
    /// Puts the cursor into the filter.
    Filter,
    /// Shows the keys.
    Keys,
    /// Closes what is open, or clears the marks.
    Back,
    /// The overview.
    GoOverview,
    /// All VMs.
    GoVms,
    /// The first host.
    GoHost,
    /// The first pool.
    GoPool,
    /// Tasks.
    GoTasks,
    /// The audit log.
    GoAudit,
    /// Accounts.
    GoUsers,
    /// The console of the VM in view.
    GoConsole,
    /// One's settings.
    GoSettings,
    /// Status pages: `b` as in board, where all letters of the word are taken.
    GoStatusPages,
    /// A row down.
    Down,
    /// A row up.
    Up,
    /// The first row.
    First,
    /// The last row.
    Last,
    /// Shows what is below.
    Unfold,
    /// Hides what is below.
    Fold,
    /// Opens the row.
    Open,
    /// Marks the row, or takes the mark away.
    Mark,
    /// Marks everything from the last mark to here.
    MarkRange,
    /// Marks everything that the filter shows.
    MarkAll,
    /// Copies what is selected in the console.
    Copy,
    /// Gives the keyboard back to the page.
    Leave,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where.
    pub area: Area,
    /// What is pressed, as [`chord`] says it; two letters one after the other for places.
    pub chord: &'static str,
    /// What it does.
    pub command: Command,
    /// The same in words.
    pub what: T,
}

const fn key(area: Area, chord: &'static str, command: Command, what: T) -> Key {
    Key {
        area,
        chord,
        command,
        what,
    }
}

/// The areas in the order in which they are shown, with their headings.
pub const AREAS: [(Area, T); 4] = [
    (Area::Everywhere, T::KeysEverywhere),
    (Area::List, T::KeysList),
    (Area::Tree, T::KeysTree),
    (Area::Console, T::KeysConsole),
];

/// All keys.
pub static TABLE: [Key; 30] = [
    key(Area::Everywhere, "Ctrl k", Command::Palette, T::KeyPalette),
    key(Area::Everywhere, "/", Command::Filter, T::KeyFilter),
    key(Area::Everywhere, "?", Command::Keys, T::KeyKeys),
    key(Area::Everywhere, "Escape", Command::Back, T::KeyBack),
    key(Area::Everywhere, "g o", Command::GoOverview, T::KeyGoOverview),
    key(Area::Everywhere, "g v", Command::GoVms, T::KeyGoVms),
    key(Area::Everywhere, "g h", Command::GoHost, T::KeyGoHost),
    key(Area::Everywhere, "g p", Command::GoPool, T::KeyGoPool),
    key(Area::Everywhere, "g t", Command::GoTasks, T::KeyGoTasks),
    key(Area::Everywhere, "g a", Command::GoAudit, T::KeyGoAudit),
    key(Area::Everywhere, "g u", Command::GoUsers, T::KeyGoUsers),
    key(Area::Everywhere, "g c", Command::GoConsole, T::KeyGoConsole),
    key(Area::Everywhere, "g s", Command::GoSettings, T::KeyGoSettings),
    key(
        Area::Everywhere,
        "g b",
        Command::GoStatusPages,
        T::KeyGoStatusPages,
    ),
    key(Area::List, "j", Command::Down, T::KeyDown),
    key(Area::List, "k", Command::Up, T::KeyUp),
    key(Area::List, "Enter", Command::Open, T::KeyOpen),
    key(Area::List, "x", Command::Mark, T::KeyMark),
    key(Area::List, "Shift x", Command::MarkRange, T::KeyMarkRange),
    key(Area::List, "Shift a", Command::MarkAll, T::KeyMarkAll),
    key(Area::List, "Escape", Command::Back, T::KeyClearMarks),
    key(Area::Tree, "ArrowDown", Command::Down, T::KeyDown),
    key(Area::Tree, "ArrowUp", Command::Up, T::KeyUp),
    key(Area::Tree, "ArrowRight", Command::Unfold, T::KeyUnfold),
    key(Area::Tree, "ArrowLeft", Command::Fold, T::KeyFold),
    key(Area::Tree, "Home", Command::First, T::KeyFirst),
    key(Area::Tree, "End", Command::Last, T::KeyLast),
    key(Area::Tree, "Enter", Command::Open, T::KeyOpen),
    key(Area::Console, "Ctrl Shift c", Command::Copy, T::KeyCopy),
    key(Area::Console, "Ctrl Shift x", Command::Leave, T::KeyLeave),
];

/// What `chord` means in `area`.
pub fn command(area: Area, chord: &str) -> Option<Command> {
    TABLE
        .iter()
        .find(|key| key.area == area && key.chord == chord)
        .map(|key| key.command)
}

/// What was pressed, as the table writes it: modifiers first, letters small. Of other characters Shift is a part (`?`).
pub fn chord(ctrl: bool, shift: bool, pressed: &str) -> String {
    let letter = pressed.chars().count() == 1 && pressed.chars().all(char::is_alphabetic);
    let pressed = if letter {
        pressed.to_lowercase()
    } else {
        pressed.to_owned()
    };
    let (ctrl, shift) = (
        if ctrl { "Ctrl " } else { "" },
        if shift && letter { "Shift " } else { "" },
    );
    format!("{ctrl}{shift}{pressed}")
}

/// A chord's keys as they are printed on a keyboard.
pub fn caps(chord: &'static str) -> Vec<String> {
    let places = chord.starts_with("g ");
    chord
        .split(' ')
        .map(|key| match key {
            "ArrowDown" => "↓".to_owned(),
            "ArrowUp" => "↑".to_owned(),
            "ArrowRight" => "→".to_owned(),
            "ArrowLeft" => "←".to_owned(),
            "Escape" => "Esc".to_owned(),
            letter if letter.len() == 1 && chord.len() > 1 && !places => letter.to_uppercase(),
            other => other.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (n, key) in TABLE.iter().enumerate() {
            let same = TABLE
                .iter()
                .skip(n + 1)
                .find(|other| (other.area, other.chord) == (key.area, key.chord));
            assert_eq!(same, None, "{key:?}");
        }
    }

    #[test]
    fn every_key_is_found_by_what_is_pressed() {
        for key in &TABLE {
            assert_eq!(command(key.area, key.chord), Some(key.command), "{}", key.chord);
            assert!(AREAS.iter().any(|(area, _)| *area == key.area));
        }
        assert_eq!(chord(false, true, "?"), "?");
        assert_eq!(chord(false, true, "X"), "Shift x");
        assert_eq!(chord(true, false, "K"), "Ctrl k");
        assert_eq!(chord(false, false, "ArrowDown"), "ArrowDown");
    }

    #[test]
    fn keys_are_written_as_on_a_keyboard() {
        assert_eq!(caps("Ctrl k"), ["Ctrl", "K"]);
        assert_eq!(caps("g v"), ["g", "v"]);
        assert_eq!(caps("Shift x"), ["Shift", "X"]);
        assert_eq!(caps("ArrowUp"), ["↑"]);
        assert_eq!(caps("j"), ["j"]);
    }
}
