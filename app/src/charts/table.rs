//! The same as a table, for screen readers and for those without script: it folds away.
use super::chart::Here;
use crate::{
    components::when::When,
    format,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::UnixMillis;

/// Rows of a table that is looked at, and of one that comes with the page.
const ROWS: usize = 60;
const FIRST: usize = 12;

#[component]
pub(super) fn Table(here: Here) -> impl IntoView {
    let open = RwSignal::new(false);
    let local = here.board.cx.clock.local;
    // With the page a few rows are there, in case no script ever runs; after that only while it is open.
    let rows = move || match (local.get(), open.get()) {
        (false, _) => Some(FIRST),
        (true, true) => Some(ROWS),
        (true, false) => None,
    };
    let toggled = move |event: leptos::ev::Event| {
        use wasm_bindgen::JsCast;
        let details = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="chart-table" on:toggle=toggled>
            <summary class="btn quiet small">
                <span class="sr">{t(here.def.title)}": "</span>
                {t(T::Table)}
            </summary>
            {move || rows().map(|rows| table(here, rows))}
        </details>
    }
    .into_any()
}

fn table(here: Here, rows: usize) -> AnyView {
    let heads = move || {
        let names = here.plot.with(|plot| {
            plot.lines
                .iter()
                .map(|line| line.name.clone())
                .collect::<Vec<_>>()
        });
        names
            .into_iter()
            .map(|name| view! { <th scope="col" class="num">{name}</th> })
            .collect_view()
    };
    let events = move |from: u64, to: u64| {
        here.board.events.with(|all| {
            let within = all.iter().filter(|event| (from..to).contains(&event.at));
            within
                .map(|event| event.words.clone())
                .collect::<Vec<_>>()
                .join(t(T::ListSeparator))
        })
    };
    let lines = move || {
        let plot = here.plot.get();
        let pieces = plot.pieces(rows);
        let length = pieces
            .get(1)
            .zip(pieces.first())
            .map_or(plot.step, |(b, a)| b.0 - a.0);
        let last = pieces.last().map(|piece| piece.0);
        let line = move |(at, values): (u64, Vec<Option<super::column::Point>>)| {
            let cells = values.into_iter().map(|point| {
                let words = point.map_or_else(
                    || format::UNKNOWN.to_owned(),
                    |point| {
                        let [min, avg, max] =
                            [point.min, point.avg, point.max].map(|value| plot.quantity.words(value));
                        if min == max {
                            avg
                        } else {
                            format!("{avg} {}", fill(T::MinToMax, &[("min", &min), ("max", &max)]))
                        }
                    },
                );
                view! { <td class="num">{words}</td> }
            });
            view! {
                <tr>
                    <th scope="row"><When at=UnixMillis(at)/></th>
                    {cells.collect_view()}
                    <td class="muted">{events(at, if last == Some(at) { u64::MAX } else { at + length })}</td>
                </tr>
            }
        };
        pieces.into_iter().map(line).collect_view()
    };
    view! {
        <div class="chart-rows" tabindex="0" role="group" aria-label=fill(T::TableOf, &[("title", &t(here.def.title))])>
            <table class="plain">
                <caption class="sr">{fill(T::TableOf, &[("title", &t(here.def.title))])}</caption>
                <thead>
                    <tr><th scope="col">{t(T::Time)}</th>{heads}<th scope="col">{t(T::HappenedMeanwhile)}</th></tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}
