//! One chart: its head with what the cross-hair reads, the place where it is drawn, legend, table and files.
use super::{
    board::{Board, Frame},
    csv::csv,
    def::Def,
    events,
    keys::{self, Command},
    legend::Legend,
    parts::{Choice, has_parts},
    plot::Plot,
    quantity::Quantity,
    range::Range,
    table::Table,
};
use crate::{
    format,
    text::{T, fill, t},
};
use leptos::{html::Div, prelude::*};
use std::{collections::BTreeSet, sync::Arc};
use wxa_model::{Bytes, UnixMillis};

/// What a chart's own parts share.
#[derive(Clone, Copy)]
pub(super) struct Here {
    pub board: Board,
    pub def: &'static Def,
    pub plot: Memo<Arc<Plot>>,
    /// Lines that were switched off.
    pub off: RwSignal<BTreeSet<String>>,
}

/// What the buttons ask of what draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Png,
    Csv,
}

impl Here {
    /// The cross-hair's moment in words, in the reader's time zone.
    pub fn moment(self, at: u64) -> String {
        let cx = self.board.cx;
        let now = cx.clock.now.get_untracked();
        cx.prefs
            .now
            .with(|preferences| crate::clock::local_time(UnixMillis(at), now, preferences))
    }

    /// The name of a file that holds it.
    pub fn file(self, ending: &str) -> String {
        let of = self.board.main.with_value(|main| main.first().copied());
        let name = of
            .map(|of| untrack(|| of.name(self.board.cx)))
            .unwrap_or_default();
        let safe: String = name
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || "-_.".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let at = super::csv::utc(self.board.window.get_untracked().1).replace(':', "");
        format!("{safe}-{}-{at}.{ending}", self.def.key)
    }

    /// Its file for spreadsheets.
    pub fn csv(self) -> String {
        self.plot.with_untracked(|plot| csv(plot))
    }

    fn press(self, command: Command) {
        let (first, last) = self.plot.with_untracked(|plot| plot.shown());
        let at = self.board.at.get_untracked();
        let now = self.board.now();
        let range = self.board.range.get_untracked();
        match command {
            Command::Zoom(percent) => self.board.go(range.zoomed(percent, at, now)),
            Command::Back => self.board.back(),
            Command::Away => self.board.at.set(None),
            Command::Move(_) | Command::First | Command::Last => {
                let to = self.plot.with_untracked(|plot| {
                    let now = at.and_then(|at| plot.index(at));
                    Some(plot.begin(keys::moved(command, now, first, last)?))
                });
                self.board.at.set(to);
            }
        }
    }
}

#[component]
pub(super) fn Chart(board: Board, def: &'static Def) -> impl IntoView {
    // Values with gaps are never equal to themselves: whenever something is read anew, it is drawn anew.
    let plot = Memo::new_with_compare(move |_| Arc::new(board.plot(def)), |_, _| true);
    let here = Here {
        board,
        def,
        plot,
        off: RwSignal::default(),
    };
    let node = NodeRef::<Div>::new();
    let wish = connect(here, node);
    let local = board.cx.clock.local;
    let id = format!("chart-{}", def.key);
    let place = Memo::new(move |_| {
        let at = board.at.get()?;
        plot.with(|plot| plot.index(at))
    });
    let shown = Memo::new(move |_| plot.with(|plot| plot.shown()));
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if let Some(command) = keys::command(&event.key()).filter(|_| !modified) {
            event.prevent_default();
            event.stop_propagation();
            here.press(command);
        }
    };
    let is_known = Memo::new(move |_| plot.with(|plot| plot.is_known()));
    let of = board.main.with_value(|main| match main.as_slice() {
        [of] => Some(*of),
        _ => None,
    });
    let choice = def
        .by
        .filter(|by| of.is_some_and(|of| untrack(|| has_parts(board.cx, of, *by))));
    let was_read = Memo::new(move |_| board.histories.with(|all| !all.is_empty()));
    view! {
        <figure class="chart" aria-labelledby=id.clone()>
            <header>
                <h3 id=id.clone()>{t(def.title)}</h3>
                <span class="muted">{move || scale(here)}</span>
                <span class="read">{move || read(here)}</span>
            </header>
            // A slider to those who do not see it: arrow keys go along the time, and what is there is said.
            <div
                class="plot"
                node_ref=node
                tabindex=move || local.get().then_some("0")
                role=move || local.get().then_some("slider")
                aria-label=move || local.get().then(|| fill(T::ChartOf, &[("title", &t(def.title))]))
                aria-valuemin=move || local.get().then(|| shown.get().0)
                aria-valuemax=move || local.get().then(|| shown.get().1.saturating_sub(1).max(shown.get().0))
                aria-valuenow=move || local.get().then(|| place.get().unwrap_or(shown.get().1.saturating_sub(1)))
                aria-valuetext=move || local.get().then(|| said(here))
                on:keydown=pressed
            ></div>
            {move || {
                let why = match (board.parts.shows(def), board.parts.was_read()) {
                    (true, true) => T::NoParts,
                    (true, false) => T::PartsReading,
                    (false, _) if was_read.get() => T::NotMeasured,
                    (false, _) => return None,
                };
                (!is_known.get()).then(|| view! { <p class="chart-none muted small">{t(why)}</p> })
            }}
            <div class="chart-below">
                <Legend here=here/>
                {(board.frame == Frame::Whole).then(|| view! {
                    <div class="chart-foot">
                        {choice.map(|by| view! { <Choice board=board def=def by=by/> })}
                        <Table here=here/>
                        <button type="button" class="btn quiet small" on:click=move |_| wish.run(Wish::Png)>
                            <span class="sr">{t(def.title)}": "</span>
                            "PNG"
                        </button>
                        <button type="button" class="btn quiet small" on:click=move |_| wish.run(Wish::Csv)>
                            <span class="sr">{t(def.title)}": "</span>
                            "CSV"
                        </button>
                    </div>
                })}
            </div>
        </figure>
    }
    .into_any()
}

