//! What the charts of a page share, and the page's charts with it.
use super::{
    chart::Chart,
    column::Column,
    def::{Def, Kind, Top},
    events::{self, Event},
    feed::{Feed, earlier},
    history::History,
    of::Of,
    parts::{self, PartBoard},
    plot::{COLOURS, Dash, Line, Plot},
    quantity::{Quantity, Shares},
    range::Range,
    read,
    toolbar::Toolbar,
};
use crate::{
    cx::{Cx, cx},
    fetched::Fetched,
    routes::{details_url, marks_url},
    text::{T, fill, t},
    words,
};
use leptos::prelude::*;
use std::{collections::BTreeMap, sync::Arc};
use wxa_model::{HostId, HostKind, PowerState, VmId};
use wxa_wire::{AuditPageView, ConsoleMarksView, DetailsAge, ErrorBody, HostDetailsView, TaskPageView};

/// How much there is around the charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// Ranges, comparisons, events, tables and files.
    Whole,
    /// The last hour, and nothing else.
    Strip,
}

/// Handles on what charts share; cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub cx: Cx,
    pub kind: Kind,
    pub frame: Frame,
    /// What the page is about.
    pub main: StoredValue<Vec<Of>>,
    pub range: Memo<Range>,
    /// What is drawn, in milliseconds since 1970.
    pub window: Memo<(u64, u64)>,
    /// The cross-hair.
    pub at: RwSignal<Option<u64>>,
    pub feeds: Memo<Vec<Feed>>,
    pub histories: RwSignal<BTreeMap<Feed, Arc<History>>>,
    /// Why the last reading failed.
    pub problem: RwSignal<Option<ErrorBody>>,
    pub events: Memo<Vec<Event>>,
    /// What is shown part by part.
    pub parts: PartBoard,
    /// Counts up when everything is to be read anew.
    pub again: RwSignal<u32>,
    /// Ranges to go back to, latest last.
    before: StoredValue<Vec<Range>>,
}

impl Board {
    fn new(main: Vec<Of>, kind: Kind, frame: Frame) -> Self {
        let cx = cx();
        let range = Memo::new(move |_| match frame {
            Frame::Whole => cx.nav.url.with(Range::of),
            Frame::Strip => Range::Last(Default::default()),
        });
        let window = Memo::new(move |_| {
            let range = range.get();
            match range {
                Range::Between(from, to) => (from, to),
                Range::Last(preset) => {
                    // No more often than a pixel's width of time has passed.
                    let tick = (preset.ms() / 720).max(1000);
                    range.window(cx.clock.now.get().0 / tick * tick)
                }
            }
        });
        let main = StoredValue::new(main);
        let feeds = Memo::new(move |_| {
            let mut all: Vec<Of> = main.get_value();
            if frame == Frame::Whole {
                let with = Of::list(&cx.nav.query("with"));
                all.extend(
                    with.into_iter()
                        .filter(|of| main.with_value(|main| !main.contains(of))),
                );
            }
            let shift = (frame == Frame::Whole && cx.nav.query("earlier") == "1")
                .then(|| earlier(range.get(), cx.clock.now.get_untracked().0))
                .flatten();
            let shifts = std::iter::once(0).chain(shift);
            let each = shifts.flat_map(|shift| all.iter().map(move |of| Feed { of: *of, shift }));
            each.collect::<Vec<_>>()
        });
        let board = Self {
            cx,
            kind,
            frame,
            main,
            range,
            window,
            at: RwSignal::new(None),
            feeds,
            histories: RwSignal::default(),
            problem: RwSignal::new(None),
            parts: PartBoard::new(cx, kind.charts, main, range, frame),
            events: happened(cx, main, range, window, frame),
            again: RwSignal::new(0),
            before: StoredValue::default(),
        };
        read::begin(board);
        read::follow(board);
        if frame == Frame::Whole {
            parts::begin(board);
            parts::follow(board);
        }
        board
    }

