//! The roles of a pool, each containing those before it.

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looks.
    ReadOnly,
    /// Starts and stops VMs.
    VmOperator,
    /// Makes and changes VMs.
    VmAdmin,
    /// Moves and snapshots VMs too.
    VmPowerAdmin,
    /// Changes hosts, storage and networks.
    PoolOperator,
    /// Everything.
    PoolAdmin,
}

impl Role {
    /// All, the lowest first.
    pub const ALL: [Self; 6] = [
        Self::ReadOnly,
        Self::VmOperator,
        Self::VmAdmin,
        Self::VmPowerAdmin,
        Self::PoolOperator,
        Self::PoolAdmin,
    ];

    /// XAPI's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::VmOperator => "vm-operator",
            Self::VmAdmin => "vm-admin",
            Self::VmPowerAdmin => "vm-power-admin",
            Self::PoolOperator => "pool-operator",
            Self::PoolAdmin => "pool-admin",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}
