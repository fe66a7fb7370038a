//! The hosts that were added: their records, sealed credentials and drivers.
mod check;
pub(crate) mod credential;
pub(crate) mod keeper;
mod known_hosts;
mod learnt;
mod list;
mod member_ssh;
mod members;
mod probe;
mod registry;
mod renew;
mod settings;
mod trial;
mod trust;
mod unusable;

pub use check::NewHost;
pub use list::HostEntry;
pub use member_ssh::{MemberSsh, MemberSshEntry, NewMemberSsh, SignIn};
pub use probe::{HostProbe, ProbedKey};
pub use renew::KeyOf;
pub use settings::HostSettings;
pub use trust::HostTrust;

#[cfg(test)]
mod tests;
