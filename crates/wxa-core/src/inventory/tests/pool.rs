//! What a pool's driver reports of members, and of VMs that move between them.
mod tasks;

use super::*;
use wxa_driver::Member;
use wxa_model::{Host, HostFacts, HostKind};

const POOL: HostId = HostId(Uuid::from_u128(0x50));
const ONE: HostId = HostId(Uuid::from_u128(0x51));
const TWO: HostId = HostId(Uuid::from_u128(0x52));

fn pool_record(id: HostId) -> InventoryCmd {
    InventoryCmd::PutHost(HostRecord {
        kind: HostKind::Pool,
        name: "pool".into(),
        ..record(id)
    })
}

fn member(id: HostId) -> Member {
    Member {
        id,
        name: format!("xcp-{}", id.0.as_u128() & 0xf),
        address: "192.0.2.1".into(),
        live: true,
        facts: HostFacts::default(),
    }
}

fn silent(id: HostId) -> DriverEvent {
    DriverEvent::Member(Member {
        live: false,
        ..member(id)
    })
}

fn vm_on(n: u128, host: HostId) -> Vm {
    Vm {
        host,
        ..vm(n, PowerState::Running)
    }
}

fn pool_says(event: DriverEvent) -> InventoryCmd {
    said(POOL, event)
}

fn pool_lists(members: &[HostId], vms: Vec<Vm>) -> Vec<InventoryCmd> {
    let members = members.iter().map(|id| DriverEvent::Member(member(*id)));
    let all = [DriverEvent::ResyncBegin].into_iter().chain(members);
    all.chain(vms.into_iter().map(DriverEvent::Listed))
        .chain([DriverEvent::ResyncEnd])
        .map(pool_says)
        .collect()
}

/// After a pool listed this, beside the plain host that is always there.
fn with_pool(members: &[HostId], vms: Vec<Vm>) -> (State, Published) {
    after(
        [pool_record(POOL)]
            .into_iter()
            .chain(pool_lists(members, vms))
            .collect(),
    )
}

fn host_of(published: &Published, n: u128) -> HostId {
    published.vm(vm_id(n)).unwrap().0.host
}

fn shown(published: &Published, id: HostId) -> Host {
    published.host(id).unwrap().0.clone()
}

fn told(state: &mut State, event: DriverEvent) -> Published {
    state.apply(pool_says(event));
    state.commit().unwrap()
}

fn seen(published: &Published, grant: Scope) -> Vec<Key> {
    let grants = [Grant {
        role: Role::Viewer,
        scope: grant,
    }];
    published.view(&grants).iter().map(Object::key).collect()
}

#[test]
fn a_vm_is_on_its_member_and_without_one_on_the_pool() {
    let elsewhere = HostId(Uuid::from_u128(0x99));
    let (_, published) = with_pool(
        &[ONE],
        vec![vm_on(1, ONE), vm_on(2, POOL), vm_on(3, elsewhere), vm_on(4, HOST)],
    );
    assert_eq!(host_of(&published, 1), ONE);
    for n in 2..=4 {
        assert_eq!(
            host_of(&published, n),
            POOL,
            "a host of another pool is none of this one: {n}"
        );
    }
    let one = shown(&published, ONE);
    assert_eq!((one.kind, one.site), (HostKind::Member { pool: POOL }, SITE));
    assert_eq!((one.name.as_str(), &one.link), ("xcp-1", &Link::Up));
    assert_eq!(one.reached_through(), POOL);
}

#[test]
fn a_vm_that_migrates_is_one_vm_that_changes_its_host() {
    let (mut state, before) = with_pool(&[ONE, TWO], vec![vm_on(1, ONE)]);
    let now = told(&mut state, DriverEvent::Changed(vm_on(1, TWO)));
    assert_eq!(host_of(&now, 1), TWO);
    assert_eq!(now.vms().count(), 1);
    let changes = delta_since(&now, before.revision, &everywhere(Role::Viewer)).unwrap();
    let of_vms: Vec<_> = changes
        .iter()
        .filter(|change| {
            matches!(
                change,
                Change::Put {
                    object: Object::Vm(_)
                } | Change::Gone { .. }
            )
        })
        .collect();
    assert_eq!(of_vms.len(), 1, "{of_vms:?}");
}

#[test]
fn members_that_a_resync_does_not_name_are_gone_and_their_vms_are_on_the_pool() {
    let (mut state, _) = with_pool(&[ONE, TWO], vec![vm_on(1, TWO)]);
    for command in pool_lists(&[ONE], vec![vm_on(1, TWO)]) {
        state.apply(command);
    }
    let published = state.commit().unwrap();
    assert!(published.host(TWO).is_none());
    assert_eq!(host_of(&published, 1), POOL);

    let published = told(&mut state, DriverEvent::Member(member(TWO)));
    assert_eq!(host_of(&published, 1), TWO, "it is back");
    let published = told(&mut state, DriverEvent::MemberGone(TWO));
    assert_eq!(host_of(&published, 1), POOL);
}

