//! What guests' consoles tell, while nobody has them open.
use base64::{Engine, prelude::BASE64_STANDARD};
use wxa_model::{
    PowerState, VmId,
    console::{GuestEvent, GuestPhase},
};
use wxa_sim::GuestSpec;
use wxa_testkit::{Client, TestApp};
use wxa_wire::{ConsoleHistoryQuery, ConsoleMarksQuery, ConsoleMarksView, operation as op};

const CRASHES: &str = "vm-crashes-kept";

async fn marks(client: &Client, vm: VmId) -> ConsoleMarksView {
    let marks = client.call::<op::ConsoleMarks>(vm, ConsoleMarksQuery::default());
    marks.await.expect("marks")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_boots_and_panics_is_told_as_such_and_its_mark_is_where_it_panicked() {
    let mut host = super::fleet::host("xen-1");
    let mut guest = GuestSpec::new(CRASHES).halted();
    guest.disks.clear();
    host.guests.push(guest);
    let app = TestApp::with_host(host).await;
    let admin = app.admin().await;
    let vm = app.vm_id(CRASHES);
    let mut live = admin.live().await;
    admin.call::<op::VmStart>(vm, ()).await.expect("accepted");
    live.wait_until("it panicked", |live| {
        let told = live.vm(vm).and_then(|vm| vm.understood);
        told.is_some_and(|told| told.phase == GuestPhase::Panicked && told.began.is_some())
    })
    .await;
    let known = marks(&admin, vm).await;
    let place = |what| known.marks.iter().rev().find(|mark| mark.what == what);
    let prompt = place(GuestEvent::Phase(GuestPhase::Login)).expect("it came to its prompt");
    let panic = place(GuestEvent::Phase(GuestPhase::Panicked)).expect("it is marked");
    assert!(prompt.offset < panic.offset, "{known:?}");
    assert!(
        known.boots.iter().any(|boot| boot.login_ms.is_some()),
        "how long it took is kept: {known:?}"
    );
    let query = ConsoleHistoryQuery {
        from: Some(panic.offset),
        ..ConsoleHistoryQuery::default()
    };
    let history = admin
        .call::<op::ConsoleHistory>(vm, query)
        .await
        .expect("its past");
    let printed: Vec<u8> = history
        .pieces
        .iter()
        .flat_map(|piece| BASE64_STANDARD.decode(&piece.base64).expect("base64"))
        .collect();
    let printed = String::from_utf8_lossy(&printed);
    assert!(
        printed
            .lines()
            .next()
            .unwrap_or_default()
            .contains("Kernel panic - not syncing"),
        "{printed:?}"
    );
    live.wait_until("a panic outlasts the run", |live| {
        let vm = live.vm(vm);
        vm.is_some_and(|vm| vm.power == PowerState::Crashed && vm.understood.is_some())
    })
    .await;
}
