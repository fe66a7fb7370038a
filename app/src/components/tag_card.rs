//! Tags on a VM or a host: each leads to what carries it, and may be taken away; new ones are suggested as they are typed.
use super::icon::small_icon;
use crate::{
    cx::{Cx, cx},
    filter,
    routes::url::Url,
    text::{T, fill, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeMap;
use wxa_model::{HostId, VmId, tag};
use wxa_wire::{
    ErrorBody, TagsParams,
    operation::{HostSetTags, VmSetTags},
};

/// What tags or notes are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A VM.
    Vm(VmId),
    /// A host.
    Host(HostId),
}

impl On {
    async fn change(self, params: &TagsParams) -> Result<(), ErrorBody> {
        match self {
            Self::Vm(id) => transport::call::<VmSetTags>(id, params).await,
            Self::Host(id) => transport::call::<HostSetTags>(id, params).await,
        }
    }

    fn id(self) -> String {
        match self {
            Self::Vm(id) => id.to_string(),
            Self::Host(id) => id.to_string(),
        }
    }
}

/// The card. `may` is whether the account may change them.
#[component]
pub fn TagCard(
    on: On,
    #[prop(into)] tags: Signal<Vec<String>>,
    #[prop(into)] may: Signal<bool>,
    /// Those that its pool keeps itself: only looked at.
    #[prop(into, optional)]
    pools: Signal<Vec<String>>,
) -> impl IntoView {
    let problem = RwSignal::new(String::new());
    let change = Callback::new(move |params: TagsParams| {
        problem.set(String::new());
        spawn_local(async move {
            if let Err(body) = on.change(&params).await {
                problem.set(words::error(&body).detail);
            }
        });
    });
    let chip = move |tag: String| {
        let href = Url::parse("/vms").with("q", &filter::term("tag", &tag)).text();
        let remove = {
            let tag = tag.clone();
            move || {
                let tag = tag.clone();
                may.get().then(|| {
                    let label = fill(T::RemoveTag, &[("tag", &tag)]);
                    let gone = TagsParams {
                        remove: vec![tag.clone()],
                        ..TagsParams::default()
                    };
                    view! {
                        <button type="button" aria-label=label on:click=move |_| change.run(gone.clone())>
                            {small_icon("close")}
                        </button>
                    }
                })
            }
        };
        view! {
            <li class="tag-chip">
                <a href=href>{tag.clone()}</a>
                {remove}
            </li>
        }
    };
    view! {
        <section class="card tags-card" aria-label=t(T::Tags)>
            <h2>{t(T::Tags)}</h2>
            {move || {
                let all = tags.get();
                if all.is_empty() {
                    view! { <p class="muted small">{t(T::NoneDot)}</p> }.into_any()
                } else {
                    view! { <ul class="tag-chips">{all.into_iter().map(chip).collect_view()}</ul> }.into_any()
                }
            }}
            {move || {
                let pools = pools.get();
                (!pools.is_empty()).then(|| view! {
                    <h3 class="small muted">{t(T::PoolsTags)}</h3>
                    <ul class="tag-chips">{pools.into_iter().map(pools_chip).collect_view()}</ul>
                })
            }}
            {move || may.get().then(|| view! { <Add on=on tags=tags change=change problem=problem/> })}
            <p class="problem" role="alert">{move || problem.get()}</p>
        </section>
    }
    .into_any()
}

/// A tag that is the pool's own.
fn pools_chip(tag: String) -> impl IntoView {
    let href = Url::parse("/vms").with("q", &filter::term("tag", &tag)).text();
    view! {
        <li class="tag-chip of-pool" title=t(T::PoolsTag)>
            <a href=href>{tag}</a>
        </li>
    }
}

#[component]
fn Add(
    on: On,
    tags: Signal<Vec<String>>,
    change: Callback<TagsParams>,
    problem: RwSignal<String>,
) -> impl IntoView {
    let cx = cx();
    let typed = RwSignal::new(String::new());
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match tag::tag(&typed.get_untracked()) {
            Err(why) => problem.set(why),
            Ok(tag) => {
                typed.set(String::new());
                change.run(TagsParams {
                    add: vec![tag],
                    ..TagsParams::default()
                });
            }
        }
    };
    let list = format!("known-tags-{}", on.id());
    // Looked for among all VMs, so not before somebody means to add one.
    let asked = RwSignal::new(false);
    let known = Memo::new(move |_| {
        if asked.get() {
            suggestions(cx, &tags.get())
        } else {
            Vec::new()
        }
    });
    view! {
        <form class="tag-add" on:submit=add>
            <label class="field">
                <span class="sr">{t(T::AddTag)}</span>
                <input
                    type="text"
                    maxlength="40"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder=t(T::AddTag)
                    list=list.clone()
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:focus=move |_| asked.set(true)
                />
            </label>
            <button type="submit" class="btn">{t(T::Add)}</button>
            <datalist id=list>
                {move || known.get().into_iter().map(|tag| view! { <option value=tag></option> }).collect_view()}
            </datalist>
        </form>
    }
    .into_any()
}

/// Tags in use anywhere that are not on it yet, the most used first.
fn suggestions(cx: Cx, taken: &[String]) -> Vec<String> {
    const MOST: usize = 50;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let hosts = cx.live.hosts.get();
    let taken = |tag: &&String| !taken.contains(tag);
    cx.live.with_guests(|guests, _| {
        for tag in guests.iter().flat_map(|vm| &vm.tags).filter(taken) {
            count(&mut counts, tag);
        }
    });
    for tag in hosts.iter().flat_map(|host| &host.tags).filter(taken) {
        count(&mut counts, tag);
    }
    let mut known: Vec<(String, usize)> = counts.into_iter().collect();
    known.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    known.into_iter().take(MOST).map(|(tag, _)| tag).collect()
}

fn count(counts: &mut BTreeMap<String, usize>, tag: &str) {
    match counts.get_mut(tag) {
        Some(count) => *count += 1,
        None => drop(counts.insert(tag.to_owned(), 1)),
    }
}
