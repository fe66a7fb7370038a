//! What a driver reports while it watches a host.
use wxa_model::{HostFacts, HostId, PoolTask, SampleBatch, TaskId, Vm, VmId};

/// A host in a pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Ours: [`HostId::of_member`].
    pub id: HostId,
    /// As the pool calls it.
    pub name: String,
    /// Its management address.
    pub address: String,
    /// Whether its pool hears from it.
    pub live: bool,
    /// What it says about itself.
    pub facts: HostFacts,
}

/// One report. State is complete: `Member`, `Listed` and `Changed` carry the whole object.
///
/// A VM's `host` is the member it runs on or is tied to, and the pool itself where there is none; a driver of a single
/// host says that host.
#[derive(Clone, Debug, PartialEq)]
pub enum DriverEvent {
    /// Everything follows anew.
    ResyncBegin,
    /// A pool's member is there or is different. Those of a resync come before the VMs on them, and those it does not
    /// name are gone.
    Member(Member),
    /// A member is no longer in the pool.
    MemberGone(HostId),
    /// A VM that is there, during a resync.
    Listed(Vm),
    /// Everything was listed: what was not is gone.
    ResyncEnd,
    /// A VM is new or different.
    Changed(Vm),
    /// A VM is no longer there, neither running nor defined.
    Gone(VmId),
    /// Something that others have begun on a pool is there or is different; our own acts are not told here. At most
    /// [`crate::POOL_TASKS`] at once. Those that a resync does not name are gone.
    Task(PoolTask),
    /// The pool has forgotten such a task, or it is too old to be told of.
    TaskGone(TaskId),
    /// What the host says about itself, at a resync and whenever it differs.
    Facts(HostFacts),
    /// A tick of measurements.
    Samples(SampleBatch),
    /// A tick of measurements from a pool's member.
    MemberSamples(HostId, SampleBatch),
    /// The host answered: what is shown is current as of now. At least every 5 s.
    Alive,
}
