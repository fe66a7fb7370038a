//! How consoles look, and whether they are read aloud: they are opened with it, those that are open stay as they are.
use crate::{
    console::theme_name,
    cx::cx,
    text::{T, t},
};
use leptos::{html, prelude::*};
use wxa_model::{Preferences, preferences::ConsoleTheme};

pub(super) fn console() -> AnyView {
    let prefs = cx().prefs;
    view! {
        <section class="card" aria-labelledby="set-console">
            <h2 id="set-console">{t(T::Console)}</h2>
            {number(
                T::FontSize,
                (*Preferences::FONT_PX.start()).into(),
                (*Preferences::FONT_PX.end()).into(),
                1,
                |now| now.console_font_px.into(),
                |now, value| now.console_font_px = u8::try_from(value).unwrap_or(0),
            )}
            {number(
                T::Scrollback,
                *Preferences::SCROLLBACK.start(),
                *Preferences::SCROLLBACK.end(),
                100,
                |now| now.console_scrollback,
                |now, value| now.console_scrollback = value,
            )}
            {themes()}
            {read_aloud()}
            <Sample size=Signal::derive(move || prefs.now.with(|now| now.console_font_px))/>
        </section>
    }
    .into_any()
}

fn themes() -> AnyView {
    let prefs = cx().prefs;
    let option = |theme: ConsoleTheme| {
        let is_chosen = Memo::new(move |_| prefs.now.with(|now| now.console_theme == theme));
        view! {
            <label class="option">
                <input
                    type="radio"
                    name="console-theme"
                    checked=is_chosen.get_untracked()
                    prop:checked=move || is_chosen.get()
                    on:change=move |_| prefs.change(|now| now.console_theme = theme)
                />
                <span>{t(theme_name(theme))}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choice">
            <legend>{t(T::ConsoleColours)}</legend>
            <div class="options">{ConsoleTheme::ALL.iter().map(|theme| option(*theme)).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn read_aloud() -> AnyView {
    let prefs = cx().prefs;
    let is_on = Memo::new(move |_| prefs.now.with(|now| now.console_screen_reader));
    view! {
        <div class="choice">
            <div class="options">
                <label class="option">
                    <input
                        type="checkbox"
                        checked=is_on.get_untracked()
                        prop:checked=move || is_on.get()
                        on:change=move |event| prefs.change(|now| now.console_screen_reader = event_target_checked(&event))
                    />
                    <span>{t(T::ConsoleAloud)}</span>
                </label>
            </div>
        </div>
    }
    .into_any()
}

fn number(
    label: T,
    least: u32,
    most: u32,
    step: u32,
    get: fn(&Preferences) -> u32,
    set: fn(&mut Preferences, u32),
) -> AnyView {
    let prefs = cx().prefs;
    view! {
        <label class="setting">
            <span>{t(label)}</span>
            <span class="field">
                <input
                    type="number"
                    inputmode="numeric"
                    min=least
                    max=most
                    step=step
                    value=prefs.now.with_untracked(get)
                    prop:value=move || prefs.now.with(get).to_string()
                    on:change=move |event| {
                        // What is no number is out of every range, and refused with the range.
                        let value = event_target_value(&event).trim().parse().unwrap_or(0);
                        prefs.change(|now| set(now, value));
                        // What was refused goes back to what is applied.
                        let applied = prefs.now.with_untracked(get);
                        event_target::<web_sys::HtmlInputElement>(&event).set_value(&applied.to_string());
                    }
                />
            </span>
        </label>
    }
    .into_any()
}

/// A line in the console's letters. Its size is set through the CSSOM: the style policy allows no style attributes.
#[component]
fn Sample(size: Signal<u8>) -> impl IntoView {
    let prefs = cx().prefs;
    let node = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        let size = size.get();
        if let Some(line) = node.get() {
            let line: &web_sys::HtmlElement = &line;
            let _ = line.style().set_property("font-size", &format!("{size}px"));
        }
    });
    view! {
        <p
            class="term-sample"
            role="img"
            aria-label=t(T::SettingsSample)
            data-term=move || prefs.now.with(|now| now.console_theme.name())
            node_ref=node
        >
            "root@web-01:~# uptime"
            <br/>
            " 14:19:07 up 5 days,  load average: 0.08, 0.03, 0.01"
        </p>
    }
    .into_any()
}
