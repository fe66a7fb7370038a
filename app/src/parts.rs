//! The pages' code in parts: a browser loads what every page needs first, and the rest when a page of it is opened.
//!
//! `wasm-split` cuts the module at the functions marked here (decision 0039). A part is loaded before the page that
//! needs it is drawn, so drawing never waits: at the start by [`ready`], before hydration, and by [`crate::nav::Nav`] before
//! the address changes. On the server all code is there.
use crate::{
    boot, browser,
    components::{
        bulk::{BulkAsk, BulkSheet},
        confirm::Confirm,
        help::Help,
        palette::Palette,
        panel::Panel,
    },
    console::{ConsoleTools, Desk},
    cx::cx,
    frame::Page,
    pages::{
        account::AccountPage,
        audit::AuditPage,
        guest::GuestPage,
        help::HelpPage,
        host::HostPage,
        host_add::HostAddPage,
        overview::OverviewPage,
        settings::SettingsPage,
        status::StatusPages,
        system::SystemPage,
        task::TaskPage,
        tasks::TasksPage,
        user::UserPage,
        user_add::UserAddPage,
        users::UsersPage,
        vm::{VmPage, window::VmWindow},
    },
    routes::{Route, url::Url},
    steps,
    text::{T, t},
    transport,
    ui::{Tone, Ui},
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    future::Future,
    pin::pin,
    sync::atomic::{AtomicU8, Ordering},
    task::{Context, Poll, Waker},
    time::Duration,
};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use wxa_model::VmId;

/// Between two tries for what floats above the pages, or stands beside the list.
const AGAIN: Duration = Duration::from_secs(5);

/// After so long the overlays are loaded though nobody has touched the page.
const UNTOUCHED: Duration = Duration::from_secs(5);

/// The parts that are there, by the bit of their number.
static LOADED: AtomicU8 = AtomicU8::new(0);

/// A part of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A VM's or a host's pages.
    Objects,
    /// What opens first.
    Overview,
    /// Tasks, accounts, settings, the audit log and what else is opened now and then.
    Rest,
    /// Making status pages: much of its own, for few people.
    Status,
}

impl Part {
    /// The part that a page is in; none for what is always there.
    pub fn of(page: Page) -> Option<Self> {
        match page {
            Page::Vms | Page::Missing => None,
            Page::Overview => Some(Self::Overview),
            Page::Host(_) | Page::Vm(_) | Page::VmWindow(_) | Page::Guest => Some(Self::Objects),
            Page::StatusPages | Page::StatusPageNew | Page::Status(_) => Some(Self::Status),
            Page::HostAdd
            | Page::Tasks
            | Page::Task(_)
            | Page::Audit
            | Page::Users
            | Page::UserAdd
            | Page::User(_)
            | Page::Account
            | Page::System
            | Page::Settings
            | Page::Help => Some(Self::Rest),
        }
    }

    /// The part that the page at `url` is in, or that what stands beside it is.
    pub fn at(url: &Url) -> Option<Self> {
        let page = Page::of(Route::parse(&url.path));
        let has_panel = page == Page::Vms && url.get("sel").is_some();
        Self::of(page).or_else(|| has_panel.then_some(Self::Objects))
    }