#[test]
fn members_are_lost_with_their_pool_and_since_then() {
    let (mut state, _) = with_pool(&[ONE], vec![]);
    let link = Link::Down {
        since: UnixMillis(9),
        why: "cable".into(),
        retry_at: UnixMillis(10),
    };
    state.apply(InventoryCmd::Link {
        host: POOL,
        link: link.clone(),
        heard: Some(UnixMillis(9)),
    });
    let published = state.commit().unwrap();
    for id in [POOL, ONE] {
        let host = shown(&published, id);
        assert_eq!((&host.link, host.last_word), (&link, Some(UnixMillis(9))));
    }
    let published = told(&mut state, DriverEvent::ResyncBegin);
    assert_eq!(shown(&published, ONE).link, Link::Connecting);
}

#[test]
fn a_member_that_its_pool_does_not_hear_is_down_and_the_pool_is_not() {
    let (mut state, _) = with_pool(&[ONE, TWO], vec![]);
    let published = told(&mut state, silent(ONE));
    let link = Link::Down {
        since: UnixMillis(5),
        why: "Its pool does not hear from it.".into(),
        retry_at: UnixMillis(0),
    };
    assert_eq!(shown(&published, ONE).link, link);
    assert_eq!(shown(&published, TWO).link, Link::Up);
    assert_eq!(shown(&published, POOL).link, Link::Up);

    state.apply(InventoryCmd::Driver {
        host: POOL,
        at: UnixMillis(77),
        event: silent(ONE),
    });
    assert!(state.commit().is_none(), "it is silent since the first time");
    let published = told(&mut state, DriverEvent::Member(member(ONE)));
    assert_eq!(shown(&published, ONE).link, Link::Up);
}

#[test]
fn a_grant_on_a_pool_covers_its_members_and_their_vms() {
    let (_, published) = with_pool(&[ONE], vec![vm_on(1, ONE), vm_on(2, POOL)]);
    let mut keys = seen(&published, Scope::Host(POOL));
    keys.sort();
    let mut expected = [
        Key::Site(SITE),
        Key::Host(POOL),
        Key::Host(ONE),
        Key::Vm(vm_id(1)),
        Key::Vm(vm_id(2)),
    ];
    expected.sort();
    assert_eq!(keys, expected);
    assert_eq!(
        seen(&published, Scope::Host(HOST)),
        [Key::Site(SITE), Key::Host(HOST)]
    );
}

#[test]
fn tags_of_a_pool_are_its_members_and_vms_too_and_those_of_a_member_show_its_pool() {
    let (mut state, _) = with_pool(&[ONE, TWO], vec![vm_on(1, ONE), vm_on(2, TWO)]);
    let tag = |on, tag: &str| {
        let own = OwnRecord {
            tags: vec![tag.into()],
            notes: String::new(),
        };
        InventoryCmd::PutOwn(OwnKey::Host(on), own)
    };
    state.apply(tag(POOL, "prod"));
    state.apply(tag(ONE, "old"));
    let published = state.commit().unwrap();
    assert_eq!(
        seen(&published, Scope::Tag("prod".into())).len(),
        6,
        "site, pool, 2 members, 2 VMs"
    );
    let mut keys = seen(&published, Scope::Tag("old".into()));
    keys.sort();
    let mut expected = [
        Key::Site(SITE),
        Key::Host(POOL),
        Key::Host(ONE),
        Key::Vm(vm_id(1)),
    ];
    expected.sort();
    assert_eq!(keys, expected);
    assert_eq!(shown(&published, ONE).tags, ["old"], "shown are its own");

    told(&mut state, DriverEvent::MemberGone(ONE));
    let published = told(&mut state, DriverEvent::Member(member(ONE)));
    assert_eq!(shown(&published, ONE).tags, ["old"], "what people say is kept");
}

#[test]
fn a_forgotten_pool_takes_its_members_and_vms_with_it() {
    let (mut state, _) = with_pool(&[ONE, TWO], vec![vm_on(1, ONE), vm_on(2, POOL)]);
    state.apply(InventoryCmd::RemoveHost(POOL));
    let published = state.commit().unwrap();
    let left: Vec<Key> = published
        .view(&everywhere(Role::Viewer))
        .iter()
        .map(Object::key)
        .collect();
    assert_eq!(left, [Key::Site(SITE), Key::Host(HOST)]);
}

#[test]
fn a_host_that_has_moved_to_another_pool_is_not_taken_from_it_by_the_first() {
    let other = HostId(Uuid::from_u128(0x60));
    let (mut state, _) = with_pool(&[ONE, TWO], vec![vm_on(1, ONE)]);
    state.apply(pool_record(other));
    state.apply(said(other, DriverEvent::Member(member(ONE))));
    let published = state.commit().unwrap();
    assert_eq!(shown(&published, ONE).kind, HostKind::Member { pool: other });
    assert_eq!(host_of(&published, 1), POOL, "which says it without knowing");
    state.apply(pool_says(DriverEvent::MemberGone(ONE)));
    assert!(state.commit().is_none());
}

#[test]
fn a_plain_host_has_no_members() {
    let (mut state, _) = after(resync(vec![]));
    state.apply(says(DriverEvent::Member(member(ONE))));
    assert!(state.commit().is_none());
}
