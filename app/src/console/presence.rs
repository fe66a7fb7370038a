//! Who else is at a console, since when, who types; and asking for the keyboard and giving it away.
use super::{
    desk::{ConsoleView, ConsoleWish},
    people::{People, does, initials},
};
use crate::{
    components::when::Age,
    cx::cx,
    text::{T, fill, t},
};
use leptos::prelude::*;
use wxa_model::{Permission, VmId};
use wxa_wire::{ConsoleViewerView, ConsoleWord, KeyboardState};

/// The row under the terminal; hidden for who is alone and may type.
#[component]
pub(super) fn Presence(
    /// Of which VM, for whether the reader may take the keyboard.
    vm: VmId,
    view: ConsoleView,
    act: Callback<ConsoleWish>,
) -> impl IntoView {
    let cx = cx();
    let people = view.people;
    let news = RwSignal::new(String::new());
    Effect::new(move |before: Option<People>| {
        let now = people.get();
        if let Some(said) = before.and_then(|before| now.news(&before)) {
            news.set(said);
        }
        now
    });
    let offer = Memo::new(move |_| people.with(People::offer));
    let may_take = Memo::new(move |_| {
        let is_other = people.with(|people| {
            people.typist().is_some()
                && matches!(people.own(), Some(KeyboardState::Watches | KeyboardState::Asks))
        });
        is_other
            && cx
                .live
                .vm_now(vm)
                .is_some_and(|vm| cx.may(Permission::Administer, &vm))
    });
    let say = move |word| act.run(ConsoleWish::Say(word));
    view! {
        <div class="console-people" hidden=move || !people.with(People::are_worth_showing)>
            <ul aria-label=t(T::PeopleHere)>
                <For
                    each=move || people.get().viewers
                    key=|viewer| viewer.number
                    children=move |viewer| person(viewer, people, Callback::new(say))
                />
            </ul>
            <p class="console-typist" class:console-typist--vain=move || view.unheard.get()>
                {move || {
                    people.with(|people| {
                        let in_vain = view.unheard.get().then(|| people.in_vain()).flatten();
                        in_vain.unwrap_or_else(|| people.standing())
                    })
                }}
            </p>
            // One button that says another thing when it was pressed: the focus stays on it.
            <button
                type="button"
                class="console-tool"
                hidden=move || offer.get().is_none()
                on:click=move |_| {
                    if let Some((_, word)) = offer.get_untracked() {
                        say(word);
                    }
                }
            >
                {move || offer.get().map(|(label, _)| t(label))}
            </button>
            <button
                type="button"
                class="console-tool"
                hidden=move || !may_take.get()
                on:click=move |_| say(ConsoleWord::Take)
            >
                {t(T::TakeKeyboard)}
            </button>
        </div>
        <p class="sr" aria-live="polite">{move || news.get()}</p>
    }
}

fn person(viewer: ConsoleViewerView, people: RwSignal<People>, say: Callback<ConsoleWord>) -> AnyView {
    let number = viewer.number;
    let keyboard = Memo::new(move |_| {
        people.with(|people| {
            people
                .find(number)
                .map_or(KeyboardState::Watches, |one| one.keyboard)
        })
    });
    let is_you = Memo::new(move |_| people.with(|people| people.you == number));
    let gets = Memo::new(move |_| people.with(|people| people.may_give_to(number)));
    let about = move || {
        let mut about = vec![];
        if is_you.get() {
            about.push(t(T::PersonYou));
        }
        if viewer.guest {
            about.push(t(T::PersonGuest));
        }
        about.push(does(keyboard.get()));
        about.join(", ")
    };
    let label = fill(T::HandOverTo, &[("name", &viewer.name)]);
    view! {
        <li class="console-person" class:console-person--types=move || keyboard.get() == KeyboardState::Types>
            <span class="console-avatar" aria-hidden="true">{initials(&viewer.name)}</span>
            <span class="console-name">{viewer.name.clone()}</span>
            " "
            <span class="muted">{about}", "{t(T::PersonCame)}<Age at=viewer.since/></span>
            <button
                type="button"
                class="console-tool"
                class:console-tool--asked=move || keyboard.get() == KeyboardState::Asks
                hidden=move || !gets.get()
                aria-label=label
                on:click=move |_| say.run(ConsoleWord::HandOver { to: number })
            >
                {t(T::HandOver)}
            </button>
        </li>
    }
    .into_any()
}
