//! Slows down guessing, without letting strangers keep anybody out.
//!
//! A failed sign-in counts three times: for its account and network together, for its network, and for its account
//! wherever it comes from. Each count has its own pace. The first is the sharp one; the last bounds what many networks
//! can try together, stays short, and does not hold up a network from which the account has signed in lately. So
//! whoever fails in somebody's name from elsewhere slows only himself.
//!
//! Tokens are counted by network only, and apart from passwords: 256 random bits are not guessed, so a right one is
//! never held up, and a script with an old one does not keep its neighbours from signing in.
//!
//! Links of status pages and their passwords have a throttle of their own, so that readers never hold up accounts.
//!
//! An attempt counts as failed from its beginning, so that many at once gain nothing.
mod tally;

use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tally::{Pace, Tally};
use wxa_model::UnixMillis;

const ACCOUNT_FROM_NETWORK: Pace = Pace {
    free: 5,
    most: Duration::from_secs(4 * 60),
};
const NETWORK: Pace = Pace {
    free: 20,
    most: Duration::from_secs(15 * 60),
};
/// A network waits far longer than an account: a few networks cannot be there whenever the account's pause ends.
const ACCOUNT: Pace = Pace {
    free: 10,
    most: Duration::from_secs(4),
};
const TOKENS: Pace = Pace {
    free: 20,
    most: Duration::from_secs(5 * 60),
};
/// For so long a network counts as its account's own after a sign-in.
const KNOWN_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// Remembers failures in bounded memory; a restart forgets them.
#[derive(Debug)]
pub struct Throttle {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    pairs: Tally,
    networks: Tally,
    accounts: Tally,
    tokens: Tally,
    known: tally::Seen,
}

/// An attempt under way. Dropped without a word, it stays counted as a failure.
#[derive(Debug)]
#[must_use]
pub struct Attempt {
    account: String,
    network: String,
    pair: String,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                pairs: Tally::new(ACCOUNT_FROM_NETWORK),
                networks: Tally::new(NETWORK),
                accounts: Tally::new(ACCOUNT),
                tokens: Tally::new(TOKENS),
                known: tally::Seen::default(),
            }),
        }
    }
}

impl Throttle {
    /// Lets an attempt on an account begin, or says after how many seconds to come back.
    ///
    /// # Errors
    /// The seconds to wait, at least 1.
    pub fn begin(&self, account: &str, from: &str, now: UnixMillis) -> Result<Attempt, u64> {
        let account: String = account.chars().take(64).collect::<String>().to_ascii_lowercase();
        let network = network(from);
        let pair = format!("{account} {network}");
        let mut state = self.state();
        let mut wait = state
            .pairs
            .wait(&pair, now)
            .max(state.networks.wait(&network, now));
        if !state.known.since(&pair, now.0.saturating_sub(KNOWN_MS)) {
            wait = wait.max(state.accounts.wait(&account, now));
        }
        if wait > 0 {
            return Err(wait.div_ceil(1000));
        }
        state.pairs.count(&pair, now);
        state.networks.count(&network, now);
        state.accounts.count(&account, now);
        drop(state);
        Ok(Attempt {
            account,
            network,
            pair,
        })
    }

    /// The attempt succeeded: from this network the account starts anew, the rest has one failure less.
    pub fn succeeded(&self, attempt: &Attempt, now: UnixMillis) {
        let mut state = self.state();
        state.pairs.forget(&attempt.pair);
        state.networks.uncount(&attempt.network);
        state.accounts.uncount(&attempt.account);
        state.known.note(&attempt.pair, now);
    }

    /// The attempt was not made after all, for a reason of ours.
    pub fn withdrawn(&self, attempt: &Attempt) {
        let mut state = self.state();
        state.pairs.uncount(&attempt.pair);
        state.networks.uncount(&attempt.network);
        state.accounts.uncount(&attempt.account);
    }

    /// A token was wrong. Says after how many seconds to come back when there were too many.
    ///
    /// # Errors
    /// The seconds to wait, at least 1.
    pub fn wrong_token(&self, from: &str, now: UnixMillis) -> Result<(), u64> {
        let network = network(from);
        let mut state = self.state();
        let wait = state.tokens.wait(&network, now);
        if wait > 0 {
            return Err(wait.div_ceil(1000));
        }
        state.tokens.count(&network, now);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
