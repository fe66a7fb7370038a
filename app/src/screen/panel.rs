//! The screen of a VM: picture, how the connection stands, who else is here, and tools.
use super::{
    combos::{COMBOS, Combo},
    layout::Plan,
    link::Link,
    paste::Paste,
    people::People,
};
use crate::{
    cx::cx,
    text::{T, fill, t},
};
use leptos::{html::Div, prelude::*};
use wxa_model::{Permission, VmId};

/// What the panel shows; the browser part writes it.
#[derive(Clone, Copy)]
pub(super) struct ScreenView {
    pub link: RwSignal<Link>,
    pub people: RwSignal<People>,
    /// Width and height in pixels.
    pub size: RwSignal<(u32, u32)>,
    /// How many keys of a text were typed, of how many; none while none is typed.
    pub typing: RwSignal<Option<(usize, usize)>>,
    /// What was copied in the guest last.
    pub heard: RwSignal<Option<String>>,
    /// Whether the guest takes texts for its clipboard.
    pub takes: RwSignal<bool>,
    /// Whether the picture is made to fit.
    pub fits: RwSignal<bool>,
}

/// What the tools ask of the screen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ScreenWish {
    /// Press these.
    Press(&'static Combo),
    /// Type that, so many milliseconds between two keys.
    Type(Plan, u32),
    /// Type no further.
    Stop,
    /// The guest's clipboard to the reader's.
    CopyOut,
    /// The reader's to the guest's.
    CopyIn,
    /// Whether the picture is made to fit.
    Fit(bool),
    /// A picture, as a file of that name.
    Save(String),
    FullScreen,
}

/// The screen of a VM. It connects by itself, and goes on over reboots and migrations.
#[component]
pub fn ScreenPanel(
    /// Of which VM.
    vm: VmId,
    /// Its name.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let view = ScreenView {
        link: RwSignal::new(Link::Loading),
        people: RwSignal::new(People::default()),
        size: RwSignal::new((0, 0)),
        typing: RwSignal::new(None),
        heard: RwSignal::new(None),
        takes: RwSignal::new(false),
        fits: RwSignal::new(true),
    };
    let node = NodeRef::<Div>::new();
    let wish = connect(vm, node, view);
    let pasting = RwSignal::new(false);
    // Before the server has told: by the account's rights.
    let cx = cx();
    let acts = Memo::new(move |_| {
        let may = || {
            cx.live
                .vm_now(vm)
                .is_none_or(|vm| cx.may(Permission::Console, &vm))
        };
        view.people.read().acts().unwrap_or_else(may)
    });
    Effect::new(move |_| {
        if !acts.get() {
            pasting.set(false);
        }
    });
    let is_shown = move || *view.link.read() == Link::Shown;
    let looks = move || !acts.get();
    let others = move || view.people.read().others();
    let fit = move |_| {
        let fits = !view.fits.get_untracked();
        view.fits.set(fits);
        wish.run(ScreenWish::Fit(fits));
    };
    let save = move |_| {
        wish.run(ScreenWish::Save(format!(
            "{}.png",
            file_name(&name.get_untracked())
        )))
    };
    view! {
        <section class="console screen" aria-label=move || fill(T::ScreenOf, &[("name", &name.get())])>
            // While the picture has focus every key belongs to the guest; the shell's shortcuts look for this mark.
            <div
                class="screen-picture"
                class:screen-picture--stale=move || !is_shown()
                data-keys="guest"
                aria-label=move || fill(T::ScreenOf, &[("name", &name.get())])
                node_ref=node
            ></div>
            <div class="console-bar">
                <p class=move || view.link.read().class() role="status">{move || view.link.read().words()}</p>
                <p class="console-facts">
                    {move || {
                        let (width, height) = view.size.get();
                        (width > 0).then(|| format!("{width} × {height}"))
                    }}
                </p>
                <p class="console-facts" hidden=move || others().is_none()>{others}</p>
                <div class="console-tools" role="toolbar" aria-label=t(T::ScreenTools)>
                    <Tool label=T::ScreenFit hint=T::ScreenFitMore pressed=view.fits act=fit/>
                    <Tool label=T::ScreenSave hint=T::ScreenSaveMore act=save/>
                    <Tool label=T::ScreenFull hint=T::ScreenFullMore act=move |_| wish.run(ScreenWish::FullScreen)/>
                </div>
            </div>
            <div class="console-keys screen-keys" role="toolbar" aria-label=t(T::ScreenKeys) hidden=looks>
                {keys(wish)}
                <Tool label=T::ScreenPaste hint=T::ScreenPasteMore act=move |_| pasting.set(true)/>
                <span hidden=move || view.heard.read().is_none()>
                    <Tool label=T::ScreenCopyOut hint=T::ScreenCopyOutMore act=move |_| wish.run(ScreenWish::CopyOut)/>
                </span>
                <span hidden=move || !view.takes.get()>
                    <Tool label=T::ScreenCopyIn hint=T::ScreenCopyInMore act=move |_| wish.run(ScreenWish::CopyIn)/>
                </span>
                <span class="screen-typing" hidden=move || view.typing.get().is_none()>
                    <span role="progressbar" aria-valuemin="0"
                        aria-valuemax=move || view.typing.get().map(|(_, all)| all)
                        aria-valuenow=move || view.typing.get().map(|(n, _)| n)
                    >
                        {move || view.typing.get().map(|(n, all)| fill(T::ScreenTyping, &[("n", &n), ("all", &all)]))}
                    </span>
                    <button type="button" class="console-tool" on:click=move |_| wish.run(ScreenWish::Stop)>
                        {t(T::ScreenStop)}
                    </button>
                </span>
                <p class="console-way-out">
                    {t(T::ScreenWayOut)} <kbd>"Ctrl"</kbd> " " <kbd>"Shift"</kbd> " " <kbd>"X"</kbd>
                </p>
            </div>
            <p class="screen-looks" hidden=move || !looks()>{t(T::ScreenYouLook)}</p>
            <Paste open=pasting name=name act=wish/>
        </section>
    }
    .into_any()
}

