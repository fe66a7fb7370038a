//! The past of services that are new: what their members' was, by the same rule.
use crate::{
    Error,
    status::{Roll, ServiceSpec, StatusHandle, state::State},
};
use wxa_model::{
    UnixMillis,
    status::{Part, Past, Span, Watched},
};

/// How far back a service's past is made up: as far as pages tell.
const BACK_MS: u64 = 90 * 86_400_000;
/// Members whose spans are held at a time.
const SOME: usize = 200;

impl StatusHandle {
    /// Judges services that are new, after looking at what they were.
    pub(super) async fn remember(&self, new: Vec<ServiceSpec>) {
        for spec in new {
            // Nobody knows yet what it consists of: its past is looked at when somebody does, and kept for good then.
            if spec.roll == Roll::Partial && spec.members.is_empty() && spec.checks.is_empty() {
                continue;
            }
            let past = self.past(&spec).await.unwrap_or_else(|error| {
                tracing::error!(%error, service = %spec.id, "the past of a service cannot be read: it has none");
                Vec::new()
            });
            self.state().remember(spec.id, &past);
        }
    }

    /// What a service was before now; nothing for one that was recorded by an earlier run.
    async fn past(&self, spec: &ServiceSpec) -> Result<Vec<Span>, Error> {
        if self.store.state_knows(Watched::Service(spec.id)).await? {
            return Ok(Vec::new());
        }
        let until = self.state().now();
        let from = UnixMillis(until.0.saturating_sub(BACK_MS));
        // Of members that may turn up later nothing is made up: what is recorded here is never looked at again.
        let mut past = Past::new(from, until);
        let parts = State::parts(spec);
        for some in parts.chunks(SOME) {
            let mut spans = self.spans_of(some, from, until).await?;
            for of in some {
                let part = match of {
                    Watched::Check(_) => Part::Check,
                    Watched::Vm(_) | Watched::Host(_) | Watched::Service(_) => Part::Member,
                };
                past.add(part, &spans.remove(of).unwrap_or_default());
            }
        }
        Ok(past.judge(spec.rule))
    }
}
