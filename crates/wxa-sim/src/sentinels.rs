//! Names of guests that misbehave in ways seen on real Xen. A guest whose name starts with one of these does what it says.

/// `xl create` fails: its disk does not exist.
pub const REFUSES_START: &str = "vm-refuses-start";
/// Never answers a shutdown or reboot request; `xl shutdown` fails after 60 s.
pub const IGNORES_SHUTDOWN: &str = "vm-ignores-shutdown";
/// Its kernel panics soon after boot; the domain is destroyed (`vm-crashes-kept…`: preserved).
pub const CRASHES: &str = "vm-crashes";
/// Asks for more memory than the host has; `xl create` ends with status 3.
pub const TOO_BIG: &str = "vm-too-big";
/// `xl create` takes 20 s.
pub const SLOW_START: &str = "vm-slow-start";
/// On pools: its tasks take 20 s, and cannot be cancelled.
pub const NOT_CANCELLABLE: &str = "vm-not-cancellable";
/// After a reboot it stays in `---sr-` until it is destroyed.
pub const STUCK_REBOOT: &str = "vm-stuck-reboot";
/// Somebody else holds its console.
pub const LOCK_HELD: &str = "vm-lock-held";
/// Writes to its console without end.
pub const FLOODS: &str = "vm-floods";
/// Writes random bytes and escape sequences to its console as quickly as somebody reads them, up to 100 MB/s.
pub const FLOODS_RAW: &str = "vm-floods-raw";
/// Writes to its own part of xenstore as quickly as the host takes it.
pub const FLOODS_STORE: &str = "vm-floods-store";
/// Its definition has no `uuid=`.
pub const NO_UUID: &str = "vm-no-uuid";
/// Its definition has a syntax error.
pub const BROKEN_CFG: &str = "vm-broken-cfg";

/// How a guest misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Normal,
    RefusesStart,
    IgnoresShutdown,
    Crashes,
    SlowStart,
    NotCancellable,
    StuckReboot,
    LockHeld,
    Floods,
    FloodsRaw,
    FloodsStore,
}

impl Behaviour {
    /// What the name of a guest promises.
    pub(crate) fn of(name: &str) -> Self {
        [
            (REFUSES_START, Self::RefusesStart),
            (IGNORES_SHUTDOWN, Self::IgnoresShutdown),
            (CRASHES, Self::Crashes),
            (SLOW_START, Self::SlowStart),
            (NOT_CANCELLABLE, Self::NotCancellable),
            (STUCK_REBOOT, Self::StuckReboot),
            (LOCK_HELD, Self::LockHeld),
            // Before the one whose name these begin with.
            (FLOODS_RAW, Self::FloodsRaw),
            (FLOODS_STORE, Self::FloodsStore),
            (FLOODS, Self::Floods),
        ]
        .into_iter()
        .find(|(prefix, _)| name.starts_with(prefix))
        .map_or(Self::Normal, |(_, behaviour)| behaviour)
    }
}
