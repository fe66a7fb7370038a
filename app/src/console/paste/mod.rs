//! Pasting: shown before, without what would act unseen, as fast as the guest takes it.
mod dialog;
mod pace;
mod text;

pub(super) use dialog::{PasteDialog, PasteProgress};
#[cfg(feature = "hydrate")]
pub(super) use text::is_to_be_shown;

/// A text to be pasted, and what the terminal knows of the guest that gets it. Kept nowhere else, and gone with the dialog.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Clip {
    /// The text; empty where the browser did not give it.
    pub text: String,
    /// The guest asked to be told where a paste begins and ends.
    pub is_bracketed: bool,
    /// The guest asks for a password, as its last line reads.
    pub is_secret: bool,
}

/// A paste under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pasting {
    /// Tells it from those before and after it.
    pub run: u32,
    /// The guest was told that a paste begins, and waits for its end.
    pub is_bracketed: bool,
    /// Pieces that were sent.
    pub done: usize,
    /// Of so many.
    pub of: usize,
}

/// Whether a line asks for something that nobody shall see.
#[cfg(any(feature = "hydrate", test))]
pub(super) fn asks_for_secret(line: &str) -> bool {
    let line = line.trim_end().to_lowercase();
    line.ends_with(':')
        && ["password", "passphrase", "passwort", "passcode", "pin"]
            .iter()
            .any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::asks_for_secret;

    #[test]
    fn a_prompt_for_a_password_is_known_by_its_words() {
        assert!(asks_for_secret("Password: "));
        assert!(asks_for_secret("Enter passphrase for /dev/xvda2:"));
        assert!(!asks_for_secret("web-01 login: "));
        assert!(!asks_for_secret("the password was changed"));
    }
}
