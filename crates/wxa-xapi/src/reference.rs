//! XAPI's references: opaque, and small in memory, since ten thousand VMs have a hundred thousand of them.
use std::fmt;
use uuid::Uuid;

const PREFIX: &str = "OpaqueRef:";

/// A reference to an object of the pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Ref {
    /// To nothing.
    #[default]
    Null,
    /// As nearly all are written: `OpaqueRef:` and a UUID.
    Uuid(Uuid),
    /// Anything else.
    Other(Box<str>),
}

impl Ref {
    pub(crate) fn read(text: &str) -> Self {
        if text.is_empty() || text == "OpaqueRef:NULL" {
            return Self::Null;
        }
        if let Some(Ok(uuid)) = text.strip_prefix(PREFIX).map(Uuid::try_parse) {
            let read = Self::Uuid(uuid);
            // Another spelling of the same UUID is another reference.
            if read.to_string() == text {
                return read;
            }
        }
        Self::Other(text.into())
    }

    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("OpaqueRef:NULL"),
            Self::Uuid(uuid) => write!(f, "{PREFIX}{uuid}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_written_as_it_was_read() {
        for text in [
            "OpaqueRef:01010101-0101-0101-0101-010101010101",
            "OpaqueRef:01010101-0101-0101-0101-01010101010A",
            "OpaqueRef:0101010101010101010101010101010a",
            "DummyRef:|x|VM.start",
            "OpaqueRef:NULL",
        ] {
            assert_eq!(Ref::read(text).to_string(), text);
        }
        assert!(Ref::read("").is_null());
        assert_eq!(size_of::<Ref>(), 24);
    }
}
