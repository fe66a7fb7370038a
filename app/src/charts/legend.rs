//! A chart's lines by name, each with its value where the cross-hair is; a click switches one off or on.
use super::{
    board::Frame,
    chart::Here,
    plot::{Dash, Sort},
};
use crate::{
    format,
    text::{T, fill, t},
};
use leptos::prelude::*;

/// What one line of the legend shows.
#[derive(Clone, PartialEq)]
struct Row {
    id: String,
    name: String,
    class: String,
    value: String,
    extremes: Option<String>,
    off: bool,
}

#[component]
pub(super) fn Legend(here: Here) -> impl IntoView {
    let sort = RwSignal::new(Sort::default());
    let rows = Memo::new(move |_| rows(here, sort.get()));
    let sortable = Memo::new(move |_| here.board.frame == Frame::Whole && rows.with(|rows| rows.len() > 1));
    let line = move |row: Row| {
        let id = row.id.clone();
        let toggle = move |_| {
            here.off.update(|off| {
                if !off.remove(&id) {
                    off.insert(id.clone());
                }
            });
        };
        view! {
            <li>
                <button type="button" class="legend-line" aria-pressed=if row.off { "false" } else { "true" } on:click=toggle>
                    <svg class=row.class viewBox="0 0 16 8" aria-hidden="true"><path d="M0 4H16"/></svg>
                    <span class="cut">{row.name}</span>
                    " "
                    <b>{row.value}</b>
                    {row.extremes.map(|words| view! { <span class="only-desk">" "{words}</span> })}
                </button>
            </li>
        }
    };
    view! {
        <div class="legend-row">
            <ul class="chart-legend" aria-label=t(T::Legend)>
                {move || rows.get().into_iter().map(line).collect_view()}
            </ul>
            {move || sortable.get().then(|| view! {
                <button
                    type="button"
                    class="btn quiet small muted"
                    aria-pressed=move || if sort.get() == Sort::Value { "true" } else { "false" }
                    on:click=move |_| sort.update(|sort| *sort = match sort {
                        Sort::Asked => Sort::Value,
                        Sort::Value => Sort::Asked,
                    })
                >
                    {t(T::SortByValue)}
                </button>
            })}
        </div>
    }
    .into_any()
}

fn rows(here: Here, sort: Sort) -> Vec<Row> {
    let at = here.board.at.get();
    let off = here.off.get();
    here.plot.with(|plot| {
        let order = plot.order(sort, at);
        let lines = order.into_iter().filter_map(|i| plot.lines.get(i));
        lines
            .map(|line| {
                let point = plot.value(line, at);
                let spread = point.filter(|point| point.min < point.max);
                let dash = match line.dash {
                    Dash::Whole => "",
                    Dash::Second => " second",
                    Dash::Earlier => " earlier",
                };
                Row {
                    id: line.id.clone(),
                    name: line.name.clone(),
                    class: format!("swatch c{}{dash}", line.colour + 1),
                    value: point
                        .map_or_else(|| format::UNKNOWN.into(), |point| plot.quantity.words(point.avg)),
                    extremes: spread.map(|point| {
                        let (min, max) = (plot.quantity.words(point.min), plot.quantity.words(point.max));
                        fill(T::MinToMax, &[("min", &min), ("max", &max)])
                    }),
                    off: off.contains(&line.id),
                }
            })
            .collect()
    })
}
