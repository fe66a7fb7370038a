//! What happened in the time that charts show: acts by their tasks, what others do on pools and what pools report themselves, runs and
//! crashes as hosts tell them, what went wrong by a VM's console, and for administrators what the audit log has besides.
use super::of::Of;
use crate::{
    routes::{Route, url::Url},
    state,
    task::{Row, what},
    text::{self, T, fill, t},
    understood, words,
};
use std::sync::Arc;
use wxa_model::{
    Action, HostId, PoolTask, Task, UnixMillis, VmId,
    pool_details::{MessageAbout, PoolMessage},
};
use wxa_wire::{AuditView, ConsoleMarksView};

/// Most of what is shown under charts.
pub const SHOWN: usize = 12;
const READ: &str = "100";
/// What two sources tell within so many milliseconds is one thing: an act takes a while until its VM runs.
const SAME_MS: u64 = 120_000;

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
            words: {
                let words = match row.on.as_str() {
                    "" => words::operation(&row.what),
                    on => format!("{}: {on}", words::operation(&row.what)),
                };
                match row.outcome.as_deref() {
                    Some("refused" | "failed") => fill(T::InVain, &[("what", &words)]),
                    _ => words,
                }
            },
            by: row.by.clone(),
            href: None,
        })
        .collect()
}

/// The GET that reads who signed in.
pub fn sign_ins_url() -> String {
    let url = Url::parse("/api/v1/audit").with("what", "session_create");
    url.with("limit", READ).text()
}

/// What others do on an object that is in a pool, as far as the pool tells of it.
pub fn of_pool_tasks<'a>(of: Of, tasks: impl Iterator<Item = &'a Arc<PoolTask>>) -> Vec<Event> {
    tasks
        .map(|task| {
            let row = Row::Theirs(task.clone());
            Event {
                at: task.started_at.0,
                image: row.icon(),
                words: match (of, task.work) {
                    (Of::Vm(_), Some(work)) => what(work).to_owned(),
                    (Of::Vm(_), None) => task.name.clone(),
                    (Of::Host(_) | Of::Site(_), _) => row.name(),
                },
                by: row.by(),
                href: Some(row.path()),
            }
        })
        .collect()
}

/// What a pool reported itself about an object: a pool's page has all of it, a member's and a VM's their own.
pub fn of_messages(of: Of, messages: &[PoolMessage], vm_name: impl Fn(VmId) -> String) -> Vec<Event> {
    let is_pool = |about: &MessageAbout, id: HostId| match about {
        MessageAbout::Host(host) => *host == id,
        MessageAbout::Vm(_) | MessageAbout::Pool | MessageAbout::Other(_) => false,
    };
    let told = messages.iter().filter_map(|message| {
        let fits = match of {
            Of::Vm(id) => message.about == MessageAbout::Vm(id),
            Of::Host(id) => is_pool(&message.about, id) || matches!(message.about, MessageAbout::Vm(_)),
            Of::Site(_) => false,
        };
        let at = message.at.filter(|_| fits)?;
        let (image, words) = reported(&message.name);
        Some(Event {
            at: at.0,
            image,
            words: match (&message.about, of) {
                (MessageAbout::Vm(vm), Of::Host(_) | Of::Site(_)) => {
                    let name = vm_name(*vm);
                    // One of another member, or one that is gone.
                    if name.is_empty() {
                        return None;
                    }
                    fill(T::ActOnVm, &[("act", &words), ("name", &name)])
                }
                _ => words,
            },
            by: String::new(),
            href: None,
        })
    });
    told.collect()
}

/// A pool's word for what happened, as people say it (XAPI's `Api_messages`).
fn reported(name: &str) -> (&'static str, String) {
    let act = |action: Action| (state::action_icon(action), text::action(action).to_owned());
    let work = |key: T| ("tasks", t(key).to_owned());
    match name {
        "VM_CRASHED" => ("cross", t(T::CrashedSeen).to_owned()),
        "VM_STARTED" => act(Action::VmStart),
        "VM_SHUTDOWN" => act(Action::VmShutdown),
        "VM_REBOOTED" => act(Action::VmReboot),
        "VM_SUSPENDED" => act(Action::VmSuspend),
        "VM_RESUMED" => act(Action::VmResume),
        "VM_PAUSED" => act(Action::VmPause),
        "VM_UNPAUSED" => act(Action::VmUnpause),
        "VM_MIGRATED" => work(T::WorkMigrate),
        "VM_SNAPSHOTTED" | "VM_CHECKPOINTED" => work(T::WorkSnapshot),
        "VM_SNAPSHOT_REVERTED" => work(T::WorkRevert),
        "VM_CLONED" => work(T::WorkCopy),
        other => ("info", other.to_lowercase().replace('_', " ")),
    }
}

/// That a VM's present run began, as its host tells it.
pub fn of_start(at: UnixMillis) -> Event {
    Event {
        at: at.0,
        image: state::action_icon(Action::VmStart),
        words: text::action(Action::VmStart).to_owned(),
        by: String::new(),
        href: None,
    }
}

/// That a VM was seen to crash.
pub fn of_crash(at: u64) -> Event {
    Event {
        at,
        image: "cross",
        words: t(T::CrashedSeen).to_owned(),
        by: String::new(),
        href: None,
    }
}