    /// Shows another range; the one now shown can be come back to.
    pub fn go(self, range: Range) {
        let now = self.range.get_untracked();
        if self.frame == Frame::Strip || range == now {
            return;
        }
        self.before.update_value(|before| before.push(now));
        self.put(range);
    }

    /// Back to the range before; to the one that follows the time where there is none.
    pub fn back(self) {
        if self.frame == Frame::Strip {
            return;
        }
        let before = self.before.try_update_value(Vec::pop).flatten();
        let spans = self
            .cx
            .nav
            .url
            .with_untracked(|url| Range::of(&url.with("from", "").with("to", "")));
        self.put(before.unwrap_or(spans));
    }

    fn put(self, range: Range) {
        let url = self.cx.nav.url.with_untracked(|url| range.put(url));
        self.at.set(None);
        self.cx.nav.go(&url.text());
    }

    /// What a chart draws. Tracks all that it depends on.
    pub fn plot(self, def: &Def) -> Plot {
        if self.parts.shows(def) {
            return parts::plot(self, def);
        }
        let feeds = self.feeds.get();
        let window = self.window.get();
        let objects: Vec<Of> = feeds
            .iter()
            .filter(|feed| feed.shift == 0)
            .map(|feed| feed.of)
            .collect();
        let cpus: Vec<Option<u32>> = objects.iter().map(|of| of.cpus(self.cx)).collect();
        let shares = if cpus.iter().all(Option::is_some) {
            Shares::Known
        } else {
            Shares::Unknown
        };
        let first = def.metrics.first().copied().unwrap_or(wxa_model::Metric::Cpu);
        let quantity = Quantity::of(first, shares);
        let top = match def.top {
            Top::Cpus if quantity == Quantity::Percent => 100.0,
            Top::Memory => {
                let each = objects.iter().map(|of| of.memory(self.cx));
                each.flatten().max().unwrap_or_default() as f32
            }
            Top::Cpus | Top::Data => 0.0,
        };
        self.histories.with(|histories| {
            let grid = feeds.iter().find_map(|feed| histories.get(feed)).cloned();
            let grid =
                grid.unwrap_or_else(|| Arc::new(History::empty(window.0, window.1, window.1 - window.0)));
            let mut lines = Vec::new();
            for feed in &feeds {
                let place = objects.iter().position(|of| *of == feed.of).unwrap_or_default();
                let factor = quantity.factor(cpus.get(place).copied().flatten());
                for (n, (metric, name)) in def.metrics.iter().zip(def.names).enumerate() {
                    let column = histories
                        .get(feed)
                        .and_then(|history| history.onto(*metric, feed.shift, &grid));
                    // What is not measured at all has no line; what was read is said to be empty elsewhere.
                    let Some(column) = column.filter(Column::is_known) else {
                        continue;
                    };
                    let alone = objects.len() == 1;
                    lines.push(Line {
                        id: format!("{}|{}|{}", feed.of, metric.name(), feed.shift),
                        name: self.name(
                            *feed,
                            (!alone).then_some(feed.of),
                            (def.names.len() > 1 || alone).then_some(*name),
                        ),
                        colour: (if alone { n } else { place }) as u8 % COLOURS,
                        dash: match (feed.shift, n) {
                            (0, 0) => Dash::Whole,
                            (0, _) => Dash::Second,
                            _ => Dash::Earlier,
                        },
                        column: column.scaled(factor),
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
        })
    }

    fn name(self, feed: Feed, of: Option<Of>, what: Option<T>) -> String {
        let parts = [of.map(|of| of.name(self.cx)), what.map(|what| t(what).to_owned())];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        match feed.shift {
            0 => name,
            super::range::DAY => fill(T::DayEarlier, &[("name", &name)]),
            _ => fill(T::WeekEarlier, &[("name", &name)]),
        }
    }
}

/// What happened in the window, as far as the account may know.
fn happened(
    cx: Cx,
    main: StoredValue<Vec<Of>>,
    range: Memo<Range>,
    window: Memo<(u64, u64)>,
    frame: Frame,
) -> Memo<Vec<Event>> {
    let of = main.with_value(|main| match main.as_slice() {
        [of] if frame == Frame::Whole => Some(*of),
        _ => None,
    });
    let Some(of) = of else {
        return Memo::new(|_| Vec::new());
    };
    let tasks = events::tasks_url(of).map(Fetched::<TaskPageView>::new);
    // The log of everything would bury the charts of a site.
    let is_one = !matches!(of, Of::Site(_));
    let audit = |url: String| cx.may_administer().then(|| Fetched::<AuditPageView>::new(url));
    let own = is_one.then(|| audit(events::audit_url(of))).flatten();
    // Who signs in is no matter of one VM.
    let sign_ins = (!matches!(of, Of::Vm(_)))
        .then(|| audit(events::sign_ins_url()))
        .flatten();
    let pool = untrack(|| events_pool(cx, of));
    // Its driver has it at hand: it costs the pool nothing.
    let reported = pool.map(|pool| Fetched::<HostDetailsView>::new(details_url(pool, DetailsAge::Minute)));
    // By itself: what a pool tells is much, and the window moves every second.
    let reported = Memo::new(move |_| {
        let told = reported.and_then(Fetched::get).and_then(|view| view.known);
        let messages = told.and_then(|told| told.details.pool).map(|pool| pool.messages);
        let name = |id| {
            let vm = cx.live.vm(id);
            vm.with_untracked(|vm| vm.as_ref().map(|vm| vm.name.clone()))
        };
        events::of_messages(of, &messages.unwrap_or_default(), |id| {
            name(id).unwrap_or_default()
        })
    });
    let crashes = seen_crashes(cx, of);
    let console = match of {
        Of::Vm(id) => Some((id, Fetched::<ConsoleMarksView>::new(marks_url(id)))),
        Of::Host(_) | Of::Site(_) => None,
    };
    Memo::new(move |_| {
        let mut all = Vec::new();
        let known = tasks.and_then(Fetched::get).unwrap_or_default().tasks;
        all.extend(events::of_tasks(of, known.iter()));
        let fits = |vm: Option<VmId>, host: HostId| match of {
            Of::Vm(id) => vm == Some(id),
            Of::Host(id) => cx.live.places(id).contains(&host),
            Of::Site(_) => true,
        };
        cx.live.tasks.with(|tasks| {
            let live = tasks.iter().map(AsRef::as_ref);
            let live = live.filter(|task| fits(Some(task.vm), task.host));
            all.extend(events::of_tasks(of, live));
        });
        cx.live.pool_tasks.with(|tasks| {
            let theirs = tasks.iter().filter(|task| fits(task.vm, task.host));
            all.extend(events::of_pool_tasks(of, theirs));
        });
        for page in [own, sign_ins].into_iter().flatten().filter_map(Fetched::get) {
            all.extend(events::of_audit(&page.rows));
        }
        events::add_told(&mut all, reported.get());
        events::add_told(&mut all, crashes.get());
        if let Some((vm, told)) = console.and_then(|(vm, told)| Some((vm, told.get()?))) {
            events::add_told(&mut all, events::of_marks(vm, &told));
        }
        if let Of::Vm(id) = of {
            let began = cx.live.vm(id).with(|vm| vm.as_ref().and_then(|vm| vm.started_at));
            events::add_told(&mut all, began.map(events::of_start).into_iter().collect());
        }
        let (from, to) = window.get();
        let to = match range.get() {
            Range::Between(..) => to,
            // The window ends where the last whole pixel does, up to an hour ago at 30 days: what happened since is shown there.
            Range::Last(_) => u64::MAX,
        };
        events::within(all, (from, to))
    })
}

/// The pool whose reports are about an object: its own, or the one that it is. Tracks what it depends on.
fn events_pool(cx: Cx, of: Of) -> Option<HostId> {
    let host = match of {
        Of::Vm(id) => cx.live.vm(id).with(|vm| vm.as_ref().map(|vm| vm.host))?,
        Of::Host(id) => id,
        Of::Site(_) => return None,
    };
    match cx.live.host(host)?.kind {
        HostKind::Plain => None,
        HostKind::Pool => Some(host),
        HostKind::Member { pool } => Some(pool),
    }
}

/// When a VM was seen to crash while the page was there: a host tells that a VM has crashed, and not when.
fn seen_crashes(cx: Cx, of: Of) -> RwSignal<Vec<Event>> {
    let seen = RwSignal::new(Vec::new());
    if let Of::Vm(id) = of {
        Effect::new(move |before: Option<Option<PowerState>>| {
            let power = cx.live.vm(id).with(|vm| vm.as_ref().map(|vm| vm.power));
            let was = before.flatten();
            if power == Some(PowerState::Crashed) && was.is_some_and(|was| was != PowerState::Crashed) {
                seen.update(|seen| seen.push(events::of_crash(cx.clock.now.get_untracked().0)));
            }
            power
        });
    }
    seen
}

/// All charts of a kind about `main`, with ranges, comparisons and events.
#[component]
pub fn Charts(
    /// What they are about; several are compared from the beginning.
    main: Vec<Of>,
    /// Which charts.
    kind: Kind,
    /// What the toolbar says they are about; empty where the page says so.
    #[prop(optional, into)]
    title: String,
) -> impl IntoView {
    let board = Board::new(main, kind, Frame::Whole);
    let failed = move || {
        board.problem.get().map(|body| {
            let why = words::error(&body).detail;
            view! { <p class="why" role="status">{crate::components::icon::icon("info")}<span>{fill(T::HistoryUnread, &[("why", &why)])}</span></p> }
        })
    };
    view! {
        <section class="board" aria-label=t(T::Performance)>
            <Toolbar board=board title=title/>
            {failed}
            <div class="charts">
                {kind.charts.iter().map(|def| view! { <Chart board=board def=def/> }).collect_view()}
            </div>
            <Events board=board/>
        </section>
    }
    .into_any()
}

/// The last hour of the most telling charts.
#[component]
pub fn Strip(
    /// What they are about.
    of: Of,
    /// Which charts.
    kind: Kind,
) -> impl IntoView {
    let board = Board::new(vec![of], kind, Frame::Strip);
    view! {
        <section class="board strip" aria-label=t(T::LastHour)>
            <h2 class="sr">{t(T::LastHour)}</h2>
            <div class="charts">
                {kind.charts.iter().map(|def| view! { <Chart board=board def=def/> }).collect_view()}
            </div>
        </section>
    }
    .into_any()
}

/// What happened, under the charts: the same that is marked in them.
#[component]
fn Events(board: Board) -> impl IntoView {
    use crate::components::{icon::small_icon, when::When};
    let line = |event: Event| {
        let at = event.moment();
        let what = match event.href.clone() {
            Some(href) => view! { <a href=href>{event.words.clone()}</a> }.into_any(),
            None => event.words.clone().into_any(),
        };
        let by = (!event.by.is_empty()).then(|| view! { <span>" · "{event.by.clone()}</span> });
        view! { <li>{small_icon(event.image)}<b><When at=at/></b>" "{what}{by}</li> }
    };
    move || {
        let all = board.events.get();
        let more = all.len().saturating_sub(events::SHOWN);
        (!all.is_empty()).then(|| {
            view! {
                <ul class="chart-events" aria-label=t(T::HappenedMeanwhile)>
                    {all.into_iter().skip(more).map(line).collect_view()}
                    {(more > 0).then(|| view! { <li>{fill(T::EarlierEvents, &[("n", &more)])}</li> })}
                </ul>
            }
        })
    }
}
