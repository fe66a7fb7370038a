//! The parts of what a page is about: each CPU, disk, interface or store as a line of its own, in charts that the reader opened so.
//!
//! Which charts are stands in the address (`by=cpu,disk`). Parts are read by themselves, and again while the range follows the
//! time: they do not come live, and of a VM they are kept only as they came, for about a quarter of an hour.
use super::{
    board::{Board, Frame},
    def::{By, Def},
    feed::Feed,
    history::History,
    of::Of,
    plot::{COLOURS, Dash, Line, Plot},
    quantity::{Quantity, Shares},
    range::Range,
};
use crate::{
    cx::Cx,
    routes::{details_url, url::Url},
    text::{T, fill, t},
    transport,
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use wxa_model::{HostId, HostKind, Part, Unit, pool_details::Repository};
use wxa_wire::{DetailsAge, HostDetailsView, MetricsView};

/// The most parts that a chart shows; beyond them are those with the least.
pub const MOST: usize = 16;
/// How often they are read anew while the range follows the time and is short, and else.
const OFTEN: Duration = Duration::from_secs(10);
const SELDOM: Duration = Duration::from_secs(60);

/// What was read of parts: one history each.
pub type Parts = BTreeMap<Part, History>;

/// What is read: of which charts, by key, and over which range. What was read for another wish is drawn until that comes, and
/// says nothing about what is not measured.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wish {
    open: Vec<&'static str>,
    range: Range,
}

/// What was read.
struct Answer {
    wish: Wish,
    parts: Parts,
}

/// What charts by parts share.
#[derive(Clone, Copy)]
pub(super) struct PartBoard {
    /// The charts that are open by parts, by key.
    pub open: Memo<Vec<&'static str>>,
    range: Memo<Range>,
    /// What was read; none before anything was.
    read: RwSignal<Option<Arc<Answer>>>,
    /// Names of stores by their UUID, once a pool told.
    names: RwSignal<BTreeMap<String, String>>,
}

impl PartBoard {
    pub(super) fn new(
        cx: Cx,
        charts: &'static [Def],
        main: StoredValue<Vec<Of>>,
        range: Memo<Range>,
        frame: Frame,
    ) -> Self {
        let open = Memo::new(move |_| {
            let is_one = main.with_value(|main| main.len() == 1);
            let is_whole = frame == Frame::Whole && is_one;
            if is_whole {
                cx.nav.url.with(|url| opened(charts, url))
            } else {
                Vec::new()
            }
        });
        Self {
            open,
            range,
            read: RwSignal::new(None),
            names: RwSignal::default(),
        }
    }

    /// Whether a chart is open by parts. Tracks the address.
    pub fn shows(self, def: &Def) -> bool {
        self.open.with(|open| open.contains(&def.key))
    }

    /// Whether all that is wished was read. Tracks both.
    pub fn was_read(self) -> bool {
        let wish = self.wish();
        self.read
            .with(|read| read.as_ref().is_some_and(|read| read.wish == wish))
    }

    /// What is wished now. Tracks it.
    fn wish(self) -> Wish {
        Wish {
            open: self.open.get(),
            range: self.range.get(),
        }
    }

    /// Takes what was read for `wish`. The page may have been left meanwhile, or wish for something else.
    fn take(self, wish: Wish, view: MetricsView) {
        let is_wished = self.range.try_get_untracked() == Some(wish.range)
            && self.open.try_get_untracked().as_ref() == Some(&wish.open);
        if is_wished {
            let parts = History::of_parts(view);
            let _ = self.read.try_set(Some(Arc::new(Answer { wish, parts })));
        }
    }
}