/// What went wrong in a VM by its console, e.g. that its kernel gave up. What was printed before anybody listened has the time at
/// which it was read: that is no moment to show.
pub fn of_marks(vm: VmId, told: &ConsoleMarksView) -> Vec<Event> {
    let listened = told.marks.first().map_or(0, |first| first.at.0 + SAME_MS);
    let wrong = told
        .marks
        .iter()
        .filter(|mark| mark.at.0 >= listened && understood::is_wrong(mark.what));
    wrong
        .map(|mark| {
            let (_, image, words) = understood::event(mark.what);
            Event {
                at: mark.at.0,
                image,
                words: words.to_owned(),
                by: String::new(),
                href: Some(understood::at(vm, None, mark.offset)),
            }
        })
        .collect()
}

/// Adds what hosts and pools tell to what is known with who did it: the same thing at about the same time is told once, and a run
/// that begins after an act that lets one begin is no news.
pub fn add_told(all: &mut Vec<Event>, told: Vec<Event>) {
    const BEGIN: [Action; 5] = [
        Action::VmStart,
        Action::VmReboot,
        Action::VmReset,
        Action::VmResume,
        Action::VmUnpause,
    ];
    let start = text::action(Action::VmStart);
    let begins = BEGIN.map(text::action);
    for event in told {
        let is_known = all.iter().any(|known| {
            let same =
                known.words == event.words || event.words == start && begins.contains(&known.words.as_str());
            same && known.at.abs_diff(event.at) <= SAME_MS
        });
        if !is_known {
            all.push(event);
        }
    }
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
    use wxa_model::{
        HostId, PowerState,
        console::{GuestEvent, GuestPhase},
    };
    use wxa_wire::ConsoleMark;

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
    fn trouble_that_a_console_told_is_shown_with_the_line_that_did() {
        let vm = VmId(uuid::Uuid::from_u128(7));
        let mark = |offset, at, what| ConsoleMark {
            offset,
            at: UnixMillis(at),
            what,
        };
        let panicked = GuestEvent::Phase(GuestPhase::Panicked);
        let told = ConsoleMarksView {
            marks: vec![
                mark(5, 1_000_000, panicked),
                mark(10, 1_000_000, GuestEvent::Phase(GuestPhase::Login)),
                mark(20, 5_000_000, GuestEvent::OutOfMemory),
                mark(30, 6_000_000, panicked),
            ],
            ..ConsoleMarksView::default()
        };
        let shown = of_marks(vm, &told);
        let moments: Vec<u64> = shown.iter().map(|event| event.at).collect();
        assert_eq!(
            moments,
            [5_000_000, 6_000_000],
            "read from a log that was there before"
        );
        assert!(shown[1].href.as_ref().is_some_and(|href| href.ends_with("at=30")));
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
    fn what_a_pool_tells_is_told_once_and_a_crash_by_its_name() {
        let vm = sample::vm(1, "web-01", PowerState::Running);
        let message = |name: &str, about, at| PoolMessage {
            name: name.into(),
            body: String::new(),
            priority: 5,
            about,
            at: Some(UnixMillis(at)),
        };
        let other = VmId(uuid::Uuid::from_u128(99));
        let messages = [
            message("VM_CRASHED", MessageAbout::Vm(vm.id), 900_000),
            message("VM_STARTED", MessageAbout::Vm(vm.id), 1_000_000),
            message("VM_SNAPSHOTTED", MessageAbout::Vm(other), 1_100_000),
            message("HOST_OFFLINE", MessageAbout::Host(vm.host), 1_200_000),
        ];
        let words = |all: &[Event]| all.iter().map(|one| one.words.clone()).collect::<Vec<_>>();
        let name = |id| {
            if id == vm.id {
                "web-01".to_owned()
            } else {
                String::new()
            }
        };
        let mut all = of_tasks(
            Of::Vm(vm.id),
            [&Task {
                action: Action::VmReboot,
                started_at: UnixMillis(990_000),
                ..sample::task(7, &vm)
            }]
            .into_iter(),
        );
        add_told(&mut all, of_messages(Of::Vm(vm.id), &messages, name));
        add_told(
            &mut all,
            vec![of_start(UnixMillis(1_001_000)), of_start(UnixMillis(5_000_000))],
        );
        assert_eq!(words(&all), ["Reboot", "Crashed", "Start"]);
        let on_host = of_messages(Of::Host(vm.host), &messages, name);
        assert_eq!(
            words(&on_host),
            ["Crashed web-01", "Start web-01", "host offline"]
        );
    }

    #[test]
    fn what_others_do_on_a_pool_is_marked_too() {
        let task = Arc::new(sample::pool_task(5));
        let of = Of::Vm(task.vm.unwrap_or(VmId(uuid::Uuid::nil())));
        let all = of_pool_tasks(of, [&task].into_iter());
        assert_eq!((all.len(), all[0].at), (1, task.started_at.0));
        assert!(!all[0].words.is_empty() && !all[0].by.is_empty(), "{all:?}");
    }

    #[test]
    fn each_kind_of_object_has_its_own_questions() {
        let host = Of::Host(HostId(uuid::Uuid::from_u128(1)));
        assert!(tasks_url(host).is_some_and(|url| url.contains("host=") && url.contains("limit=100")));
        assert!(audit_url(host).contains("on="));
    }
}
