//! Acting on VMs: whether it may be, and doing it. A button shows the task, never a guess at its result.
use crate::{
    cx::Cx,
    transport,
    ui::{Ask, Tone},
    words,
};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{Action, Permission, Refusal, RefusalCode, Vm, VmId, rules};

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

/// Does it, after a question where something would be lost.
pub fn begin(cx: Cx, action: Action, vms: Vec<(VmId, String)>) {
    if action.loses().is_some() {
        cx.ui.confirm.set(Some(Ask { action, vms }));
    } else {
        send(cx, action, vms);
    }
}

/// Does it. Refusals and faults are said once, together; what was accepted shows as a task.
pub fn send(cx: Cx, action: Action, vms: Vec<(VmId, String)>) {
    spawn_local(async move {
        let many = vms.len() > 1;
        let mut problems = Vec::new();
        for (id, name) in vms {
            if let Err(body) = transport::act(action, id).await {
                problems.push((name, words::error(&body)));
            }
        }
        let Some((name, first)) = problems.first() else {
            return;
        };
        let verb = action.label().to_lowercase();
        if many {
            let list: Vec<String> = problems
                .iter()
                .map(|(name, words)| format!("{name}: {}", words.detail))
                .collect();
            let title = format!("Could not {verb} {}", crate::format::count(problems.len(), "VM"));
            cx.ui.say(Tone::Bad, title, list.join(" · "));
        } else {
            let title = format!("Could not {verb} {name}: {}", first.title.to_lowercase());
            cx.ui.say(Tone::Bad, title, first.detail.clone());
        }
    });
}
