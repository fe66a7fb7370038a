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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HostId, Link, SiteId, UnixMillis};
    use uuid::Uuid;

    fn host(kind: HostKind, link: Link) -> Host {
        Host {
            id: HostId(Uuid::from_u128(1)),
            site: SiteId(Uuid::from_u128(2)),
            kind,
            name: "lab".into(),
            address: String::new(),
            link,
            last_word: None,
            facts: None,
            config_dir: String::new(),
            tags: vec![],
            notes: String::new(),
        }
    }

    fn why(cancel: Cancel, host: Option<&Host>) -> Option<String> {
        task_cancel(None, cancel, host)
            .err()
            .map(|refusal| refusal.sentence)
    }

    #[test]
    fn what_cannot_be_cancelled_says_why() {
        let pool = host(HostKind::Pool, Link::Up);
        assert_eq!(why(Cancel::Yes, Some(&pool)), None);
        let plain = host(HostKind::Plain, Link::Up);
        let down = host(
            HostKind::Pool,
            Link::Down {
                since: UnixMillis(1),
                why: "gone".into(),
                retry_at: UnixMillis(2),
            },
        );
        for (cancel, host, sentence) in [
            (
                Cancel::No,
                Some(&pool),
                "The pool does not let it be cancelled now.",
            ),
            (Cancel::Asked, Some(&pool), "It was asked to stop already."),
            (
                Cancel::No,
                Some(&plain),
                "What has begun on the host cannot be withdrawn from here.",
            ),
            (Cancel::Yes, Some(&down), "lab cannot be reached."),
            (Cancel::Yes, None, "Its host is not known any more."),
        ] {
            assert_eq!(why(cancel, host).as_deref(), Some(sentence));
        }
        let ended = task_cancel(Some(&TaskOutcome::Done), Cancel::Yes, Some(&pool));
        assert_eq!(
            ended.err().map(|refusal| refusal.sentence).as_deref(),
            Some("It has ended.")
        );
    }
}
