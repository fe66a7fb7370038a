//! The console tab: how the guest booted, the terminal, what the connection is doing, who else is here, and keys that are hard to
//! type.
use super::{
    desk::{ConsoleView, ConsoleWish, Desk},
    keys::KEY_BAR,
    link::{ConsoleLink, Whose},
    presence::Presence,
    sticky::Modifier,
    strip::Strip,
    sysrq::SysrqKeys,
    toolbar::{Tool, Toolbar},
    way::ConsoleWay,
};
use crate::{cx::cx, parts::ConsoleAside};
use leptos::{html::Div, prelude::*};
use wxa_model::VmId;

/// The console of a VM. It connects by itself, replays what was missed, and goes on over reboots.
#[component]
pub fn ConsolePanel(
    /// Of which VM; of the control domain where it is a host's own.
    vm: VmId,
    /// Whose that is, for the words around it.
    #[prop(optional)]
    whose: Whose,
    /// By which way it is reached, where that is not the account's right.
    #[prop(optional)]
    way: Option<ConsoleWay>,
    /// Told when it is over: what stands around it must not say otherwise.
    #[prop(optional)]
    over: Option<RwSignal<bool>>,
) -> impl IntoView {
    let noun = whose.noun();
    let view = ConsoleView::new();
    let terminal = NodeRef::<Div>::new();
    let wish = connect(way.unwrap_or(ConsoleWay::Account(vm)), terminal, view);
    if let Some(over) = over {
        Effect::new(move |_| over.set(view.link.with(ConsoleLink::is_closed)));
    }
    let desk = Desk::new(cx(), vm, whose, view, wish);
    let theme = desk.cx.prefs.now.with_untracked(|now| now.console_theme.name());

    view! {
        <section class="console" class:console--past=move || desk.at.get().is_some() aria-label="Serial console">
            <Strip desk=desk/>
            <div class="console-stage">
                // While the terminal has focus every key belongs to the guest; the shell's shortcuts look for this mark.
                <div class="console-terminal" data-keys="guest" data-term=theme node_ref=terminal></div>
                <ConsoleAside desk=desk/>
            </div>
            <Presence vm=vm view=view act=wish/>
            <div class="console-bar">
                <p class=move || view.link.read().class() role="status">
                    {move || view.link.read().words(whose)}
                </p>
                <p class="console-facts">
                    {move || {
                        let (rows, cols) = view.size.get();
                        (cols > 0).then(|| format!("{cols} × {rows}"))
                    }}
                </p>
                <p class="console-facts" hidden=move || view.replayed.get() == 0>
                    {move || format!("replayed {}", wxa_model::Bytes(view.replayed.get()))}
                </p>
                <Toolbar desk=desk/>
            </div>
            <div
                class="console-keys"
                class:console-keys--none=move || desk.gate.hides()
                role="toolbar"
                aria-label=format!("Keys for the {noun}")
            >
                {hold(desk, Modifier::Ctrl, "Ctrl", "Ctrl for the next key")}
                {hold(desk, Modifier::Alt, "Alt", "Alt for the next key")}
                {KEY_BAR
                    .iter()
                    .map(|key| view! { <Tool label=key.label name=key.name hint=key.name act=wish kind=ConsoleWish::Send(key.sends) gate=desk.gate /> })
                    .collect_view()}
                <SysrqKeys desk=desk/>
                <p class="console-way-out">
                    {move || {
                        // Who only watches is in the terminal too, to scroll and to copy.
                        let goes = !desk.gate.hides();
                        goes.then(|| format!("All keys go to the {noun}. "))
                    }}
                    "Leave with " <kbd>"Ctrl"</kbd> " " <kbd>"Shift"</kbd> " " <kbd>"X"</kbd>
                </p>
            </div>
        </section>
    }
}

/// A key that stays down until the next one.
fn hold(desk: Desk, modifier: Modifier, label: &'static str, name: &'static str) -> AnyView {
    let is_down = move || desk.view.sticky.get().has(modifier);
    view! {
        <button
            type="button"
            class="console-tool"
            hidden=move || desk.gate.hides()
            aria-disabled=move || desk.gate.disables()
            title=move || desk.gate.title(name)
            aria-label=name
            aria-pressed=move || if is_down() { "true" } else { "false" }
            on:click=move |_| desk.act.run(ConsoleWish::Hold(modifier))
        >
            {label}
        </button>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn connect(way: ConsoleWay, terminal: NodeRef<Div>, view: ConsoleView) -> Callback<ConsoleWish> {
    use super::browser::{Session, look};
    let cx = cx();
    let wanted = Memo::new(move |_| look(cx));
    // Local storage: the terminal belongs to this thread and ends with this component.
    let session = StoredValue::new_local(None::<Session>);
    Effect::new(move |_| {
        if let Some(element) = terminal.get() {
            let look = wanted.get_untracked();
            session.set_value(Some(Session::start(way.clone(), element.into(), view, look)));
        }
    });
    Effect::new(move |before: Option<()>| {
        let look = wanted.get();
        if before.is_some() {
            session.with_value(|session| {
                if let Some(session) = session {
                    session.set_look(look);
                }
            });
        }
    });
    Callback::new(move |wish| {
        // Wishes of timers may come when the page was left.
        let _ = session.try_with_value(|session| {
            if let Some(session) = session {
                session.grant(wish);
            }
        });
    })
}

#[cfg(not(feature = "hydrate"))]
fn connect(_way: ConsoleWay, _terminal: NodeRef<Div>, _view: ConsoleView) -> Callback<ConsoleWish> {
    Callback::new(|_| {})
}
