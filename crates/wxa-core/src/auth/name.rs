//! What an account may be called, and what a password must be.
use crate::Error;
use secrecy::{ExposeSecret as _, SecretString};

/// Shortest password, in characters.
pub(crate) const PASSWORD_LEAST: usize = 12;
/// Longest password, in bytes.
const PASSWORD_MOST: usize = 1024;
const NAME_MOST: usize = 64;

/// Checks a name for a new account.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
    let fits = (1..=NAME_MOST).contains(&name.len())
        && name.chars().all(plain)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if fits {
        return Ok(());
    }
    Err(Error::Invalid {
        field: "name",
        why: "use 1 to 64 letters (a to z), digits or . _ - @ +, beginning with a letter or digit".into(),
    })
}

/// Checks a new password.
pub(crate) fn check_password(password: &SecretString) -> Result<(), Error> {
    let text = password.expose_secret();
    let why = if text.chars().take(PASSWORD_LEAST).count() < PASSWORD_LEAST {
        format!("use at least {PASSWORD_LEAST} characters; a few random words are easy to remember")
    } else if text.len() > PASSWORD_MOST {
        format!("use at most {PASSWORD_MOST} characters")
    } else {
        return Ok(());
    };
    Err(Error::Invalid {
        field: "password",
        why,
    })
}
