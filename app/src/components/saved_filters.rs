//! The menu beside the filter field: saved filters to apply, and the present one to save.
use super::icon::{icon, small_icon};
use crate::{
    cx::{Cx, cx},
    filter, filters,
    routes::Route,
    text::{T, fill, t},
    transport,
    ui::Tone,
    words,
};
use leptos::{html, prelude::*, task::spawn_local};
use wxa_model::{FilterId, FilterShare, SavedFilter};
use wxa_wire::{
    FilterParams,
    operation::{FilterDelete, FilterSave, NoId},
};

/// The menu. `q` is the filter as it is typed.
#[component]
pub fn SavedFilters(q: Memo<String>) -> impl IntoView {
    let cx = cx();
    let applied = Memo::new(move |_| {
        let q = q.get();
        cx.filters.all.with(|all| {
            all.iter()
                .find(|one| one.query == q.trim())
                .map(|one| one.name.clone())
        })
    });
    // On a phone there is only the icon to see.
    let label = move || match applied.get() {
        Some(name) => fill(T::SavedFilterApplied, &[("name", &name)]),
        None => t(T::SavedFiltersMenu).to_owned(),
    };
    let menu = NodeRef::<html::Details>::new();
    let opened = move |_| {
        // Another tab may have saved one meanwhile.
        if menu.get_untracked().is_some_and(|menu| menu.open()) {
            cx.filters.reload();
        }
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(menu) = menu.get_untracked()
            && menu.open()
        {
            event.prevent_default();
            event.stop_propagation();
            menu.set_open(false);
            crate::browser::focus("#saved-filters");
        }
    };
    view! {
        <details class="menu saved-filters" node_ref=menu on:toggle=opened on:keydown=keys>
            <summary class="btn" id="saved-filters" aria-label=label>
                {icon("filter")}
                <span class="cut">{move || applied.get().unwrap_or_else(|| t(T::SavedFilters).into())}</span>
                {small_icon("down")}
            </summary>
            <div class="menu-list">
                <Lists q=q/>
                <Save q=q/>
                {move || of_these(&q.get())}
            </div>
        </details>
    }
    .into_any()
}

/// The way to a status page of what the filter finds; none for one that finds everything or nothing.
fn of_these(q: &str) -> Option<impl IntoView + use<>> {
    let is_filter = !q.trim().is_empty() && filter::parse(q).is_ok();
    is_filter.then(|| {
        view! {
            <a class="btn quiet menu-item" href=Route::of_filter(q.trim())>{icon("external")}{t(T::StatusPageOfThese)}</a>
        }
    })
}

#[component]
fn Lists(q: Memo<String>) -> impl IntoView {
    let cx = cx();
    let list = move |title: &'static str, share: FilterShare| {
        let some = move || {
            cx.filters.all.with(|all| {
                all.iter()
                    .filter(|one| one.share == share)
                    .cloned()
                    .collect::<Vec<_>>()
            })
        };
        let deletable = share == FilterShare::Mine || cx.may_administer();
        move || {
            let some = some();
            (!some.is_empty()).then(|| {
                let lines = some.into_iter().map(|one| line(one, q, deletable)).collect_view();
                view! {
                    <p class="menu-head">{title}</p>
                    <ul aria-label=title>{lines}</ul>
                }
            })
        }
    };
    view! {
        {list(t(T::FiltersYours), FilterShare::Mine)}
        {list(t(T::FiltersEverybodys), FilterShare::Everybody)}
        {move || {
            cx.filters
                .all
                .with(Vec::is_empty)
                .then(|| view! { <p class="menu-head">{t(T::NoFilterSaved)}</p> })
        }}
    }
    .into_any()
}

fn line(one: SavedFilter, q: Memo<String>, deletable: bool) -> AnyView {
    let query = one.query.clone();
    let here = move || q.with(|q| q.trim() == query).then_some("true");
    let (cx, id, name) = (cx(), one.id, one.name.clone());
    view! {
        <li class="saved">
            <a class="btn menu-item" href=filters::address(&one) aria-current=here title=one.query.clone()>
                <span class="cut">{one.name.clone()}</span>
                <span class="mono small muted cut">{one.query.clone()}</span>
            </a>
            {deletable.then(|| {
                let label = fill(T::DeleteFilter, &[("name", &name)]);
                view! {
                    <button type="button" class="btn quiet sq" aria-label=label on:click=move |_| delete(cx, id)>
                        {small_icon("trash")}
                    </button>
                }
            })}
        </li>
    }
    .into_any()
}

fn delete(cx: Cx, id: FilterId) {
    spawn_local(async move {
        if let Err(body) = transport::call::<FilterDelete>(id, &()).await {
            let words = words::error(&body);
            cx.ui.say(Tone::Bad, words.title, words.detail);
        }
        cx.filters.reload();
    });
}

#[component]
fn Save(q: Memo<String>) -> impl IntoView {
    let cx = cx();
    let name = RwSignal::new(String::new());
    let shared = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let why = Memo::new(move |_| {
        if q.with(|q| q.trim().is_empty()) {
            Some(t(T::TypeFilterFirst))
        } else if q.with(|q| filter::parse(q).is_err()) {
            Some(t(T::FilterNotUnderstood))
        } else if name.with(|name| name.trim().is_empty()) {
            Some(t(T::GiveItAName))
        } else {
            None
        }
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if why.get_untracked().is_some() {
            return;
        }
        let params = FilterParams {
            name: name.get_untracked(),
            page: Default::default(),
            query: q.get_untracked(),
            share: if shared.get_untracked() {
                FilterShare::Everybody
            } else {
                FilterShare::Mine
            },
        };
        problem.set(String::new());
        spawn_local(async move {
            match transport::call::<FilterSave>(NoId, &params).await {
                Ok(_) => {
                    name.set(String::new());
                    cx.filters.reload();
                }
                Err(body) => problem.set(words::error(&body).detail),
            }
        });
    };
    view! {
        <form class="form save-filter keep-open" on:submit=save>
            <label>
                {t(T::SaveFilterAs)}
                <span class="field">
                    <input
                        type="text"
                        maxlength="64"
                        autocomplete="off"
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </span>
            </label>
            {cx.may_administer().then(|| {
                view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || shared.get()
                            on:change=move |event| shared.set(event_target_checked(&event))
                        />
                        {t(T::ForEverybody)}
                    </label>
                }
            })}
            <p class="problem" role="alert">{move || problem.get()}</p>
            <button
                type="submit"
                class="btn primary"
                aria-disabled=move || why.with(Option::is_some).then_some("true")
                title=move || why.get()
            >
                {t(T::Save)}
            </button>
        </form>
    }
    .into_any()
}
