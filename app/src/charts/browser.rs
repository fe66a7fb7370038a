//! The browser's half of a chart: uPlot in its bundle, told what to draw, heard about pointer, drag and double click.
mod canvas;

use super::{
    board::Board,
    chart::{Here, Wish},
    plot::{Dash, Plot},
    quantity::Quantity,
    range::Range,
};
use canvas::{Canvas, Drawing, Hooks};
use leptos::{html::Div, prelude::*, task::spawn_local};
use std::collections::BTreeSet;

/// Puts a chart into `node` as soon as what draws it is there, and keeps it current for as long as the component lives.
pub(super) fn connect(here: Here, node: NodeRef<Div>) -> Callback<Wish> {
    let board = here.board;
    // Local storage: the chart belongs to this thread and ends with this component.
    let canvas = StoredValue::new_local(None::<Canvas>);
    let is_ready = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(element) = node.get() else {
            return;
        };
        spawn_local(async move {
            // Without it the values and the table are there all the same.
            if canvas::load().await.is_err() {
                return;
            }
            // The page may have been left meanwhile.
            let Some(hooks) = hooks(here) else {
                return;
            };
            if let Ok(drawn) = Canvas::open(&element, hooks)
                && canvas.try_update_value(|canvas| *canvas = Some(drawn)).is_some()
            {
                is_ready.set(true);
            }
        });
    });
    Effect::new(move |_| {
        if is_ready.get() {
            let off = here.off.get();
            here.plot.with(|plot| {
                let end = plot.window.1;
                let marks: Vec<f64> = board
                    .events
                    .with(|all| all.iter().map(|event| event.at.min(end) as f64).collect());
                let drawing = drawing(plot, &off, marks);
                canvas.with_value(|canvas| {
                    if let Some(canvas) = canvas {
                        canvas.draw(&drawing);
                    }
                });
            });
        }
    });
    Effect::new(move |_| {
        let at = board.at.get();
        if is_ready.get() {
            canvas.with_value(|canvas| {
                if let Some(canvas) = canvas {
                    canvas.cursor(at.map_or(f64::NAN, |at| at as f64));
                }
            });
        }
    });
    Callback::new(move |wish| {
        canvas.with_value(|canvas| {
            if let Some(canvas) = canvas {
                grant(here, canvas, wish);
            }
        });
    })
}

fn grant(here: Here, canvas: &Canvas, wish: Wish) {
    match wish {
        Wish::Csv => canvas::save_text(&here.file("csv"), "text/csv;charset=utf-8", &here.csv()),
        Wish::Png => {
            let (from, to) = here.board.window.get_untracked();
            let names: Vec<String> = here
                .plot
                .with_untracked(|plot| plot.lines.iter().map(|line| line.name.clone()).collect());
            let words = untrack(|| {
                format!(
                    "{} – {} · {}",
                    here.moment(from),
                    here.moment(to),
                    names.join(", ")
                )
            });
            canvas.png(&here.file("png"), crate::text::t(here.def.title), &words);
        }
    }
}

fn drawing(plot: &Plot, off: &BTreeSet<String>, marks: Vec<f64>) -> Drawing {
    let mut drawing = Drawing {
        x: (0..plot.count).map(|i| plot.begin(i) as f64).collect(),
        marks,
        span: [plot.window.0 as f64, plot.window.1 as f64, f64::from(plot.top)],
        binary: plot.quantity == Quantity::Bytes,
        ..Drawing::default()
    };
    let shown = plot.lines.iter().filter(|line| !off.contains(&line.id));
    // Bands of many lines hide each other.
    let has_bands = plot.lines.len() <= 3;
    for line in shown {
        let (dash, band) = match line.dash {
            Dash::Whole => (0.0, has_bands && line.column.has_band()),
            Dash::Second => (1.0, has_bands && line.column.has_band()),
            Dash::Earlier => (2.0, false),
        };
        drawing
            .lines
            .extend([f64::from(line.colour), dash, f64::from(u8::from(band))]);
        drawing
            .columns
            .extend([&line.column.avg, &line.column.min, &line.column.max].map(Clone::clone));
    }
    drawing
}

/// What the chart asks and tells; none when the page was left.
fn hooks(here: Here) -> Option<Hooks> {
    let board = here.board;
    let zone = board
        .cx
        .prefs
        .now
        .try_with_untracked(|preferences| preferences.time_zone.clone())?;
    let quantity = move || here.plot.try_with_untracked(|plot| plot.quantity);
    Some(Hooks {
        zone,
        label: Box::new(move |at, span| label(board, at, span)),
        value: Box::new(move |value| {
            quantity()
                .map(|quantity| quantity.on_scale(value as f32))
                .unwrap_or_default()
        }),
        moved: Box::new(move |at| {
            // The cross-hair stands on steps, so that all charts read the same one.
            let to = (at.is_finite() && at >= 0.0)
                .then(|| {
                    here.plot
                        .try_with_untracked(|plot| Some(plot.begin(plot.index(at as u64)?)))
                })
                .flatten()
                .flatten();
            if board.at.try_get_untracked().is_some_and(|now| now != to) {
                board.at.set(to);
            }
        }),
        zoomed: Box::new(move |from, to| {
            board.go(Range::between(
                from.max(0.0) as u64,
                to.max(0.0) as u64,
                board.now(),
            ))
        }),
        back: Box::new(move || board.back()),
    })
}

/// What stands under a moment of the time axis: the time of day for short ranges, the day for long ones.
fn label(board: Board, at: f64, span: f64) -> String {
    use crate::clock::zone;
    let zone_name = board
        .cx
        .prefs
        .now
        .with_untracked(|preferences| preferences.time_zone.clone());
    let at = zone::at(wxa_model::UnixMillis(at.max(0.0) as u64), &zone_name);
    let is_midnight = at.hour == 0 && at.minute == 0;
    if is_midnight || span > 3.0 * 86_400_000.0 {
        crate::format::date(at)
    } else {
        crate::format::time(at)
    }
}