    /// Its name in the manifest, by which the page's head names its files.
    #[cfg(feature = "ssr")]
    pub fn name(self) -> &'static str {
        match self {
            Self::Objects => "objects",
            Self::Overview => "overview",
            Self::Rest => "rest",
            Self::Status => "status",
        }
    }

    /// Whether it can be drawn at once.
    pub fn is_loaded(self) -> bool {
        cfg!(feature = "ssr") || LOADED.load(Ordering::Relaxed) & (1 << self as u8) != 0
    }

    /// Loads it. At once where it is there already.
    ///
    /// # Errors
    /// When it cannot be had: the connection is gone, or the server serves another build now.
    pub async fn load(self) -> Result<(), SplitLoaderError> {
        match self {
            Self::Objects => {
                // The marks of one part know of it one by one.
                load_objects().await?;
                load_panel().await?;
            }
            Self::Overview => load_overview().await?,
            Self::Rest => load_rest().await?,
            Self::Status => load_status().await?,
        }
        LOADED.fetch_or(1 << self as u8, Ordering::Relaxed);
        Ok(())
    }

    /// Draws a page of it, which must be loaded; nothing otherwise.
    pub fn draw(self, page: Page) -> AnyView {
        let drawn = match self {
            Self::Objects => at_once(objects(page)),
            Self::Overview => at_once(overview()),
            Self::Rest => at_once(rest(page)),
            Self::Status => at_once(status(page)),
        };
        drawn.and_then(Result::ok).unwrap_or_else(|| ().into_any())
    }
}

#[wasm_split(objects, fallible, preload(load_objects))]
fn objects(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Page::Host(id) => view! { <HostPage id=id/> }.into_any(),
        Page::Vm(id) => view! { <VmPage id=id/> }.into_any(),
        Page::Guest => view! { <GuestPage/> }.into_any(),
        Page::VmWindow(id) => view! { <VmWindow id=id/> }.into_any(),
        _ => ().into_any(),
    })
}

/// Details of a VM beside the list: made of what its page is made of.
#[wasm_split(objects, fallible, preload(load_panel))]
fn panel(id: VmId) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <Panel id=id/> }.into_any())
}

/// The details of the VM that is selected, as soon as their code is there. Where it cannot be had it is tried again after a
/// while; a server of another build is asked for the page, as at a link.
#[component]
pub fn Details(selected: Memo<Option<VmId>>) -> impl IntoView {
    let url = cx().nav.url;
    let ready = RwSignal::new(Part::Objects.is_loaded());
    let again = RwSignal::new(0u32);
    // From asking for the code until it may be asked for again: every key in the list selects another VM.
    let is_asked = StoredValue::new(false);
    Effect::new(move |_| {
        again.track();
        let is_wanted = selected.with(Option::is_some) && !ready.get();
        if !is_wanted || is_asked.get_value() {
            return;
        }
        is_asked.set_value(true);
        spawn_local(async move {
            if Part::Objects.load().await.is_ok() {
                let _ = ready.try_set(true);
                return;
            }
            let is_reached = transport::is_reached().await;
            // Nobody's page is thrown away for what is not wanted any more.
            let is_wanted = selected
                .try_get_untracked()
                .is_some_and(|selected| selected.is_some());
            if is_reached && is_wanted {
                let _ = window().location().set_href(&url.get_untracked().text());
            }
            let once_more = move || {
                is_asked.try_set_value(false);
                again.try_update(|n| *n = n.wrapping_add(1));
            };
            set_timeout(once_more, AGAIN);
        });
    });
    move || {
        let id = selected.get().filter(|_| ready.get())?;
        at_once(panel(id)).and_then(Result::ok)
    }
}

#[wasm_split(overview, fallible, preload(load_overview))]
fn overview() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <OverviewPage/> }.into_any())
}

#[wasm_split(rest, fallible, preload(load_rest))]
fn rest(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Page::HostAdd => view! { <HostAddPage/> }.into_any(),
        Page::Tasks => view! { <TasksPage/> }.into_any(),
        Page::Task(id) => view! { <TaskPage id=id/> }.into_any(),
        Page::Audit => view! { <AuditPage/> }.into_any(),
        Page::Users => view! { <UsersPage/> }.into_any(),
        Page::UserAdd => view! { <UserAddPage/> }.into_any(),
        Page::User(id) => view! { <UserPage id=id/> }.into_any(),
        Page::Account => view! { <AccountPage/> }.into_any(),
        Page::System => view! { <SystemPage/> }.into_any(),
        Page::Settings => view! { <SettingsPage/> }.into_any(),
        Page::Help => view! { <HelpPage/> }.into_any(),
        _ => ().into_any(),
    })
}

