//! Whether an action is possible now, and if not, why: every sentence a disabled button shows is written here.
mod cancel;
mod chosen;

pub use cancel::task_cancel;
pub use chosen::{chosen_member, has_places};

use crate::{Action, Host, HostKind, Link, PowerState, Refusal, RefusalCode, Vm, VmRole};

/// What the driver of a VM's host can do.
pub trait Can {
    /// Whether the host's tool offers `action` at all.
    fn can(&self, action: Action) -> bool;
}

/// A driver that offers whatever its kind of host offers.
#[derive(Clone, Copy, Debug, Default)]
pub struct CanAll;

impl Can for CanAll {
    fn can(&self, _action: Action) -> bool {
        true
    }
}

/// Decides whether `action` may begin on `vm`. Rights are decided elsewhere ([`crate::grants::allows`]).
///
/// `pending` is the action under way on the same VM, if any. Powering off and SysRq keys are allowed while a shutdown or
/// reboot is waiting for a guest that does not answer: that is what they are for.
///
/// # Errors
/// A [`Refusal`] with the sentence to show.
pub fn vm_action(
    action: Action,
    vm: &Vm,
    host: &Host,
    pending: Option<Action>,
    can: &dyn Can,
) -> Result<(), Refusal> {
    if vm.role == VmRole::ControlDomain {
        return refuse(
            RefusalCode::ControlDomain,
            format!("{} runs the host itself and cannot be acted on.", vm.name),
        );
    }
    if !Action::offered(host.kind).contains(&action) || !can.can(action) {
        let sentence = match (action, host.kind) {
            (Action::VmSysrq, HostKind::Pool | HostKind::Member { .. }) => {
                "A pool sends no SysRq keys: XAPI does not implement it.".to_owned()
            }
            _ => format!("This host cannot {}.", action.label().to_lowercase()),
        };
        return refuse(RefusalCode::NotSupported, sentence);
    }
    if let Some(sentence) = unheard(host) {
        return refuse(RefusalCode::HostDown, sentence);
    }
    if let Some(pending) = pending {
        let waits_for_guest = matches!(pending, Action::VmShutdown | Action::VmReboot);
        if !(matches!(action, Action::VmPowerOff | Action::VmSysrq) && waits_for_guest) {
            return refuse(
                RefusalCode::Busy,
                format!("{} is already under way.", pending.doing()),
            );
        }
    }
    if action == Action::VmStart && vm.power == PowerState::Halted {
        if let Some(problem) = &vm.config_problem {
            return refuse(
                RefusalCode::NoDefinition,
                match &vm.config_path {
                    Some(path) => format!("Its definition {path} cannot be read: {problem}"),
                    None => format!("Its definition cannot be read: {problem}"),
                },
            );
        }
        if vm.config_path.is_none() && host.kind == HostKind::Plain {
            return refuse(
                RefusalCode::NoDefinition,
                "There is no definition file to start it from.",
            );
        }
    }
    if let Some(sentence) = state_sentence(action, vm.power) {
        return refuse(RefusalCode::WrongState, sentence);
    }
    match vm.refused.iter().find(|refused| refused.action == action) {
        Some(refused) => refuse(RefusalCode::NotSupported, refused.why.clone()),
        None => Ok(()),
    }
}

/// Whether a VM in that state can be the object of it at all.
pub fn state_allows(action: Action, power: PowerState) -> bool {
    state_sentence(action, power).is_none()
}

fn refuse(code: RefusalCode, sentence: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::new(code, sentence))
}

/// Why nothing can be done on a host that is not connected; none where it is.
pub fn unheard(host: &Host) -> Option<String> {
    Some(match &host.link {
        Link::Up => return None,
        Link::Connecting => format!("{} is being connected.", host.name),
        Link::Down { .. } => format!("{} cannot be reached.", host.name),
        Link::Unauthenticated { .. } => format!("{} refuses the stored credentials.", host.name),
        Link::KeyChanged { .. } => format!(
            "{} shows another {} than the confirmed one.",
            host.name,
            key_word(host)
        ),
        Link::OtherPool { .. } => format!(
            "Another pool answers at the address of {} than the one that was added.",
            host.name
        ),
        Link::JumpKeyChanged { .. } => format!(
            "The jump host of {} shows another key than the confirmed one.",
            host.name
        ),
    })
}

/// What a host is known by.
fn key_word(host: &Host) -> &'static str {
    match host.kind {
        HostKind::Plain => "host key",
        HostKind::Pool | HostKind::Member { .. } => "certificate",
    }
}

fn state_sentence(action: Action, power: PowerState) -> Option<&'static str> {
    use PowerState as P;
    match (action, power) {
        (Action::VmStart, P::Halted) => None,
        (Action::VmStart, P::Running) => Some("It is already running."),
        (Action::VmStart, P::Paused) => Some("It is paused: unpause it instead."),
        (Action::VmStart, P::Suspended) => Some("It is suspended: resume it instead."),
        (Action::VmStart, P::Crashed) => Some("It crashed and is kept for inspection: power it off first."),
        (Action::VmStart, P::Stopping) => Some("It is still stopping: wait, or power it off."),

        (Action::VmShutdown | Action::VmReboot | Action::VmPause | Action::VmSuspend, P::Running) => None,
        (Action::VmShutdown | Action::VmReboot, P::Paused) => {
            Some("It is paused and cannot answer: unpause it first, or power it off.")
        }
        (Action::VmPause, P::Paused) => Some("It is already paused."),
        (Action::VmSuspend, P::Paused) => Some("It is paused and cannot answer: unpause it first."),
        (Action::VmShutdown | Action::VmReboot | Action::VmPause | Action::VmSuspend, P::Halted) => {
            Some("It is not running.")
        }
        (Action::VmShutdown | Action::VmReboot | Action::VmPause | Action::VmSuspend, P::Suspended) => {
            Some("It is suspended.")
        }
        (Action::VmShutdown | Action::VmReboot | Action::VmPause | Action::VmSuspend, P::Crashed) => {
            Some("It crashed and cannot answer: power it off.")
        }
        (Action::VmShutdown | Action::VmReboot | Action::VmPause | Action::VmSuspend, P::Stopping) => {
            Some("It is already stopping.")
        }

        (Action::VmUnpause, P::Paused) => None,
        (Action::VmUnpause, _) => Some("It is not paused."),
        (Action::VmResume, P::Suspended) => None,
        (Action::VmResume, _) => Some("It is not suspended."),
        (Action::VmReset, P::Running | P::Paused) => None,
        (Action::VmReset, P::Halted) => Some("It is not running."),
        (Action::VmReset, P::Suspended) => Some("It is suspended."),
        (Action::VmReset, P::Crashed) => Some("It crashed: power it off and start it."),
        (Action::VmReset, P::Stopping) => Some("It is already stopping."),

        (Action::VmSysrq, P::Running) => None,
        (Action::VmSysrq, P::Paused) => Some("It is paused and cannot answer: unpause it first."),
        (Action::VmSysrq, P::Halted) => Some("It is not running."),
        (Action::VmSysrq, P::Suspended) => Some("It is suspended."),
        (Action::VmSysrq, P::Crashed) => Some("It crashed and cannot answer: power it off."),
        (Action::VmSysrq, P::Stopping) => Some("It is already stopping."),

        (Action::VmPowerOff, P::Halted) => Some("It is not running."),
        (Action::VmPowerOff, P::Running | P::Paused | P::Suspended | P::Crashed | P::Stopping) => None,
    }
}

#[cfg(test)]
mod tests;
