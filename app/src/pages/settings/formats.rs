//! Language, time zone, and how times and numbers are written.
use super::choice::{Choice, choice};
use crate::{
    clock::{self, zone},
    cx::cx,
    format,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{
    Bytes,
    preferences::{Dates, Decimal, Hours, Language},
};

/// A language under its own name, so that whoever reads only that one finds it.
fn language_name(language: Language) -> &'static str {
    match language {
        Language::English => "English",
    }
}

pub(super) fn formats() -> AnyView {
    let prefs = cx().prefs;
    let hours = Choice {
        legend: T::TimeOfDay,
        more: None,
        name: "hours",
        options: vec![
            (Hours::TwentyFour.name(), T::HoursTwentyFour, None),
            (Hours::Twelve.name(), T::HoursTwelve, None),
        ],
        get: |now| now.hours.name(),
        set: |now, name| now.hours = Hours::from_name(name).unwrap_or_default(),
    };
    let dates = Choice {
        legend: T::Dates,
        more: None,
        name: "dates",
        options: vec![
            (Dates::DayMonth.name(), T::DatesDayMonth, None),
            (Dates::MonthDay.name(), T::DatesMonthDay, None),
            (Dates::Iso.name(), T::DatesIso, None),
        ],
        get: |now| now.dates.name(),
        set: |now, name| now.dates = Dates::from_name(name).unwrap_or_default(),
    };
    let decimal = Choice {
        legend: T::DecimalSign,
        more: None,
        name: "decimal",
        options: vec![
            (Decimal::Point.name(), T::DecimalPoint, None),
            (Decimal::Comma.name(), T::DecimalComma, None),
        ],
        get: |now| now.decimal.name(),
        set: |now, name| now.decimal = Decimal::from_name(name).unwrap_or_default(),
    };
    let languages = Language::ALL.iter().map(|language| {
        let chosen = prefs.now.with_untracked(|now| now.language == *language);
        view! { <option value=language.name() selected=chosen>{language_name(*language)}</option> }
    });
    view! {
        <section class="card" aria-labelledby="set-formats">
            <h2 id="set-formats">{t(T::LanguageAndFormats)}</h2>
            <label class="setting">
                <span>{t(T::Language)}</span>
                <select
                    class="select"
                    on:change=move |event| {
                        let name = event_target_value(&event);
                        prefs.change(|now| now.language = Language::from_name(&name).unwrap_or_default());
                    }
                >
                    {languages.collect_view()}
                </select>
            </label>
            {time_zone()}
            {choice(hours)}
            {choice(dates)}
            {choice(decimal)}
            {preview()}
        </section>
    }
    .into_any()
}

fn time_zone() -> AnyView {
    let cx = cx();
    let prefs = cx.prefs;
    // The browser knows the zones: until it is asked, the list holds what is needed to show the choice.
    let known = RwSignal::new(Vec::<String>::new());
    let own = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        known.set(zone::all());
        own.set(zone::own());
    });
    let chosen = Memo::new(move |_| prefs.now.with(|now| now.time_zone.clone()));
    let zones = move || {
        let mut zones = known.get();
        for needed in ["UTC".to_owned(), chosen.get()] {
            if !needed.is_empty() && !zones.contains(&needed) {
                zones.insert(0, needed);
            }
        }
        let option = |zone: String| {
            let selected = chosen.with_untracked(|chosen| *chosen == zone);
            view! { <option value=zone.clone() selected=selected>{zone.replace('_', " ")}</option> }
        };
        zones.into_iter().map(option).collect_view()
    };
    let own_words = move || match own.get() {
        Some(zone) => fill(T::ZoneBrowser, &[("zone", &zone.replace('_', " "))]),
        None => t(T::ZoneBrowserUnknown).to_owned(),
    };
    view! {
        <label class="setting">
            <span>{t(T::TimeZone)}</span>
            <select
                class="select"
                prop:value=move || {
                    known.track();
                    chosen.get()
                }
                on:change=move |event| {
                    let zone = event_target_value(&event);
                    prefs.change(|now| now.time_zone = zone);
                }
            >
                <option value="">{own_words}</option>
                {zones}
            </select>
        </label>
    }
    .into_any()
}

/// What the choices come to.
fn preview() -> AnyView {
    let cx = cx();
    let minute = Memo::new(move |_| cx.clock.now.get().0 / 60_000);
    let words = move || {
        minute.track();
        if !cx.clock.local.get() {
            return String::new();
        }
        cx.prefs.now.with(|preferences| {
            let now = cx.clock.now.get_untracked();
            let yesterday = wxa_model::UnixMillis(now.0.saturating_sub(86_400_000));
            let time = clock::local_time(now, now, preferences);
            let before = clock::local_time(yesterday, now, preferences);
            let size = format::bytes(Bytes::mib(1536));
            fill(
                T::FormatsPreview,
                &[("time", &time), ("before", &before), ("size", &size)],
            )
        })
    };
    view! { <p class="muted small">{words}</p> }.into_any()
}
