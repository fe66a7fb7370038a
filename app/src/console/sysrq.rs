//! SysRq keys for a guest's kernel: the keys as data, and the dialog that offers them. Only where the guest's host passes them on,
//! to those who may reset or power off the VM.
use super::desk::Desk;
use crate::{
    act,
    components::{dialog::Dialog, icon::small_icon},
    cx::Cx,
    text::{C, c, c_fill},
};
use leptos::prelude::*;
use wxa_model::{Action, Permission, SysrqKey, Vm, VmAct, VmRole};

/// A key and what it does, in plain words.
type Row = (char, C);

/// What only tells something.
const TELLS: &[Row] = &[
    ('h', C::SysrqHelp),
    ('w', C::SysrqBlocked),
    ('m', C::SysrqMemory),
    ('l', C::SysrqBacktraces),
    ('t', C::SysrqTasks),
    ('p', C::SysrqRegisters),
    ('q', C::SysrqTimers),
];

/// What does something by which nothing is lost.
const SETS: &[Row] = &[
    ('s', C::SysrqSync),
    ('9', C::SysrqLoud),
    ('4', C::SysrqQuiet),
    ('n', C::SysrqNice),
    ('j', C::SysrqThaw),
];

/// What is asked about first.
const LOSES: &[Row] = &[
    ('u', C::SysrqReadOnly),
    ('f', C::SysrqOom),
    ('e', C::SysrqTerminate),
    ('i', C::SysrqKill),
    ('b', C::SysrqReboot),
    ('o', C::SysrqOff),
    ('c', C::SysrqCrash),
];

/// Where the focus begins: nothing happens by it.
const FIRST: char = 'h';

/// The key of the bar that opens the dialog; nothing where keys cannot be sent or the reader may not.
#[component]
pub(super) fn SysrqKeys(desk: Desk) -> impl IntoView {
    let cx = desk.cx;
    let vm = cx.live.vm(desk.vm);
    let offered = Memo::new(move |_| vm.with(|vm| vm.as_ref().is_some_and(|vm| is_offered(cx, vm))));
    let why = Memo::new(move |_| {
        let refused = act::verdict(cx, Action::VmSysrq, vm.get()?.as_ref()).err();
        refused.map(|refusal| refusal.sentence)
    });
    let is_open = RwSignal::new(false);
    let name = Memo::new(move |_| vm.with(|vm| vm.as_ref().map(|vm| vm.name.clone()).unwrap_or_default()));
    let title = move || c_fill(C::SysrqTitle, &[("name", &name.get())]);
    let choose = Callback::new(move |key: SysrqKey| {
        is_open.set(false);
        act::begin(cx, VmAct::sysrq(desk.vm, key), name.get_untracked());
    });
    move || {
        offered.get().then(|| {
            view! {
                <button
                    type="button"
                    class="console-tool"
                    title=move || why.get().unwrap_or_else(|| c(C::SysrqHint).to_owned())
                    aria-haspopup="dialog"
                    aria-disabled=move || why.with(Option::is_some).then_some("true")
                    on:click=move |_| is_open.set(why.with_untracked(Option::is_none))
                >
                    "SysRq"
                </button>
                <Dialog
                    label=Signal::derive(title)
                    class="sysrq"
                    open=is_open
                    on_close=Callback::new(move |()| is_open.set(false))
                >
                    <h2>{title}</h2>
                    <p class="muted small">{c(C::SysrqMore)}</p>
                    <div class="dialog-scroll">
                        {keys(C::SysrqTells, TELLS, choose)}
                        {keys(C::SysrqSets, SETS, choose)}
                        {keys(C::SysrqLoses, LOSES, choose)}
                    </div>
                    <div class="dialog-acts">
                        <button type="button" class="btn" on:click=move |_| is_open.set(false)>{c(C::Cancel)}</button>
                    </div>
                </Dialog>
            }
        })
    }
}

fn is_offered(cx: Cx, vm: &Vm) -> bool {
    let is_passed_on = Action::offered(cx.live.kind(vm.host)).contains(&Action::VmSysrq);
    is_passed_on && vm.role == VmRole::Guest && cx.may(Permission::Operate, vm)
}

fn keys(head: C, rows: &'static [Row], choose: Callback<SysrqKey>) -> AnyView {
    let row = |(key, does): &Row| {
        let is_first = *key == FIRST;
        let key = SysrqKey::new(*key)?;
        let asks = key.loses().is_some();
        let class = if asks { "btn quiet danger" } else { "btn quiet" };
        Some(view! {
            <button type="button" class=class autofocus=is_first on:click=move |_| choose.run(key)>
                <kbd>{key.to_string()}</kbd>
                <span class="grow">{c(*does)}{asks.then_some("…")}</span>
                {asks.then(|| small_icon("warning"))}
            </button>
        })
    };
    view! {
        <div class="sysrq-keys" role="group" aria-label=c(head)>
            <p class="menu-head">{c(head)}</p>
            {rows.iter().filter_map(row).collect_view()}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_key_is_there_once_and_those_by_which_something_is_lost_stand_apart() {
        let mut seen = BTreeSet::new();
        for (rows, loses) in [(TELLS, false), (SETS, false), (LOSES, true)] {
            for (key, does) in rows {
                assert!(seen.insert(*key), "{key} is there twice");
                let known = SysrqKey::new(*key);
                assert_eq!(
                    known.map(|key| key.loses().is_some()),
                    Some(loses),
                    "{key} {}",
                    c(*does)
                );
            }
        }
        let dangerous = SysrqKey::all().filter(|key| key.loses().is_some()).count();
        assert_eq!(dangerous, LOSES.len(), "all of them are offered with the others");
    }
}
