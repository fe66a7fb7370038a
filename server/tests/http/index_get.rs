//! The index: what the browser lists, filters and sorts by; and how it follows on the live socket.
use wxa_model::PowerState;
use wxa_sim::{GuestSpec, SimHostConfig};
use wxa_testkit::TestApp;
use wxa_wire::{NotesParams, close, operation as op};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_hears_of_details_only_where_it_watches() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (web, db) = (app.vm_id("web-01"), app.vm_id("db-01"));
    let mut live = admin.live_index().await;
    live.wait_until("the index", |live| live.snapshots == 1).await;
    let brief = |live: &wxa_testkit::LiveClient, vm| live.vm(vm).is_some_and(|vm| *vm == vm.brief());
    assert!(brief(&live, web) && brief(&live, db));

    live.watch(vec![web]).await;
    live.wait_until("it is told in full", |live| {
        live.vm(web).is_some_and(|vm| !vm.disks.is_empty())
    })
    .await;
    for vm in [web, db] {
        let notes = NotesParams {
            notes: "ask Ada".into(),
            was: String::new(),
        };
        admin.call::<op::VmSetNotes>(vm, notes).await.expect("noted");
    }
    live.wait_until("its notes are told", |live| {
        live.vm(web).is_some_and(|vm| vm.notes == "ask Ada")
    })
    .await;
    admin.call::<op::VmPause>(db, ()).await.expect("accepted");
    live.wait_until("what any tab shows is told of all", |live| {
        live.power(db) == Some(PowerState::Paused)
    })
    .await;
    assert!(brief(&live, db), "nothing else is");
    assert_eq!(live.snapshots, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_watches_too_many_is_told_so() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let mut live = admin.live_index().await;
    live.watch(vec![app.vm_id("web-01"); 501]).await;
    assert_eq!(live.closed().await.code, Some(close::BAD_REQUEST));
    let mut live = admin.live().await;
    live.watch(vec![app.vm_id("web-01")]).await;
    assert_eq!(
        live.closed().await.code,
        Some(close::BAD_REQUEST),
        "it is told all anyway"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_holds_what_the_caller_may_see_and_nothing_else() {
    let one = super::fleet::host("xen-1");
    let two = super::fleet::other_host("xen-2");
    let app = TestApp::builder().with_host(one).with_host(two).start().await;
    let operator = app.operator_on(app.host(1).1).await;
    let mut live = operator.live_index().await;
    live.wait_until("the index", |live| live.snapshots == 1).await;
    assert!(live.vm(app.vm_id("mail-01")).is_some());
    live.watch(vec![app.vm_id("web-01"), app.vm_id("mail-01")]).await;
    live.wait_until("its own is told in full", |live| {
        live.vm(app.vm_id("mail-01"))
            .is_some_and(|vm| !vm.disks.is_empty())
    })
    .await;
    assert!(
        live.vm(app.vm_id("web-01")).is_none(),
        "watching shows nothing more"
    );
    assert!(live.host(app.host(0).1).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_many_vms_comes_with_those_in_sight_and_their_index_follows() {
    let mut host = SimHostConfig::new("xen-1", 7);
    host.guests = (0..250).map(|n| GuestSpec::new(format!("web-{n:03}"))).collect();
    let app = TestApp::with_host(host).await;
    let admin = app.admin().await;
    let page = admin.get("/vms").await;
    let rows = page.body.matches("class=\"vm-row").count();
    assert!((30..100).contains(&rows), "{rows} rows");
    assert!(page.body.contains("250 VMs"), "all are counted");
    assert!(page.body.contains("web-000") && !page.body.contains("web-249"));

    let index = admin.get("/api/v1/index").await;
    assert_eq!(index.header("content-type"), "application/octet-stream");
    let mut live = admin.live_index().await;
    live.wait_until("all of them", |live| live.vm(app.vm_id("web-249")).is_some())
        .await;
    assert_eq!(live.snapshots, 1);
}
