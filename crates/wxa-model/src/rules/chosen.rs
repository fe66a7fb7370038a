//! Whether a VM may start or resume on the member of its pool that somebody chose.
use super::unheard;
use crate::{Action, Host, HostKind, Refusal, RefusalCode};

/// Decides whether `action` may be asked for on `member`. `host` is where the VM is now: a member, or its pool. Whether
/// there is room is the pool's to say, because only it knows what is just being started.
///
/// # Errors
/// A [`Refusal`] with the sentence to show.
pub fn chosen_member(action: Action, host: &Host, member: &Host) -> Result<(), Refusal> {
    let refuse = |code, sentence: String| Err(Refusal::new(code, sentence));
    if !action.takes_place() {
        return refuse(
            RefusalCode::NotSupported,
            "Only a start and a resume can be on a chosen host.".into(),
        );
    }
    let pool = host.reached_through();
    if member.kind.pool().is_none() || host.kind == HostKind::Plain {
        return Err(stands_alone(member));
    }
    if member.kind.pool() != Some(pool) {
        return refuse(
            RefusalCode::NotSupported,
            format!("{} is not in the pool of this VM.", member.name),
        );
    }
    if let Some(sentence) = unheard(member) {
        return refuse(RefusalCode::HostDown, sentence);
    }
    if member.facts.as_ref().is_some_and(|facts| facts.maintenance) {
        return refuse(
            RefusalCode::NotSupported,
            format!("{} is in maintenance and takes no VMs.", member.name),
        );
    }
    Ok(())
}

/// Whether there is anything to choose from for a VM on `host`: that is a pool, or a member of one.
///
/// # Errors
/// A [`Refusal`] with the sentence to show.
pub fn has_places(host: &Host) -> Result<(), Refusal> {
    match host.kind {
        HostKind::Plain => Err(stands_alone(host)),
        HostKind::Pool | HostKind::Member { .. } => Ok(()),
    }
}

fn stands_alone(host: &Host) -> Refusal {
    let sentence = format!(
        "{} stands alone: only a pool has hosts to choose from.",
        host.name
    );
    Refusal::new(RefusalCode::NotSupported, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HostFacts, HostId, Link, SiteId, UnixMillis};
    use uuid::Uuid;

    const POOL: HostId = HostId(Uuid::from_u128(1));

    fn host(n: u128, kind: HostKind) -> Host {
        Host {
            id: HostId(Uuid::from_u128(n)),
            kind,
            site: SiteId(Uuid::nil()),
            name: format!("xcp-{n}"),
            address: String::new(),
            link: Link::Up,
            last_word: None,
            facts: None,
            config_dir: String::new(),
            tags: vec![],
            notes: String::new(),
        }
    }

    fn sentence(action: Action, host: &Host, member: &Host) -> String {
        match chosen_member(action, host, member) {
            Ok(()) => "ok".into(),
            Err(refusal) => refusal.sentence,
        }
    }

    #[test]
    fn a_live_member_of_the_same_pool_may_be_chosen_and_nothing_else() {
        let pool = host(1, HostKind::Pool);
        let one = host(2, HostKind::Member { pool: POOL });
        let two = host(3, HostKind::Member { pool: POOL });
        assert_eq!(sentence(Action::VmStart, &pool, &one), "ok");
        assert_eq!(sentence(Action::VmResume, &one, &two), "ok");
        assert_eq!(
            sentence(Action::VmReboot, &one, &two),
            "Only a start and a resume can be on a chosen host."
        );
        let elsewhere = host(
            9,
            HostKind::Member {
                pool: HostId(Uuid::from_u128(8)),
            },
        );
        assert_eq!(
            sentence(Action::VmStart, &pool, &elsewhere),
            "xcp-9 is not in the pool of this VM."
        );
        let plain = host(7, HostKind::Plain);
        assert_eq!(
            sentence(Action::VmStart, &plain, &plain),
            "xcp-7 stands alone: only a pool has hosts to choose from."
        );
        assert_eq!(
            sentence(Action::VmStart, &pool, &pool),
            "xcp-1 stands alone: only a pool has hosts to choose from."
        );
    }

    #[test]
    fn a_member_that_is_off_or_in_maintenance_takes_nothing() {
        let pool = host(1, HostKind::Pool);
        let mut member = host(2, HostKind::Member { pool: POOL });
        member.facts = Some(HostFacts {
            maintenance: true,
            ..HostFacts::default()
        });
        assert_eq!(
            sentence(Action::VmStart, &pool, &member),
            "xcp-2 is in maintenance and takes no VMs."
        );
        member.link = Link::Down {
            since: UnixMillis(0),
            why: "off".into(),
            retry_at: UnixMillis(0),
        };
        assert_eq!(
            sentence(Action::VmStart, &pool, &member),
            "xcp-2 cannot be reached."
        );
    }
}