/// The first combination as a button, all of them in a menu.
fn keys(wish: Callback<ScreenWish>) -> AnyView {
    let button = move |combo: &'static Combo, class: &'static str| {
        let hint = fill(T::ScreenPress, &[("keys", &combo.label)]);
        view! {
            <button type="button" class=class title=hint on:click=move |_| wish.run(ScreenWish::Press(combo))>
                {combo.label}
            </button>
        }
    };
    let first = COMBOS.first().map(|combo| button(combo, "console-tool"));
    let others = COMBOS.iter().skip(1).map(|combo| button(combo, "btn menu-item"));
    view! {
        {first}
        <details class="menu menu--up">
            <summary class="console-tool" title=t(T::ScreenKeysMore)>{t(T::ScreenKeys)} " ▴"</summary>
            <div class="menu-list screen-combos" role="group" aria-label=t(T::ScreenKeysMore)>{others.collect_view()}</div>
        </details>
    }
    .into_any()
}

#[component]
fn Tool(
    label: T,
    hint: T,
    /// Whether it is on, where it is a switch.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    act: impl Fn(leptos::ev::MouseEvent) + 'static,
) -> impl IntoView {
    let is_pressed = move || pressed.map(|pressed| if pressed.get() { "true" } else { "false" });
    view! {
        <button type="button" class="console-tool" title=t(hint) aria-pressed=is_pressed on:click=act>
            {t(label)}
        </button>
    }
    .into_any()
}

/// A name as part of a file's.
fn file_name(name: &str) -> String {
    let keeps = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let kept: String = name
        .chars()
        .map(|c| if keeps(c) { c } else { '-' })
        .take(64)
        .collect();
    match kept.trim_matches('.') {
        "" => "screen".to_owned(),
        kept => kept.to_owned(),
    }
}

#[cfg(feature = "hydrate")]
fn connect(vm: VmId, node: NodeRef<Div>, view: ScreenView) -> Callback<ScreenWish> {
    use super::browser::Session;
    // Local storage: the screen belongs to this thread and ends with this component.
    let session = StoredValue::new_local(None::<Session>);
    Effect::new(move |_| {
        if let Some(element) = node.get() {
            session.set_value(Some(Session::start(vm, element.into(), view)));
        }
    });
    Callback::new(move |wish| {
        session.with_value(|session| {
            if let Some(session) = session {
                session.grant(wish);
            }
        });
    })
}

#[cfg(not(feature = "hydrate"))]
fn connect(_vm: VmId, _node: NodeRef<Div>, _view: ScreenView) -> Callback<ScreenWish> {
    Callback::new(|_| {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pictures_name_is_one_that_a_file_can_have() {
        assert_eq!(file_name("web-01"), "web-01");
        assert_eq!(file_name("../../etc/passwd"), "-..-etc-passwd");
        assert_eq!(file_name(".."), "screen");
        assert_eq!(file_name("ä b"), "ä-b");
    }
}
