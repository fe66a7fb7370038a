//! How much there is of everything, and how much of it is in use.
use crate::{
    components::meter::Meter,
    cx::{Cx, cx},
    format,
    live::tables::Count,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{Bytes, Host, HostSample};

/// Machines added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sum {
    cpus: u32,
    /// CPUs busy; none where no machine was measured.
    busy: Option<f32>,
    memory: Bytes,
    used: Bytes,
}

impl Sum {
    /// Adds a machine; what it last told stands for what was not measured.
    pub fn add(&mut self, host: &Host, sample: HostSample) {
        let Some(facts) = &host.facts else {
            return;
        };
        let told = Bytes(facts.memory_total.0.saturating_sub(facts.memory_free.0));
        self.cpus = self.cpus.saturating_add(facts.cpus);
        self.busy = format::sum(self.busy, sample.cpu);
        self.memory.0 = self.memory.0.saturating_add(facts.memory_total.0);
        self.used.0 = self.used.0.saturating_add(sample.memory_used.unwrap_or(told).0);
    }

    /// CPUs busy, in words.
    pub fn cpu(&self) -> String {
        format::cpu(self.busy, self.cpus)
    }

    /// CPUs busy, 0 to 1.
    pub fn cpu_share(&self) -> Option<f32> {
        format::cpu_share(self.busy, self.cpus)
    }

    /// Memory in use, in words.
    pub fn memory(&self) -> String {
        format::memory(self.used, self.memory)
    }

    /// Memory in use, 0 to 1; none where it is not known of how much.
    pub fn memory_share(&self) -> Option<f32> {
        (self.memory.0 > 0).then(|| self.used.0 as f32 / self.memory.0 as f32)
    }
}

/// How many VMs run, and how many there are. Tracks the VMs.
pub(super) fn vms(cx: Cx) -> (usize, usize) {
    let count = cx
        .live
        .counts()
        .into_values()
        .fold(Count::default(), |mut sum, one| {
            sum.add(one);
            sum
        });
    (count.running, count.all)
}

#[component]
pub(super) fn Totals() -> impl IntoView {
    let cx = cx();
    let sum = Memo::new(move |_| {
        let mut sum = Sum::default();
        for host in cx.live.machines() {
            sum.add(&host, cx.live.host_sample(host.id));
        }
        sum
    });
    let vms = Memo::new(move |_| vms(cx));
    let hosts = Memo::new(move |_| {
        let machines = cx.live.machines();
        (
            machines.iter().filter(|host| host.link.is_up()).count(),
            machines.len(),
        )
    });
    let cpus = Memo::new(move |_| sum.with(|sum| sum.cpus));
    view! {
        <div class="tiles" role="group" aria-label=t(T::UseNow)>
            <div class="tile">
                <h2>{t(T::Cpu)}</h2>
                <p><b>{move || sum.with(Sum::cpu)}</b>" "<span class="muted">{move || fill(T::OfThreads, &[("n", &cpus.get())])}</span></p>
                <Meter share=Signal::derive(move || sum.with(Sum::cpu_share))/>
            </div>
            <div class="tile">
                <h2>{t(T::Memory)}</h2>
                <p>
                    <b>{move || sum.with(|sum| format::bytes(sum.used))}</b>
                    " "
                    <span class="muted">{move || sum.with(|sum| fill(T::OfMost, &[("most", &format::bytes(sum.memory))]))}</span>
                </p>
                <Meter share=Signal::derive(move || sum.with(Sum::memory_share))/>
            </div>
            <div class="tile">
                <h2><a href="/vms">{t(T::Vms)}</a></h2>
                <p><b>{move || vms.get().0}</b>" "<span class="muted">{move || fill(T::OfRunning, &[("n", &vms.get().1)])}</span></p>
            </div>
            <div class="tile">
                <h2>{t(T::Hosts)}</h2>
                <p><b>{move || hosts.get().0}</b>" "<span class="muted">{move || fill(T::OfHeard, &[("n", &hosts.get().1)])}</span></p>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use wxa_model::Link;

    #[test]
    fn machines_add_up_and_what_was_told_stands_for_what_was_not_measured() {
        let mut sum = Sum::default();
        let host = sample::host(1, Link::Up);
        sum.add(
            &host,
            HostSample {
                cpu: Some(4.0),
                memory_used: Some(Bytes::mib(10 << 10)),
                ..HostSample::default()
            },
        );
        sum.add(&host, HostSample::default());
        assert_eq!((sum.cpu().as_str(), sum.cpus), ("12 %", 32));
        assert_eq!(
            (sum.used, sum.memory),
            (Bytes::mib(52 << 10), Bytes::mib(128 << 10))
        );
        assert_eq!(Sum::default().memory_share(), None);
    }
}