/// The charts that an address opens by parts; what cannot be is left out.
pub fn opened(charts: &'static [Def], url: &Url) -> Vec<&'static str> {
    let asked = url.get("by").unwrap_or_default();
    let is_asked = |def: &&Def| def.by.is_some() && asked.split(',').any(|key| key == def.key);
    charts.iter().filter(is_asked).map(|def| def.key).collect()
}

/// The address in which one chart more, or less, is open by parts.
pub fn toggled(charts: &'static [Def], url: &Url, key: &'static str) -> Url {
    let mut open = opened(charts, url);
    match open.iter().position(|known| *known == key) {
        Some(place) => drop(open.remove(place)),
        None => open.push(key),
    }
    url.with("by", &open.join(","))
}

/// The GET that reads the parts that are open; none where none are.
pub fn url(charts: &'static [Def], open: &[&str], of: Of, range: Range, now: u64) -> Option<String> {
    let defs = charts.iter().filter(|def| open.contains(&def.key));
    let metrics: Vec<&str> = defs
        .flat_map(|def| def.metrics)
        .map(|metric| metric.name())
        .collect();
    (!metrics.is_empty()).then(|| {
        let feed = Feed { of, shift: 0 };
        format!("{}&parts=true", feed.url(range, &metrics.join(","), now))
    })
}

/// What came with the page.
pub(super) fn begin(board: Board) {
    let wish = untrack(|| board.parts.wish());
    let came = board
        .main
        .with_value(|main| main.first().copied())
        .and_then(|of| {
            let url = url(board.kind.charts, &wish.open, of, wish.range, 0)?;
            board.cx.prefetched::<MetricsView>(&url)
        });
    if let Some(view) = came {
        board.parts.take(wish, view);
    }
}

/// Reads on, for as long as the page is there. In the browser only: effects run nowhere else.
pub(super) fn follow(board: Board) {
    let tick = RwSignal::new(0u32);
    Effect::new(move |before: Option<()>| {
        let wish = board.parts.wish();
        board.again.track();
        tick.track();
        let is_there = before.is_none() && board.parts.read.with_untracked(Option::is_some);
        if !is_there {
            ask(board, wish);
        }
    });
    Effect::new(move |_| {
        let is_open = board.parts.open.with(|open| !open.is_empty());
        let Range::Last(preset) = board.range.get() else {
            return;
        };
        if !is_open {
            return;
        }
        let every = if preset.ms() <= super::range::HOUR {
            OFTEN
        } else {
            SELDOM
        };
        let again = move || {
            if !document().hidden() {
                tick.update(|n| *n = n.wrapping_add(1));
            }
        };
        if let Ok(timer) = set_interval_with_handle(again, every) {
            on_cleanup(move || timer.clear());
        }
    });
    Effect::new(move |asked: Option<bool>| {
        let has_stores = board.parts.read.with(|read| {
            let mut parts = read.iter().flat_map(|read| read.parts.keys());
            parts.any(|part| matches!(part, Part::Storage(_)))
        });
        let is_asked = asked.unwrap_or_default();
        if has_stores && !is_asked {
            name_stores(board);
        }
        is_asked || has_stores
    });
}

fn ask(board: Board, wish: Wish) {
    let of = board.main.with_value(|main| main.first().copied());
    let url = of.and_then(|of| url(board.kind.charts, &wish.open, of, wish.range, board.now()));
    let Some(url) = url else {
        if board.parts.read.with_untracked(Option::is_some) {
            board.parts.read.set(None);
        }
        return;
    };
    spawn_local(async move {
        // Why nothing can be read is said of the sums.
        if let Ok(view) = transport::get::<MetricsView>(&url).await {
            board.parts.take(wish, view);
        }
    });
}

/// Asks what the pool's stores are called: hosts measure them by their UUID. It costs the pool nothing.
fn name_stores(board: Board) {
    let main = board.main.with_value(|main| main.first().copied());
    let Some(Of::Host(id)) = main else { return };
    let pool = match untrack(|| board.cx.live.host(id)).map(|host| host.kind) {
        Some(HostKind::Pool) => id,
        Some(HostKind::Member { pool }) => pool,
        Some(HostKind::Plain) | None => return,
    };
    spawn_local(async move {
        let url = details_url(pool, DetailsAge::Minute);
        let reply = transport::get::<HostDetailsView>(&url).await;
        let names = reply.ok().map(|view| store_names(&view)).unwrap_or_default();
        let _ = board.parts.names.try_set(names);
    });
}

/// Names of stores by their UUID.
fn store_names(view: &HostDetailsView) -> BTreeMap<String, String> {
    let pool = view.known.as_ref().and_then(|known| known.details.pool.as_ref());
    let stores = pool.and_then(|pool| pool.repositories.get());
    let stores = stores.map(Vec::as_slice).unwrap_or_default();
    let named = stores.iter().filter(|store| !store.name.is_empty());
    named
        .map(|store| (store.uuid.clone(), told_apart(store, stores)))
        .collect()
}

/// A store's name; every member's own is called "Local storage", so of those it is said whose it is.
fn told_apart(store: &Repository, all: &[Repository]) -> String {
    let is_twin = |other: &Repository| other.name == store.name && other.uuid != store.uuid;
    match store.attached.as_slice() {
        [member] if all.iter().any(is_twin) => format!("{} ({member})", store.name),
        _ => store.name.clone(),
    }
}

/// What a chart draws by parts: those of its kind, the largest first where there are more than are shown. Tracks what it depends on.
pub(super) fn plot(board: Board, def: &Def) -> Plot {
    let window = board.window.get();
    let read = board.parts.read.get();
    let nothing = Parts::new();
    let read = read.as_ref().map_or(&nothing, |read| &read.parts);
    let names = board.parts.names.get();
    let is_vm = board
        .main
        .with_value(|main| matches!(main.first(), Some(Of::Vm(_))));
    let first = def.metrics.first().copied().unwrap_or(wxa_model::Metric::Cpu);
    // Of one CPU a share is always known.
    let quantity = Quantity::of(first, Shares::Known);
    let top = if first.unit() == Unit::Cpus { 100.0 } else { 0.0 };
    let grid = read.values().next().cloned();
    let grid = grid.unwrap_or_else(|| History::empty(window.0, window.1, window.1 - window.0));
    let mut lines = Vec::new();
    for (n, part) in chosen(read, def).into_iter().enumerate() {
        let Some(history) = read.get(part) else { continue };
        for (m, (metric, what)) in def.metrics.iter().zip(def.names).enumerate() {
            let column = history
                .onto(*metric, 0, &grid)
                .filter(super::column::Column::is_known);
            let Some(column) = column else { continue };
            let part_name = name(part, is_vm, &names);
            lines.push(Line {
                id: format!("{part:?}|{}", metric.name()),
                name: match def.metrics.len() {
                    1 => part_name,
                    _ => format!("{part_name}, {}", t(*what)),
                },
                colour: n as u8 % COLOURS,
                dash: if m == 0 { Dash::Whole } else { Dash::Second },
                column: column.scaled(quantity.factor(Some(1))),
            });
        }
    }
    Plot {
        window,
        from: grid.from,
        step: grid.step,
        count: grid.count,
        quantity,
        top,
        lines,
    }
}

/// The parts that a chart shows, in their order; where there are more than [`MOST`], those with the largest means.
fn chosen<'a>(read: &'a Parts, def: &Def) -> Vec<&'a Part> {
    let Some(by) = def.by else { return Vec::new() };
    let mean = |history: &History| -> Option<f32> {
        let means = def.metrics.iter().filter_map(|metric| history.mean(*metric));
        means.reduce(|a, b| a + b)
    };
    let mut known: Vec<(&Part, f32)> = read
        .iter()
        .filter(|(part, _)| by.has(part))
        .filter_map(|(part, history)| Some((part, mean(history)?)))
        .collect();
    if known.len() > MOST {
        known.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        known.truncate(MOST);
        known.sort_by(|a, b| a.0.cmp(b.0));
    }
    known.into_iter().map(|(part, _)| part).collect()
}

