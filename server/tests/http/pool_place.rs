//! Starting a VM on a chosen member of its pool.
use super::pool::{added, lab, members, xapi};
use axum::http::StatusCode;
use serde_json::json;
use wxa_model::{HostId, Object, PowerState, TaskOutcome, VmPlace, VmRole};
use wxa_testkit::TestApp;
use wxa_wire::{PlaceParams, operation as op};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vm_start_on_a_chosen_member_runs_it_there_and_task_and_log_say_where() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (id, mut live) = added(&admin, &pool).await;
    let halted = live.objects.values().find_map(|object| match object {
        Object::Vm(vm) if vm.role == VmRole::Guest && vm.power == PowerState::Halted => Some(vm.clone()),
        _ => None,
    });
    let vm = halted.expect("a halted VM");
    let members = members(&live, id);
    let second = members
        .iter()
        .find(|member| member.name == "lab-2")
        .expect("lab-2");
    let commands = admin
        .call::<op::VmCommands>(vm.id, PlaceParams::on(second.id))
        .await
        .expect("commands");
    let uuid = second
        .facts
        .as_ref()
        .and_then(|facts| facts.uuid)
        .expect("a UUID");
    let on = format!(" on={uuid}");
    assert!(
        commands
            .iter()
            .any(|view| view.command.starts_with("xe vm-start uuid=") && view.command.ends_with(&on)),
        "{commands:?}"
    );

    let task = admin
        .call::<op::VmStart>(vm.id, PlaceParams::on(second.id))
        .await
        .expect("accepted")
        .task;
    live.wait_until("it runs there", |live| {
        live.objects.values().any(|object| match object {
            Object::Vm(one) => one.id == vm.id && one.power == PowerState::Running && one.host == second.id,
            _ => false,
        })
    })
    .await;
    live.wait_until("the task is done", |live| {
        live.task(task)
            .is_some_and(|task| task.outcome == Some(TaskOutcome::Done) && task.on == Some(second.id))
    })
    .await;
    let row = app.ended_row("vm_start").await;
    assert_eq!(row.on, format!("{} on lab-2", vm.name));

    let unknown = admin
        .call::<op::VmStart>(vm.id, PlaceParams::on(HostId(uuid::Uuid::from_u128(1))))
        .await
        .expect_err("there is no such host");
    assert_eq!(
        (unknown.status, unknown.body.field.as_deref()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("on"))
    );
    let path = format!("/api/v1/vms/{}/start", vm.id);
    let typo = admin.send("POST", &path, Some(r#"{"onn": null}"#)).await;
    assert_eq!(typo.status, StatusCode::UNPROCESSABLE_ENTITY, "{typo:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_in_maintenance_takes_no_vm_that_was_meant_for_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (id, mut live) = added(&admin, &pool).await;
    let session = xapi(&pool, "session.login_with_password", json!(["root", "xen"])).await;
    let host = xapi(&pool, "host.get_by_name_label", json!([session, "lab-2"])).await;
    xapi(&pool, "host.disable", json!([session, host[0]])).await;
    live.wait_until("it is told", |live| {
        members(live, id)
            .iter()
            .any(|member| member.facts.as_ref().is_some_and(|facts| facts.maintenance))
    })
    .await;
    let second = members(&live, id)
        .into_iter()
        .find(|member| member.name == "lab-2");
    let second = second.expect("lab-2").id;
    let halted = live.objects.values().find_map(|object| match object {
        Object::Vm(vm) if vm.role == VmRole::Guest && vm.power == PowerState::Halted => Some(vm.id),
        _ => None,
    });
    let refused = admin
        .call::<op::VmStart>(halted.expect("a halted VM"), PlaceParams::on(second))
        .await
        .expect_err("it takes none");
    assert_eq!(
        refused.body.refusal.expect("a refusal").sentence,
        "lab-2 is in maintenance and takes no VMs."
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vm_places_says_where_the_pool_would_have_a_vm_and_why_not_elsewhere() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let pool = lab().await;
    let (id, mut live) = added(&admin, &pool).await;
    let session = xapi(&pool, "session.login_with_password", json!(["root", "xen"])).await;
    let host = xapi(&pool, "host.get_by_name_label", json!([session, "lab-2"])).await;
    let halted = live.objects.values().filter_map(|object| match object {
        Object::Vm(vm) if vm.role == VmRole::Guest && vm.power == PowerState::Halted => Some(vm.id),
        _ => None,
    });
    // One that is tied to no host by its disks, and one that is.
    let (mut free, mut tied) = (None, None);
    for vm in halted {
        let told = admin.call::<op::VmPlaces>(vm, ()).await.expect("told");
        match told.iter().filter(|place| place.refused.is_some()).count() {
            0 => free = Some(vm),
            _ => tied = Some(told),
        }
    }
    let vm = free.expect("a halted VM on shared storage");
    let tied = tied.expect("a halted VM on a host's own storage");
    let elsewhere = tied.iter().find_map(|place| place.refused.clone());
    assert_eq!(
        elsewhere.as_deref(),
        Some("Not all storage of its disks is attached to the host.")
    );
    let all = members(&live, id);
    let named = |places: &[VmPlace]| {
        let mut named: Vec<_> = places
            .iter()
            .map(|place| {
                let member = all.iter().find(|member| member.id == place.host);
                (member.expect("a member").name.clone(), place.refused.clone())
            })
            .collect();
        named.sort();
        named
    };
    xapi(&pool, "host.disable", json!([session, host[0]])).await;
    let told = admin.call::<op::VmPlaces>(vm, ()).await.expect("told");
    let maintenance = Some("The host is in maintenance and takes no VMs.".to_owned());
    assert_eq!(
        named(&told),
        [("lab-1".to_owned(), None), ("lab-2".to_owned(), maintenance)]
    );

    // A pool that does not answer: the chooser goes without.
    pool.cut_host(0);
    let error = admin
        .call::<op::VmPlaces>(vm, ())
        .await
        .expect_err("it does not say");
    assert!(
        [StatusCode::BAD_GATEWAY, StatusCode::CONFLICT].contains(&error.status),
        "{error:?}"
    );
    live.wait_until("the pool is down", |live| {
        live.host(id).is_some_and(|host| !host.link.is_up())
    })
    .await;
    let error = admin
        .call::<op::VmPlaces>(vm, ())
        .await
        .expect_err("it does not say");
    assert!(
        error.status.is_client_error() || error.status == StatusCode::BAD_GATEWAY,
        "{error:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_plain_xen_there_is_nothing_to_choose_from() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let refused = app
        .admin()
        .await
        .call::<op::VmPlaces>(app.vm_id("build-01"), ())
        .await
        .expect_err("it is no pool");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(
        refused.body.refusal.expect("a refusal").sentence,
        "xen-1 stands alone: only a pool has hosts to choose from."
    );
}
