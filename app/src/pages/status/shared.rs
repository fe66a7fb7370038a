//! What the tabs of a status page share: the page as it is saved and as it is typed, and what is wrong with that.
use super::{
    draft::{PageEdit, Place, Problem, params_of},
    fields::Wrong,
};
use crate::{browser, cx::Cx, fetched::Fetched, filter::Filter, list, list::Places};
use leptos::prelude::*;
use wxa_model::{
    ServiceId, StatusPageId,
    status::{Standing, StatusPage},
};
use wxa_wire::{StatusPageParams, StatusPageView};

/// One page.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    /// Which.
    pub id: StatusPageId,
    /// As the server has it.
    pub view: Fetched<StatusPageView>,
    /// As it is typed.
    pub edit: PageEdit,
    /// What the fields began with, or what was saved last.
    pub saved: RwSignal<StatusPageParams>,
    /// Whether saving was tried: before that nobody is told what is still missing.
    pub tried: RwSignal<bool>,
    /// What is to be corrected.
    pub problems: Memo<Vec<Problem>>,
    /// What the server found besides.
    pub refused: RwSignal<Option<Problem>>,
    /// What a filter asks of hosts.
    pub places: Memo<Places>,
    /// Whether it is the account's own.
    pub is_own: bool,
    /// What was done, for those who do not see it.
    pub said: RwSignal<String>,
}

/// That of the page we are on; below [`super::one::One`].
pub(super) fn shared() -> Shared {
    expect_context()
}

impl Shared {
    /// Whether something typed is not saved. Tracks all of it.
    pub(super) fn is_dirty(self) -> bool {
        let typed = self.edit.params();
        self.saved.with(|saved| *saved != typed)
    }

    /// Whether somebody saved the page since it was opened or saved here. Tracks both.
    pub(super) fn is_outdated(self) -> bool {
        self.page()
            .is_some_and(|page| self.saved.with(|saved| *saved != params_of(&page)))
    }

    /// What is wrong at a place, once saving was tried.
    pub(super) fn wrong(self, place: Place) -> Wrong {
        Signal::derive(move || {
            let refused = self.refused.with(|problem| {
                let here = problem.as_ref().filter(|problem| problem.place == place)?;
                Some(here.text.clone())
            });
            if refused.is_some() || !self.tried.get() {
                return refused;
            }
            self.problems.with(|all| {
                let here = all.iter().find(|problem| problem.place == place)?;
                Some(here.text.clone())
            })
        })
    }

    /// The page as it is saved. Tracks it.
    pub(super) fn page(self) -> Option<StatusPage> {
        self.view.get().map(|view| view.page)
    }

    /// How a saved service is. Tracks it.
    pub(super) fn standing(self, service: Option<ServiceId>) -> Option<Standing> {
        let view = self.view.get()?;
        let (_, standing) = view.standings.iter().find(|(id, _)| Some(*id) == service)?;
        Some(*standing)
    }
}

impl Shared {
    /// What is typed and not saved outlives going elsewhere and loading the page anew, in this tab.
    pub(super) fn keep_unsaved(self) {
        let place = format!("wxa-status-page-{}", self.id);
        let kept = StoredValue::new(place);
        Effect::new(move |before: Option<()>| {
            let dirty = self.is_dirty();
            let unsaved = dirty.then(|| (self.saved.get(), self.edit.params()));
            if before.is_none() && unsaved.is_none() {
                self.take_up(&kept.get_value());
                return;
            }
            let text = unsaved.and_then(|unsaved| serde_json::to_string(&unsaved).ok());
            browser::store_for_tab(&kept.get_value(), text.as_deref());
        });
    }

    /// Goes on with what was typed before, if it was typed over what is saved now.
    fn take_up(self, place: &str) {
        let kept = browser::stored_for_tab(place)
            .and_then(|text| serde_json::from_str::<(StatusPageParams, StatusPageParams)>(&text).ok());
        if let Some((was, typed)) = kept
            && self.saved.with_untracked(|saved| *saved == was)
        {
            self.edit.load(&typed);
        }
    }
}

/// What a filter asks of hosts; in a component.
pub(super) fn places(cx: Cx) -> Memo<Places> {
    Memo::new(move |_| {
        cx.live
            .sites
            .with(|sites| cx.live.hosts.with(|hosts| Places::new(sites, hosts)))
    })
}

/// How many VMs pass a service's filter now; none while not all are known. Tracks them.
pub(super) fn passing(cx: Cx, places: Memo<Places>, filter: &Filter) -> Option<usize> {
    if !cx.live.whole.get() {
        return None;
    }
    places.with(|places| {
        cx.live.with_guests(|guests, _| {
            let items = list::items(guests.iter(), places, None);
            items
                .iter()
                .filter(|item| item.passes_for_service(filter))
                .count()
        })
    })
}