/// How many parts of its kind are known beyond those that a chart shows. Tracks what was read.
pub(super) fn left_out(board: Board, def: &Def) -> usize {
    let Some(by) = def.by else { return 0 };
    let count = board.parts.read.with(|read| {
        let parts = read.iter().flat_map(|read| read.parts.keys());
        parts.filter(|part| by.has(part)).count()
    });
    count.saturating_sub(MOST)
}

/// What a part is called.
fn name(part: &Part, is_vm: bool, stores: &BTreeMap<String, String>) -> String {
    match part {
        Part::Cpu(number) => fill(T::PartCpu, &[("n", number)]),
        Part::Disk(name) => name.clone(),
        Part::Nic(name) if is_vm => fill(T::PartNic, &[("n", name)]),
        Part::Nic(name) => name.clone(),
        Part::Storage(id) => match stores
            .iter()
            .find(|(uuid, _)| *uuid == id || uuid.starts_with(id.as_str()))
        {
            Some((_, name)) => name.clone(),
            None => id.chars().take(8).collect(),
        },
    }
}

/// Under a chart: whether it shows the sum or parts. Links, so that they work without script and can be sent to somebody.
#[component]
pub(super) fn Choice(board: Board, def: &'static Def, by: By) -> impl IntoView {
    let charts = board.kind.charts;
    let url = board.cx.nav.url;
    let is_open = Memo::new(move |_| board.parts.shows(def));
    let option = move |words: T, opens: bool| {
        let href = move || {
            let here = is_open.get() == opens;
            url.with(|url| {
                if here {
                    url.text()
                } else {
                    toggled(charts, url, def.key).text()
                }
            })
        };
        let here = move || (is_open.get() == opens).then_some("true");
        view! { <a href=href aria-current=here>{t(words)}</a> }
    };
    let label = fill(T::ChartShows, &[("title", &t(def.title))]);
    let is_vm = board
        .main
        .with_value(|main| matches!(main.first(), Some(Of::Vm(_))));
    let is_short = is_vm || matches!(by, By::Cpu | By::Disk);
    let more = move || {
        is_open.get().then(|| {
            let few = (left_out(board, def) > 0).then(|| fill(T::MoreParts, &[("n", &MOST)]));
            let kept = is_short.then(|| t(T::PartsKept).to_owned());
            let words: Vec<String> = few.into_iter().chain(kept).collect();
            view! { <span class="muted small">{words.join(" ")}</span> }
        })
    };
    view! {
        <div class="seg" role="group" aria-label=label>
            {option(T::BySum, false)}
            {option(by.words(), true)}
        </div>
        {more}
    }
    .into_any()
}

