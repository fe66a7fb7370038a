//! Making a status page: a title, and the first service of what was marked or filtered in the list of VMs.
use super::{
    fields::{Line, send},
    may_not, may_publish,
    shared::{passing, places},
};
use crate::{
    clock::zone,
    components::crumbs::Crumbs,
    cx::cx,
    filter,
    routes::{MARKED, NEW_FILTER, NEW_FROM, Route, StatusTab},
    text::{S, T, plural, s, s_fill, s_plural},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{
    VmId,
    status::{Audience, Members, Rule},
};
use wxa_wire::{
    ServiceParams, StatusPageParams,
    operation::{NoId, StatusPageCreate},
};

/// What the first service is made of.
#[derive(Clone, PartialEq)]
enum First {
    Nothing,
    Filter {
        text: String,
        /// Whether the list goes by more than the service can.
        is_less: bool,
    },
    /// The list's filter cannot be a service's: why.
    Unfit(String),
    Marked(Vec<VmId>),
    /// Something was marked when the link was made, and is not any more.
    Lost,
}

/// The page.
#[component]
pub(super) fn New() -> impl IntoView {
    let cx = cx();
    let way = Signal::derive(|| vec![(s(S::Title).to_owned(), Route::StatusPages.path())]);
    let content = if may_publish(cx) {
        view! { <Form/> }.into_any()
    } else {
        may_not()
    };
    view! {
        <div class="head head-pad">
            <Crumbs way=way/>
            <div class="title"><h1>{s(S::New)}</h1></div>
        </div>
        <div class="scroll">{content}</div>
    }
    .into_any()
}

#[component]
fn Form() -> impl IntoView {
    let cx = cx();
    let first = Memo::new(move |_| {
        let q = cx.nav.query(NEW_FILTER);
        if !q.is_empty() && filter::parse(&q).is_ok() {
            return of_filter(&q);
        }
        match (cx.nav.query(NEW_FROM) == MARKED, cx.ui.marks.now.get()) {
            (true, marked) if !marked.is_empty() => First::Marked(marked),
            (true, _) => First::Lost,
            (false, _) => First::Nothing,
        }
    });
    let title = RwSignal::new(String::new());
    let service = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let has_first = move || matches!(first.get(), First::Filter { .. } | First::Marked(_));
    let missing = move |value: RwSignal<String>, text: S| {
        Signal::derive(move || {
            let is_missing = tried.get() && value.with(|value| value.trim().is_empty());
            is_missing.then(|| s(text).to_owned())
        })
    };
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let is_missing = |value: RwSignal<String>| value.with_untracked(|value| value.trim().is_empty());
        if busy.get_untracked() || is_missing(title) || (untrack(has_first) && is_missing(service)) {
            return;
        }
        let params = params(
            &title.get_untracked(),
            &service.get_untracked(),
            first.get_untracked(),
            zone::own().unwrap_or_default(),
        );
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<StatusPageCreate>(NoId, &params).await {
                Ok(made) => {
                    cx.nav.to(Route::StatusPage(made.page.id, StatusTab::default()));
                    cx.ui.marks.clear();
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="form card wide status-form" on:submit=make>
            <p class="muted">{s(S::NewIntro)}</p>
            {Line::new("page-title", s(S::PageTitle), title)
                .hint("Example Ltd")
                .more(s(S::PageTitleMore))
                .wrong(missing(title, S::MissingTitle))
                .view()}
            {of_what(first)}
            {move || has_first().then(|| {
                Line::new("first-service", s(S::FirstService), service)
                    .hint(s(S::ServiceNameHint))
                    .more(s(S::FirstServiceMore))
                    .wrong(missing(service, S::MissingName))
                    .view()
            })}
            <p class="problem" role="alert">{move || problem.get()}</p>
            <div class="dialog-acts">
                {send(S::Make, S::Making, busy)}
                <a class="btn" href=Route::StatusPages.path()>{s(S::Cancel)}</a>
            </div>
        </form>
    }
    .into_any()
}

/// What the first service is made of, in words.
fn of_what(first: Memo<First>) -> AnyView {
    let cx = cx();
    let places = places(cx);
    let words = move || match first.get() {
        First::Nothing => view! {
            <p>{s(S::FirstOfNothing)}</p>
            <p><a class="btn" href=Route::Vms.path()>{s(S::ToTheList)}</a></p>
        }
        .into_any(),
        First::Lost => view! {
            <p>{s(S::NothingMarked)}</p>
            <p><a class="btn" href=Route::Vms.path()>{s(S::ToTheList)}</a></p>
        }
        .into_any(),
        First::Unfit(why) => view! {
            <p>{s(S::FirstUnfit)}</p>
            <p class="small muted">{why}</p>
            <p><a class="btn" href=Route::Vms.path()>{s(S::ToTheList)}</a></p>
        }
        .into_any(),
        First::Marked(vms) => {
            let names: Vec<String> = cx.live.these(&vms).iter().map(|vm| vm.name.clone()).collect();
            let count = plural(T::CountVms, vms.len());
            view! {
                <p>{s_fill(S::FirstOfMarked, &[("vms", &count)])}</p>
                <p class="small muted wrap">{shortened(names)}</p>
            }
            .into_any()
        }
        First::Filter { text, is_less } => {
            let parsed = filter::parse_of_service(&text).ok();
            let count = move || {
                let count = parsed.as_ref().and_then(|filter| passing(cx, places, filter));
                count.map_or_else(
                    || s(S::FilterCounting).to_owned(),
                    |n| s_plural(S::FilterCount, n),
                )
            };
            view! {
                <p>{s(S::FirstOfFilter)}</p>
                <p><code class="wrap">{text}</code>" "<span class="small muted" role="status">{count}</span></p>
                {is_less.then(|| view! { <p class="small muted">{s(S::FirstIsLess)}</p> })}
            }
            .into_any()
        }
    };
    view! { <div class="of-what">{words}</div> }.into_any()
}

/// What a service can go by of the list's filter.
fn of_filter(q: &str) -> First {
    match (filter::parse_of_service(q), filter::text_for_service(q)) {
        (Ok(_), _) => First::Filter {
            text: q.to_owned(),
            is_less: false,
        },
        (Err(_), Some(text)) => First::Filter { text, is_less: true },
        (Err(why), None) => First::Unfit(why),
    }
}

/// As many names as one reads.
fn shortened(mut names: Vec<String>) -> String {
    const FEW: usize = 12;
    let more = names.len().saturating_sub(FEW);
    names.truncate(FEW);
    let names = names.join(", ");
    if more == 0 {
        names
    } else {
        crate::text::fill(T::NamesAndMore, &[("names", &names), ("n", &more)])
    }
}

fn params(title: &str, service: &str, first: First, time_zone: String) -> StatusPageParams {
    let members = match first {
        First::Nothing | First::Lost | First::Unfit(_) => None,
        First::Filter { text, .. } => Some(Members::Filter(text.trim().to_owned())),
        First::Marked(vms) => Some(Members::Picked {
            vms,
            hosts: Vec::new(),
        }),
    };
    let service = members.map(|members| ServiceParams {
        id: None,
        name: service.trim().to_owned(),
        about: String::new(),
        members,
        rule: Rule::All,
        checks: Vec::new(),
    });
    StatusPageParams {
        title: title.trim().to_owned(),
        about: String::new(),
        // The server makes one of the title.
        slug: String::new(),
        audience: Audience::Links,
        shown: Default::default(),
        language: Default::default(),
        time_zone,
        services: service.into_iter().collect(),
    }
}
