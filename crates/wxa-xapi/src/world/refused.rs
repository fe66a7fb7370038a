//! What the pool would refuse now although the VM's state allows it: XAPI's lists of operations as sentences.
use super::{Guest, World, to_vm};
use crate::{act, raw, text};
use wxa_model::{Action, GuestType, PowerState, RefusedAction, rules};

/// The longest reason that is kept of an operation that somebody blocked, in characters.
const LONGEST: usize = 200;

impl World {
    /// All of it, with the reasons.
    pub(super) fn refused(&self, raw: &raw::Vm, power: PowerState) -> Vec<RefusedAction> {
        match raw.is_control_domain {
            true => Vec::new(),
            false => refused(raw, power, self.guests.get(&raw.guest_metrics)),
        }
    }
}

fn refused(raw: &raw::Vm, power: PowerState, guest: Option<&Guest>) -> Vec<RefusedAction> {
    let allowed = allowed(raw, power);
    let why = |action: Action| {
        if let Some(reason) = raw.blocked_operations.get(act::operation(action)) {
            return Some(blocked(reason));
        }
        let allowed = allowed.is_none_or(|allowed| allowed.contains(&action));
        // The list is advice. The way out of a VM that hangs is left open.
        if allowed || action == Action::VmPowerOff {
            return None;
        }
        let is_mute = to_vm::guest_type(raw) == Some(GuestType::Hvm)
            && !guest.is_some_and(|guest| guest.answers.contains(&action));
        Some(match action {
            Action::VmShutdown if is_mute => {
                "Its guest has no tools that would answer: power it off instead.".to_owned()
            }
            Action::VmReboot if is_mute => {
                "Its guest has no tools that would answer: reset it instead.".to_owned()
            }
            Action::VmSuspend if is_mute => "Its guest has no tools that would answer.".to_owned(),
            _ => "The pool does not allow it now.".to_owned(),
        })
    };
    let possible = Action::POOL
        .into_iter()
        .filter(|action| rules::state_allows(*action, power));
    possible
        .filter_map(|action| {
            Some(RefusedAction {
                action,
                why: why(action)?,
            })
        })
        .collect()
}

/// What XAPI lists as allowed; none where that says nothing: while something is under way hardly anything is allowed, and a
/// list with acts of another state was made before this one.
fn allowed(raw: &raw::Vm, power: PowerState) -> Option<&[Action]> {
    let listed = raw.allowed_operations.as_deref()?;
    let is_of_now = listed.iter().all(|action| rules::state_allows(*action, power));
    (raw.current_operations.is_empty() && is_of_now).then_some(listed)
}

/// Whoever blocks an operation may write why; some write only that.
fn blocked(reason: &str) -> String {
    let reason = text::line(reason, LONGEST);
    match reason.to_ascii_lowercase().as_str() {
        "" | "1" | "true" | "operation_blocked" => "It is blocked on the pool.".to_owned(),
        _ => format!("It is blocked on the pool: {}.", reason.trim_end_matches('.')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(
        vm: &str,
        guest: Option<&str>,
        power: PowerState,
    ) -> Result<Vec<(Action, String)>, serde_json::Error> {
        let raw: raw::Vm = serde_json::from_str(vm)?;
        let guest = guest.map(serde_json::from_str).transpose()?;
        let guest = guest.as_ref().map(Guest::new);
        let refused = refused(&raw, power, guest.as_ref());
        Ok(refused.into_iter().map(|one| (one.action, one.why)).collect())
    }

    const MUTE: &str =
        r#"{"domain_type":"hvm","allowed_operations":["pause","hard_reboot","hard_shutdown","snapshot"]}"#;

    #[test]
    fn an_hvm_guest_without_tools_is_not_asked() -> Result<(), serde_json::Error> {
        let expected = [
            (
                Action::VmShutdown,
                "Its guest has no tools that would answer: power it off instead.".to_owned(),
            ),
            (
                Action::VmReboot,
                "Its guest has no tools that would answer: reset it instead.".to_owned(),
            ),
            (
                Action::VmSuspend,
                "Its guest has no tools that would answer.".to_owned(),
            ),
        ];
        assert_eq!(said(MUTE, None, PowerState::Running)?, expected);
        // Tools that shut down and reboot, on a pool that has another reason.
        let tools = r#"{"other":{"feature-shutdown":"1","feature-reboot":"1","feature-suspend":"0"}}"#;
        let whys = said(MUTE, Some(tools), PowerState::Running)?;
        let whys: Vec<&str> = whys.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(
            whys,
            [
                "The pool does not allow it now.",
                "The pool does not allow it now.",
                "Its guest has no tools that would answer."
            ]
        );
        Ok(())
    }

    #[test]
    fn what_says_nothing_refuses_nothing() -> Result<(), serde_json::Error> {
        for vm in [
            r#"{"domain_type":"hvm"}"#,
            r#"{"domain_type":"hvm","allowed_operations":[]}"#,
            r#"{"domain_type":"hvm","allowed_operations":["snapshot"],"current_operations":{"OpaqueRef:t":"clean_reboot"}}"#,
            r#"{"domain_type":"hvm","allowed_operations":["start","destroy"]}"#,
        ] {
            assert_eq!(said(vm, None, PowerState::Running)?, [], "{vm}");
        }
        Ok(())
    }

    #[test]
    fn a_vm_is_always_powered_off_unless_somebody_has_blocked_it() -> Result<(), serde_json::Error> {
        let stuck = r#"{"domain_type":"pv","allowed_operations":["snapshot"]}"#;
        let refused = said(stuck, None, PowerState::Paused)?;
        assert!(
            refused.iter().all(|(action, _)| *action != Action::VmPowerOff),
            "{refused:?}"
        );
        let blocked = |reason: &str| {
            let vm = format!(
                r#"{{"blocked_operations":{{"hard_shutdown":"{reason}","start":"x"}},"current_operations":{{"OpaqueRef:t":"pause"}}}}"#
            );
            said(&vm, None, PowerState::Running)
        };
        assert_eq!(
            blocked("Ask the ERP team.")?,
            [(
                Action::VmPowerOff,
                "It is blocked on the pool: Ask the ERP team.".to_owned()
            )]
        );
        assert_eq!(
            blocked("true")?,
            [(Action::VmPowerOff, "It is blocked on the pool.".to_owned())]
        );
        Ok(())
    }
}
