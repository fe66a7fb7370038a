//! `Idempotency-Key`: the same key from the same session gets the same reply, and the act happens once.
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// How many replies are kept for one session; the oldest is forgotten first.
const PER_SESSION: usize = 256;
/// How many sessions replies are kept for.
const SESSIONS: usize = 512;
/// The longest key that is taken.
pub const MAX_KEY_LEN: usize = 128;

type Cell = Arc<OnceCell<serde_json::Value>>;

/// Replies that were given lately.
#[derive(Debug, Default)]
pub struct Idempotency {
    sessions: Mutex<Kept<Uuid, Kept<String, Cell>>>,
}

#[derive(Debug)]
struct Kept<K, V> {
    values: HashMap<K, V>,
    order: VecDeque<K>,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self {
            values: HashMap::new(),
            order: VecDeque::new(),
        }
    }
}

impl<K: Clone + Eq + std::hash::Hash, V: Default> Kept<K, V> {
    fn entry(&mut self, key: K, limit: usize) -> &mut V {
        if !self.values.contains_key(&key) {
            if self.order.len() >= limit
                && let Some(oldest) = self.order.pop_front()
            {
                self.values.remove(&oldest);
            }
            self.order.push_back(key.clone());
        }
        self.values.entry(key).or_default()
    }
}

impl Idempotency {
    /// Runs `act` unless `key` already has its reply; of two at the same time, the second waits for the first.
    ///
    /// `what` names the operation and its target: the same key for something else is another key.
    ///
    /// # Errors
    /// Whatever `act` fails with; failures are not kept.
    pub async fn once<E>(
        &self,
        session: Uuid,
        what: &str,
        key: &str,
        act: impl Future<Output = Result<serde_json::Value, E>>,
    ) -> Result<serde_json::Value, E> {
        let cell = {
            let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
            let replies = sessions.entry(session, SESSIONS);
            Arc::clone(replies.entry(format!("{what} {key}"), PER_SESSION))
        };
        cell.get_or_try_init(|| act).await.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn the_same_key_gets_the_same_reply_and_the_oldest_are_forgotten() {
        let kept = Idempotency::default();
        let session = Uuid::from_u128(1);
        let once = |what: &'static str, key: String, value: u64| {
            kept.once(session, what, Box::leak(key.into_boxed_str()), async move {
                Ok::<_, ()>(json!(value))
            })
        };
        assert_eq!(once("start a", "k".into(), 1).await, Ok(json!(1)));
        assert_eq!(once("start a", "k".into(), 2).await, Ok(json!(1)));
        assert_eq!(once("start b", "k".into(), 3).await, Ok(json!(3)));
        for n in 0..PER_SESSION {
            let _ = once("start c", n.to_string(), 0).await;
        }
        assert_eq!(once("start a", "k".into(), 4).await, Ok(json!(4)));
    }

    #[tokio::test]
    async fn failures_are_not_kept() {
        let kept = Idempotency::default();
        let session = Uuid::from_u128(1);
        let failed = kept
            .once(session, "a", "k", async { Err::<serde_json::Value, _>("no") })
            .await;
        assert_eq!(failed, Err("no"));
        assert_eq!(
            kept.once(session, "a", "k", async { Ok::<_, &str>(json!(1)) })
                .await,
            Ok(json!(1))
        );
    }
}
