//! Acting on VMs: whether it may be, and doing it. A button shows the task, never a guess at its result.
use crate::{
    cx::Cx,
    text::{self, T, fill, t},
    transport,
    ui::{Ask, Tone},
    words,
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeMap, sync::Arc};
use wxa_model::{
    Action, Host, HostId, HostKind, Permission, Refusal, RefusalCode, Task, Vm, VmAct, VmId, rules,
};

/// Whether `action` may begin on `vm` now. Tracks whatever the answer depends on.
///
/// # Errors
/// The refusal to show: a missing right first, then the rules.
pub fn verdict(cx: Cx, action: Action, vm: &Vm) -> Result<(), Refusal> {
    let host = cx.live.host(vm.host);
    let pending = cx.live.pending(vm.id).map(|task| task.action);
    decide(
        cx.may(Permission::Operate, vm),
        action,
        vm,
        host.as_deref(),
        pending,
    )
}

fn decide(
    may: bool,
    action: Action,
    vm: &Vm,
    host: Option<&Host>,
    pending: Option<Action>,
) -> Result<(), Refusal> {
    if !may {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "Your role lets you look, not act: ask an administrator.",
        ));
    }
    let Some(host) = host else {
        return Err(Refusal::new(
            RefusalCode::HostDown,
            "Its host is not known any more.",
        ));
    };
    rules::vm_action(action, vm, host, pending, &rules::CanAll)
}

/// The same for very many VMs: what is the same for all on a host is looked up once.
pub struct Judge {
    cx: Cx,
    /// Hosts, and whether one may act on whatever is there, without regard to its own tags.
    hosts: BTreeMap<HostId, (Option<Arc<Host>>, bool)>,
    pending: BTreeMap<VmId, Action>,
}

impl Judge {
    /// As things stand now. Tracks the tasks.
    pub fn new(cx: Cx) -> Self {
        let running = |task: &&Arc<Task>| task.is_running();
        let pending = cx.live.tasks.with(|tasks| {
            // The first of several on one VM counts, as for one VM.
            let running = tasks.iter().rev().filter(running);
            running.map(|task| (task.vm, task.action)).collect()
        });
        Self {
            cx,
            hosts: BTreeMap::new(),
            pending,
        }
    }

    /// See [`verdict`].
    ///
    /// # Errors
    /// As there.
    pub fn verdict(&mut self, action: Action, vm: &Vm) -> Result<(), Refusal> {
        let cx = self.cx;
        let (host, may) = self.hosts.entry(vm.host).or_insert_with(|| {
            (
                cx.live.host(vm.host),
                cx.may_on_host(Permission::Operate, vm.host),
            )
        });
        let may = *may || (!vm.tags.is_empty() && cx.may(Permission::Operate, vm));
        decide(
            may,
            action,
            vm,
            host.as_deref(),
            self.pending.get(&vm.id).copied(),
        )
    }
}

/// What is offered for `vms` at all: what the hosts of any of them can be asked for, in order. Tracks the hosts.
pub fn offered<'a>(cx: Cx, vms: impl IntoIterator<Item = &'a Vm>) -> Vec<Action> {
    let mut kinds: Vec<HostKind> = vms.into_iter().map(|vm| cx.live.kind(vm.host)).collect();
    kinds.dedup();
    let any = |action: &Action| kinds.iter().any(|kind| Action::offered(*kind).contains(action));
    // What needs a key has its own place, beside the console.
    let is_button = |action: &Action| !action.takes_key() && any(action);
    Action::ALL.into_iter().filter(is_button).collect()
}

/// Does it, after a question where something would be lost.
pub fn begin(cx: Cx, act: VmAct, name: String) {
    if act.loses().is_some() {
        cx.ui.confirm.set(Some(Ask { act, name }));
    } else {
        send(cx, act, name);
    }
}

/// As it stands before a VM's name in a sentence.
fn verb(action: Action) -> String {
    match action {
        Action::VmSysrq => t(T::SysrqTo).to_owned(),
        _ => text::action(action).to_lowercase(),
    }
}

/// Does it. A refusal or fault is said; what was accepted shows as a task.
pub fn send(cx: Cx, act: VmAct, name: String) {
    spawn_local(async move {
        if let Err(body) = transport::act(act, &transport::new_key()).await {
            let words = words::error(&body);
            let title = fill(
                T::CouldNot,
                &[
                    ("act", &verb(act.action)),
                    ("name", &name),
                    ("what", &words.title.to_lowercase()),
                ],
            );
            cx.ui.say(Tone::Bad, title, words.detail);
        }
    });
}
