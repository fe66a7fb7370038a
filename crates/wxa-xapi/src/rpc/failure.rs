//! What XAPI says when something was not done: a code, and what belongs to it.
use crate::{text::printable, world::CANCELLED};
use wxa_driver::{Error, ErrorKind};

/// A failure as the wire has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) params: Vec<String>,
    /// The coordinator's certificate, where a member told it with `HOST_IS_SLAVE`.
    pub(crate) thumbprint: Option<String>,
}

/// Why a call came to nothing.
#[derive(Debug)]
pub(crate) enum Failed {
    /// XAPI said no.
    Said(Failure),
    /// There was no answer that makes sense.
    Unheard(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Unheard(error)
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Said(failure) => failure.into_error(),
            Failed::Unheard(error) => error,
        }
    }
}

impl Failure {
    /// From a task's `error_info`: the code first.
    pub(crate) fn of_task(info: &[String]) -> Self {
        let mut words = info.iter().cloned();
        Self {
            code: words.next().unwrap_or_else(|| "INTERNAL_ERROR".to_owned()),
            params: words.collect(),
            thumbprint: None,
        }
    }

    pub(crate) fn param(&self, n: usize) -> &str {
        self.params.get(n).map_or("", String::as_str)
    }

    /// The session is of no use any more: it has ended, or the host no longer coordinates its pool.
    pub(crate) fn ends_session(&self) -> bool {
        matches!(self.code.as_str(), "SESSION_INVALID" | "HOST_IS_SLAVE")
    }

    /// The host answers, but there is no pool behind it now.
    pub(crate) fn is_no_pool(&self) -> bool {
        matches!(
            self.code.as_str(),
            "HOST_STILL_BOOTING"
                | "HOST_MASTER_CANNOT_TALK_BACK"
                | "HOST_HAS_NO_MANAGEMENT_IP"
                | "HOST_UNKNOWN_TO_MASTER"
        )
    }

    /// As an error, with a sentence for administrators.
    pub(crate) fn into_error(self) -> Error {
        let kind = match self.code.as_str() {
            "SESSION_AUTHENTICATION_FAILED" => ErrorKind::Unauthenticated,
            "RBAC_PERMISSION_DENIED" => ErrorKind::PermissionDenied,
            "HANDLE_INVALID" | "UUID_INVALID" => ErrorKind::NotFound,
            "TASK_CANCELLED" => ErrorKind::Cancelled,
            "OTHER_OPERATION_IN_PROGRESS" | "TOO_MANY_PENDING_TASKS" => ErrorKind::Busy,
            // Signing in again has not helped: the toolstack is restarting. Our account is as good as before.
            _ if self.ends_session() => ErrorKind::Unreachable,
            _ if self.is_no_pool() => ErrorKind::Unreachable,
            code => ErrorKind::Refused {
                code: code.to_owned(),
            },
        };
        Error::new(kind, self.sentence())
    }

