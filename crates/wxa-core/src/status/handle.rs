//! Access to the recorder: what to watch, how it stands, how it stood.
use super::{CheckSaid, ServiceSpec, Standings, state::State};
use crate::{Clock, Error};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use wxa_model::{
    CheckId, UnixMillis,
    status::{Span, Watched, push},
};
use wxa_store::{SpanChange, SpanRecord, Store};

/// Access to the recorder. Cloning gives another handle.
#[derive(Clone)]
pub(crate) struct StatusHandle {
    pub(super) services: watch::Sender<Arc<[ServiceSpec]>>,
    pub(super) standings: watch::Sender<Arc<Standings>>,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

impl fmt::Debug for StatusHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusHandle").finish_non_exhaustive()
    }
}

impl StatusHandle {
    /// Nothing is watched, and nothing known but what was recorded.
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            services: watch::Sender::new(Arc::from([])),
            standings: watch::Sender::new(Arc::default()),
            store,
            clock,
            state: Arc::default(),
        }
    }

    /// The services to judge from now on, in place of all before. One that was never judged gets a past: what its members'
    /// was, by the same rule. One that is left out ends.
    pub(crate) fn watch_services(&self, services: Vec<ServiceSpec>) {
        self.services.send_replace(services.into());
    }

    /// How everything stands.
    pub(crate) fn standings(&self) -> Arc<Standings> {
        self.standings.borrow().clone()
    }

    /// Tells when something stands differently. Tests wait for it; pages look at [`Standings::revision`].
    #[cfg(test)]
    pub(crate) fn changes(&self) -> watch::Receiver<Arc<Standings>> {
        self.standings.subscribe()
    }

    /// What came of a check the last time; none before its first end.
    pub(crate) fn said(&self, check: CheckId) -> Option<CheckSaid> {
        self.state().said(check)
    }

    /// How each stood in a time, oldest first, up to now where that is in it. What no span covers is unknown; those of which
    /// nothing is recorded are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn spans_of(
        &self,
        of: &[Watched],
        from: UnixMillis,
        until: UnixMillis,
    ) -> Result<HashMap<Watched, Vec<Span>>, Error> {
        // What waits is looked at first: written meanwhile, it is found twice and not never.
        let (unwritten, known) = self.state().unwritten(of, self.clock.now());
        let written = self.store.state_spans(of, from, until).await?;
        let mut all: BTreeMap<(Watched, UnixMillis), SpanRecord> = written
            .into_iter()
            .map(|span| ((span.of, span.began), span))
            .collect();
        for change in unwritten {
            match change {
                SpanChange::Put(span) => {
                    all.insert((span.of, span.began), span);
                }
                SpanChange::Drop { of, began } => {
                    all.remove(&(of, began));
                }
            }
        }
        let mut spans: HashMap<Watched, Vec<Span>> = HashMap::new();
        for span in all.into_values() {
            let Some(ended) = span.ended.or(known) else {
                continue;
            };
            let seen = Span {
                from: span.began.max(from),
                until: ended.min(until),
                standing: span.standing,
            };
            let its = spans.entry(span.of).or_default();
            // One that went on when it was looked at may have ended, written, before the next one was read.
            if let Some(last) = its.last_mut() {
                last.until = last.until.min(seen.from.max(last.from));
            }
            push(its, seen);
        }
        spans.retain(|_, its| !its.is_empty());
        Ok(spans)
    }

    /// What the recorder knows.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
