//! What a driver reports while it watches a host.
use wxa_model::{HostFacts, SampleBatch, Vm, VmId};

/// One report. State is complete: `Listed` and `Changed` carry the whole VM.
#[derive(Clone, Debug, PartialEq)]
pub enum DriverEvent {
    /// Everything follows anew.
    ResyncBegin,
    /// A VM that is there, during a resync.
    Listed(Vm),
    /// Everything was listed: what was not is gone.
    ResyncEnd,
    /// A VM is new or different.
    Changed(Vm),
    /// A VM is no longer there, neither running nor defined.
    Gone(VmId),
    /// What the host says about itself, at a resync and whenever it differs.
    Facts(HostFacts),
    /// A tick of measurements.
    Samples(SampleBatch),
    /// The host answered: what is shown is current as of now. At least every 5 s.
    Alive,
}
