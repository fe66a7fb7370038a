//! What happened in the time that charts show: acts by their tasks, and for administrators what the audit log has besides.
use super::of::Of;
use crate::{
    routes::{Route, url::Url},
    state,
    text::{self, T, fill},
    words,
};
use wxa_model::{Action, Task, UnixMillis};
use wxa_wire::AuditView;

/// Most of what is shown under charts.
pub const SHOWN: usize = 12;
const READ: &str = "100";

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it was asked for, in milliseconds since 1970.
    pub at: u64,
    /// Its icon.
    pub image: &'static str,
    /// What, in words.
    pub words: String,
    /// By whom; empty for nobody known.
    pub by: String,
    /// Where there is more; none for nowhere.
    pub href: Option<String>,
}

/// The GET that reads the newest acts on an object; none for a site.
pub fn tasks_url(of: Of) -> Option<String> {
    let url = Url::parse("/api/v1/tasks");
    let narrowed = match of {
        Of::Vm(id) => url.with("on", &id.to_string()),
        Of::Host(id) => url.with("host", &id.to_string()),
        Of::Site(_) => return None,
    };
    Some(narrowed.with("limit", READ).text())
}

/// The GET that reads what the audit log has on an object; all of it for a site.
pub fn audit_url(of: Of) -> String {
    let url = Url::parse("/api/v1/audit");
    let narrowed = match of {
        Of::Vm(id) => url.with("on", &id.to_string()),
        Of::Host(id) => url.with("on", &id.to_string()),
        Of::Site(_) => url,
    };
    narrowed.with("limit", READ).text()
}

/// Acts on an object; its VMs are named where it is not itself one.
pub fn of_tasks<'a>(of: Of, tasks: impl Iterator<Item = &'a Task>) -> Vec<Event> {
    tasks
        .map(|task| {
            let act = text::action(task.action);
            Event {
                at: task.started_at.0,
                image: state::action_icon(task.action),
                words: match of {
                    Of::Vm(_) => act.to_owned(),
                    Of::Host(_) | Of::Site(_) => fill(T::ActOnVm, &[("act", &act), ("name", &task.vm_name)]),
                },
                by: task.by.clone(),
                href: Some(Route::Task(task.id).path()),
            }
        })
        .collect()
}

/// What the audit log has besides acts, which are tasks.
pub fn of_audit(rows: &[AuditView]) -> Vec<Event> {
    let is_act = |row: &&AuditView| Action::ALL.iter().any(|action| action.name() == row.what);
    rows.iter()
        .filter(|row| !is_act(row))
        .map(|row| Event {
            at: row.at.0,
            image: "audit",
            words: match row.on.as_str() {
                "" => words::operation(&row.what),
                on => format!("{}: {on}", words::operation(&row.what)),
            },
            by: row.by.clone(),
            href: None,
        })
        .collect()
}

/// All of them that lie in a window, oldest first, each once.
pub fn within(mut all: Vec<Event>, window: (u64, u64)) -> Vec<Event> {
    all.retain(|event| (window.0..=window.1).contains(&event.at));
    all.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.words.cmp(&b.words)));
    all.dedup();
    all
}

/// The one that the cross-hair is at: the nearest within a hundredth of the window.
pub fn near(all: &[Event], at: u64, window: (u64, u64)) -> Option<&Event> {
    let reach = (window.1 - window.0) / 100;
    all.iter()
        .filter(|event| event.at.abs_diff(at) <= reach)
        .min_by_key(|event| event.at.abs_diff(at))
}

impl Event {
    /// Its moment.
    pub fn moment(&self) -> UnixMillis {
        UnixMillis(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use wxa_model::{HostId, PowerState};

    #[test]
    fn acts_come_from_tasks_and_only_the_rest_from_the_audit_log() {
        let vm = sample::vm(1, "web-01", PowerState::Running);
        let task = sample::task(7, &vm);
        let on_vm = of_tasks(Of::Vm(vm.id), [&task].into_iter());
        assert_eq!((on_vm[0].words.as_str(), on_vm[0].by.as_str()), ("Reboot", "ops"));
        let on_host = of_tasks(Of::Host(vm.host), [&task].into_iter());
        assert_eq!(on_host[0].words, "Reboot web-01");
        let rows = [
            sample::audit_row(1, "vm_reboot", Some("done")),
            sample::audit_row(2, "console_open", Some("done")),
        ];
        assert_eq!(of_audit(&rows).len(), 1);
    }

    #[test]
    fn only_what_lies_in_the_window_is_shown_and_what_is_near_is_named() {
        let event = |at: u64| Event {
            at,
            image: "play",
            words: at.to_string(),
            by: String::new(),
            href: None,
        };
        let window = (1000, 2000);
        let all = within([1500, 900, 1100, 1500].map(event).to_vec(), window);
        assert_eq!(all.iter().map(|event| event.at).collect::<Vec<_>>(), [1100, 1500]);
        assert_eq!(near(&all, 1495, window).map(|event| event.at), Some(1500));
        assert_eq!(near(&all, 1300, window), None);
    }

    #[test]
    fn each_kind_of_object_has_its_own_questions() {
        let host = Of::Host(HostId(uuid::Uuid::from_u128(1)));
        assert!(tasks_url(host).is_some_and(|url| url.contains("host=") && url.contains("limit=100")));
        assert!(audit_url(host).contains("on="));
    }
}
