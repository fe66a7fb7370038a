//! What the recorder has in the database: taking up what is there, writing what waits, letting go of what is old.
use crate::status::{StatusHandle, state::State, timeline::too_old};
use std::sync::Arc;
use tokio::task::yield_now;
use wxa_model::status::Watched;

/// Changes in one transaction: it holds up the audit log for some milliseconds.
const SOME: usize = 500;
/// How long spans are kept: what status pages tell of, and a year to look back.
pub(super) const KEPT_MS: u64 = 400 * 86_400_000;

impl StatusHandle {
    /// Ends what the run before left open, and begins with what is kept.
    pub(super) async fn restore(&self) -> Result<(), wxa_store::Error> {
        let left = self.store.state_end_open().await?;
        let periods = self.store.state_periods().await?;
        *self.state() = State::new(periods, &left);
        Ok(())
    }

    /// Writes all that waits, and that all is known up to now.
    pub(super) async fn write(&self) -> Result<(), wxa_store::Error> {
        loop {
            let batch = self.state().batch(SOME);
            let Some(batch) = batch else { return Ok(()) };
            self.store.state_write(&batch.changes, &batch.periods).await?;
            self.state().written(&batch);
            if !batch.periods.is_empty() || batch.changes.len() < SOME {
                return Ok(());
            }
            yield_now().await;
        }
    }

    /// Gives the second of each pair the past of the first: it is the same under another id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) async fn copy_past(&self, pairs: &[(Watched, Watched)]) -> Result<(), wxa_store::Error> {
        self.write().await?;
        self.store.state_copy(pairs).await
    }

    /// Tells whoever waits that something stands differently.
    pub(super) fn publish(&self) {
        let news = self.state().news();
        if let Some(news) = news {
            self.standings.send_replace(Arc::new(news));
        }
    }

    /// Lets go of what is too old.
    pub(super) async fn prune(&self) {
        let periods = self.state().periods();
        let Some(before) = too_old(&periods, KEPT_MS) else {
            return;
        };
        let mut after = 0;
        let gone = loop {
            match self.store.state_prune_some(after, before).await {
                Ok(Some(next)) => after = next,
                Ok(None) => break self.store.state_prune_periods(before).await,
                Err(error) => break Err(error),
            }
            yield_now().await;
        };
        if let Err(error) = gone {
            tracing::error!(%error, "old states cannot be deleted; it is tried again in an hour");
        }
    }
}
