//! The keys of Linux's SysRq: one character, which the guest's kernel obeys by itself, whatever its programs do.
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The keys that the kernel documents (`Documentation/admin-guide/sysrq.rst`). Which of them a guest obeys is decided by its
/// own `kernel.sysrq`; a key that it does not know makes it print the list of those it knows.
const KEYS: &str = "0123456789bcdefghijklmnopqrstuvwxyzR";

/// What is lost by which key, for those that destroy something.
const LOSSES: [(char, &str); 7] = [
    (
        'b',
        "The kernel reboots at once: it writes nothing to disk before, and everything that is not on disk is lost.",
    ),
    (
        'c',
        "The kernel crashes itself: everything that is not on disk is lost. What then becomes of the VM is as its definition says for a crash.",
    ),
    (
        'e',
        "All programs but init are asked to end, and nothing restarts most of them.",
    ),
    (
        'f',
        "The kernel kills the program that uses most memory, without asking it.",
    ),
    (
        'i',
        "All programs but init are killed without being asked: what they have not written is lost.",
    ),
    (
        'o',
        "The kernel powers off at once: it writes nothing to disk before, and everything that is not on disk is lost.",
    ),
    (
        'u',
        "All file systems become read-only: programs cannot write any more until the guest is rebooted.",
    ),
];

/// A key of SysRq.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SysrqKey(char);

impl SysrqKey {
    /// That key; none where the kernel documents no such key.
    pub fn new(key: char) -> Option<Self> {
        KEYS.contains(key).then_some(Self(key))
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        KEYS.chars().map(Self)
    }

    /// What exactly is lost, for keys that destroy something; none for those that only tell something or set it.
    pub fn loses(self) -> Option<&'static str> {
        let found = LOSSES.iter().find(|(key, _)| *key == self.0);
        found.map(|(_, loses)| *loses)
    }
}

impl fmt::Display for SysrqKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A text that is no key of SysRq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSysrqKey;

impl fmt::Display for NoSysrqKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a SysRq key is one letter or digit that Linux knows, h for help say")
    }
}

impl std::error::Error for NoSysrqKey {}

impl FromStr for SysrqKey {
    type Err = NoSysrqKey;

    fn from_str(text: &str) -> Result<Self, NoSysrqKey> {
        let mut chars = text.chars();
        match (chars.next().and_then(Self::new), chars.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(NoSysrqKey),
        }
    }
}

impl TryFrom<String> for SysrqKey {
    type Error = NoSysrqKey;

    fn try_from(text: String) -> Result<Self, NoSysrqKey> {
        text.parse()
    }
}

impl From<SysrqKey> for String {
    fn from(key: SysrqKey) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_character_that_the_kernel_documents() {
        for key in SysrqKey::all() {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for none in [
            "", "a", "H", "hh", "h ", " ", "-", "'", "$", ";", "\0", "\n", "é", "10",
        ] {
            assert_eq!(none.parse::<SysrqKey>(), Err(NoSysrqKey), "{none:?}");
        }
        assert_eq!(
            serde_json::to_string(&SysrqKey('h')).ok().as_deref(),
            Some("\"h\"")
        );
        assert!(serde_json::from_str::<SysrqKey>("\"hc\"").is_err());
    }

    #[test]
    fn whatever_ends_programs_or_the_guest_says_what_is_lost() {
        let losing: String = SysrqKey::all()
            .filter(|key| key.loses().is_some())
            .map(|key| key.to_string())
            .collect();
        assert_eq!(losing, "bcefiou");
    }
}
