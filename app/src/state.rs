//! How a VM's state is shown: one word, one icon, one class; staleness and pending acts included. Pure.
use crate::{
    format,
    task::Row,
    text::{self, T, fill, t},
};
use std::sync::Arc;
use wxa_model::{Host, HostKind, Link, PoolTask, PowerState, Task, UnixMillis, Vm};

/// A state as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The key of the filter's `state:`, and of facets.
    pub key: &'static str,
    /// The colour's class.
    pub class: &'static str,
    /// The icon's name in the sprite.
    pub icon: &'static str,
    /// What it says.
    pub word: String,
    /// More, for a tooltip; empty for nothing.
    pub more: String,
    /// Progress of the act under way, 0 to 100.
    pub percent: Option<u8>,
}

/// What is being done to a VM: by an act of ours, else by others on its pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Under {
    icon: &'static str,
    doing: String,
    percent: Option<u8>,
    by: String,
}

impl Under {
    /// An act of ours.
    pub fn ours(task: &Task) -> Self {
        Self {
            icon: action_icon(task.action),
            doing: text::doing(task.action).into(),
            percent: task.percent,
            by: task.by.clone(),
        }
    }

    /// What others do.
    pub fn theirs(task: Arc<PoolTask>) -> Self {
        Self {
            icon: task.work.map_or("tasks", crate::task::work_icon),
            doing: task
                .work
                .map_or_else(|| task.name.clone(), |work| crate::task::doing(work).into()),
            percent: task.percent,
            by: Row::Theirs(task).by(),
        }
    }
}

/// The look of a power state on a host that is heard.
pub fn power(power: PowerState) -> (&'static str, &'static str, &'static str, &'static str) {
    match power {
        PowerState::Running => ("running", "st-running", "play", t(T::StateRunning)),
        PowerState::Paused => ("paused", "st-paused", "pause", t(T::StatePaused)),
        PowerState::Suspended => ("suspended", "st-suspended", "moon", t(T::StateSuspended)),
        PowerState::Halted => ("halted", "st-halted", "stop", t(T::StateHalted)),
        PowerState::Crashed => ("crashed", "st-crashed", "cross", t(T::StateCrashed)),
        PowerState::Stopping => ("stopping", "st-pending", "power", t(T::StateStopping)),
    }
}

/// What is shown for `vm`: the act under way, else staleness, else its power state.
pub fn shown(vm: &Vm, host: Option<&Host>, under: Option<&Under>, now: UnixMillis) -> Shown {
    let (key, class, icon, word) = power(vm.power);
    if let Some(age) = host.and_then(|host| stale_for(host, now)) {
        let name = host.map_or(t(T::ItsHost), |host| host.name.as_str());
        let (said, more) = match age {
            Some(ms) => (
                fill(T::StateUnknownFor, &[("span", &format::span(ms))]),
                fill(
                    T::StateLastHeard,
                    &[("state", &word), ("host", &name), ("ago", &format::ago(ms))],
                ),
            ),
            None => (
                t(T::StateUnknown).into(),
                fill(T::StateNeverHeard, &[("host", &name)]),
            ),
        };
        return Shown {
            key: "unknown",
            class: "st-stale",
            icon: "question",
            word: said,
            more,
            percent: None,
        };
    }
    if let Some(under) = under {
        return Shown {
            key,
            class: "st-pending",
            icon: under.icon,
            word: match under.percent {
                Some(percent) => fill(T::DoingPercent, &[("doing", &under.doing), ("percent", &percent)]),
                None => under.doing.clone(),
            },
            more: fill(T::ByWhom, &[("name", &under.by)]),
            percent: under.percent,
        };
    }
    if let Some(problem) = vm
        .config_problem
        .as_ref()
        .filter(|_| vm.power == PowerState::Halted)
    {
        let file = vm.config_path.as_deref().unwrap_or(t(T::ItsDefinition));
        return Shown {
            key,
            class: "st-warn",
            icon: "warning",
            word: t(T::StateBroken).into(),
            more: fill(T::StateBrokenMore, &[("file", &file), ("problem", problem)]),
            percent: None,
        };
    }
    Shown {
        key,
        class,
        icon,
        word: word.into(),
        more: vm
            .native_id
            .as_ref()
            .map(|id| fill(T::DomidIs, &[("id", id)]))
            .unwrap_or_default(),
        percent: None,
    }
}

