//! What a simulated host itself suffers from, so that its health can be looked at.

/// Something that is wrong with a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ail {
    /// The file system with guests' images is nearly full.
    FullDisk,
    /// A thin pool is nearly full.
    FullPool,
    /// Domain-0 has more to do than it can.
    Overloaded,
    /// Domain-0 has hardly any memory left.
    LittleMemory,
    /// The clock is behind by so many seconds.
    ClockBehind(u32),
    /// Its system asks for a reboot, and a newer kernel package is installed.
    WantsReboot,
    /// The hypervisor's log holds complaints.
    Complains,
    /// There is no LVM.
    NoLvm,
    /// Its `ip` is too old to print JSON.
    OldIp,
}
