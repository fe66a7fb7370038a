//! What others do on a pool: who sees it, where it is, and when it is gone.
use super::*;
use wxa_model::{Cancel, PoolTask, TaskId, UnixMillis};

fn task(n: u128, vm: Option<u128>, host: HostId) -> PoolTask {
    PoolTask {
        id: TaskId(Uuid::from_u128(0x700 + n)),
        native_id: format!("OpaqueRef:{n}"),
        name: "Async.VM.pool_migrate".into(),
        work: None,
        vm: vm.map(vm_id),
        vm_name: String::new(),
        host,
        by: String::new(),
        started_at: UnixMillis(1),
        ended_at: None,
        percent: Some(10),
        outcome: None,
        cancel: Cancel::Yes,
    }
}

fn key(n: u128) -> Key {
    Key::PoolTask(TaskId(Uuid::from_u128(0x700 + n)))
}

#[test]
fn it_is_seen_by_those_who_see_its_vm_and_without_one_by_those_who_see_the_pool() {
    let tagged = Vm {
        tags: vec!["web".into()],
        ..vm_on(1, ONE)
    };
    let (mut state, _) = with_pool(&[ONE], vec![tagged, vm_on(2, ONE)]);
    state.apply(pool_says(DriverEvent::Task(task(1, Some(1), ONE))));
    state.apply(pool_says(DriverEvent::Task(task(2, None, POOL))));
    let now = state.commit().unwrap();
    let by_tag = seen(&now, Scope::Tag("web".into()));
    assert!(
        by_tag.contains(&key(1)) && !by_tag.contains(&key(2)),
        "{by_tag:?}"
    );
    let on_pool = seen(&now, Scope::Host(POOL));
    assert!(on_pool.contains(&key(1)) && on_pool.contains(&key(2)));
    let on_other = seen(&now, Scope::Host(HOST));
    assert!(!on_other.contains(&key(1)) && !on_other.contains(&key(2)));
}

#[test]
fn one_on_a_vm_that_comes_later_is_where_that_is() {
    let (mut state, _) = with_pool(&[ONE], vec![]);
    let early = told(&mut state, DriverEvent::Task(task(1, Some(1), ONE)));
    assert!(!seen(&early, Scope::Tag("web".into())).contains(&key(1)));
    let tagged = Vm {
        tags: vec!["web".into()],
        ..vm_on(1, ONE)
    };
    let now = told(&mut state, DriverEvent::Changed(tagged));
    assert!(seen(&now, Scope::Tag("web".into())).contains(&key(1)));
}

#[test]
fn it_goes_when_the_pool_forgets_it_when_a_resync_does_not_name_it_and_with_the_pool() {
    let (mut state, _) = with_pool(&[ONE], vec![]);
    for n in 1..=3 {
        state.apply(pool_says(DriverEvent::Task(task(n, None, ONE))));
    }
    state.commit().unwrap();
    let now = told(&mut state, DriverEvent::TaskGone(TaskId(Uuid::from_u128(0x701))));
    assert!(now.place(key(1)).is_none() && now.place(key(2)).is_some());
    state.apply(pool_says(DriverEvent::ResyncBegin));
    state.apply(pool_says(DriverEvent::Member(member(ONE))));
    state.apply(pool_says(DriverEvent::Task(task(2, None, ONE))));
    let now = told(&mut state, DriverEvent::ResyncEnd);
    assert!(now.place(key(2)).is_some() && now.place(key(3)).is_none());
    state.apply(InventoryCmd::RemoveHost(POOL));
    assert!(state.commit().unwrap().place(key(2)).is_none());
}
