//! Acting on several VMs: the run under way, kept for the tab, and the loop that works through it.
pub mod run;

use crate::{
    act, browser,
    cx::Cx,
    text::{T, fill, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use run::{Counts, Run};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use wxa_model::{Action, Vm, VmId};

/// Where the tab keeps the run.
const STORED: &str = "wxa-bulk";

/// The run, as pages follow it.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// The run; it stays until it is dismissed or another one begins.
    pub run: RwSignal<Option<Run>>,
    /// Whether its sheet is open.
    pub open: RwSignal<bool>,
}

/// A run as the tab keeps it: nobody else's who signs in there next.
#[derive(Serialize, Deserialize)]
struct Kept {
    user: String,
    run: Run,
}

impl Bulk {
    /// None yet.
    pub fn new() -> Self {
        Self {
            run: RwSignal::new(None),
            open: RwSignal::new(false),
        }
    }

    /// How the run stands; none without one. Tracks it.
    pub fn counts(self) -> Option<Counts> {
        self.run.with(|run| run.as_ref().map(Run::counts))
    }

    /// Whether a run is still working. Tracks it.
    pub fn is_busy(self) -> bool {
        self.counts().is_some_and(|counts| !counts.is_over())
    }

    /// Begins a run and shows its sheet.
    pub fn begin(self, cx: Cx, action: Action, vms: Vec<(VmId, String)>) {
        self.run.set(Some(Run::new(action, vms)));
        self.open.set(true);
        pump(cx);
    }

    /// Tries again what failed.
    pub fn retry(self, cx: Cx) {
        self.change(Run::retry);
        pump(cx);
    }

    /// Takes back what waits.
    pub fn cancel_waiting(self) {
        self.change(Run::cancel_waiting);
    }

    /// Forgets the run.
    pub fn dismiss(self) {
        self.open.set(false);
        self.run.set(None);
    }

    /// Follows the tasks for as long as the page lives, going on with what the tab kept. In the browser only.
    pub fn start(self, cx: Cx) {
        if let Some(mut run) = stored(cx) {
            run.resume();
            self.run.set(Some(run));
        }
        Effect::new(move |_| {
            let tasks = cx.live.tasks.get();
            if self.run.with_untracked(Option::is_some) {
                self.change(|run| run.follow(&tasks));
                pump(cx);
            }
        });
        Effect::new(move |_| {
            let kept = self.run.get().map(|run| Kept { user: user(cx), run });
            let text = kept.and_then(|kept| serde_json::to_string(&kept).ok());
            browser::store_for_tab(STORED, text.as_deref());
        });
    }

    /// Changes the run; nothing is told when it comes to the same.
    fn change(self, change: impl FnOnce(&mut Run)) {
        let Some(before) = self.run.get_untracked() else {
            return;
        };
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.run.set(Some(after));
        }
    }
}

fn user(cx: Cx) -> String {
    cx.boot
        .with_value(|boot| boot.session.as_ref().map(|session| session.user.to_string()))
        .unwrap_or_default()
}

fn stored(cx: Cx) -> Option<Run> {
    let kept: Kept = serde_json::from_str(&browser::stored_for_tab(STORED)?).ok()?;
    (kept.user == user(cx)).then_some(kept.run)
}

/// Sends what may be sent now; each answer sends the next.
fn pump(cx: Cx) {
    let mut requests = Vec::new();
    let mut action = None;
    cx.bulk.change(|run| {
        action = Some(run.action);
        requests = run.begin(transport::new_key);
    });
    let Some(action) = action else { return };
    for request in requests {
        spawn_local(async move {
            let answer = transport::act(wxa_model::VmAct::new(action, request.vm), &request.key).await;
            let said = answer.as_ref().err().map(|body| words::error(body).detail);
            cx.bulk.change(|run| {
                let answer = answer.as_ref().map(|task| *task);
                run.answered(&request, answer, said.as_deref().unwrap_or_default());
                // The task may have been told before the answer came.
                run.follow(&cx.live.tasks.get_untracked());
            });
            pump(cx);
        });
    }
}

/// What an act on the marked VMs would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// It is possible on these.
    pub able: Vec<(VmId, String)>,
    /// It is not on these, by the sentence that says why.
    pub unable: Vec<(String, Vec<String>)>,
}

/// What `action` on `vms` would come to. Tracks whatever that depends on.
pub fn plan(cx: Cx, action: Action, vms: &[Arc<Vm>]) -> Plan {
    let mut plan = Plan::default();
    let mut unable: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut judge = act::Judge::new(cx);
    for vm in vms {
        match judge.verdict(action, vm) {
            Ok(()) => plan.able.push((vm.id, vm.name.clone())),
            Err(refusal) => unable.entry(refusal.sentence).or_default().push(vm.name.clone()),
        }
    }
    plan.unable = unable.into_iter().collect();
    plan
}

/// The marked VMs that are still there. Tracks marks and VMs.
pub fn marked(cx: Cx) -> Vec<Arc<Vm>> {
    cx.ui.marks.now.with(|marked| cx.live.these(marked))
}

/// How a run stands, in words.
pub fn summary(counts: Counts) -> String {
    let mut parts = vec![fill(T::BulkSum, &[("done", &counts.done), ("n", &counts.all)])];
    for (n, key) in [
        (counts.running, T::BulkSumRunning),
        (counts.waiting, T::BulkSumWaiting),
        (counts.failed, T::BulkSumFailed),
        (counts.refused, T::BulkSumRefused),
        (counts.unknown, T::BulkSumUnknown),
        (counts.cancelled, T::BulkSumCancelled),
    ] {
        if n > 0 {
            parts.push(fill(key, &[("n", &n)]));
        }
    }
    parts.join(t(T::ListSeparator))
}
