//! What the parts of a console's page share: what is shown, and what is asked of the terminal.
use super::{
    link::{ConsoleLink, Whose},
    paste::{Clip, Pasting},
    people::People,
    place::{Place, word},
    sticky::{Modifier, Sticky},
    typing::{Gate, Typing},
};
use crate::{
    browser,
    cx::Cx,
    fetched::Fetched,
    routes::{Route, VmTab, marks_url_of, url::Url},
    text::{C, T, c, t},
    ui::Tone,
};
use leptos::prelude::*;
use std::time::Duration;
use wxa_model::{Permission, VmId, VmRole, console::Understood};
use wxa_wire::{ConsoleFormat, ConsoleMarksView, ConsoleWord, Operation, operation::ConsoleDownload};

/// Between two looks at what is kept and what was understood of it.
const REFRESH: Duration = Duration::from_secs(20);

/// What the panel shows; the browser part writes it.
#[derive(Clone, Copy)]
pub(super) struct ConsoleView {
    pub link: RwSignal<ConsoleLink>,
    /// Who is here, and who types.
    pub people: RwSignal<People>,
    /// Something was typed that went nowhere, because another one has the keyboard.
    pub unheard: RwSignal<bool>,
    /// Rows and columns.
    pub size: RwSignal<(u32, u32)>,
    /// Bytes replayed at the last connect.
    pub replayed: RwSignal<u64>,
    /// A text that waits to be looked at before it is pasted.
    pub clip: RwSignal<Option<Clip>>,
    /// The paste that is under way.
    pub pasting: RwSignal<Option<Pasting>>,
    /// Whether guest links are shown.
    pub sharing: RwSignal<bool>,
    /// Which of Ctrl and Alt of the bar are down.
    pub sticky: RwSignal<Sticky>,
    /// Offset after the last byte that was received.
    pub offset: RwSignal<u64>,
}

impl ConsoleView {
    /// Of a console that is about to be opened.
    pub fn new() -> Self {
        Self {
            link: RwSignal::new(ConsoleLink::Loading),
            people: RwSignal::default(),
            unheard: RwSignal::new(false),
            size: RwSignal::new((0, 0)),
            replayed: RwSignal::new(0),
            clip: RwSignal::new(None),
            pasting: RwSignal::new(None),
            sharing: RwSignal::new(false),
            sticky: RwSignal::default(),
            offset: RwSignal::new(0),
        }
    }
}

/// What the toolbar asks of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ConsoleWish {
    /// A key of the bar.
    Send(&'static str),
    /// Ctrl or Alt for the next key.
    Hold(Modifier),
    /// Typed for somebody, as it is.
    Type(String),
    Copy,
    Paste,
    TellSize,
    FullScreen,
    /// Something about the keyboard.
    Say(ConsoleWord),
    /// The keyboard goes back to the guest.
    Focus,
}

/// What stands beside the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The search.
    Search,
    /// The boots.
    Boots,
}

/// A console's page, for its parts.
#[derive(Clone, Copy)]
pub struct Desk {
    pub(super) cx: Cx,
    pub(super) vm: VmId,
    pub(super) whose: Whose,
    pub(super) view: ConsoleView,
    pub(super) act: Callback<ConsoleWish>,
    /// For the tools that type.
    pub(super) gate: Gate,
    /// What is kept and what was understood of it; none for who may not read it.
    pub(super) marks: Option<Fetched<ConsoleMarksView>>,
    /// The place in the past that the address names.
    pub(super) at: Memo<Option<u64>>,
    place: Memo<Option<Place>>,
    pub(super) side: RwSignal<Option<Side>>,
}

