//! What others do on pools, and cancelling: the log, the tables, the task's page, the VM's row.
use super::{page_with, says};
use crate::{Boot, sample};
use uuid::Uuid;
use wxa_model::{Cancel, Grant, Object, PoolTask, Role, Scope, TaskOutcome, VmId};

/// The sample with a migration of `erp-01` by Xen Orchestra, as `change` makes it.
fn with(change: impl Fn(&mut PoolTask)) -> (Boot, PoolTask) {
    let mut boot = sample::boot();
    let mut task = sample::pool_task(7);
    task.vm = Some(VmId(Uuid::from_u128(40)));
    change(&mut task);
    if let Some(all) = &mut boot.inventory {
        all.objects.push(Object::PoolTask(task.clone()));
    }
    (boot, task)
}

/// The button that cancels the migration, up to the sentence beside it.
#[track_caller]
fn button(html: &str) -> &str {
    let begin = "aria-label=\"Cancel: Migrate erp-01\"";
    let rest = html.split_once(begin).map(|(_, rest)| rest).unwrap_or_default();
    let part = rest
        .split_once("</span>")
        .map(|(part, _)| part)
        .unwrap_or_default();
    assert!(!part.is_empty(), "there is no button in {html}");
    part
}

#[test]
fn what_others_do_stands_in_the_log_and_on_the_vm_with_who_and_how_far() {
    let (boot, _) = with(|_| {});
    let html = page_with("/vms", boot);
    says(
        &html,
        &["Migrating 40 %", "Migrate erp-01", "XAPI: Xen Orchestra", "40 %"],
    );
    assert!(!button(&html).contains("aria-disabled"), "{}", button(&html));
}

#[test]
fn what_cannot_be_cancelled_says_why_to_everybody() {
    for (cancel, why) in [
        (Cancel::No, "The pool does not let it be cancelled now."),
        (Cancel::Asked, "It was asked to stop already."),
    ] {
        let (boot, _) = with(|task| task.cancel = cancel);
        let html = page_with("/tasks", boot);
        let part = button(&html);
        assert!(
            part.contains("aria-disabled=\"true\"") && part.contains(why),
            "{part}"
        );
        assert!(part.contains("aria-describedby=\"why-page-"), "{part}");
    }
    let (mut boot, _) = with(|_| {});
    if let Some(session) = &mut boot.session {
        session.grants = vec![Grant {
            role: Role::Viewer,
            scope: Scope::Everything,
        }];
    }
    let html = page_with("/tasks", boot);
    assert!(
        button(&html).contains("Your role does not let you cancel it"),
        "{}",
        button(&html)
    );
}

#[test]
fn the_tasks_page_filters_by_where_it_was_begun() {
    let all = page_with("/tasks", with(|_| {}).0);
    says(&all, &["name=\"from\"", "On the pool", "Migrate erp-01"]);
    let ours = page_with("/tasks?from=here", with(|_| {}).0);
    let table = ours
        .split_once("class=\"table-scroll\"")
        .map(|(_, rest)| rest)
        .unwrap_or_default();
    let table = table
        .split_once("</table>")
        .map(|(table, _)| table)
        .unwrap_or_default();
    assert!(table.contains("Reboot") && !table.contains("erp-01"), "{table}");
}

#[test]
fn its_own_page_says_all_that_the_pool_tells() {
    let why = "There is not enough free memory.";
    let (boot, task) = with(|task| {
        task.outcome = Some(TaskOutcome::Failed { why: why.into() });
        task.ended_at = Some(sample::NOW);
        task.cancel = Cancel::No;
    });
    let html = page_with(&format!("/tasks/{}", task.id), boot);
    says(
        &html,
        &[
            "Migrate erp-01",
            why,
            "Async.VM.pool_migrate",
            "XAPI: Xen Orchestra",
            "it is not kept here",
            &task.native_id,
        ],
    );
}

#[test]
fn a_vms_history_has_what_others_did_to_it() {
    let (boot, task) = with(|task| {
        task.outcome = Some(TaskOutcome::Cancelled {
            why: "Somebody cancelled it on the pool.".into(),
        });
        task.ended_at = Some(sample::NOW);
    });
    let vm = task.vm.map(|vm| vm.to_string()).unwrap_or_default();
    let html = page_with(&format!("/vms/{vm}/history"), boot);
    says(
        &html,
        &["Migrate erp-01", "Cancelled: Somebody cancelled it on the pool."],
    );
}
