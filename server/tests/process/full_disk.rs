//! No room for the database: a limit on the size of files stands in for a full disk, so that no disk must be filled.
use super::served::{Served, prepare, wait_for};
use serde_json::Value;
use std::process::Command;
use wxa_sim::{GuestSpec, Pace, SimHost, SimHostConfig};

/// Sets how large a file the server may write; writes beyond fail as they do on a full disk.
fn limit(served: &Served, size: &str) {
    let done = Command::new("prlimit")
        .args(["--pid", &served.pid(), &format!("--fsize={size}:")])
        .status();
    assert!(done.expect("prlimit, of util-linux").success());
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

async fn serving(data: &std::path::Path) -> (SimHost, Served) {
    let mut config = SimHostConfig::new("xen-1", 7);
    config.pace = Pace::Quick;
    config.guests = vec![GuestSpec::new("build-01").halted(), GuestSpec::new("web-01")];
    let host = SimHost::start(config).await.expect("a host");
    prepare(data, &host);
    let mut served = Served::start(data, "");
    served.sign_in();
    (host, served)
}

fn ready(served: &Served, status: u16) {
    wait_for(&format!("readiness is {status}"), || {
        let reply = served.get("/readyz");
        if reply.status == status {
            Ok(())
        } else {
            Err(reply)
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_room_acts_are_refused_reading_goes_on_and_room_is_noticed() {
    let data = tempfile::tempdir().expect("a folder");
    let (host, served) = serving(data.path()).await;
    let vm = served.vm_id("build-01");
    served.wait_power("build-01", "halted");
    let start = format!("/api/v1/vms/{vm}/start");
    ready(&served, 200);

    limit(&served, "1");
    let mut refused = served.post(&start);
    // More often than the database has connections: each of them is as good afterwards as before.
    for _ in 0..8 {
        assert_eq!(refused.status, 507, "{refused:?}");
        refused = served.post(&start);
    }
    let problem = refused.json();
    assert_eq!(text(&problem, "/code"), "not_recorded");
    let said = text(&problem, "/message");
    assert!(
        said.contains("Nothing was done") && said.contains("disk is full"),
        "{said}"
    );
    assert!(
        !host.run("xl list").await.stdout.contains("build-01"),
        "nothing reached the host"
    );
    assert_eq!(served.audited("vm_start"), Value::Null);
    let login = served.form("/login", "name=anna&password=correct+horse+battery");
    assert_eq!(login.header("location"), "/login?error=not_recorded&next=/");

    ready(&served, 503);
    assert_eq!(served.get("/healthz").status, 200);
    for path in ["/api/v1/inventory", "/api/v1/tasks", "/api/v1/audit", "/vms"] {
        assert_eq!(served.get(path).status, 200, "{path} is read");
    }
    host.run("xl pause web-01").await;
    served.wait_power("web-01", "paused");

    limit(&served, "unlimited");
    ready(&served, 200);
    assert_eq!(served.post(&start).status, 202);
    served.wait_power("build-01", "running");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_that_ends_without_room_is_recorded_when_there_is_room_again() {
    let data = tempfile::tempdir().expect("a folder");
    let (host, served) = serving(data.path()).await;
    let vm = served.vm_id("build-01");
    served.wait_power("build-01", "halted");
    // It cannot end before there is no room.
    host.hang().await;
    let accepted = served.post(&format!("/api/v1/vms/{vm}/start"));
    assert_eq!(accepted.status, 202, "{accepted:?}");
    limit(&served, "1");
    host.resume().await;
    served.wait_power("build-01", "running");
    let open = served.audited("vm_start");
    assert!(
        open.get("outcome").is_none_or(Value::is_null),
        "still open: {open}"
    );

    limit(&served, "unlimited");
    wait_for("its end is recorded", || {
        let row = served.audited("vm_start");
        if text(&row, "/outcome") == "done" {
            Ok(())
        } else {
            Err(row)
        }
    });
}
