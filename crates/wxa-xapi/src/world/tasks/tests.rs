//! Which tasks are told, as what, and on which VM.
use super::*;
use crate::world::Dirty;
use serde_json::json;
use uuid::Uuid;
use wxa_model::{SiteId, VmId};

const POOL: HostId = HostId(Uuid::from_u128(2));

fn world() -> World {
    World::new(Ours {
        site: SiteId(Uuid::from_u128(1)),
        pool: POOL,
    })
}

fn put(world: &mut World, class: Class, reference: &str, record: serde_json::Value) -> Dirty {
    let mut dirty = Dirty::default();
    let event = Event::live(class, Ref::read(reference), record).expect("a record");
    world.apply(event, &mut dirty).expect("not too many");
    dirty
}

fn task(world: &mut World, reference: &str, label: &str, status: &str, at: u32) {
    let date = format!("20260101T00:{:02}:{:02}Z", at / 60, at % 60);
    let record = json!({
        "name_label": label, "status": status, "created": date, "finished": date, "progress": 0.4,
        "error_info": ["VM_BAD_POWER_STATE", "OpaqueRef:x", "halted", "running"], "allowed_operations": ["cancel"],
    });
    put(world, Class::Task, reference, record);
}

fn told(world: &World) -> Vec<PoolTask> {
    world.others_tasks(&HashSet::new())
}

#[test]
fn a_task_is_on_the_vm_that_names_it_also_when_it_has_ended() {
    let mut world = world();
    task(&mut world, "OpaqueRef:t", "Async.VM.pool_migrate", "pending", 1);
    let vm = |operations| json!({"uuid": "00000000-0000-0000-0000-000000000009", "name_label": "web", "current_operations": operations});
    let dirty = put(
        &mut world,
        Class::Vm,
        "OpaqueRef:v",
        vm(json!({"OpaqueRef:t": "pool_migrate"})),
    );
    assert!(dirty.tasks);
    let one = told(&world).remove(0);
    assert_eq!(
        (one.work, one.percent, one.cancel),
        (Some(PoolWork::Migrate), Some(40), Cancel::Yes)
    );
    assert_eq!((one.vm_name.as_str(), one.host), ("web", POOL));
    assert!(one.vm.is_some_and(|vm: VmId| vm.0 != Uuid::nil()));
    put(&mut world, Class::Vm, "OpaqueRef:v", vm(json!({})));
    task(&mut world, "OpaqueRef:t", "Async.VM.pool_migrate", "success", 2);
    let ended = told(&world).remove(0);
    assert_eq!((ended.vm, ended.outcome), (one.vm, Some(TaskOutcome::Done)));
    assert_eq!(ended.id, one.id);
}

#[test]
fn ours_their_parts_and_noise_are_not_told() {
    let mut world = world();
    task(&mut world, "OpaqueRef:ours", "Async.VM.start", "pending", 1);
    let part = json!({"name_label": "part", "status": "pending", "subtask_of": "OpaqueRef:ours"});
    put(&mut world, Class::Task, "OpaqueRef:part", part);
    task(
        &mut world,
        "OpaqueRef:noise",
        "Xapi#getResource /rrd_updates (on xcp-1)",
        "pending",
        1,
    );
    task(&mut world, "OpaqueRef:xo", "[XO] VM export", "pending", 1);
    let ours = HashSet::from([Ref::read("OpaqueRef:ours")]);
    let told = world.others_tasks(&ours);
    let names: Vec<_> = told
        .iter()
        .map(|task| (task.name.as_str(), task.by.as_str()))
        .collect();
    assert_eq!(names, [("VM export", "Xen Orchestra")]);
}

#[test]
fn thousands_of_tasks_are_told_as_those_under_way_and_the_latest_that_ended() {
    let mut world = world();
    for n in 0..2000 {
        task(
            &mut world,
            &format!("OpaqueRef:ended-{n}"),
            "host.x",
            "failure",
            n,
        );
    }
    for n in 0..30 {
        task(
            &mut world,
            &format!("OpaqueRef:pending-{n}"),
            "host.x",
            "pending",
            n,
        );
    }
    let all = told(&world);
    let running = all.iter().filter(|task| task.is_running()).count();
    assert_eq!((running, all.len()), (30, 30 + ENDED));
    assert!(all.iter().any(|task| task.native_id == "OpaqueRef:ended-1999"));
    let why = "The VM is running; it would have to be halted.".to_owned();
    assert_eq!(
        all.last().and_then(|task| task.outcome.clone()),
        Some(TaskOutcome::Failed { why })
    );
    for n in 30..300 {
        task(
            &mut world,
            &format!("OpaqueRef:pending-{n}"),
            "host.x",
            "pending",
            n,
        );
    }
    assert_eq!(told(&world).len(), POOL_TASKS);
}

#[test]
fn tasks_that_were_lost_are_gone_when_all_are_read_anew() {
    let mut world = world();
    task(&mut world, "OpaqueRef:lost", "host.x", "pending", 1);
    let there = json!({"name_label": "host.y", "status": "cancelling"});
    let all = HashMap::from([("OpaqueRef:there".to_owned(), there)]);
    world.replace_tasks(all).expect("not too many");
    let told = told(&world);
    assert_eq!(told.len(), 1);
    assert_eq!(
        told.first().map(|task| (task.name.as_str(), task.cancel)),
        Some(("host.y", Cancel::Asked))
    );
}