impl Desk {
    /// For the console of a VM; in a component.
    pub(super) fn new(cx: Cx, vm: VmId, whose: Whose, view: ConsoleView, act: Callback<ConsoleWish>) -> Self {
        // Before the server has told: by the account's rights, or by those of the link.
        let typing = Memo::new(move |_| {
            let may = match cx.live.vm_now(vm) {
                Some(vm) if vm.role == VmRole::Guest => cx.may(Permission::Console, &vm),
                Some(vm) => cx.may_administer_host(vm.host),
                None => cx
                    .boot
                    .with_value(|boot| boot.guest.as_ref().is_none_or(|guest| guest.typing)),
            };
            let is_over = view.link.with(ConsoleLink::is_closed);
            view.people.with(|people| Typing::of(people, may && !is_over))
        });
        // Who may watch it may read what it printed; guests of a link are nobody's account.
        let may_read = untrack(|| cx.live.vm_now(vm)).is_some_and(|vm| cx.may_open_console(&vm));
        let place = Memo::new(move |_| Place::parse(&cx.nav.query("at")).filter(|_| may_read));
        let marks = may_read.then(|| {
            let marks = Fetched::following(Memo::new(move |_| marks_url_of(vm, kind_of(place.get()))));
            marks.again_while(|_| true, REFRESH);
            // Whatever is told of a guest is marked too.
            let told = Memo::new(move |_| {
                let vm = cx.live.vm(vm);
                vm.with(|vm| vm.as_ref().and_then(|vm| vm.understood))
            });
            Effect::new(move |before: Option<Option<Understood>>| {
                let told = told.get();
                if before.is_some_and(|before| before != told) {
                    marks.reload();
                }
                told
            });
            marks
        });
        Self {
            cx,
            vm,
            whose,
            view,
            act,
            gate: Gate(typing),
            marks,
            at: Memo::new(move |_| place.get().map(|place| place.offset)),
            place,
            side: RwSignal::new(None),
        }
    }

    /// Whether something is wanted whose code comes later.
    pub fn wants_tools(self) -> bool {
        self.view.clip.with(Option::is_some)
            || self.view.sharing.get()
            || self.side.get().is_some()
            || self.at.get().is_some()
    }

    /// On which console the past that is shown is, for requests; empty for the VM's first. Tracks it.
    pub(super) fn kind(self) -> &'static str {
        kind_of(self.place.get())
    }

    /// A place on the console whose past is shown, as it stands in an address.
    fn place_at(self, offset: u64) -> String {
        let kind = self.place.get_untracked().and_then(|place| place.kind);
        Place { kind, offset }.text()
    }

    /// Shows the past at an offset.
    pub(super) fn jump(self, offset: u64) {
        self.cx.nav.set_query("at", &self.place_at(offset));
    }

    /// Puts the address of a place in the past on the clipboard.
    pub(super) fn copy_link(self, offset: u64) {
        let path = match untrack(|| self.cx.nav.route()) {
            // Whoever gets it has a window already.
            Some(Route::VmWindow(vm)) => Route::Vm(vm, VmTab::Console).path(),
            _ => self.cx.nav.url.with_untracked(|url| url.path.clone()),
        };
        let address = Url::parse(&path).with("at", &self.place_at(offset)).text();
        browser::copy(&browser::address_of(&address));
        self.cx.ui.say(Tone::Good, c(C::LinkCopied), address);
    }

    /// Shows what is printed now.
    pub(super) fn leave_past(self) {
        self.cx.nav.set_query("at", "");
    }

    /// Opens what stands beside the terminal, or closes it where it is that.
    pub(super) fn toggle(self, side: Side) {
        self.side
            .update(|now| *now = (*now != Some(side)).then_some(side));
    }

    /// The address of what was printed, as a file.
    pub(super) fn download(self, format: ConsoleFormat, from: Option<u64>, to: Option<u64>) -> String {
        let format = match format {
            ConsoleFormat::Text => "text",
            ConsoleFormat::Raw => "raw",
            ConsoleFormat::Asciicast => "asciicast",
        };
        let offset = |offset: Option<u64>| offset.map(|offset| offset.to_string()).unwrap_or_default();
        Url::parse(&ConsoleDownload::ROW.path_for(&self.vm))
            .with("kind", self.kind())
            .with("format", format)
            .with("from", &offset(from))
            .with("to", &offset(to))
            .text()
    }

    /// Whether what is typed reaches the guest.
    pub(super) fn is_heard(self) -> bool {
        self.view.link.with_untracked(ConsoleLink::is_up)
            && !self.view.people.with_untracked(People::hear_you_not)
    }

    /// Says that the code for it cannot be had; what was to be pasted or shown is given up.
    pub fn say_not_loaded(self) {
        self.view.sharing.try_set(false);
        if self.view.clip.try_set(None).is_none() {
            let (title, more) = (t(T::PageNotLoaded), t(T::PageNotLoadedMore));
            self.cx.ui.say(Tone::Bad, title, more);
        }
    }
}

fn kind_of(place: Option<Place>) -> &'static str {
    place.and_then(|place| place.kind).map(word).unwrap_or_default()
}
