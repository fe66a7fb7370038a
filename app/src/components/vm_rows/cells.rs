//! What is in the cells of a row.
use crate::{
    components::spark,
    cx::Cx,
    format,
    markup::Markup,
    routes::{HostTab, Route},
    state::Shown,
    text::{T, fill, t},
    understood::Told,
};
use wxa_model::{Host, PowerState, Vm, VmId};

/// What a VM uses, as the row shows it. By itself, for it is drawn anew when measurements come and not with everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    /// The processor: the last minute as a line, and the number.
    pub cpu: Markup,
    /// Disk rates together.
    pub disk: String,
    /// Network rates together.
    pub net: String,
    /// The processor's number, where it is known.
    number: Option<String>,
}

impl Use {
    /// As it is now. Tracks the VM and measurements.
    pub fn of(cx: Cx, id: VmId) -> Self {
        let vm = cx.live.vm_now(id).filter(|vm| runs(vm));
        let vcpus = vm.as_ref().map_or(1, |vm| vm.vcpus);
        let (sample, series) = match vm {
            Some(_) => (cx.live.sample(id), cx.live.series(id, |sample| sample.cpu)),
            None => Default::default(),
        };
        let number = format::cpu(sample.cpu, vcpus);
        // A quiet VM's line still shows its ups and downs: the scale ends a little above its most, not at 100 %.
        let most = series.iter().copied().fold(0.0, f32::max);
        let top = (most * 1.2).max(vcpus as f32 * 0.1);
        let mut cpu = Markup::new();
        cpu.open("span", &[("class", "cpu")]);
        cpu.add(&spark::markup(&series, top));
        cpu.add(&Markup::of("b", &[], &number));
        cpu.close("span");
        Self {
            cpu,
            disk: format::megabytes(format::sum(sample.disk_read, sample.disk_write)),
            net: format::megabits(format::sum(sample.net_rx, sample.net_tx)),
            number: sample.cpu.map(|_| number),
        }
    }

    /// The processor's number beside memory, for a card.
    pub fn beside(&self, memory: &str) -> String {
        match &self.number {
            Some(cpu) => fill(T::CpuAndMemory, &[("cpu", cpu), ("memory", &memory)]),
            None => memory.to_owned(),
        }
    }
}

fn runs(vm: &Vm) -> bool {
    vm.power != PowerState::Halted
}

/// Icon and word, with a bar while an act is under way; and what its console told.
pub(super) fn state(cx: Cx, shown: &Shown, told: Option<&Told>) -> Markup {
    let mut all = Markup::new();
    let class = format!("st {}", shown.class);
    let badge = |all: &mut Markup| {
        let title = [("class", class.as_str()), ("title", &shown.more)];
        all.open(
            "span",
            title
                .get(..if shown.more.is_empty() { 1 } else { 2 })
                .unwrap_or_default(),
        );
        all.open("svg", &[("class", "i"), ("aria-hidden", "true")]);
        all.add(&Markup::of("use", &[("href", &cx.icon(shown.icon))], ""));
        all.close("svg");
        all.text(&shown.word);
        all.close("span");
    };
    match shown.percent {
        Some(percent) => {
            all.open("span", &[("class", "state-badge")]);
            badge(&mut all);
            all.add(&bar("bar acc", &format!("{percent}%")));
            all.close("span");
        }
        None => badge(&mut all),
    }
    if let Some(told) = told {
        all.text(" ");
        all.add(&console(cx, told));
    }
    all
}

/// What its console told, as a link to the line that did.
fn console(cx: Cx, told: &Told) -> Markup {
    let mut all = Markup::new();
    let class = format!("st phase {}", told.class);
    let attributes = [
        ("class", class.as_str()),
        ("title", &told.more),
        ("href", &told.href),
    ];
    all.open("a", &attributes);
    if let Some(name) = told.icon {
        all.open("svg", &[("class", "i"), ("aria-hidden", "true")]);
        all.add(&Markup::of("use", &[("href", &cx.icon(name))], ""));
        all.close("svg");
    }
    all.text(&told.word);
    all.close("a");
    all
}

fn bar(class: &str, width: &str) -> Markup {
    let mut bar = Markup::new();
    bar.open("svg", &[("class", class), ("aria-hidden", "true")]);
    bar.add(&Markup::of("rect", &[("width", width)], ""));
    bar.close("svg");
    bar
}

/// In the cell of the machine, where it is on none: the pool's column says where, which a card does not have.
pub(super) fn nowhere(pool: Option<&Host>) -> Markup {
    let mut card = Markup::new();
    card.open("span", &[("class", "only-phone")]);
    if let Some(pool) = pool {
        let href = Route::Host(pool.id, HostTab::Overview).path();
        card.add(&Markup::of("a", &[("href", &href)], &pool.name));
    }
    card.close("span");
    card
}

/// Memory, in words.
pub(super) fn memory(vm: &Vm) -> String {
    format::memory(vm.memory, vm.memory_max)
}

/// How much of the memory that it may have it has; none where that is all.
pub(super) fn share(vm: &Vm) -> Option<f32> {
    (vm.memory_max > vm.memory).then(|| vm.memory.0 as f32 / vm.memory_max.0.max(1) as f32)
}

/// Memory with a bar.
pub(super) fn with_share(share: f32, words: &str) -> Markup {
    let class = if share >= 0.9 { "bar hot" } else { "bar" };
    let mut all = Markup::new();
    all.open("span", &[("class", "mem")]);
    all.add(&bar(class, &format!("{:.0}%", share.clamp(0.0, 1.0) * 100.0)));
    all.add(&Markup::of("span", &[], words));
    all.close("span");
    all
}

/// How long it runs.
pub(super) fn uptime(cx: Cx, vm: &Vm) -> String {
    use leptos::prelude::Get;
    match vm.started_at {
        Some(at) if runs(vm) => format::span(cx.clock.now.get().since(at)),
        _ => format::UNKNOWN.into(),
    }
}

/// Its tags, then the pool's own.
pub(super) fn tags(vm: &Vm) -> Markup {
    let mut all = Markup::new();
    for tag in &vm.tags {
        all.add(&Markup::of("span", &[("class", "tag")], tag));
    }
    for tag in vm.other_pool_tags() {
        let title = t(T::PoolsTag);
        all.add(&Markup::of(
            "span",
            &[("class", "tag of-pool"), ("title", title)],
            tag,
        ));
    }
    all
}
