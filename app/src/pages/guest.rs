//! The page of a guest link: one console, and what its guest may do there.
use crate::{
    components::icon::icon,
    console::{ConsolePanel, ConsoleWay},
    cx::cx,
    format,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_wire::console::links::ConsoleGuestView;

/// The page; of a link that opens nothing it says that.
#[component]
pub fn GuestPage() -> impl IntoView {
    let cx = cx();
    let (guest, is_busy) = cx
        .boot
        .with_value(|boot| (boot.guest.clone(), boot.problem.is_some()));
    let content = match guest {
        Some(guest) => opened(guest),
        None => {
            let (title, text) = if is_busy {
                (T::GuestBusy, T::GuestBusyMore)
            } else {
                (T::GuestGone, T::GuestGoneMore)
            };
            view! {
                <main id="main">
                    <div class="empty">
                        {icon("key")}
                        <h1>{t(title)}</h1>
                        <p class="muted">{t(text)}</p>
                    </div>
                </main>
            }
            .into_any()
        }
    };
    view! { <div class="guest">{content}</div> }.into_any()
}

fn opened(guest: ConsoleGuestView) -> AnyView {
    let cx = cx();
    let path = cx.nav.url.with_untracked(|url| url.path.clone());
    let until = guest.until;
    let left = move || {
        let span = format::span(until.0.saturating_sub(cx.clock.now.get().0));
        fill(T::GuestEndsIn, &[("span", &span)])
    };
    let may = if guest.typing {
        T::GuestMayType
    } else {
        T::GuestMayWatch
    };
    let over = RwSignal::new(false);
    let standing = move || match over.get() {
        true => t(T::GuestClosed).to_owned(),
        false => format!("{} · {}", left(), t(may)),
    };
    view! {
        <header class="guest-head">
            <p class="brand">{icon("logo")}"WebXenAdmin"</p>
            <h1>{guest.vm.clone()}</h1>
            <p class="muted">
                {fill(T::GuestOf, &[("name", &guest.name), ("by", &guest.by)])} " · " {standing}
            </p>
        </header>
        <main id="main" class="guest-main">
            <ConsolePanel vm=guest.id way=ConsoleWay::Link(path) over=over/>
        </main>
    }
    .into_any()
}
