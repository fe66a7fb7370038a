//! Guests of plain Xen that run on another host than the one they were started on.
use crate::{UnixMillis, VmId};
use uuid::Uuid;

/// A guest that came from another host by `xl migrate`, and runs. Its host does not know that it came: whoever starts anew must be
/// told (decision 0056).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// The UUID that Xen gave its run, and that it took along.
    pub run: Uuid,
    /// The VM that it was where it came from, and is.
    pub vm: VmId,
    /// Xen's number of it there: after a reboot, which keeps the run's UUID, it has another one and has begun anew.
    pub domid: u32,
    /// When its run began on its first host; none where that is not known.
    pub began: Option<UnixMillis>,
}
