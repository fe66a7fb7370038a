//! What one does with a terminal beside typing: the tools in the bar under it.
use super::{
    desk::{ConsoleWish, Desk, Side},
    guest_links::GuestLinksButton,
    typing::Gate,
};
use crate::{
    components::icon::icon,
    routes::Route,
    text::{C, T, c, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{HostKind, Permission, Preferences, VmRole, preferences::ConsoleTheme};
use wxa_wire::{ConsoleFormat, operation::ConsoleRelease};

/// The size of a window of a console.
const WINDOW: &str = "popup,width=1000,height=680";

/// The tools.
#[component]
pub(super) fn Toolbar(desk: Desk) -> impl IntoView {
    let act = desk.act;
    let noun = desk.whose.noun();
    let may_read = desk.marks.is_some();
    let is_open = move |side| desk.side.get() == Some(side);
    view! {
        <div class="console-tools" role="toolbar" aria-label="Console tools">
            {may_read.then(|| view! { <GuestLinksButton desk=desk/> })}
            <Tool label="Copy" name="Copy" hint="Copy the selection (Ctrl+Shift+C)" act=act kind=ConsoleWish::Copy />
            <Tool label="Paste…" name="Paste…" hint=format!("Type the clipboard's text into the {noun} (Ctrl+Shift+V)") act=act kind=ConsoleWish::Paste gate=desk.gate />
            {may_read.then(|| view! {
                <button
                    type="button"
                    class="console-tool"
                    title=c(C::SearchTitle)
                    aria-label=c(C::SearchTitle)
                    aria-pressed=move || if is_open(Side::Search) { "true" } else { "false" }
                    on:click=move |_| desk.toggle(Side::Search)
                >
                    {icon("search")}
                </button>
                {downloads(desk)}
                <button
                    type="button"
                    class="console-tool"
                    title=c(C::LinkHere)
                    aria-label=c(C::LinkHere)
                    on:click=move |_| desk.copy_link(desk.at.get_untracked().unwrap_or(desk.view.offset.get_untracked()))
                >
                    {icon("link")}
                </button>
            })}
            {look(desk)}
            {may_read.then(|| pop_out(desk))}
            <button
                type="button"
                class="console-tool"
                title="Full screen (Esc leaves)"
                aria-label="Full screen"
                on:click=move |_| act.run(ConsoleWish::FullScreen)
            >
                {icon("full")}
            </button>
        </div>
    }
    .into_any()
}

fn downloads(desk: Desk) -> AnyView {
    let item = |format, label| {
        let href = move || desk.download(format, None, None);
        view! { <a class="btn quiet menu-item" href=href download>{c(label)}</a> }
    };
    view! {
        <details class="menu console-menu">
            <summary class="console-tool" title=c(C::Download) aria-label=c(C::Download)>{icon("download")}</summary>
            <div class="menu-list">
                <p class="menu-head">{c(C::DownloadMore)}</p>
                {item(ConsoleFormat::Text, C::DownloadText)}
                {item(ConsoleFormat::Raw, C::DownloadRaw)}
                {item(ConsoleFormat::Asciicast, C::DownloadCast)}
            </div>
        </details>
    }
    .into_any()
}

/// How it looks, and what helps in some cases.
fn look(desk: Desk) -> AnyView {
    let prefs = desk.cx.prefs;
    let act = desk.act;
    let grow = move |by: i8| {
        prefs.change(|now| {
            let font = now.console_font_px.saturating_add_signed(by);
            now.console_font_px = font.clamp(*Preferences::FONT_PX.start(), *Preferences::FONT_PX.end());
        });
    };
    let theme = |theme: ConsoleTheme| {
        let is_chosen = move || prefs.now.with(|now| now.console_theme == theme);
        view! {
            <button
                type="button"
                class="btn quiet menu-item"
                aria-pressed=move || if is_chosen() { "true" } else { "false" }
                on:click=move |_| prefs.change(|now| now.console_theme = theme)
            >
                {t(theme_name(theme))}
            </button>
        }
    };
    let noun = desk.whose.noun();
    view! {
        <details class="menu console-menu">
            <summary class="console-tool" title=c(C::Look) aria-label=c(C::Look)>{icon("settings")}</summary>
            <div class="menu-list">
                <div class="keep-open console-font" role="group" aria-label=t(T::FontSize)>
                    <span class="small muted grow">
                        {t(T::FontSize)} " " {move || prefs.now.with(|now| now.console_font_px)}
                    </span>
                    <button type="button" class="btn sq" aria-label=c(C::FontSmaller) on:click=move |_| grow(-1)>"−"</button>
                    <button type="button" class="btn sq" aria-label=c(C::FontLarger) on:click=move |_| grow(1)>"+"</button>
                </div>
                <div class="keep-open" role="group" aria-label=t(T::ConsoleColours)>
                    <p class="menu-head">{t(T::ConsoleColours)}</p>
                    {ConsoleTheme::ALL.iter().map(|one| theme(*one)).collect_view()}
                </div>
                <p class="menu-head">{c(C::Help)}</p>
                <button
                    type="button"
                    class="btn quiet menu-item"
                    hidden=move || desk.gate.hides()
                    aria-disabled=move || desk.gate.disables()
                    title=move || desk.gate.title(c(C::TellSizeMore))
                    on:click=move |_| act.run(ConsoleWish::TellSize)
                >
                    {c(C::TellSize)}
                </button>
                <button
                    type="button"
                    class="btn quiet menu-item"
                    title=format!("Read the {noun}'s output aloud")
                    aria-pressed=move || if prefs.now.with(|now| now.console_screen_reader) { "true" } else { "false" }
                    on:click=move |_| {
                        prefs.change(|now| now.console_screen_reader = !now.console_screen_reader);
                        act.run(ConsoleWish::Focus);
                    }
                >
                    {c(C::ScreenReader)}
                </button>
                {may_release(desk).then(|| view! {
                    <button
                        type="button"
                        class="btn quiet menu-item"
                        title=c(C::ReleaseMore)
                        on:click=move |_| release(desk)
                    >
                        {c(C::Release)}
                    </button>
                })}
            </div>
        </details>
    }
    .into_any()
}

/// Only where a console has one reader there is somebody to let go for.
fn may_release(desk: Desk) -> bool {
    let cx = desk.cx;
    untrack(|| cx.live.vm_now(desk.vm)).is_some_and(|vm| {
        let is_plain = untrack(|| cx.live.kind(vm.host)) == HostKind::Plain;
        is_plain && vm.role == VmRole::Guest && cx.may(Permission::Console, &vm)
    })
}

/// Lets go of the guest for a minute.
fn release(desk: Desk) {
    spawn_local(async move {
        match transport::call::<ConsoleRelease>(desk.vm, &()).await {
            Ok(()) => desk.cx.ui.say(Tone::Good, c(C::Released), c(C::ReleaseMore)),
            Err(body) => {
                let words = words::error(&body);
                desk.cx.ui.say(Tone::Bad, words.title, words.detail);
            }
        }
    });
}

/// What a theme is called.
pub fn theme_name(theme: ConsoleTheme) -> T {
    match theme {
        ConsoleTheme::Dark => T::ConsoleDark,
        ConsoleTheme::Light => T::ConsoleLight,
        ConsoleTheme::Green => T::ConsoleGreen,
        ConsoleTheme::Contrast => T::ConsoleContrast,
    }
}

/// A window of its own, with nothing but the console.
fn pop_out(desk: Desk) -> AnyView {
    let path = Route::VmWindow(desk.vm).path();
    let here = desk.cx.nav.url.with_untracked(|url| url.path.clone());
    if here == path {
        return ().into_any();
    }
    let name = format!("console-{}", desk.vm);
    let address = path.clone();
    let open = move |event: leptos::ev::MouseEvent| {
        // Where the browser opens no such window, the link is followed as it is.
        let opened = window().open_with_url_and_target_and_features(&address, &name, WINDOW);
        if matches!(opened, Ok(Some(_))) {
            event.prevent_default();
        }
    };
    let title = c(C::OpenWindow);
    view! {
        <a class="console-tool" href=path target="_blank" title=title aria-label=title on:click=open>
            {icon("external")}
        </a>
    }
    .into_any()
}

/// A button with a word.
#[component]
pub(super) fn Tool(
    label: &'static str,
    /// What screen readers say; it begins with the label.
    name: &'static str,
    #[prop(into)] hint: String,
    act: Callback<ConsoleWish>,
    kind: ConsoleWish,
    /// Of one that types.
    #[prop(optional)]
    gate: Option<Gate>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="console-tool"
            hidden=move || gate.is_some_and(Gate::hides)
            aria-disabled=move || gate.and_then(Gate::disables)
            title=move || gate.map_or_else(|| hint.clone(), |gate| gate.title(&hint))
            aria-label=name
            on:click=move |_| act.run(kind.clone())
        >
            {label}
        </button>
    }
}
