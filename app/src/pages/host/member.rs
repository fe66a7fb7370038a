//! A pool's member: what it says about itself, and how much of it is in use. What is registered is its pool: credentials and
//! settings are there.
use super::{
    facts::{list, tiles},
    said::Said,
};
use crate::{
    charts::{Of, STRIP, Strip},
    components::{icon::icon, reported::ReportedAbout, when::Age},
    console::{ConsolePanel, Whose},
    cx::cx,
    pages::missing::Missing,
    routes::{HostTab, Route},
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{Host, HostId, Link, UnixMillis, pool_details::MessageAbout};

#[component]
pub(super) fn Overview(id: HostId) -> impl IntoView {
    let cx = cx();
    let host = Memo::new(move |_| cx.live.host(id));
    let facts = Memo::new(move |_| host.with(|host| host.as_ref().and_then(|host| host.facts.clone())));
    let pool = Memo::new(move |_| {
        let pool = cx.live.pool_of(host.get().as_deref()?)?;
        Some((pool.id, pool.name.clone()))
    });
    view! {
        <div class="scroll">
            {move || facts.get().map(|facts| tiles(id, &facts))}
            <Strip of=Of::Host(id) kind=STRIP/>
            <div class="columns">
                <section class="card">
                    <h2>{t(T::Facts)}</h2>
                    {move || match facts.get() {
                        Some(facts) => list(id, facts),
                        None => view! { <p class="muted">{t(T::NothingToldYet)}</p> }.into_any(),
                    }}
                </section>
                <div class="stack">
                    {move || pool.get().map(|(pool, name)| view! {
                        <section class="card">
                            <h2>{t(T::Pool)}</h2>
                            <p>
                                <a class="link" href=Route::Host(pool, HostTab::Overview).path()>{name}</a>
                            </p>
                            <p class="muted small">{t(T::MemberMore)}</p>
                        </section>
                    })}
                    {move || pool.get().map(|(pool, _)| view! {
                        <ReportedAbout pool=pool about=MessageAbout::Host(id)/>
                    })}
                    <Said id=id/>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// The member's own console.
#[component]
pub(super) fn Console(id: HostId) -> impl IntoView {
    let cx = cx();
    let domain = Memo::new(move |_| cx.own_console(id));
    move || match domain.get() {
        Some(vm) => view! { <ConsolePanel vm=vm whose=Whose::Host/> }.into_any(),
        None => view! { <Missing/> }.into_any(),
    }
}

/// Why what is shown of it may be old: its pool is not heard, or the pool does not hear from it.
#[component]
pub(super) fn MemberProblem(id: HostId) -> impl IntoView {
    let cx = cx();
    let host = Memo::new(move |_| cx.live.host(id));
    let pool = Memo::new(move |_| cx.live.pool_of(host.get().as_deref()?));
    move || {
        let host = host.get()?;
        match pool.get() {
            Some(pool) if !pool.link.is_up() => Some(pool_down(&pool)),
            _ => match &host.link {
                Link::Up => None,
                Link::Down { since, .. } => Some(not_heard(host.last_word.unwrap_or(*since))),
                _ => Some(not_heard(host.last_word?)),
            },
        }
    }
}

fn pool_down(pool: &Host) -> AnyView {
    view! {
        <div class="banner warn" role="status">
            {icon("question")}
            <span>{fill(T::PoolNotReached, &[("pool", &pool.name)])}</span>
            <a class="btn" href=Route::Host(pool.id, HostTab::Overview).path()>{t(T::LookAtPool)}</a>
        </div>
    }
    .into_any()
}

fn not_heard(since: UnixMillis) -> AnyView {
    view! {
        <div class="banner warn" role="status">
            {icon("question")}
            <span>
                <b>{t(T::PoolDoesNotHear)}</b>
                " "
                {t(T::LastHeard)}
                " "
                <Age at=since/>
                {t(T::VmsAsThen)}
            </span>
        </div>
    }
    .into_any()
}
