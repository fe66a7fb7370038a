//! Frames change what is known, and nothing else.
use super::*;
use crate::sample::{host, site, task, vm};
use proptest::prelude::*;
use wxa_model::{HostId, Link, PowerState, UnixMillis, VmRole, order::natural};
use wxa_wire::index_frame::{self, Head};

fn delta(from: u64, changes: Vec<Change>) -> LiveFrame {
    LiveFrame::Delta {
        from,
        to: from + 1,
        changes,
    }
}

fn put(object: Object) -> Change {
    Change::Put { object }
}

fn filled() -> Tables {
    let mut tables = Tables::default();
    let web = vm(1, "web-01", PowerState::Running);
    tables.replace(
        7,
        3,
        vec![
            Object::Site(site(1, "Vienna")),
            Object::Host(host(1, Link::Up)),
            Object::Task(task(1, &web)),
            Object::Vm(web),
            Object::Vm(vm(2, "web-02", PowerState::Halted)),
        ],
    );
    tables
}

#[test]
fn a_delta_touches_what_it_names_and_moves_the_revision() {
    let mut tables = filled();
    let halted = vm(1, "web-01", PowerState::Halted);
    let gone = VmId(uuid::Uuid::from_u128(2));
    let applied = tables.apply(delta(
        3,
        vec![
            put(Object::Vm(halted.clone())),
            Change::Gone { key: Key::Vm(gone) },
        ],
    ));
    assert_eq!(
        applied,
        Applied::Changed(Touched {
            vms: vec![halted.id, gone],
            stopped: vec![halted.id],
            lists: true,
            ..Touched::default()
        })
    );
    assert_eq!((tables.epoch, tables.revision, tables.vms.len()), (7, 4, 1));
}

#[test]
fn applying_a_change_twice_is_applying_it_once() {
    let mut tables = filled();
    let change = vec![put(Object::Vm(vm(2, "web-02", PowerState::Paused)))];
    tables.apply(delta(3, change.clone()));
    let once = tables.vms.clone();
    tables.apply(delta(4, change));
    assert_eq!(tables.vms, once);
    let gone = Change::Gone {
        key: Key::Task(TaskId(uuid::Uuid::from_u128(99))),
    };
    assert_eq!(
        tables.apply(delta(5, vec![gone])),
        Applied::Changed(Touched::default())
    );
}

#[test]
fn a_delta_from_elsewhere_is_not_guessed_at() {
    let mut tables = filled();
    assert_eq!(tables.apply(delta(9, vec![])), Applied::Lost);
    assert_eq!(tables.revision, 3);
}

#[test]
fn a_snapshot_replaces_and_touches_only_what_differs() {
    let mut tables = filled();
    let applied = tables.apply(LiveFrame::Snapshot {
        epoch: 8,
        revision: 1,
        objects: vec![
            Object::Vm(vm(1, "web-01", PowerState::Running)),
            Object::Vm(vm(3, "new", PowerState::Halted)),
        ],
    });
    let Applied::Changed(touched) = applied else {
        panic!("a snapshot changes things")
    };
    let ids: Vec<u128> = touched.vms.iter().map(|id| id.0.as_u128()).collect();
    assert_eq!(ids, [3, 2]);
    assert!(tables.sites.is_empty() && tables.hosts.is_empty() && tables.tasks.is_empty());
    assert_eq!(
        tables.apply(LiveFrame::Tick { now: UnixMillis(1) }),
        Applied::Nothing
    );
}

/// A frame of the index as it travels.
fn index(from: Option<u64>, to: u64, vms: &[Vm]) -> IndexFrame {
    let head = Head { epoch: 7, from, to };
    index_frame::decode(&index_frame::encode(head, &[], &vms.iter().collect::<Vec<_>>())).unwrap()
}

#[test]
fn a_brief_leaves_the_details_that_are_known_and_tells_nothing_of_others() {
    let mut tables = filled();
    let (one, mut two) = (
        vm(1, "web-01", PowerState::Paused),
        vm(2, "web-02", PowerState::Halted),
    );
    tables.keep_details(&[one.id].into());
    assert!(tables.vms[&two.id].disks.is_empty(), "no longer watched");
    two.power = PowerState::Running;
    tables.apply_index(index(Some(3), 4, &[one.clone(), two.clone()]));
    assert_eq!(*tables.vms[&one.id], one, "its disks are still known");
    assert_eq!(*tables.vms[&two.id], two.brief());
    assert_eq!(tables.apply_index(index(Some(3), 5, &[])), Applied::Lost);
}

#[test]
fn a_whole_index_replaces_all_but_the_details_that_are_watched() {
    let mut tables = filled();
    let watched = vm(1, "web-01", PowerState::Running);
    tables.keep_details(&[watched.id].into());
    let new = vm(3, "app", PowerState::Running);
    tables.apply_index(index(None, 9, &[new.clone(), watched.clone()]));
    assert_eq!(*tables.vms[&watched.id], watched);
    let names: Vec<&str> = tables
        .guests
        .by_name()
        .iter()
        .map(|vm| vm.name.as_str())
        .collect();
    assert_eq!((names, tables.revision), (vec!["app", "web-01"], 9));
    assert!(tables.sites.is_empty(), "it names none");
}

fn any_change() -> impl Strategy<Value = Option<(u128, Vm)>> {
    let one = (0u128..8, "[abB1]{1,3}", 0u128..3, any::<bool>(), any::<bool>());
    let one = one.prop_map(|(n, name, on, runs, control)| {
        let power = if runs {
            PowerState::Running
        } else {
            PowerState::Halted
        };
        let mut one = vm(n, &name, power);
        one.host = HostId(uuid::Uuid::from_u128(on));
        if control {
            one.role = VmRole::ControlDomain;
        }
        (n, one)
    });
    prop_oneof![4 => one.prop_map(Some), 1 => Just(None)]
}

proptest! {
    #[test]
    fn guests_stay_in_order_and_counted_whatever_changes(
        changes in proptest::collection::vec(any_change(), 1..40),
    ) {
        let mut tables = Tables::default();
        for (revision, change) in (0u64..).zip(changes) {
            let frame = match change {
                Some((_, vm)) => tables.apply_index(index(Some(revision), revision + 1, &[vm])),
                None => {
                    let first = tables.vms.keys().next().copied();
                    let key = Key::Vm(first.unwrap_or(VmId(uuid::Uuid::nil())));
                    tables.apply(delta(revision, vec![Change::Gone { key }]))
                }
            };
            prop_assert_ne!(frame, Applied::Lost);
            let by_name = tables.guests.by_name();
            let in_order = by_name.windows(2).all(|two| {
                natural(&two[0].name, &two[1].name).then_with(|| two[0].id.cmp(&two[1].id)).is_lt()
            });
            prop_assert!(in_order);
            let anew = Guests::of(tables.vms.values());
            prop_assert_eq!(by_name, anew.by_name());
            let some = |counts: &BTreeMap<HostId, Count>| -> Vec<_> {
                counts.iter().filter(|(_, count)| count.all > 0).map(|(id, count)| (*id, *count)).collect()
            };
            prop_assert_eq!(some(tables.guests.counts()), some(anew.counts()));
        }
    }
}
