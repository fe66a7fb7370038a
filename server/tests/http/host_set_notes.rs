//! Notes on hosts.
use super::vm_set_notes::notes;
use wxa_model::Object;
use wxa_testkit::TestApp;
use wxa_wire::operation as op;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_has_notes_and_takes_them_along_when_it_is_forgotten() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let id = app.host(0).1;
    admin
        .call::<op::HostSetNotes>(id, notes("", "Rack 4, unit 12."))
        .await
        .expect("noted");
    let shown = |app: &TestApp| {
        let objects = app.core().inventory_view(&wxa_core::Ctx::command_line()).objects;
        objects.into_iter().find_map(|object| match object {
            Object::Host(host) if host.id == id => Some(host.notes),
            _ => None,
        })
    };
    assert_eq!(shown(&app).as_deref(), Some("Rack 4, unit 12."));
    let row = app.ended_row("host_set_notes").await;
    assert_eq!((row.on.as_str(), row.on_id), ("xen-1", id.to_string()));
    admin.call::<op::HostRemove>(id, ()).await.expect("removed");
    assert_eq!(shown(&app), None);
}
