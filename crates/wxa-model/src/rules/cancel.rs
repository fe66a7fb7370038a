//! Whether something under way can be cancelled, and if not, why.
use super::{refuse, unheard};
use crate::{Cancel, Host, HostKind, Refusal, RefusalCode, TaskOutcome};

/// Decides whether a task can be asked to stop. `host` is where it runs, as far as that is known.
///
/// # Errors
/// A [`Refusal`] with the sentence to show.
pub fn task_cancel(
    outcome: Option<&TaskOutcome>,
    cancel: Cancel,
    host: Option<&Host>,
) -> Result<(), Refusal> {
    if outcome.is_some() {
        return refuse(RefusalCode::WrongState, "It has ended.");
    }
    let Some(host) = host else {
        return refuse(RefusalCode::HostDown, "Its host is not known any more.");
    };
    if let Some(sentence) = unheard(host) {
        return refuse(RefusalCode::HostDown, sentence);
    }
    match (cancel, host.kind) {
        (Cancel::Yes, _) => Ok(()),
        (Cancel::Asked, _) => refuse(RefusalCode::Busy, "It was asked to stop already."),
        (Cancel::No, HostKind::Plain) => refuse(
            RefusalCode::NotSupported,
            "What has begun on the host cannot be withdrawn from here.",
        ),
        (Cancel::No, HostKind::Pool | HostKind::Member { .. }) => refuse(
            RefusalCode::NotSupported,
            "The pool does not let it be cancelled now.",
        ),
    }
}
