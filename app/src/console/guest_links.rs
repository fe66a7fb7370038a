//! Guest links to a console: making one, seeing which are open, taking them back.
use super::desk::Desk;
use crate::{
    browser, clock,
    components::{dialog::Dialog, shown_once::ShownOnce},
    cx::{Cx, cx},
    fetched::Fetched,
    text::{T, fill, plural, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{Permission, UnixMillis, VmId, VmRole};
use wxa_wire::{
    Operation,
    console::links::{ConsoleLinkCreated, ConsoleLinkParams, ConsoleLinkView},
    operation::{ConsoleLinkCreate, ConsoleLinkList, ConsoleLinkRevoke},
};

/// For how long a link can be made, in minutes.
const TIMES: [u32; 6] = [15, 60, 4 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60];
/// What is proposed.
const TIME_USUAL: u32 = 60;
/// The longest name that the server takes.
const NAME_MOST: u32 = 60;

/// The button that opens the dialog, for those who may make links.
#[component]
pub(super) fn GuestLinksButton(desk: Desk) -> impl IntoView {
    let cx = desk.cx;
    let may = Memo::new(move |_| {
        cx.live.vm_now(desk.vm).is_some_and(|vm| match vm.role {
            VmRole::Guest => cx.may(Permission::ShareConsole, &vm),
            VmRole::ControlDomain => cx.may_administer_host(vm.host),
        })
    });
    view! {
        <button
            type="button"
            class="console-tool"
            hidden=move || !may.get()
            title=t(T::GuestLinksHint)
            aria-haspopup="dialog"
            on:click=move |_| desk.view.sharing.set(true)
        >
            {t(T::GuestLinks)}
        </button>
    }
}

/// The dialog.
#[component]
pub(super) fn GuestLinksDialog(desk: Desk) -> impl IntoView {
    let close = Callback::new(move |()| desk.view.sharing.set(false));
    view! {
        <Dialog label=t(T::GuestLinks) class="guest-links" open=desk.view.sharing on_close=close>
            <Inside vm=desk.vm on_done=close/>
        </Dialog>
    }
}

/// What the dialog shows while it is open.
#[component]
fn Inside(vm: VmId, on_done: Callback<()>) -> impl IntoView {
    let cx = cx();
    let links = Fetched::<Vec<ConsoleLinkView>>::new(ConsoleLinkList::ROW.path_for(&vm));
    let fresh = RwSignal::new(None::<ConsoleLinkCreated>);
    view! {
        <h2>{t(T::GuestLinks)}</h2>
        <p class="muted small">{t(T::GuestLinksIntro)}</p>
        {move || fresh.get().map(|made| shown(cx, made, fresh))}
        {links.view("key", move |list| table(cx, links, list))}
        {form(vm, links, fresh)}
        <div class="dialog-acts">
            <button type="button" class="btn" on:click=move |_| on_done.run(())>{t(T::Close)}</button>
        </div>
    }
    .into_any()
}

fn shown(cx: Cx, made: ConsoleLinkCreated, fresh: RwSignal<Option<ConsoleLinkCreated>>) -> AnyView {
    let when = moment(cx, made.link.until);
    view! {
        <ShownOnce
            label=t(T::GuestLinkMade)
            text=fill(T::GuestLinkSend, &[("name", &made.link.name), ("when", &when)])
            secret=browser::address_of(&made.path)
            on_done=Callback::new(move |()| fresh.set(None))
        />
    }
    .into_any()
}

fn table(cx: Cx, links: Fetched<Vec<ConsoleLinkView>>, list: Vec<ConsoleLinkView>) -> AnyView {
    if list.is_empty() {
        return view! { <p>{t(T::GuestLinksNone)}</p> }.into_any();
    }
    let problem = RwSignal::new(String::new());
    let row = move |link: ConsoleLinkView| {
        let may = if link.typing {
            T::GuestLinkType
        } else {
            T::GuestLinkWatch
        };
        let until = fill(T::GuestLinkUntil, &[("when", &moment(cx, link.until))]);
        let by = fill(T::GuestLinkBy, &[("name", &link.by)]);
        let looking = usize::try_from(link.open).unwrap_or(usize::MAX);
        let looking = (looking > 0).then(|| plural(T::GuestLinkOpen, looking));
        let label = fill(T::GuestLinkRevokeOf, &[("name", &link.name)]);
        let id = link.id;
        let revoke = move |_| {
            spawn_local(async move {
                match transport::call::<ConsoleLinkRevoke>(id, &()).await {
                    Ok(()) => links.reload(),
                    Err(body) => problem.set(words::error(&body).detail),
                }
            });
        };
        view! {
            <li>
                <b>{link.name.clone()}</b>
                <span>{t(may)}</span>
                <span class="muted">{until}", "{by}</span>
                <span>{looking}</span>
                <button type="button" class="btn" aria-label=label on:click=revoke>{t(T::GuestLinkRevoke)}</button>
            </li>
        }
    };
    view! {
        <ul class="guest-links-list" aria-label=t(T::GuestLinks)>{list.into_iter().map(row).collect_view()}</ul>
        <p class="problem" role="alert">{move || problem.get()}</p>
    }
    .into_any()
}

fn form(
    vm: VmId,
    links: Fetched<Vec<ConsoleLinkView>>,
    fresh: RwSignal<Option<ConsoleLinkCreated>>,
) -> AnyView {
    let name = RwSignal::new(String::new());
    let minutes = RwSignal::new(TIME_USUAL);
    let typing = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let params = ConsoleLinkParams {
            name: name.get_untracked().trim().to_owned(),
            kind: None,
            minutes: minutes.get_untracked(),
            typing: typing.get_untracked(),
        };
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<ConsoleLinkCreate>(vm, &params).await {
                Ok(made) => {
                    name.set(String::new());
                    fresh.set(Some(made));
                    links.reload();
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    let time = |one: u32| {
        view! { <option value=one.to_string() selected=one == TIME_USUAL>{duration(one)}</option> }
    };
    view! {
        <form class="form" on:submit=make>
            <label>
                {t(T::GuestLinkFor)}
                <span class="field">
                    <input
                        required=true
                        maxlength=NAME_MOST
                        autocomplete="off"
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </span>
                <small class="muted">{t(T::GuestLinkForHint)}</small>
            </label>
            <div class="pair">
                <label>
                    {t(T::GuestLinkTime)}
                    <select class="field" on:change=move |event| {
                        minutes.set(event_target_value(&event).parse().unwrap_or(TIME_USUAL));
                    }>{TIMES.map(time).collect_view()}</select>
                </label>
                <label>
                    {t(T::GuestLinkMay)}
                    <select class="field" on:change=move |event| typing.set(event_target_value(&event) == "type")>
                        <option value="watch">{t(T::GuestLinkWatch)}</option>
                        <option value="type">{t(T::GuestLinkType)}</option>
                    </select>
                </label>
            </div>
            <p class="problem" role="alert">{move || problem.get()}</p>
            <button type="submit" class="btn primary" disabled=move || busy.get()>{t(T::GuestLinkMake)}</button>
        </form>
    }
    .into_any()
}

fn moment(cx: Cx, at: UnixMillis) -> String {
    let now = cx.clock.now.get_untracked();
    cx.prefs
        .now
        .with_untracked(|prefs| clock::local_time(at, now, prefs))
}

/// `15 minutes`, `4 hours`, `7 days`.
fn duration(minutes: u32) -> String {
    let (key, n) = match minutes {
        0..60 => (T::GuestMinutes, minutes),
        60..1440 => (T::GuestHours, minutes / 60),
        _ => (T::GuestDays, minutes / 1440),
    };
    plural(key, usize::try_from(n).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_unit_that_fits() {
        assert_eq!(
            TIMES.map(duration),
            ["15 minutes", "1 hour", "4 hours", "1 day", "3 days", "7 days"]
        );
    }
}
