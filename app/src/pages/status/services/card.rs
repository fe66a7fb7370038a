//! One service: its line, and below it the fields once it is unfolded.
use super::{check::Checks, members::Members, name_of, remove, rule::Rule, shift};
use crate::{
    browser,
    components::{icon::icon, sure::Sure},
    cx::cx,
    filter,
    pages::status::{
        draft::{By, Field, Place, ServiceEdit, Way},
        fields::{Line, optional},
        shared::{Shared, passing, shared},
        standing,
    },
    text::{S, s, s_fill, s_plural},
};
use leptos::prelude::*;
use wxa_wire::LeftOffWhy;

#[component]
pub(super) fn Card(service: ServiceEdit) -> impl IntoView {
    let shared = shared();
    let key = service.key;
    let open = service.open;
    let name = Memo::new(move |_| name_of(service));
    let now = Memo::new(move |_| shared.standing(service.id.get()));
    let left_off = Memo::new(move |_| {
        let id = service.id.get();
        let view = shared.view.get()?;
        let found = view.left_off.iter().find(|one| Some(one.service) == id)?;
        Some((found.why, view.creator.clone()))
    });
    let wrong = Memo::new(move |_| {
        shared.tried.get()
            && shared
                .problems
                .with(|all| all.iter().any(|problem| problem.service() == Some(key)))
    });
    let keys = move |event: leptos::ev::KeyboardEvent| {
        // Alt with an arrow opens a list of choices.
        if browser::takes_text(event.target()) {
            return;
        }
        let way = match (event.alt_key(), event.key().as_str()) {
            (true, "ArrowUp") => Way::Up,
            (true, "ArrowDown") => Way::Down,
            _ => return,
        };
        event.prevent_default();
        shift(shared, service, way, "fold");
    };
    view! {
        <li class="service card" class:wrong=move || wrong.get() on:keydown=keys>
            <div class="service-line">
                <button
                    type="button"
                    class="btn quiet fold-button"
                    id=format!("service-{key}-fold")
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {move || icon(if open.get() { "down" } else { "right" })}
                    <b class="cut">{move || name.get()}</b>
                </button>
                {move || match (left_off.get(), now.get()) {
                    (Some(_), _) => view! { <span class="st st-warn">{icon("forbid")}{s(S::NotShown)}</span> }.into_any(),
                    (None, Some(now)) => standing::badge(now),
                    (None, None) => ().into_any(),
                }}
                <span class="small muted cut only-desk">{summary(shared, service)}</span>
                <span class="grow"></span>
                {mover(shared, service, Way::Up, name)}
                {mover(shared, service, Way::Down, name)}
            </div>
            {move || left_off.get().map(|(why, creator)| {
                let words = match why {
                    LeftOffWhy::NotSeen => S::NotShownNotSeen,
                    LeftOffWhy::Empty => S::NotShownEmpty,
                    LeftOffWhy::NotAllowed => S::NotShownNotAllowed,
                };
                view! { <p class="small why">{s_fill(words, &[("name", &creator)])}</p> }
            })}
            {move || open.get().then(|| fields(shared, service))}
        </li>
    }
    .into_any()
}

fn fields(shared: Shared, service: ServiceEdit) -> AnyView {
    let key = service.key;
    let wrong = move |field| shared.wrong(Place::Service(key, field));
    view! {
        <div class="form service-fields">
            <div class="pair">
                {Line::new(format!("service-{key}-name"), s(S::ServiceName), service.name)
                    .hint(s(S::ServiceNameHint))
                    .wrong(wrong(Field::Name))
                    .view()}
                {Line::new(format!("service-{key}-about"), optional(S::ServiceAbout), service.about)
                    .wrong(wrong(Field::About))
                    .view()}
            </div>
            <Members service=service/>
            {move || (service.by.get() != By::Checks).then(|| view! { <Rule service=service/> })}
            <Checks service=service/>
            <p class="card-acts">
                <Sure
                    label=s(S::Delete)
                    about=untrack(|| name_of(service))
                    again=s(S::DeleteSure)
                    on_yes=Callback::new(move |()| remove(shared, service))
                />
            </p>
        </div>
    }
    .into_any()
}

/// The button that moves it; disabled at the end, where it says so.
fn mover(shared: Shared, service: ServiceEdit, way: Way, name: Memo<String>) -> AnyView {
    let (label, image, id, end) = match way {
        Way::Up => (S::MoveUp, "arrow-up", "up", S::IsFirst),
        Way::Down => (S::MoveDown, "arrow-down", "down", S::IsLast),
    };
    let at_end = Memo::new(move |_| {
        shared.edit.services.with(|services| {
            let last = match way {
                Way::Up => services.first(),
                Way::Down => services.last(),
            };
            last.is_some_and(|last| last.key == service.key)
        })
    });
    view! {
        <button
            type="button"
            class="btn quiet sq"
            id=format!("service-{}-{id}", service.key)
            aria-label=move || s_fill(label, &[("name", &name.get())])
            aria-disabled=move || at_end.get().then_some("true")
            title=move || at_end.get().then(|| s(end))
            on:click=move |_| shift(shared, service, way, id)
        >
            {icon(image)}
        </button>
    }
    .into_any()
}

/// What it consists of, in a few words.
fn summary(shared: Shared, service: ServiceEdit) -> AnyView {
    let cx = cx();
    let words = Memo::new(move |_| match service.by.get() {
        By::Filter => {
            let typed = service.filter.get();
            let count = filter::parse(&typed)
                .ok()
                .and_then(|filter| passing(cx, shared.places, &filter));
            match count {
                Some(n) => format!(
                    "{} · {}",
                    typed.trim(),
                    crate::text::plural(crate::text::T::CountVms, n)
                ),
                None => typed.trim().to_owned(),
            }
        }
        By::Picking => s_plural(S::CountPicked, service.picked()),
        By::Checks => s(S::ByChecks).to_owned(),
    });
    (move || words.get()).into_any()
}