#[wasm_split(status, fallible, preload(load_status))]
fn status(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <StatusPages page=page/> }.into_any())
}

/// Loads what the page at the browser's address needs. Without it there is nothing to hydrate: the page stays as the server
/// made it, and its links lead to pages that the server makes.
///
/// # Errors
/// When it cannot be had.
pub async fn ready() -> Result<(), SplitLoaderError> {
    match Part::at(&boot::browser_url()) {
        Some(part) => part.load().await,
        None => Ok(()),
    }
}

/// What floats above the pages when it is asked for: none of it is there at first, and nobody asks before the page is touched, so
/// its code is loaded then.
#[component]
pub fn Overlays() -> impl IntoView {
    let ui = cx().ui;
    let loaded = RwSignal::new(false);
    Effect::new(move |_| {
        steps::at_last(move || {
            // What was typed ahead has touched the page before anybody listened, and is kept from whoever does.
            let first = if ui.palette.get_untracked() {
                Duration::ZERO
            } else {
                UNTOUCHED
            };
            browser::when_touched(first, move || load_until(ui, loaded));
        });
    });
    move || loaded.get().then(|| at_once(overlays()).and_then(Result::ok))
}

/// Loads the overlays, again after a while where they cannot be had: without them nobody is asked whether he is sure. What was to
/// be asked is given up then, and said to be.
fn load_until(ui: Ui, loaded: RwSignal<bool>) {
    spawn_local(async move {
        let is_loaded = Part::Rest.load().await.is_ok() && load_overlays().await.is_ok();
        if is_loaded {
            let _ = loaded.try_set(true);
            return;
        }
        if ui.close_all() {
            ui.say(Tone::Bad, t(T::PageNotLoaded), t(T::PageNotLoadedMore));
        }
        set_timeout(move || load_until(ui, loaded), AGAIN);
    });
}

/// In the part of what is opened now and then: a file of their own would be several, with what they share.
#[wasm_split(rest, fallible, preload(load_overlays))]
fn overlays() -> Result<AnyView, SplitLoaderError> {
    Ok(view! {
        <Palette/>
        <Confirm/>
        <BulkAsk/>
        <BulkSheet/>
        <Help/>
    }
    .into_any())
}

/// With the overlays: what a console needs now and then.
#[wasm_split(rest, fallible, preload(load_console_tools))]
fn console_tools(desk: Desk) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <ConsoleTools desk=desk/> }.into_any())
}

/// What a console needs now and then, as soon as it is wanted and its code is there. Where it cannot be had it is tried again after
/// a while, as long as it is wanted.
#[component]
pub fn ConsoleAside(desk: Desk) -> impl IntoView {
    // On the server nothing is wanted, and what was written there is what is hydrated.
    let ready = RwSignal::new(false);
    let again = RwSignal::new(0u32);
    let is_asked = StoredValue::new(false);
    let is_said = StoredValue::new(false);
    Effect::new(move |_| {
        again.track();
        if !desk.wants_tools() || ready.get() || is_asked.get_value() {
            return;
        }
        is_asked.set_value(true);
        spawn_local(async move {
            if Part::Rest.load().await.is_ok() && load_console_tools().await.is_ok() {
                let _ = ready.try_set(true);
                return;
            }
            if is_said.try_get_value() == Some(false) {
                is_said.set_value(true);
                desk.say_not_loaded();
            }
            let once_more = move || {
                is_asked.try_set_value(false);
                again.try_update(|n| *n = n.wrapping_add(1));
            };
            set_timeout(once_more, AGAIN);
        });
    });
    move || {
        ready
            .get()
            .then(|| at_once(console_tools(desk)).and_then(Result::ok))
    }
}

/// What a future that need not wait gives; none when it would.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
