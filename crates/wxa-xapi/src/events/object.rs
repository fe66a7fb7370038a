//! The classes that are followed, and their objects.
use crate::raw;
use serde::{Deserialize, Deserializer, de::DeserializeSeed};

macro_rules! classes {
    ($($variant:ident = $name:literal,)*) => {
        /// A class that is followed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Class {
            $(#[doc = $name] $variant,)*
        }

        /// An object of one of them.
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) enum Object {
            $(#[doc = $name] $variant(Box<raw::$variant>),)*
        }

        impl Class {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As events and subscriptions call it.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            pub(super) fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|class| class.name().eq_ignore_ascii_case(name))
            }
        }

        impl<'de> DeserializeSeed<'de> for Class {
            type Value = Option<Object>;

            fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<Object>, D::Error> {
                // An object that went while it was looked at may be null.
                match self {
                    $(Self::$variant => Ok(Option::<raw::$variant>::deserialize(from)?.map(|record| Object::$variant(Box::new(record)))),)*
                }
            }
        }
    };
}

classes! {
    Pool = "pool",
    Host = "host",
    HostMetrics = "host_metrics",
    Vm = "vm",
    VmMetrics = "vm_metrics",
    VmGuestMetrics = "vm_guest_metrics",
    Vbd = "vbd",
    Vdi = "vdi",
    Sr = "sr",
    Pbd = "pbd",
    Vif = "vif",
    Network = "network",
    Pif = "pif",
    Console = "console",
    Certificate = "certificate",
    Message = "message",
    Task = "task",
}

impl Class {
    /// As calls on it name it.
    pub(crate) fn api_name(self) -> &'static str {
        match self {
            Self::Certificate => "Certificate",
            Self::Vm => "VM",
            Self::VmMetrics => "VM_metrics",
            Self::VmGuestMetrics => "VM_guest_metrics",
            Self::Vbd => "VBD",
            Self::Vdi => "VDI",
            Self::Sr => "SR",
            Self::Pbd => "PBD",
            Self::Vif => "VIF",
            Self::Pif => "PIF",
            same => same.name(),
        }
    }

    /// The classes that make up a pool as it is shown: all of them.
    pub(crate) fn watched() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied()
    }
}
