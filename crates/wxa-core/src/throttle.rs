//! Slows down guessing: after some failures, each further one makes an account and an address wait longer.
//!
//! An attempt counts as failed from its beginning, so that many at once gain nothing. An account never waits long:
//! whoever wants to keep its owner out by failing in the owner's name must not succeed.
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use wxa_model::UnixMillis;

/// How one kind of subject is slowed down.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Failures that cost nothing.
    pub free: u32,
    /// The longest pause.
    pub most: Duration,
}

const ACCOUNT: Pace = Pace {
    free: 5,
    most: Duration::from_secs(30),
};
const ADDRESS: Pace = Pace {
    free: 20,
    most: Duration::from_secs(15 * 60),
};
/// After so long without a failure, everything is forgotten.
const FORGET_MS: u64 = 30 * 60 * 1000;
/// How many accounts and how many addresses are remembered.
const REMEMBERED: usize = 10_000;

/// The pause after the given number of failures: 1 s after the first that is not free, then doubling.
pub fn pause_after(failures: u32, pace: Pace) -> Duration {
    match failures.saturating_sub(pace.free) {
        0 => Duration::ZERO,
        over => Duration::from_secs(1u64.checked_shl(over - 1).unwrap_or(u64::MAX)).min(pace.most),
    }
}

/// Remembers failures in memory; a restart forgets them.
#[derive(Debug, Default)]
pub struct Throttle {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    accounts: HashMap<String, Entry>,
    addresses: HashMap<String, Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    failures: u32,
    last: UnixMillis,
    until: UnixMillis,
}

/// An attempt under way. Dropped without a word, it stays counted as a failure.
#[derive(Debug)]
#[must_use]
pub struct Attempt {
    account: String,
    address: String,
}

impl Throttle {
    /// Lets an attempt begin, or says after how many seconds to come back.
    ///
    /// # Errors
    /// The seconds to wait, at least 1.
    pub fn begin(&self, account: &str, from: &str, now: UnixMillis) -> Result<Attempt, u64> {
        let attempt = Attempt {
            account: account.chars().take(64).collect::<String>().to_ascii_lowercase(),
            address: network(from),
        };
        let mut state = self.state();
        let wait = wait(state.accounts.get(&attempt.account), now)
            .max(wait(state.addresses.get(&attempt.address), now));
        if wait > 0 {
            return Err(wait.div_ceil(1000));
        }
        count(&mut state.accounts, &attempt.account, ACCOUNT, now);
        count(&mut state.addresses, &attempt.address, ADDRESS, now);
        Ok(attempt)
    }

    /// The attempt succeeded: the account starts anew, and the address has one failure less.
    pub fn succeeded(&self, attempt: &Attempt) {
        let mut state = self.state();
        state.accounts.remove(&attempt.account);
        uncount(&mut state.addresses, &attempt.address);
    }

    /// The attempt was not made after all, for a reason of ours.
    pub fn withdrawn(&self, attempt: &Attempt) {
        let mut state = self.state();
        uncount(&mut state.accounts, &attempt.account);
        uncount(&mut state.addresses, &attempt.address);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait(entry: Option<&Entry>, now: UnixMillis) -> u64 {
    entry.map_or(0, |entry| entry.until.0.saturating_sub(now.0))
}

fn count(entries: &mut HashMap<String, Entry>, key: &str, pace: Pace, now: UnixMillis) {
    if !entries.contains_key(key) && entries.len() >= REMEMBERED {
        make_room(entries, now);
    }
    let entry = entries.entry(key.to_owned()).or_insert(Entry {
        failures: 0,
        last: now,
        until: now,
    });
    if now.0.saturating_sub(entry.last.0) > FORGET_MS {
        entry.failures = 0;
    }
    entry.failures = entry.failures.saturating_add(1);
    entry.last = now;
    let pause = u64::try_from(pause_after(entry.failures, pace).as_millis()).unwrap_or(u64::MAX);
    entry.until = UnixMillis(now.0.saturating_add(pause));
}

fn uncount(entries: &mut HashMap<String, Entry>, key: &str) {
    if let Some(entry) = entries.get_mut(key) {
        entry.failures = entry.failures.saturating_sub(1);
        entry.until = entry.last;
    }
}

/// Forgets what is old, and if that is not enough, whoever failed least.
fn make_room(entries: &mut HashMap<String, Entry>, now: UnixMillis) {
    entries.retain(|_, entry| now.0.saturating_sub(entry.last.0) <= FORGET_MS);
    if entries.len() >= REMEMBERED {
        let least = entries
            .iter()
            .min_by_key(|(_, entry)| (entry.failures, entry.last.0));
        if let Some(key) = least.map(|(key, _)| key.clone()) {
            entries.remove(&key);
        }
    }
}

/// The part of an address that one subscriber holds: all of IPv4, the first 64 bits of IPv6.
fn network(from: &str) -> String {
    match from.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        _ => from.chars().take(64).collect(),
    }
}

#[cfg(test)]
mod tests;