/// Whether such parts of an object are told: of a pool what its members share, of a site none.
pub(super) fn has_parts(cx: Cx, of: Of, by: By) -> bool {
    let is_machine = |id: HostId| {
        let host = cx.live.host(id);
        host.is_some_and(|host| host.kind != HostKind::Pool)
    };
    match of {
        Of::Vm(_) => true,
        Of::Host(id) => is_machine(id) || matches!(by, By::Store | By::Nic),
        Of::Site(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::def::{HOST, VM};
    use wxa_model::{Metric, UnixMillis, VmId};
    use wxa_wire::MetricSeries;

    fn series(part: Option<Part>, metric: Metric, value: f32) -> MetricSeries {
        MetricSeries {
            metric,
            part,
            min: vec![],
            avg: vec![Some(value), None],
            max: vec![],
        }
    }

    fn read(series: Vec<MetricSeries>) -> Parts {
        History::of_parts(MetricsView {
            from: UnixMillis(0),
            step: 10,
            count: 2,
            series,
            ..MetricsView::default()
        })
    }

    #[test]
    fn which_charts_are_open_by_parts_stands_in_the_address() {
        let page = Url::parse("/vms/x/performance?range=6h");
        let cpu = toggled(VM.charts, &page, "cpu");
        let both = toggled(VM.charts, &cpu, "network");
        assert_eq!(both.text(), "/vms/x/performance?range=6h&by=cpu,network");
        assert_eq!(opened(VM.charts, &both), ["cpu", "network"]);
        assert_eq!(toggled(VM.charts, &cpu, "cpu"), page);
        let odd = Url::parse("/vms/x/performance?by=memory,cpu,nonsense,cpu");
        assert_eq!(opened(VM.charts, &odd), ["cpu"], "memory has no parts");
    }

    #[test]
    fn only_what_is_open_is_read_part_by_part() {
        let of = Of::Vm(VmId(uuid::Uuid::from_u128(1)));
        let range = Range::Last(Default::default());
        assert_eq!(url(VM.charts, &[], of, range, 0), None);
        assert_eq!(
            url(VM.charts, &["disk"], of, range, 0),
            Some(format!(
                "/api/v1/metrics?of={of}&metrics=disk_read,disk_write&points=360&parts=true"
            ))
        );
    }

    #[test]
    fn a_chart_shows_the_parts_of_its_kind_and_of_many_the_largest() {
        let disk = VM.charts.iter().find(|def| def.key == "disk").unwrap();
        let few = read(vec![
            series(None, Metric::DiskRead, 9.0),
            series(Some(Part::Disk("xvdb".into())), Metric::DiskRead, 1.0),
            series(Some(Part::Disk("xvda".into())), Metric::DiskWrite, 1.0),
            series(Some(Part::Cpu(0)), Metric::Cpu, 1.0),
        ]);
        let (a, b) = (Part::Disk("xvda".into()), Part::Disk("xvdb".into()));
        assert_eq!(chosen(&few, disk), [&a, &b]);
        let cpus = (0..40).map(|n| series(Some(Part::Cpu(n)), Metric::Cpu, f32::from(n)));
        let many = read(cpus.collect());
        let shown = chosen(&many, &VM.charts[0]);
        assert_eq!(shown.len(), MOST);
        assert_eq!((shown[0], shown[15]), (&Part::Cpu(24), &Part::Cpu(39)));
    }

    #[test]
    fn a_hosts_disks_and_stores_are_in_one_chart_and_stores_have_their_names() {
        let disk = HOST.charts.iter().find(|def| def.key == "disk").unwrap();
        let store = Part::Storage("0e3c5ae8".into());
        let parts = read(vec![
            series(Some(Part::Disk("sda".into())), Metric::DiskRead, 1.0),
            series(Some(store.clone()), Metric::DiskRead, 1.0),
        ]);
        assert_eq!(chosen(&parts, disk).len(), 2);
        let names = BTreeMap::from([("0e3c5ae8-4a".to_owned(), "nfs-fast".to_owned())]);
        assert_eq!(name(&store, false, &names), "nfs-fast");
        assert_eq!(name(&store, false, &BTreeMap::new()), "0e3c5ae8");
        assert_eq!(name(&Part::Nic("0".into()), true, &names), "interface 0");
    }

    #[test]
    fn stores_of_the_same_name_are_told_apart_by_their_member() {
        let store = |uuid: &str, name: &str, on: &[&str]| Repository {
            uuid: uuid.into(),
            name: name.into(),
            attached: on.iter().map(|member| (*member).to_owned()).collect(),
            ..Repository::default()
        };
        let all = [
            store("a", "Local storage", &["xcp-1"]),
            store("b", "Local storage", &["xcp-2"]),
            store("c", "NFS", &["xcp-1"]),
        ];
        let names: Vec<String> = all.iter().map(|store| told_apart(store, &all)).collect();
        assert_eq!(names, ["Local storage (xcp-1)", "Local storage (xcp-2)", "NFS"]);
    }

    #[test]
    fn an_answer_is_of_what_was_asked_and_not_of_what_is_asked_now() {
        Owner::new().with(|| {
            let page = Url::parse("/vms/x/performance?by=disk");
            let cx = Cx::new(crate::sample::boot(), crate::nav::Nav::new(page));
            let main = StoredValue::new(vec![Of::Vm(VmId(uuid::Uuid::from_u128(1)))]);
            let range = Memo::new(move |_| cx.nav.url.with(Range::of));
            let board = PartBoard::new(cx, VM.charts, main, range, Frame::Whole);
            let go = |key, value| cx.nav.url.update(|url| *url = url.with(key, value));
            let known = || board.read.with(|read| read.as_ref().map(|read| read.parts.len()));
            let view = |parts: u16| MetricsView {
                step: 10,
                count: 2,
                series: (0..parts)
                    .map(|n| series(Some(Part::Cpu(n)), Metric::Cpu, 1.0))
                    .collect(),
                ..MetricsView::default()
            };
            let disk = board.wish();
            go("by", "disk,cpu");
            let both = board.wish();
            board.take(both.clone(), view(2));
            assert!(board.was_read());
            board.take(disk.clone(), view(0));
            assert_eq!(known(), Some(2), "the later question was answered first");
            go("range", "6h");
            assert!(!board.was_read(), "nothing can be said of six hours yet");
            board.take(both, view(1));
            assert_eq!(known(), Some(2), "drawn until the answer comes");
            board.take(board.wish(), view(3));
            assert!(board.was_read() && known() == Some(3));
        });
    }
}
