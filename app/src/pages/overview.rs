//! The overview: in five seconds whether all is well, what is busy, and what changed. The page that opens first.
mod busy;
mod changed;
mod places;
mod totals;
mod wrong;

use crate::{
    charts::{Charts, HOST, Of},
    components::{empty::Empty, icon::icon},
    cx::cx,
    text::{T, fill, plural, t},
};
use leptos::prelude::*;

pub use busy::TOP_URL;

/// GETs to run before it is rendered; the audit log only answers administrators.
pub fn prefetch() -> Vec<String> {
    vec![TOP_URL.into(), changed::AUDIT_URL.into(), wrong::URL.into()]
}

/// The page.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let cx = cx();
    let wrong = wrong::start(cx);
    let is_empty = Memo::new(move |_| cx.live.hosts.with(Vec::is_empty));
    let sites = Memo::new(move |_| {
        // A site without a host has nothing to draw.
        let used: Vec<_> = cx
            .live
            .hosts
            .with(|hosts| hosts.iter().map(|host| host.site).collect());
        let sites = cx
            .live
            .sites
            .with(|sites| sites.iter().map(|site| site.id).collect::<Vec<_>>());
        let few = sites.into_iter().filter(|id| used.contains(id)).take(6);
        few.map(Of::Site).collect::<Vec<_>>()
    });
    move || {
        if is_empty.get() {
            return first_steps(cx.may_administer());
        }
        view! {
            <Found wrong=wrong/>
            <div class="scroll overview">
                <div class="three">
                    <wrong::Wrong all=wrong/>
                    <busy::Busy/>
                    <changed::Changed/>
                </div>
                <totals::Totals/>
                <places::Places/>
                {move || {
                    let sites = sites.get();
                    let title = match sites.as_slice() {
                        [site] => site.name(cx),
                        _ => t(T::AllSites).into(),
                    };
                    view! { <Charts main=sites kind=HOST title=title/> }
                }}
            </div>
        }
        .into_any()
    }
}

/// Whether all is well, in one line.
#[component]
fn Found(wrong: Memo<Vec<wrong::One>>) -> impl IntoView {
    let cx = cx();
    let wrong = Memo::new(move |_| wrong.with(|all| all.iter().filter(|one| one.needs_somebody()).count()));
    let vms = Memo::new(move |_| totals::vms(cx));
    let words = move || {
        let (running, vms) = vms.get();
        let counts: [(&str, &dyn std::fmt::Display); 2] =
            [("running", &running), ("vms", &plural(T::CountVms, vms))];
        match wrong.get() {
            0 => fill(T::AllWell, &counts),
            n => format!("{}{}", plural(T::ThingsNeedYou, n), fill(T::AndVmsRun, &counts)),
        }
    };
    view! {
        <div class="head head-pad">
            <div class="title">
                <h1>{words}</h1>
                <span class="grow"></span>
                {cx.may_administer().then(|| view! { <a class="btn only-desk" href="/hosts/add">{icon("plus")}{t(T::AddHost)}</a> })}
            </div>
        </div>
    }
    .into_any()
}

/// With no host yet: what to do about that.
fn first_steps(may_add: bool) -> AnyView {
    let text = t(if may_add { T::NoHostAdmin } else { T::NoHostOther });
    view! {
        <div class="head head-pad"><div class="title"><h1>{t(T::Overview)}</h1></div></div>
        <Empty image="host" title=t(T::NoHostTitle) text=text>
            {may_add.then(|| view! { <a class="btn primary" href="/hosts/add">{t(T::AddHost)}</a> })}
        </Empty>
    }
    .into_any()
}
