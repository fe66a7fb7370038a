//! One condition, and what it is asked of. It is asked of ten thousand VMs with every key that is pressed, so nothing is
//! copied to compare it.
use crate::{VmId, console::GuestPhase};

/// What a filter looks at: a VM with what is known around it.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// Its name.
    pub name: &'a str,
    /// The word shown as its state, in lower case: `running`, `unknown`, …
    pub state: &'a str,
    /// How far its guest has come, as its console told; none where nobody knows.
    pub phase: Option<GuestPhase>,
    /// Its host's name; empty for a VM that is on a pool but on none of its members.
    pub host: &'a str,
    /// Its pool's name; empty for a VM of a plain host.
    pub pool: &'a str,
    /// Its site's name.
    pub site: &'a str,
    /// `pv`, `pvh`, `hvm` or empty.
    pub guest: &'a str,
    /// Memory in bytes.
    pub memory: u64,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Its IP addresses, where its guest tells them.
    pub addresses: &'a [String],
    /// Its tags.
    pub tags: &'a [String],
    /// Tags that its pool keeps itself.
    pub pool_tags: &'a [String],
    /// Its host's tags: rights on them reach the VM too.
    pub host_tags: &'a [String],
    /// Its id.
    pub id: VmId,
}

/// What a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Anything that is text.
    Text,
    /// The name.
    Name,
    /// The state's word.
    State,
    /// How far the guest has come.
    Phase,
    /// The host's name.
    Host,
    /// The pool's name.
    Pool,
    /// The site's name.
    Site,
    /// An IP address.
    Address,
    /// A tag.
    Tag,
    /// PV, PVH or HVM.
    Type,
    /// Memory.
    Memory,
    /// Virtual CPUs.
    Cpus,
}

impl Field {
    /// The field of that key; none when there is no such key.
    pub fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "name" => Self::Name,
            "state" | "power" => Self::State,
            "phase" => Self::Phase,
            "host" => Self::Host,
            "pool" => Self::Pool,
            "site" => Self::Site,
            "ip" | "address" => Self::Address,
            "tag" | "tags" => Self::Tag,
            "type" => Self::Type,
            "mem" | "memory" => Self::Memory,
            "cpu" | "cpus" | "vcpu" | "vcpus" => Self::Cpus,
            _ => return None,
        })
    }

    /// Whether its values are numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Memory | Self::Cpus)
    }
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`, or nothing
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    More,
}

/// A single condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// The field contains the text; its case does not matter. States, phases, types and tags must be equal.
    Text(Field, String),
    /// The field compares to the number.
    Number(Field, Compare, f64),
}

impl Term {
    /// What it is about.
    pub fn field(&self) -> Field {
        match self {
            Self::Text(field, _) | Self::Number(field, ..) => *field,
        }
    }

    /// Whether it looks for no text at all, which is in everything.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Text(_, text) if text.trim().is_empty())
    }

    /// Whether `subject` meets it.
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        match self {
            Self::Text(field, text) => text_matches(*field, text, subject),
            Self::Number(field, compare, number) => {
                let value = match field {
                    Field::Cpus => f64::from(subject.vcpus),
                    _ => subject.memory as f64,
                };
                match compare {
                    Compare::Less => value < *number,
                    Compare::AtMost => value <= *number,
                    Compare::Equal => (value - number).abs() < 0.5,
                    Compare::AtLeast => value >= *number,
                    Compare::More => value > *number,
                }
            }
        }
    }
}

fn text_matches(field: Field, text: &str, subject: &Subject<'_>) -> bool {
    match field {
        Field::Name => contains(subject.name, text),
        Field::State => subject.state == text,
        Field::Phase => subject.phase.is_some_and(|phase| is_in(phase, text)),
        Field::Host => contains(subject.host, text),
        Field::Pool => contains(subject.pool, text),
        Field::Site => contains(subject.site, text),
        Field::Address => has_address(subject, text),
        Field::Type => subject.guest == text,
        Field::Tag => {
            let all = subject
                .tags
                .iter()
                .chain(subject.host_tags)
                .chain(subject.pool_tags);
            all.into_iter().any(|tag| same(tag, text))
        }
        _ => {
            contains(subject.name, text)
                || contains(subject.host, text)
                || contains(subject.pool, text)
                || contains(subject.site, text)
                || subject.state == text
                // A number alone is no address.
                || (text.contains(['.', ':']) && has_address(subject, text))
                || subject.tags.iter().chain(subject.pool_tags).any(|tag| contains(tag, text))
                || (text.len() >= 4 && id_begins(subject.id, text))
        }
    }
}

/// Whether that is a word for the phase. `booting` is for all on the way to a prompt.
fn is_in(phase: GuestPhase, text: &str) -> bool {
    match text {
        "booting" => phase.is_booting(),
        "loader" | "bootloader" => phase == GuestPhase::BootLoader,
        "panic" => phase == GuestPhase::Panicked,
        _ => phase.key() == text,
    }
}

/// The beginning of an address is enough, so that `10.20.1` finds a network.
fn has_address(subject: &Subject<'_>, text: &str) -> bool {
    subject.addresses.iter().any(|address| address.starts_with(text))
}

/// `needle` is in lower case already.
fn contains(haystack: &str, needle: &str) -> bool {
    let (hay, pin) = (haystack.as_bytes(), needle.as_bytes());
    let Some(first) = pin.first() else {
        return true;
    };
    if !haystack.is_ascii() {
        return haystack.to_lowercase().contains(needle);
    }
    hay.windows(pin.len()).any(|part| {
        part.first()
            .is_some_and(|byte| byte.to_ascii_lowercase() == *first)
            && part.eq_ignore_ascii_case(pin)
    })
}

/// `text` is in lower case already.
fn same(tag: &str, text: &str) -> bool {
    if tag.is_ascii() {
        tag.eq_ignore_ascii_case(text)
    } else {
        tag.to_lowercase() == text
    }
}

/// Whether the id as it is written begins with `text`.
fn id_begins(id: VmId, text: &str) -> bool {
    if !text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) {
        return false;
    }
    let mut written = [0; 36];
    id.0.hyphenated().encode_lower(&mut written).starts_with(text)
}
