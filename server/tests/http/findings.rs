//! What close looks found: of all hosts, and only for those who may look at them.
use super::vm_set_tags::tags;
use wxa_model::{Role, Scope};
use wxa_sim::Ail;
use wxa_testkit::TestApp;
use wxa_wire::{HostDetailsQuery, operation as op, operation::NoId};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_look_found_is_told_to_whoever_may_look() {
    let mut config = super::fleet::host("xen-1");
    config.ails = vec![Ail::FullDisk];
    let app = TestApp::with_host(config).await;
    let (_, host) = app.host(0);
    let viewer = app.viewer().await;
    let nothing = viewer.call::<op::FindingsGet>(NoId, ()).await.expect("none yet");
    assert_eq!((nothing.hosts.len(), nothing.unseen), (0, 1));
    viewer
        .call::<op::HostDetailsGet>(host, HostDetailsQuery::default())
        .await
        .expect("a close look");
    let found = viewer.call::<op::FindingsGet>(NoId, ()).await.expect("findings");
    let one = found.hosts.first().expect("the host");
    assert_eq!((one.host, found.unseen), (host, 0));
    assert!(
        one.findings
            .iter()
            .any(|finding| finding.title.contains("% full")),
        "{found:?}"
    );
    let vm = app.vm_id("web-01");
    app.admin()
        .await
        .call::<op::VmSetTags>(vm, tags(&["lab"], &[]))
        .await
        .expect("tagged");
    let of_a_vm = app
        .signed_in("one", Role::Operator, Scope::Tag("lab".into()))
        .await;
    let found = of_a_vm.call::<op::FindingsGet>(NoId, ()).await.expect("nothing");
    assert_eq!(
        (found.hosts.len(), found.unseen),
        (0, 0),
        "the host is none of theirs"
    );
}
