//! How a line is recognised. All are looked at from the line's beginning, so each costs no more than its own length.

/// What a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// It begins with this, after what the kernel puts before its messages (see [`Seen::all`]).
    Begins(&'static str),
    /// Its first word is any, and this follows.
    AfterWord(&'static str),
    /// This is somewhere in it.
    Has(&'static str),
    /// It begins with the first, and the second is somewhere in it.
    BeginsAndHas(&'static str, &'static str),
    /// It begins with the first, and the second does not follow.
    BeginsWithout(&'static str, &'static str),
    /// A kernel's message of its first minute.
    EarlyKernel,
    /// A getty asks for a name: `host login:`, perhaps with a name after it.
    LoginPrompt,
    /// A shell waits: `root@host:~#`, `[root@host ~]#`, `~ #`, perhaps with a command after it.
    ShellPrompt,
}

/// A line, or a part of one, without what the kernel puts before its messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen<'a> {
    text: &'a str,
    /// Seconds since the kernel began, of its messages.
    stamp: Option<f64>,
    is_linux: bool,
}

impl<'a> Seen<'a> {
    /// What is written in a line. The kernel waits for nobody: its message may stand behind a prompt, or behind what the firmware
    /// had not ended, so a line is up to two: what was there, and the kernel's message without its time (`[    1.234567] `) and
    /// who called (`[    T1] `).
    pub fn all(line: &'a str) -> impl Iterator<Item = Self> {
        let line = line.trim_end();
        let message = stamped(line);
        let before = message.map_or(line, |(at, ..)| line.get(..at).unwrap_or_default());
        let first = (!before.trim_start().is_empty()).then_some(Self {
            text: before.trim_start(),
            stamp: None,
            is_linux: false,
        });
        let second = message.map(|(at, stamp, rest)| Self {
            text: bracketed(rest)
                .filter(|(caller, _)| is_caller(caller))
                .map_or(rest, |(_, rest)| rest),
            stamp: Some(stamp),
            is_linux: line.get(at..).is_some_and(is_stamped_by_linux),
        });
        first.into_iter().chain(second)
    }
}

impl Seen<'_> {
    /// Whether the kernel's message has its time as Linux writes it.
    pub(crate) fn is_of_linux(&self) -> bool {
        self.is_linux
    }

    /// Its first byte; nothing begins with a zero.
    pub(crate) fn first(&self) -> u8 {
        self.text.bytes().next().unwrap_or_default()
    }
}

impl Pattern {
    /// Whether such a line waits to be completed, by somebody who types: it means what it says before it ends.
    pub fn waits(self) -> bool {
        matches!(self, Self::LoginPrompt | Self::ShellPrompt)
    }

    /// The byte with which such a line begins; none when that may be any.
    pub(crate) const fn first(self) -> Option<u8> {
        match self {
            Self::Begins(with) | Self::BeginsAndHas(with, _) | Self::BeginsWithout(with, _) => {
                Some(with.as_bytes()[0])
            }
            _ => None,
        }
    }

    /// Whether the line looks so.
    pub fn fits(self, line: Seen<'_>) -> bool {
        let text = line.text;
        match self {
            Self::Begins(with) => text.starts_with(with),
            Self::AfterWord(with) => text
                .split_once(' ')
                .is_some_and(|(_, rest)| rest.starts_with(with)),
            Self::Has(has) => text.contains(has),
            Self::BeginsAndHas(with, has) => text.starts_with(with) && text.contains(has),
            Self::BeginsWithout(with, without) => text
                .strip_prefix(with)
                .is_some_and(|rest| !rest.starts_with(without)),
            Self::EarlyKernel => line.stamp.is_some_and(|stamp| stamp < EARLY_S),
            Self::LoginPrompt => line.stamp.is_none() && is_login(text),
            Self::ShellPrompt => line.stamp.is_none() && is_shell(text),
        }
    }
}

/// A kernel that has run for less than this is still booting.
const EARLY_S: f64 = 60.0;
/// The longest prompt that is believed.
const PROMPT: usize = 96;

/// The first time of a kernel in the line: where it begins, seconds, and what follows.
fn stamped(line: &str) -> Option<(usize, f64, &str)> {
    line.match_indices('[').find_map(|(at, _)| {
        let (stamp, rest) = bracketed(line.get(at..)?)?;
        Some((at, seconds(stamp)?, rest))
    })
}

/// What stands in square brackets at the beginning, and what follows them and a space.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    // Never far: a stamp has some twenty characters.
    let head = text.strip_prefix('[')?;
    let end = head.bytes().take(24).position(|byte| byte == b']')?;
    let (inner, rest) = head.split_at_checked(end)?;
    let rest = rest.strip_prefix(']')?;
    Some((inner.trim(), rest.strip_prefix(' ').unwrap_or(rest)))
}

/// `12.345678`, as the kernel writes it.
fn seconds(stamp: &str) -> Option<f64> {
    let digits = stamp.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (digits && stamp.contains('.')).then(|| stamp.parse().ok())?
}

