//! The second way to a pool's members, beside the pool's own API: for the consoles that the API does not offer.
//!
//! The driver of pools asks for it, another driver that speaks SSH provides it, and whoever makes drivers puts the two
//! together (decision 0034).
use crate::{ConsoleIo, Error};
use async_trait::async_trait;
use std::fmt::Debug;
use uuid::Uuid;

/// A VM on the member that it runs on, as its pool knows both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberDomain {
    /// The member's UUID in its pool.
    pub member: Uuid,
    /// What the pool calls it, for messages.
    pub member_name: String,
    /// Its management address.
    pub address: String,
    /// The VM's UUID, by which its domain is found on the member.
    pub vm: Uuid,
    /// What the pool calls it, for messages.
    pub vm_name: String,
}

/// A way to the members of one pool.
#[async_trait]
pub trait MemberShell: Debug + Send + Sync + 'static {
    /// Whether there is a way to that member: an administrator confirmed its key. Says nothing about whether it answers.
    fn reaches(&self, member: Uuid) -> bool;

    /// Attaches to the emulated serial port of a VM. That the VM runs on that member, and in which domain, is found out
    /// right before.
    ///
    /// # Errors
    /// `Refused` with the code `moved` when the VM is not (any more) on that member; else as for
    /// [`crate::Driver::console`].
    async fn serial(&self, of: &MemberDomain) -> Result<ConsoleIo, Error>;
}
