//! The pages' code in parts: a browser loads what every page needs first, and the rest when a page of it is opened.
//!
//! `wasm-split` cuts the module at the functions marked here (decision 0039). A part is loaded before the page that
//! needs it is drawn, so drawing never waits: at the start by [`ready`], before hydration, and by [`crate::nav::Nav`] before
//! the address changes. On the server all code is there.
use crate::{
    boot,
    components::{
        bulk::{BulkAsk, BulkSheet},
        confirm::Confirm,
        help::Help,
        palette::Palette,
    },
    frame::Page,
    pages::{
        account::AccountPage, audit::AuditPage, help::HelpPage, host::HostPage, host_add::HostAddPage,
        overview::OverviewPage, settings::SettingsPage, system::SystemPage, task::TaskPage, tasks::TasksPage,
        user::UserPage, user_add::UserAddPage, users::UsersPage, vm::VmPage,
    },
    routes::{Route, url::Url},
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

/// Between two tries for what floats above the pages.
const AGAIN: Duration = Duration::from_secs(5);

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
}

impl Part {
    /// The part that a page is in; none for what is always there.
    pub fn of(page: Page) -> Option<Self> {
        match page {
            Page::Vms | Page::Missing => None,
            Page::Overview => Some(Self::Overview),
            Page::Host(_) | Page::Vm(_) => Some(Self::Objects),
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

    /// The part that the page at `url` is in.
    pub fn at(url: &Url) -> Option<Self> {
        Self::of(Page::of(Route::parse(&url.path)))
    }

    /// Its name in the manifest, by which the page's head names its files.
    #[cfg(feature = "ssr")]
    pub fn name(self) -> &'static str {
        match self {
            Self::Objects => "objects",
            Self::Overview => "overview",
            Self::Rest => "rest",
        }
    }

    /// Whether it can be drawn at once.
    pub fn is_loaded(self) -> bool {
        LOADED.load(Ordering::Relaxed) & (1 << self as u8) != 0
    }

    /// Loads it. At once where it is there already.
    ///
    /// # Errors
    /// When it cannot be had: the connection is gone, or the server serves another build now.
    pub async fn load(self) -> Result<(), SplitLoaderError> {
        match self {
            Self::Objects => load_objects().await?,
            Self::Overview => load_overview().await?,
            Self::Rest => load_rest().await?,
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
        };
        drawn.and_then(Result::ok).unwrap_or_else(|| ().into_any())
    }
}

#[wasm_split(objects, fallible, preload(load_objects))]
fn objects(page: Page) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        Page::Host(id) => view! { <HostPage id=id/> }.into_any(),
        Page::Vm(id) => view! { <VmPage id=id/> }.into_any(),
        _ => ().into_any(),
    })
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

/// What floats above the pages when it is asked for: none of it is there at first, so its code is loaded when the page
/// already lives.
#[component]
pub fn Overlays() -> impl IntoView {
    let loaded = RwSignal::new(false);
    Effect::new(move |_| load_until(loaded));
    move || loaded.get().then(|| at_once(overlays()).and_then(Result::ok))
}

/// Loads the overlays, again after a while where they cannot be had: without them nobody is asked whether he is sure.
fn load_until(loaded: RwSignal<bool>) {
    spawn_local(async move {
        // The marks of one part know of it one by one.
        let is_loaded = Part::Rest.load().await.is_ok() && load_overlays().await.is_ok();
        if is_loaded {
            let _ = loaded.try_set(true);
        } else {
            set_timeout(move || load_until(loaded), AGAIN);
        }
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

/// What a future that need not wait gives; none when it would.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