/// The icon of an act.
pub fn action_icon(action: wxa_model::Action) -> &'static str {
    use wxa_model::Action as A;
    match action {
        A::VmStart | A::VmUnpause | A::VmResume => "play",
        A::VmShutdown => "power",
        A::VmReboot => "reboot",
        A::VmPause => "pause",
        A::VmSuspend => "moon",
        A::VmReset => "reset",
        A::VmPowerOff => "bolt",
        A::VmSysrq => "keyboard",
    }
}

/// For a host that is not heard: how long ago its last word was, in ms (`Some(None)` when there was none yet).
pub fn stale_for(host: &Host, now: UnixMillis) -> Option<Option<u64>> {
    if host.link.is_up() {
        return None;
    }
    let last = host.last_word.or(match &host.link {
        Link::Down { since, .. } => Some(*since),
        _ => None,
    });
    Some(last.map(|at| now.since(at)))
}

/// How a host's link is drawn: class, icon, words.
pub fn link(host: &Host, now: UnixMillis) -> (&'static str, &'static str, String) {
    let in_maintenance = host.facts.as_ref().is_some_and(|facts| facts.maintenance);
    match &host.link {
        Link::Up if in_maintenance => ("st-warn", "wrench", t(T::Maintenance).into()),
        Link::Up => ("st-running", "check", t(T::LinkUp).into()),
        Link::Connecting => ("st-pending", "reboot", t(T::LinkConnecting).into()),
        Link::Down { since, .. } => (
            "st-stale",
            "question",
            fill(
                T::LinkDown,
                &[("span", &format::span(now.since(host.last_word.unwrap_or(*since))))],
            ),
        ),
        Link::Unauthenticated { .. } => ("st-warn", "key", t(T::LinkRefused).into()),
        Link::KeyChanged { .. } if host.kind == HostKind::Pool => {
            ("st-crashed", "warning", t(T::LinkCertificateChanged).into())
        }
        Link::KeyChanged { .. } => ("st-crashed", "warning", t(T::LinkKeyChanged).into()),
        Link::OtherPool { .. } => ("st-crashed", "warning", t(T::LinkOtherPool).into()),
        Link::JumpKeyChanged { .. } => ("st-crashed", "warning", t(T::LinkJumpKeyChanged).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{host, task, vm};

    #[test]
    fn a_running_vm_says_so_and_an_act_comes_first() {
        let up = host(1, Link::Up);
        let now = UnixMillis(500_000);
        let running = vm(1, "web-01", PowerState::Running);
        let calm = shown(&running, Some(&up), None, now);
        assert_eq!((calm.word.as_str(), calm.class), ("Running", "st-running"));
        let busy = shown(&running, Some(&up), Some(&Under::ours(&task(1, &running))), now);
        assert_eq!((busy.word.as_str(), busy.key), ("Rebooting 40 %", "running"));
    }

    #[test]
    fn a_vm_whose_definition_is_broken_says_so_with_file_and_line() {
        let up = host(1, Link::Up);
        let mut broken = vm(1, "web-01", PowerState::Halted);
        broken.config_problem = Some("line 3: a string is not closed".into());
        let state = shown(&broken, Some(&up), None, UnixMillis(0));
        assert_eq!((state.word.as_str(), state.key), ("Broken definition", "halted"));
        assert_eq!(
            state.more,
            "Halted, and cannot be started. /etc/xen/web-01.cfg: line 3: a string is not closed"
        );
        broken.power = PowerState::Running;
        assert_eq!(shown(&broken, Some(&up), None, UnixMillis(0)).word, "Running");
    }

    #[test]
    fn a_vm_of_an_unheard_host_is_unknown_with_its_age() {
        let down = Link::Down {
            since: UnixMillis(100_000),
            why: "timed out".into(),
            retry_at: UnixMillis(0),
        };
        let mut lost = host(1, down);
        lost.last_word = Some(UnixMillis(140_000));
        let state = shown(
            &vm(1, "web-01", PowerState::Running),
            Some(&lost),
            None,
            UnixMillis(500_000),
        );
        assert_eq!(state.word, "Unknown · 6 min");
        assert_eq!(state.more, "Running when xen-1 was last heard, 6 min ago");
        assert_eq!(state.key, "unknown");
        lost.link = Link::Connecting;
        lost.last_word = None;
        assert_eq!(
            shown(
                &vm(1, "web-01", PowerState::Halted),
                Some(&lost),
                None,
                UnixMillis(1)
            )
            .word,
            "Unknown"
        );
    }
}
