//! Waiting for a condition, with a deadline and the last status.
use std::{fmt::Debug, time::Duration};
use tokio::time::{Instant, sleep};

/// How long anything may take. Generous: a loaded machine must not fail a test.
pub const DEADLINE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

/// Asks until `look` answers `Ok`; panics with the last `Err` when the deadline has passed.
pub async fn wait_until<T, S, F, Fut>(what: &str, mut look: F) -> T
where
    S: Debug,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, S>>,
{
    let begun = Instant::now();
    loop {
        match look().await {
            Ok(value) => return value,
            Err(status) if begun.elapsed() > DEADLINE => {
                panic!("waited {DEADLINE:?} in vain for: {what}; last status: {status:?}")
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}