/// What the scale counts, and of how much.
fn scale(here: Here) -> String {
    let (quantity, top) = here.plot.with(|plot| (plot.quantity, plot.top));
    let alone = here.board.feeds.with(|feeds| {
        feeds
            .iter()
            .all(|feed| Some(feed.of) == feeds.first().map(|first| first.of))
    });
    let of = here.board.main.with_value(|main| main.first().copied());
    if here.board.parts.shows(here.def) {
        return quantity.unit().into();
    }
    match (quantity, of.filter(|_| alone)) {
        (Quantity::Percent, Some(of)) => fill(
            T::PercentOfCpus,
            &[("n", &of.cpus(here.board.cx).unwrap_or_default())],
        ),
        (Quantity::Percent, None) => t(T::PercentOfItsCpus).into(),
        (Quantity::Bytes, Some(_)) if top > 0.0 => {
            fill(T::OfMost, &[("most", &format::bytes(Bytes(top as u64)))])
        }
        (other, _) => other.unit().into(),
    }
}

/// What the head says of a single line: at the cross-hair, else over all that is shown. Several lines speak in the legend.
fn read(here: Here) -> Option<AnyView> {
    let at = here.board.at.get();
    let event = at.and_then(|at| {
        let window = here.board.window.get();
        here.board
            .events
            .with(|all| events::near(all, at, window).map(|event| event.words.clone()))
    });
    let words = here.plot.with(|plot| {
        let [line] = plot.lines.as_slice() else {
            return None;
        };
        let (first, last) = plot.shown();
        let point = match at {
            Some(_) => plot.value(line, at),
            None => line.column.over(first, last),
        };
        Some(point.map(|point| [point.min, point.avg, point.max].map(|value| plot.quantity.words(value))))
    });
    let moment = at.map(|at| here.moment(at));
    let values = match words {
        None => None,
        Some(None) => at.map(|_| t(T::NoValue).into_any()),
        Some(Some([min, avg, max])) if min == avg && avg == max => Some(view! { <b>{avg}</b> }.into_any()),
        Some(Some([min, avg, max])) => Some(
            view! { {t(T::Min)}" "{min}" · "{t(T::Avg)}" "<b>{avg}</b>" · "{t(T::Max)}" "{max} }.into_any(),
        ),
    };
    let parts = [
        moment.map(|words| view! { <span>{words}</span> }.into_any()),
        values,
        event.map(|words| view! { <span class="mark">{words}</span> }.into_any()),
    ];
    let parts: Vec<AnyView> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| {
        let each = parts
            .into_iter()
            .enumerate()
            .map(|(n, part)| view! { {(n > 0).then_some(" · ")}{part} });
        each.collect_view().into_any()
    })
}

/// The same for those who listen: the moment, and each line's value.
fn said(here: Here) -> String {
    let at = here.board.at.get();
    let values = here.plot.with(|plot| {
        let each = plot.lines.iter().map(|line| {
            let value = plot.value(line, at).map(|point| plot.quantity.words(point.avg));
            format!("{} {}", line.name, value.unwrap_or_else(|| t(T::NoValue).into()))
        });
        each.collect::<Vec<_>>().join(", ")
    });
    match at {
        Some(at) => format!("{}: {values}", here.moment(at)),
        None => fill(T::LatestValues, &[("values", &values)]),
    }
}

/// How long a point is, and what line and band are.
pub(super) fn resolution(board: Board, has_band: bool) -> String {
    let step = board
        .histories
        .with(|all| all.values().next().map(|history| history.step));
    let Some(step) = step else {
        return String::new();
    };
    let key = if has_band { T::PointIsBand } else { T::PointIs };
    fill(key, &[("span", &format::span(step))])
}

/// Whether a range follows the time.
pub(super) fn is_live(board: Board) -> bool {
    matches!(board.range.get(), Range::Last(_))
}

#[cfg(feature = "hydrate")]
fn connect(here: Here, node: NodeRef<Div>) -> Callback<Wish> {
    super::browser::connect(here, node)
}

#[cfg(not(feature = "hydrate"))]
fn connect(here: Here, _node: NodeRef<Div>) -> Callback<Wish> {
    // Named so that both halves are compiled with both features.
    Callback::new(move |wish| match wish {
        Wish::Png => drop(here.file("png")),
        Wish::Csv => drop((here.file("csv"), here.csv())),
    })
}
