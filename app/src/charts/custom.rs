//! Any range: two fields in the reader's time zone.
use super::{board::Board, range::Range};
use crate::{
    browser,
    clock::{Moment, zone},
    day,
    text::{T, t},
};
use leptos::prelude::*;
use wxa_model::UnixMillis;

#[component]
pub(super) fn Custom(board: Board) -> impl IntoView {
    let cx = board.cx;
    let zone = move || {
        cx.prefs
            .now
            .with_untracked(|preferences| preferences.time_zone.clone())
    };
    // What is shown stands in the fields when they are opened, and waits there for who types. On the server nobody knows the
    // reader's clock.
    let shown = RwSignal::new((String::new(), String::new()));
    let fill = move |_| {
        let (from, to) = board.window.get_untracked();
        let text = |at: u64| wall(zone::at(UnixMillis(at), &zone()));
        shown.set((text(from), text(to)));
    };
    let (from, to) = (
        NodeRef::<leptos::html::Input>::new(),
        NodeRef::<leptos::html::Input>::new(),
    );
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let moment = |field: NodeRef<leptos::html::Input>| {
            let text = field.get_untracked()?.value();
            from_wall(&text, |at| zone::at(UnixMillis(at), &zone()))
        };
        if let (Some(from), Some(to)) = (moment(from), moment(to)) {
            board.go(Range::between(from, to, board.now()));
            browser::leave_menu();
        }
    };
    let is_custom = move || matches!(board.range.get(), Range::Between(..));
    view! {
        <details class="menu custom-range" on:toggle=fill>
            <summary class="btn" class:on=is_custom>{t(T::RangeCustom)}</summary>
            <div class="menu-list">
                <form class="keep-open range-fields" on:submit=apply>
                    <label>{t(T::RangeFrom)}<input class="field-box" type="datetime-local" required=true node_ref=from prop:value=move || shown.with(|shown| shown.0.clone())/></label>
                    <label>{t(T::RangeTo)}<input class="field-box" type="datetime-local" required=true node_ref=to prop:value=move || shown.with(|shown| shown.1.clone())/></label>
                    <button type="submit" class="btn">{t(T::RangeShow)}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// A moment as a field of date and time has it.
fn wall(at: Moment) -> String {
    let Moment {
        year,
        month,
        day,
        hour,
        minute,
    } = at;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")
}

/// The moment at which clocks show `text`; `shown` tells what they show at a moment. Of an hour that comes twice the first, and
/// for one that is left out the moment after it.
fn from_wall(text: &str, shown: impl Fn(u64) -> Moment) -> Option<u64> {
    let wanted = utc(text)?;
    let mut at = wanted;
    for _ in 0..3 {
        let off = i128::from(wanted) - i128::from(utc(&wall(shown(at)))?);
        if off == 0 {
            break;
        }
        at = u64::try_from(i128::from(at) + off).ok()?;
    }
    Some(at)
}

/// The moment at which clocks in UTC show `text`.
fn utc(text: &str) -> Option<u64> {
    let (date, time) = text.split_once('T')?;
    let (hour, minute) = time.split_once(':')?;
    let minute = minute.split(':').next()?;
    let (hour, minute) = (hour.parse::<u64>().ok()?, minute.parse::<u64>().ok()?);
    (hour < 24 && minute < 60).then_some(day::begins(date)?.0 + (hour * 60 + minute) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that is `ahead` of UTC, in minutes.
    fn clock(ahead: i64) -> impl Fn(u64) -> Moment {
        move |at| {
            let text = super::super::csv::utc(at.saturating_add_signed(ahead * 60_000));
            let number =
                |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0);
            Moment {
                year: number(0, 4),
                month: number(5, 7),
                day: number(8, 10),
                hour: number(11, 13),
                minute: number(14, 16),
            }
        }
    }

    #[test]
    fn a_time_in_the_readers_zone_becomes_the_moment_that_is_meant() {
        for ahead in [0, 60, -300, 330, 840] {
            let shown = clock(ahead);
            let at = 1_795_440_000_000;
            assert_eq!(from_wall(&wall(shown(at)), &shown), Some(at), "{ahead}");
        }
        assert_eq!(from_wall("2026-11-23T25:00", clock(0)), None);
        assert_eq!(from_wall("yesterday", clock(0)), None);
    }
}