    fn sentence(&self) -> String {
        let (first, second) = (self.param(0), self.param(1));
        match self.code.as_str() {
            "SESSION_AUTHENTICATION_FAILED" => "The pool refuses this user name and password.".into(),
            "SESSION_INVALID" => "The pool ended our session.".into(),
            "RBAC_PERMISSION_DENIED" => format!(
                "The pool does not let this account do `{}`: {}.",
                printable(first),
                printable(second).trim_end_matches('.')
            ),
            "HANDLE_INVALID" | "UUID_INVALID" => format!("The pool knows no such {} any more.", noun(first)),
            "OTHER_OPERATION_IN_PROGRESS" => match self.param(2) {
                "" => "Something else is being done to it.".into(),
                doing => format!("Something else is being done to it: {}.", spaced(doing)),
            },
            "TOO_MANY_PENDING_TASKS" => "The pool has too much to do.".into(),
            "HOST_IS_SLAVE" => format!("The host is a member of a pool whose coordinator is {}.", printable(first)),
            "HOST_STILL_BOOTING" => "The host's toolstack is still starting.".into(),
            "HOST_MASTER_CANNOT_TALK_BACK" => "The host has lost its pool's coordinator.".into(),
            "HOST_HAS_NO_MANAGEMENT_IP" => "The host has no management address.".into(),
            "VM_BAD_POWER_STATE" => format!("The VM is {}; it would have to be {}.", self.param(2), self.param(1).replace([';', ','], " or").replace("  ", " ")),
            "OPERATION_NOT_ALLOWED" => format!("The pool does not allow it: {}.", printable(first).trim_end_matches('.')),
            "OPERATION_BLOCKED" => format!("Somebody has blocked this for the VM ({}).", printable(second)),
            "HOST_NOT_ENOUGH_FREE_MEMORY" => match (first.parse::<u64>(), second.parse::<u64>()) {
                (Ok(needed), Ok(free)) => format!(
                    "There is not enough free memory: {} are needed, {} are free.",
                    wxa_model::Bytes(needed),
                    wxa_model::Bytes(free)
                ),
                _ => "There is not enough free memory.".into(),
            },
            "NO_HOSTS_AVAILABLE" => "No host of the pool can run it now: too little memory, or none that reaches its disks and networks.".into(),
            "HOST_DISABLED" => "The host is in maintenance and takes no VMs.".into(),
            "HOST_OFFLINE" => "The host does not answer its pool.".into(),
            "SR_HAS_NO_PBDS" => "A storage repository with one of its disks is attached to no host.".into(),
            "HOST_NOT_LIVE" => "Its pool does not hear from the host.".into(),
            "VM_REQUIRES_SR" => "Not all storage of its disks is attached to the host.".into(),
            "VM_REQUIRES_NETWORK" => "The host is not on all of its networks.".into(),
            "HOST_NOT_ENOUGH_PCPUS" => match (first.parse::<u64>(), second.parse::<u64>()) {
                (Ok(needed), Ok(has)) => format!("The host has {has} CPUs, and the VM may have {needed}."),
                _ => "The host has fewer CPUs than the VM may have.".into(),
            },
            "VM_INCOMPATIBLE_WITH_THIS_HOST" => "It has used features of a processor that the host does not have.".into(),
            "VDI_NOT_AVAILABLE" => "One of its disks is not available.".into(),
            "VM_LACKS_FEATURE" => "The guest cannot be asked: its tools do not run.".into(),
            "VM_FAILED_SHUTDOWN_ACKNOWLEDGMENT" => "The guest did not answer the request. Power it off if it is stuck.".into(),
            "VM_SHUTDOWN_TIMEOUT" => "The guest did not go down in time. Power it off if it is stuck.".into(),
            "VM_IS_TEMPLATE" => "It is a template.".into(),
            "VM_IS_SNAPSHOT" => "It is a snapshot.".into(),
            "TASK_CANCELLED" => CANCELLED.into(),
            code if code.starts_with("SR_BACKEND_FAILURE") => {
                let said = [second, self.param(2), first].into_iter().find(|said| !said.is_empty());
                format!("The storage says: {} ({code}).", printable(said.unwrap_or("nothing")).trim_end_matches('.'))
            }
            code => self.in_xapis_words(code),
        }
    }

    /// References mean nothing to people and are left out.
    fn in_xapis_words(&self, code: &str) -> String {
        let said: Vec<String> = self
            .params
            .iter()
            .filter(|param| !param.is_empty() && !param.contains("Ref:"))
            .take(6)
            .map(|param| printable(param))
            .collect();
        match said.is_empty() {
            true => format!("XAPI says {code}."),
            false => format!("XAPI says {code}: {}.", said.join(", ").trim_end_matches('.')),
        }
    }
}

fn spaced(operation: &str) -> String {
    printable(operation).replace('_', " ")
}

/// What people call a class.
fn noun(class: &str) -> &str {
    match class {
        "VM" | "host" | "task" | "network" | "console" => class,
        "session" => "session",
        "SR" => "storage repository",
        "VDI" => "disk",
        _ => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(words: &[&str]) -> Error {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Failure::of_task(&words).into_error()
    }

    #[test]
    fn failures_are_sentences_with_the_codes_kept() {
        let bad = error(&[
            "VM_BAD_POWER_STATE",
            "OpaqueRef:x",
            "halted, suspended",
            "running",
        ]);
        assert_eq!(
            bad.message,
            "The VM is running; it would have to be halted or suspended."
        );
        assert_eq!(
            bad.kind,
            ErrorKind::Refused {
                code: "VM_BAD_POWER_STATE".into()
            }
        );
        let memory = error(&["HOST_NOT_ENOUGH_FREE_MEMORY", "4294967296", "1073741824"]);
        assert_eq!(
            memory.message,
            "There is not enough free memory: 4 GiB are needed, 1 GiB are free."
        );
        let role = error(&[
            "RBAC_PERMISSION_DENIED",
            "vm.start",
            "No permission in user session",
        ]);
        assert_eq!(role.kind, ErrorKind::PermissionDenied);
        assert_eq!(
            role.message,
            "The pool does not let this account do `vm.start`: No permission in user session."
        );
    }

    #[test]
    fn a_session_that_ends_is_no_wrong_password() {
        assert_eq!(
            error(&["SESSION_INVALID", "OpaqueRef:x"]).kind,
            ErrorKind::Unreachable
        );
        let wrong = error(&["SESSION_AUTHENTICATION_FAILED", "root", "Authentication failure"]);
        assert_eq!(wrong.kind, ErrorKind::Unauthenticated);
    }

    #[test]
    fn what_is_new_is_said_in_xapis_words_without_references() {
        let new = error(&["SOMETHING_NEW", "OpaqueRef:01", "the moon is full"]);
        assert_eq!(new.message, "XAPI says SOMETHING_NEW: the moon is full.");
        assert_eq!(error(&[]).message, "XAPI says INTERNAL_ERROR.");
    }
}
