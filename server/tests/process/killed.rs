//! Killed with -9 in the middle of an act, and started again on the same data.
use super::served::{Served, prepare, prepare_pool, wait_for};
use serde_json::Value;
use wxa_sim::{
    GuestSpec, Pace, SimHost, SimHostConfig, sentinels,
    xapi::{PoolConfig, SimPool},
};

const WHY: &str = "the server was stopped in the middle";

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn task(served: &Served) -> Value {
    let tasks = served.get("/api/v1/tasks").json();
    tasks.pointer("/tasks/0").cloned().unwrap_or_default()
}

fn acted(served: &Served, vm: &str, act: &str) -> String {
    let reply = served.post(&format!("/api/v1/vms/{vm}/{act}"));
    assert_eq!(reply.status, 202, "{reply:?}");
    text(&reply.json(), "/task").to_owned()
}

/// What every such restart must tell.
fn tells_that_it_does_not_know(served: &Served, id: &str) {
    let task = task(served);
    assert_eq!(text(&task, "/id"), id);
    assert_eq!(text(&task, "/outcome/unknown/why"), WHY, "{task}");
    let row = served.audited("vm_start");
    assert_eq!(
        (text(&row, "/outcome"), text(&row, "/detail")),
        ("unknown", WHY),
        "{row}"
    );
    assert_eq!((text(&row, "/by"), text(&row, "/from")), ("anna", "127.0.0.1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_that_reached_its_host_before_the_server_was_killed_is_told_by_the_host() {
    let mut config = SimHostConfig::new("xen-1", 7);
    config.guests = vec![GuestSpec::new(sentinels::SLOW_START).halted()];
    let host = SimHost::start(config).await.expect("a host");
    let data = tempfile::tempdir().expect("a folder");
    prepare(data.path(), &host);
    let mut served = Served::start(data.path(), "");
    served.sign_in();
    let vm = served.vm_id(sentinels::SLOW_START);
    served.wait_power(sentinels::SLOW_START, "halted");
    let id = acted(&served, &vm, "start");
    let reached = async {
        while !host.run("xl list").await.stdout.contains(sentinels::SLOW_START) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), reached)
        .await
        .expect("the act reaches the host");
    assert!(
        task(&served).get("outcome").is_none_or(Value::is_null),
        "it is under way"
    );
    served.kill();

    let served = Served::start(data.path(), served.cookie());
    tells_that_it_does_not_know(&served, &id);
    served.wait_power(sentinels::SLOW_START, "running");
    wait_for("what became of it is told", || {
        let task = task(&served);
        match text(&task, "/step") {
            "The host shows it running." => Ok(()),
            _ => Err(task),
        }
    });
    assert_eq!(
        text(&task(&served), "/outcome/unknown/why"),
        WHY,
        "the outcome stays what it was"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_that_did_not_reach_its_host_leaves_the_vm_as_it_was() {
    let mut config = SimHostConfig::new("xen-1", 7);
    config.pace = Pace::Quick;
    config.guests = vec![GuestSpec::new("build-01").halted()];
    let host = SimHost::start(config).await.expect("a host");
    let data = tempfile::tempdir().expect("a folder");
    prepare(data.path(), &host);
    let mut served = Served::start(data.path(), "");
    served.sign_in();
    let vm = served.vm_id("build-01");
    served.wait_power("build-01", "halted");
    host.hang().await;
    let id = acted(&served, &vm, "start");
    served.kill();
    host.cut().await;
    host.resume().await;

    let served = Served::start(data.path(), served.cookie());
    tells_that_it_does_not_know(&served, &id);
    wait_for("what became of it is told", || {
        let task = task(&served);
        match text(&task, "/step") {
            "The host shows it halted." => Ok(()),
            _ => Err(task),
        }
    });
    acted(&served, &vm, "start");
    served.wait_power("build-01", "running");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_that_a_pool_goes_on_with_is_followed_by_the_next_run_and_ends_as_done() {
    let mut config = PoolConfig::new("lab", 7);
    config.pace = Pace::Lifelike;
    config.named_vms = vec![sentinels::SLOW_START.to_owned()];
    let pool = SimPool::start(config).await.expect("a pool");
    let data = tempfile::tempdir().expect("a folder");
    prepare_pool(data.path(), &pool);
    let mut served = Served::start(data.path(), "");
    served.sign_in();
    let vm = served.vm_id(sentinels::SLOW_START);
    served.wait_power(sentinels::SLOW_START, "halted");
    let id = acted(&served, &vm, "start");
    wait_for("the pool has taken it up", || {
        let task = task(&served);
        match text(&task, "/cancel") {
            "yes" => Ok(()),
            _ => Err(task),
        }
    });
    served.kill();

    let served = Served::start(data.path(), served.cookie());
    let running = task(&served);
    assert_eq!(text(&running, "/id"), id);
    assert!(running.get("outcome").is_none_or(Value::is_null), "{running}");
    wait_for("its lane is taken, once the pool is there", || {
        let refused = served.post(&format!("/api/v1/vms/{vm}/power-off"));
        match refused.body.contains("already under way") {
            true => Ok(()),
            false => Err(refused),
        }
    });
    wait_for("it ends as done", || {
        let task = task(&served);
        match text(&task, "/outcome") {
            "done" => Ok(()),
            _ => Err(task),
        }
    });
    served.wait_power(sentinels::SLOW_START, "running");
    let row = served.audited("vm_start");
    assert_eq!(
        (text(&row, "/outcome"), text(&row, "/by")),
        ("done", "anna"),
        "the row of the first run is ended by the second: {row}"
    );
}
