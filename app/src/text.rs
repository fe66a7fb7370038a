//! Every text of the pages, by key, in the language of the reader; and how they want numbers and times written.
//!
//! English is [`english`], compiled in. Another language is one file in `app/texts` and travels in the boot data, so that
//! the module in the browser does not grow with it (decision 0027).
pub mod english;
#[cfg(any(feature = "ssr", test))]
mod file;
mod locale;
#[cfg(test)]
mod tests;

pub use english::{
    T,
    console::{C, c, c_fill, c_plural},
    status::{S, s, s_fill, s_plural},
};
#[cfg(feature = "ssr")]
pub use locale::for_page;
pub use locale::{Locale, current};

use std::fmt::Display;
use wxa_model::Action;

/// All English texts, in the order of the keys.
#[cfg(all(test, feature = "ssr"))]
pub fn english_texts() -> &'static [&'static str] {
    english::ENGLISH
}

/// The text behind a key.
pub fn t(key: T) -> &'static str {
    current().text(key)
}

/// The text behind a key with its placeholders (`{name}`) filled in.
pub fn fill(key: T, with: &[(&str, &dyn Display)]) -> String {
    filled(t(key), with)
}

/// The text for `n` things: the language's form for that number, with `{n}` filled in.
pub fn plural(key: T, n: usize) -> String {
    let locale = current();
    filled(locale.form(key, n), &[("n", &n)])
}

/// What a button that does it says.
pub fn action(action: Action) -> &'static str {
    t(match action {
        Action::VmStart => T::Start,
        Action::VmShutdown => T::ShutDown,
        Action::VmReboot => T::Reboot,
        Action::VmPause => T::Pause,
        Action::VmUnpause => T::Unpause,
        Action::VmSuspend => T::Suspend,
        Action::VmResume => T::Resume,
        Action::VmReset => T::HardReset,
        Action::VmPowerOff => T::PowerOff,
        Action::VmSysrq => T::SendSysrq,
    })
}

/// What a VM in the middle of it is doing.
pub fn doing(action: Action) -> &'static str {
    t(match action {
        Action::VmStart => T::Starting,
        Action::VmShutdown => T::ShuttingDown,
        Action::VmReboot => T::Rebooting,
        Action::VmPause => T::Pausing,
        Action::VmUnpause => T::Unpausing,
        Action::VmSuspend => T::Suspending,
        Action::VmResume => T::Resuming,
        Action::VmReset => T::Resetting,
        Action::VmPowerOff => T::PoweringOff,
        Action::VmSysrq => T::SendingSysrq,
    })
}

/// The act that would do without losing anything, as a hint beside one that does; none where nothing is lost.
pub fn gentler(action: Action) -> Option<T> {
    match action {
        Action::VmPowerOff => Some(T::BulkShutdownHint),
        Action::VmReset => Some(T::RebootHint),
        Action::VmStart
        | Action::VmShutdown
        | Action::VmReboot
        | Action::VmPause
        | Action::VmUnpause
        | Action::VmSuspend
        | Action::VmResume
        | Action::VmSysrq => None,
    }
}

/// Fills in what stands in braces; braces around anything else stay.
fn filled(text: &str, with: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = with.iter().find(|(key, _)| *key == name)?;
            Some((value, tail))
        });
        match found {
            Some((value, tail)) => {
                out.push_str(&value.to_string());
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
