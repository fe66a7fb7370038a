//! Each complaint about a pool, and that one that is well has none.
use super::*;
use crate::sample::{member, pool, pool_details, vm};
use wxa_model::{Bytes, Link, Told, UnixMillis, pool_details::Repository};

fn titles(found: &[Finding]) -> Vec<(Level, &str)> {
    found.iter().map(|one| (one.level, one.title.as_str())).collect()
}

fn gib(n: u64) -> Bytes {
    Bytes(n << 30)
}

/// What is said of a pool that has this repository alone.
fn said_of(one: Repository) -> Vec<(Level, String)> {
    let told = PoolDetails {
        repositories: Told::Told(vec![one]),
        networks: Told::Told(Vec::new()),
        templates: Told::Told(Vec::new()),
        default_templates: Vec::new(),
        snapshots: Told::Told(Vec::new()),
        messages: Vec::new(),
    };
    let found = findings(&pool(9, "prod"), &[], &[], Some(&told));
    found.into_iter().map(|one| (one.level, one.title)).collect()
}

fn nfs(used: u64, promised: u64) -> Repository {
    Repository {
        name: "nfs".into(),
        size: gib(1000),
        used: gib(used),
        promised: gib(promised),
        ..Repository::default()
    }
}

fn down(host: &mut Host) {
    host.link = Link::Down {
        since: UnixMillis(1),
        why: "No answer.".into(),
        retry_at: UnixMillis(0),
    };
}

#[test]
fn what_is_wrong_in_a_pool_is_said_worst_first() {
    let told = pool_details().known.and_then(|known| known.details.pool);
    let (one, mut other) = (member(1, 9, "xcp-01"), member(2, 9, "xcp-02"));
    if let Some(facts) = &mut other.facts {
        facts.maintenance = true;
    }
    let crashed = vm(1, "mail", PowerState::Crashed);
    let found = findings(&pool(9, "prod"), &[&one, &other], &[&crashed], told.as_ref());
    assert_eq!(
        titles(&found),
        [
            (Level::Bad, "mail crashed"),
            (Level::Warn, "nfs-fast is 93 % full"),
            (Level::Warn, "nfs-fast is not attached on xcp-02"),
            (Level::Note, "xcp-02 is in maintenance"),
            (Level::Note, "nfs-fast has 1000 GiB and promised 1.4 TiB"),
        ]
    );
}

#[test]
fn a_pool_that_is_well_has_nothing_to_say() {
    let (one, other) = (member(1, 9, "xcp-01"), member(2, 9, "xcp-02"));
    let running = vm(1, "mail", PowerState::Running);
    assert_eq!(findings(&pool(9, "prod"), &[&one, &other], &[&running], None), []);
    assert_eq!(said_of(nfs(890, 1000)), []);
}

#[test]
fn a_member_that_is_not_heard_is_an_alarm_unless_the_whole_pool_is_not_heard() {
    let (mut whole, mut one) = (pool(9, "prod"), member(1, 9, "xcp-01"));
    down(&mut one);
    let found = findings(&whole, &[&one], &[], None);
    assert_eq!(
        titles(&found),
        [(Level::Bad, "The pool does not hear from xcp-01")]
    );
    down(&mut whole);
    assert_eq!(findings(&whole, &[&one], &[], None), []);
}

#[test]
fn a_repository_is_judged_by_the_percentage_that_is_shown() {
    let full = |level, percent: u32| vec![(level, format!("nfs is {percent} % full"))];
    assert_eq!(said_of(nfs(896, 0)), full(Level::Warn, 90));
    assert_eq!(said_of(nfs(964, 0)), full(Level::Warn, 96));
    assert_eq!(said_of(nfs(966, 0)), full(Level::Bad, 97));
}

#[test]
fn images_of_discs_and_what_has_no_size_are_never_full_or_promised_twice() {
    let discs = Repository {
        iso: true,
        ..nfs(1000, 2000)
    };
    assert_eq!(said_of(discs), []);
    let sizeless = Repository {
        size: Bytes(0),
        ..nfs(5, 10)
    };
    assert_eq!(said_of(sizeless), []);
}

#[test]
fn many_crashed_vms_are_one_line() {
    let all: Vec<Vm> = ["a", "b", "c", "d", "e"]
        .into_iter()
        .map(|name| vm(1, name, PowerState::Crashed))
        .collect();
    let all: Vec<&Vm> = all.iter().collect();
    let found = findings(&pool(9, "prod"), &[], &all, None);
    assert_eq!(titles(&found), [(Level::Bad, "a, b, c and 2 more crashed")]);
}