/// `[    1.234567]`: seconds of at least five characters, and six digits after the point. Other kernels that tell times do not pad
/// them, or have another number of digits.
fn is_stamped_by_linux(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let parts = inner.and_then(|(inner, _)| inner.split_once('.'));
    parts.is_some_and(|(seconds, digits)| seconds.len() >= 5 && digits.len() == 6)
}

/// `T1` or `C0`: a task or a CPU.
fn is_caller(text: &str) -> bool {
    text.strip_prefix(['T', 'C'])
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `host login:`, alone or with a name typed after it. `Last login: Sat …` is what a login tells, not a prompt.
fn is_login(text: &str) -> bool {
    const ASKS: &str = "login:";
    let near = text
        .as_bytes()
        .get(..PROMPT + ASKS.len())
        .unwrap_or(text.as_bytes());
    let Some(at) = near.windows(ASKS.len()).position(|word| word == ASKS.as_bytes()) else {
        return false;
    };
    let (before, typed) = text.split_at(at);
    let typed = typed.strip_prefix(ASKS).unwrap_or_default();
    let host = before.trim();
    let spaced = before.is_empty() || before.ends_with(' ');
    spaced && host != "Last" && !host.contains(' ') && !typed.trim().contains(' ')
}

fn is_shell(text: &str) -> bool {
    let Some(end) = text
        .bytes()
        .take(PROMPT)
        .position(|byte| matches!(byte, b'#' | b'$'))
    else {
        return false;
    };
    let Some((prompt, rest)) = text.split_at_checked(end) else {
        return false;
    };
    // After the sign comes a space, or the line's trimmed end.
    if !matches!(rest.as_bytes(), [_] | [_, b' ', ..]) {
        return false;
    }
    let inner = prompt
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .filter(|inner| inner.contains('@'));
    if let Some(inner) = inner {
        return inner.split(' ').count() <= 2 && inner.bytes().all(|byte| is_of_prompt(byte) || byte == b' ');
    }
    let word = prompt.strip_suffix(' ').unwrap_or(prompt);
    let shells = ["sh-", "bash-", "zsh-"];
    // A path has a tilde or stands after the host's name; a shell without a profile tells its version.
    let says_where =
        word == "~" || word.starts_with('/') || word.contains([':', '@']) && word.contains(['~', '/', '@']);
    let says_what = shells.iter().any(|shell| word.starts_with(shell));
    (says_where || says_what) && word.bytes().all(is_of_prompt)
}

fn is_of_prompt(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b':' | b'~' | b'/' | b'.' | b'_' | b'-' | b'+')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: Pattern, line: &str) -> bool {
        Seen::all(line).any(|seen| pattern.fits(seen))
    }

    #[test]
    fn what_the_kernel_puts_before_a_message_does_not_matter() {
        for line in [
            "Kernel panic - not syncing: x",
            "[   12.345678] Kernel panic - not syncing: x",
            "[12345.345678][    T1] Kernel panic - not syncing: x",
            "[    1.345678] [      C0] Kernel panic - not syncing: x",
            "xen login: [   12.345678] Kernel panic - not syncing: x",
        ] {
            assert!(fits(Pattern::Begins("Kernel panic"), line), "{line}");
        }
        assert!(!fits(Pattern::Begins("Kernel panic"), "app: Kernel panic"));
        assert!(!fits(Pattern::Begins("Kernel panic"), "[app] Kernel panic"));
    }

    #[test]
    fn only_a_kernel_that_has_just_begun_is_booting() {
        assert!(fits(Pattern::EarlyKernel, "[    4.567890] usb 1-1: new device"));
        assert!(!fits(Pattern::EarlyKernel, "[86400.567890] usb 1-1: new device"));
        assert!(!fits(Pattern::EarlyKernel, "[  OK  ] Started it."));
        assert!(!fits(Pattern::EarlyKernel, "[1.5.2] is not a time"));
    }

    #[test]
    fn a_prompt_is_known_from_what_looks_like_one() {
        for line in [
            "xen-a login: ",
            "login: ",
            "(none) login: root",
            "host.example.org login:",
            "xen login: [   57.794300] a message of the kernel",
        ] {
            assert!(fits(Pattern::LoginPrompt, line), "{line}");
        }
        for line in [
            "Last login: Sat Nov 28 20:23:55 UTC 2026 on ttyS0",
            "Last login: ",
            "sshd: failed login: for root",
            "xlogin: ",
            "[   12.345678] x login: ",
            "the login: is broken",
        ] {
            assert!(!fits(Pattern::LoginPrompt, line), "{line}");
        }
    }

    #[test]
    fn a_shell_is_known_from_its_prompt() {
        for line in [
            "root@xen:~# ",
            "tiny:~# ",
            "[root@localhost ~]# dnf update",
            "~ # ",
            "/ # ls",
            "sh-5.2# ",
            "user@host:/var/log$ ",
            "/etc/xen # ",
        ] {
            assert!(fits(Pattern::ShellPrompt, line), "{line}");
        }
        for line in [
            "# a comment",
            "progress #",
            "it costs 5$ ",
            "######",
            "root@xen:~#!",
            "[1/2] make #5",
            "(initramfs) ",
            "https://example.org/a#b",
        ] {
            assert!(!fits(Pattern::ShellPrompt, line), "{line}");
        }
    }
}
