//! Changing a host's record after it was added.
use super::vm_set_tags::tags;
use axum::http::StatusCode;
use uuid::Uuid;
use wxa_model::{Link, PowerState};
use wxa_testkit::TestApp;
use wxa_wire::{HostSetParams, operation as op};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_name_is_shown_at_once_and_the_connection_goes_on() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (host, vm) = (app.host(0).1, app.vm_id("web-01"));
    let mut live = admin.live().await;
    live.wait_until("it is up", |live| {
        live.host(host).is_some_and(|host| host.link == Link::Up)
    })
    .await;
    let renamed = HostSetParams {
        name: Some(" big one ".into()),
        ..HostSetParams::default()
    };
    admin.call::<op::HostSet>(host, renamed).await.expect("renamed");
    live.wait_until("the name is shown", |live| {
        let shown = live.host(host);
        assert!(
            shown.is_none_or(|host| host.link == Link::Up),
            "it stays connected: {shown:?}"
        );
        shown.is_some_and(|host| host.name == "big one")
    })
    .await;
    assert_eq!(app.vm_id("web-01"), vm);
    let row = app.ended_row("host_set").await;
    assert_eq!((row.on.as_str(), row.on_id), ("xen-1", host.to_string()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_moves_to_another_site_and_tags_of_its_guests_move_along() {
    let mut config = super::fleet::host("xen-1");
    if let Some(guest) = config.guests.first_mut() {
        guest.uuid = Some(Uuid::from_u128(77));
    }
    let app = TestApp::with_host(config).await;
    let admin = app.admin().await;
    let (host, vm) = (app.host(0).1, app.vm_id("web-01"));
    admin
        .call::<op::VmSetTags>(vm, tags(&["prod"], &[]))
        .await
        .expect("tagged");
    let moved = HostSetParams {
        site: Some("Lab".into()),
        ..HostSetParams::default()
    };
    admin.call::<op::HostSet>(host, moved).await.expect("moved");
    let mut live = admin.live().await;
    live.wait_until("the guest is in the new site, with its tag", |live| {
        let vm = live.objects.values().find_map(|object| match object {
            wxa_model::Object::Vm(vm) if vm.name == "web-01" => Some(vm),
            _ => None,
        });
        vm.is_some_and(|vm| vm.power == PowerState::Running && vm.tags == ["prod"])
            && live.host(host).is_some_and(|host| host.link == Link::Up)
    })
    .await;
    let sites: Vec<&str> = live
        .objects
        .values()
        .filter_map(|object| match object {
            wxa_model::Object::Site(site) => Some(site.name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(sites, ["Lab"], "the site that nothing is left in went");
    assert_ne!(
        app.vm_id("web-01"),
        vm,
        "the same UUID in another site is another VM"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_folder_of_definitions_is_looked_into() {
    let mut config = super::fleet::host("xen-1");
    config.extra_files.push((
        "/srv/xen/lab-01.cfg".into(),
        "name = \"lab-01\"\ntype = \"pvh\"\nmemory = 128\n".into(),
    ));
    let app = TestApp::with_host(config).await;
    let admin = app.admin().await;
    let host = app.host(0).1;
    let other = HostSetParams {
        config_dir: Some("/srv/xen".into()),
        ..HostSetParams::default()
    };
    admin.call::<op::HostSet>(host, other).await.expect("changed");
    let mut live = admin.live().await;
    live.wait_until("its guests are listed", |live| {
        let names = live
            .objects
            .values()
            .any(|object| matches!(object, wxa_model::Object::Vm(vm) if vm.name == "lab-01"));
        names
            && live
                .host(host)
                .is_some_and(|host| host.config_dir == "/srv/xen" && host.link == Link::Up)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_right_names_its_field_and_changes_nothing() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let host = app.host(0).1;
    let set = |name: Option<&str>, site: Option<&str>, config_dir: Option<&str>| HostSetParams {
        name: name.map(str::to_owned),
        site: site.map(str::to_owned),
        config_dir: config_dir.map(str::to_owned),
    };
    for (params, field) in [
        (set(Some("  "), None, None), "name"),
        (set(Some("ok"), Some(""), None), "site"),
        (set(Some("ok"), None, Some("relative/path")), "config_dir"),
        (set(Some("ok"), None, Some("/etc/../root")), "config_dir"),
    ] {
        let refused = admin.call::<op::HostSet>(host, params).await.expect_err(field);
        assert_eq!(
            (refused.status, refused.body.field.as_deref()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some(field))
        );
    }
    let kept = app
        .core()
        .host_list(&wxa_core::Ctx::command_line())
        .await
        .expect("hosts");
    assert_eq!(kept.first().map(|host| host.name.as_str()), Some("xen-1"));
}
