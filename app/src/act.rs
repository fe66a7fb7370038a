//! Acting on VMs: whether it may be, and doing it. A button shows the task, never a guess at its result.
use crate::{
    cx::Cx,
    text::{self, T, fill},
    transport,
    ui::{Ask, Tone},
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{Action, HostKind, Permission, Refusal, RefusalCode, Vm, VmAct, VmId, rules};

/// Whether `action` may begin on `vm` now. Tracks whatever the answer depends on.
///
/// # Errors
/// The refusal to show: a missing right first, then the rules.
pub fn verdict(cx: Cx, action: Action, vm: &Vm) -> Result<(), Refusal> {
    if !cx.may(Permission::Operate, vm) {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "Your role lets you look, not act: ask an administrator.",
        ));
    }
    let Some(host) = cx.live.host(vm.host) else {
        return Err(Refusal::new(
            RefusalCode::HostDown,
            "Its host is not known any more.",
        ));
    };
    let pending = cx.live.pending(vm.id).map(|task| task.action);
    rules::vm_action(action, vm, &host, pending, &rules::CanAll)
}

/// What is offered for `vms` at all: what the hosts of any of them can be asked for, in order. Tracks the hosts.
pub fn offered<'a>(cx: Cx, vms: impl IntoIterator<Item = &'a Vm>) -> Vec<Action> {
    let mut kinds: Vec<HostKind> = vms.into_iter().map(|vm| cx.live.kind(vm.host)).collect();
    kinds.dedup();
    let any = |action: &Action| kinds.iter().any(|kind| Action::offered(*kind).contains(action));
    Action::ALL.into_iter().filter(any).collect()
}

/// Does it, after a question where something would be lost.
pub fn begin(cx: Cx, action: Action, vm: VmId, name: String) {
    if action.loses().is_some() {
        cx.ui.confirm.set(Some(Ask { action, vm, name }));
    } else {
        send(cx, action, vm, name);
    }
}

/// Does it. A refusal or fault is said; what was accepted shows as a task.
pub fn send(cx: Cx, action: Action, vm: VmId, name: String) {
    send_on(cx, VmAct::new(action, vm), name);
}

/// The same, for an act that may be on a chosen member of a pool.
pub fn send_on(cx: Cx, act: VmAct, name: String) {
    let action = act.action;
    spawn_local(async move {
        if let Err(body) = transport::act(act, &transport::new_key()).await {
            let words = words::error(&body);
            let title = fill(
                T::CouldNot,
                &[
                    ("act", &text::action(action).to_lowercase()),
                    ("name", &name),
                    ("what", &words.title.to_lowercase()),
                ],
            );
            cx.ui.say(Tone::Bad, title, words.detail);
        }
    });
}
