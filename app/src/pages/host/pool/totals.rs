//! What a pool has and uses: the sum of its members.
use crate::cx::Cx;
use wxa_model::{Bytes, HostFacts, HostId, HostSample};

/// The sum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Totals {
    /// Hardware threads.
    pub(super) cpus: u32,
    /// How many of them are busy; none where no member was measured.
    pub(super) cpu: Option<f32>,
    pub(super) memory_total: Bytes,
    pub(super) memory_used: Bytes,
}

impl Totals {
    /// 0 to 1.
    pub(super) fn memory_share(&self) -> f32 {
        self.memory_used.0 as f32 / self.memory_total.0.max(1) as f32
    }

    fn add(&mut self, facts: &HostFacts, sample: HostSample) {
        let told = Bytes(facts.memory_total.0.saturating_sub(facts.memory_free.0));
        let used = sample.memory_used.unwrap_or(told);
        self.cpus = self.cpus.saturating_add(facts.cpus);
        self.memory_total.0 = self.memory_total.0.saturating_add(facts.memory_total.0);
        self.memory_used.0 = self.memory_used.0.saturating_add(used.0);
        self.cpu = crate::format::sum(self.cpu, sample.cpu);
    }
}

/// The sum of pool `id`. Tracks its members and their measurements.
pub(super) fn of(cx: Cx, id: HostId) -> Totals {
    let mut totals = Totals::default();
    for member in cx.live.members(id) {
        if let Some(facts) = &member.facts {
            totals.add(facts, cx.live.host_sample(member.id));
        }
    }
    totals
}

/// How many threads of the pool were busy in the last minute, oldest first.
pub(super) fn cpu_series(cx: Cx, id: HostId) -> Vec<f32> {
    let members = cx.live.members(id);
    let each = members
        .iter()
        .map(|member| cx.live.host_series(member.id, |sample| sample.cpu));
    each.fold(Vec::new(), |sum, one| added(&sum, &one))
}

/// Two lines added up; both end now, and one may have begun later.
fn added(a: &[f32], b: &[f32]) -> Vec<f32> {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let before = long.len() - short.len();
    let both = long
        .iter()
        .skip(before)
        .zip(short)
        .map(|(one, other)| one + other);
    long.iter().take(before).copied().chain(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_the_sum_of_its_members_measured_or_told() {
        let facts = HostFacts {
            cpus: 16,
            memory_total: Bytes::mib(64),
            memory_free: Bytes::mib(24),
            ..HostFacts::default()
        };
        let measured = HostSample {
            cpu: Some(3.0),
            memory_used: Some(Bytes::mib(50)),
            ..HostSample::default()
        };
        let mut totals = Totals::default();
        totals.add(&facts, measured);
        totals.add(&facts, HostSample::default());
        assert_eq!(totals.cpus, 32);
        assert_eq!(totals.cpu, Some(3.0));
        assert_eq!(totals.memory_used, Bytes::mib(90));
        assert_eq!(totals.memory_total, Bytes::mib(128));
    }

    #[test]
    fn lines_of_different_length_end_together() {
        assert_eq!(added(&[1.0, 2.0, 3.0], &[10.0]), [1.0, 2.0, 13.0]);
        assert_eq!(added(&[], &[1.0, 2.0]), [1.0, 2.0]);
    }
}
