//! The simulated host that most tests use.
use wxa_sim::{GuestSpec, SimHostConfig, sentinels};

/// Two guests that run, one that does not, and two that misbehave.
pub fn host(name: &str) -> SimHostConfig {
    let mut host = SimHostConfig::new(name, 7);
    host.guests = vec![
        GuestSpec::new("web-01"),
        GuestSpec::new("db-01"),
        GuestSpec::new("build-01").halted(),
        GuestSpec::new(sentinels::REFUSES_START).halted(),
        GuestSpec::new(sentinels::LOCK_HELD),
    ];
    host
}

/// Another host with one guest.
pub fn other_host(name: &str) -> SimHostConfig {
    let mut host = SimHostConfig::new(name, 8);
    host.guests = vec![GuestSpec::new("mail-01")];
    host
}
