//! Making status pages over HTTP: one operation after the other.
use axum::http::StatusCode;
use wxa_model::{
    HostId, Role, Scope,
    status::{Audience, Language, Members, Rule, Shown, Standing},
};
use wxa_testkit::{Client, TestApp, wait_until};
use wxa_wire::{
    LeftOffWhy, ServiceParams, StatusPageParams, StatusPageView, UserGrantsParams, operation as op,
    operation::NoId,
};

pub fn page(title: &str, services: Vec<ServiceParams>) -> StatusPageParams {
    StatusPageParams {
        title: title.into(),
        about: String::new(),
        slug: String::new(),
        audience: Audience::Links,
        shown: Shown::default(),
        language: Language::En,
        time_zone: "Europe/Vienna".into(),
        services,
    }
}

pub fn service(name: &str, members: Members) -> ServiceParams {
    ServiceParams {
        id: None,
        name: name.into(),
        about: String::new(),
        members,
        rule: Rule::All,
        checks: vec![],
    }
}

pub fn guest(app: &TestApp, name: &str) -> Members {
    Members::Picked {
        vms: vec![app.vm_id(name)],
        hosts: vec![],
    }
}

pub async fn operator(app: &TestApp, name: &str, host: HostId) -> Client {
    app.signed_in(name, Role::Operator, Scope::Host(host)).await
}

pub async fn made(client: &Client, params: StatusPageParams) -> StatusPageView {
    client
        .call::<op::StatusPageCreate>(NoId, params)
        .await
        .expect("a page")
}

/// The page's services as its author sees them, once they are all known.
async fn standings(client: &Client, page: &StatusPageView, wanted: &[Standing]) {
    wait_until("the services are judged", || async {
        let now = client.call::<op::StatusPageGet>(page.page.id, ()).await;
        let now: Vec<_> = now
            .expect("it")
            .standings
            .into_iter()
            .map(|(_, how)| how)
            .collect();
        if now == wanted { Ok(()) } else { Err(now) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_made_looked_at_changed_and_deleted() {
    let mut app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let olga = operator(&app, "olga", app.host(0).1).await;
    let shop = service("Web shop", guest(&app, "web-01"));
    let builds = service("Builds", Members::Filter("name:build-01".into()));
    let view = made(&olga, page("Example Ltd", vec![shop.clone(), builds])).await;
    assert_eq!(
        (view.page.slug.as_str(), view.creator.as_str()),
        ("example-ltd", "olga")
    );
    assert_eq!(app.ended_row("status_page_create").await.on, "Example Ltd");
    standings(&olga, &view, &[Standing::Up, Standing::Down]).await;

    let listed = olga.call::<op::StatusPageList>(NoId, ()).await.expect("pages");
    assert_eq!(listed[0].standing, Some(Standing::Down));
    let names: Vec<_> = listed[0].services.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["Web shop", "Builds"]);
    let preview = olga.call::<op::StatusPagePreview>(view.page.id, ()).await;
    let preview = preview.expect("as readers see it");
    assert_eq!(
        (preview.title.as_str(), preview.services.len()),
        ("Example Ltd", 2)
    );
    assert!(preview.services[0].availability.is_some());

    app.restart().await;
    let olga = olga.on(&app);
    let kept = olga
        .call::<op::StatusPageGet>(view.page.id, ())
        .await
        .expect("it");
    assert_eq!(kept.page, view.page);
    let same = ServiceParams {
        id: Some(view.page.services[0].id),
        name: "Shop".into(),
        ..shop
    };
    let changed = olga
        .call::<op::StatusPageSet>(view.page.id, page("Example Inc", vec![same]))
        .await
        .expect("changed");
    assert_eq!(changed.page.services[0].id, view.page.services[0].id);
    assert_eq!(
        (changed.page.slug.as_str(), changed.page.services.len()),
        ("example-inc", 1)
    );
    olga.call::<op::StatusPageDelete>(view.page.id, ())
        .await
        .expect("deleted");
    assert_eq!(app.ended_row("status_page_delete").await.by, "olga");
    let gone = olga
        .call::<op::StatusPageGet>(view.page.id, ())
        .await
        .expect_err("gone");
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_nobody_elses_but_administrators_find_it() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let olga = operator(&app, "olga", app.host(0).1).await;
    let view = made(&olga, page("Hers", vec![])).await;
    let (otto, admin) = (operator(&app, "otto", app.host(0).1).await, app.admin().await);
    assert!(
        otto.call::<op::StatusPageList>(NoId, ())
            .await
            .expect("pages")
            .is_empty()
    );
    let refused = [
        otto.call::<op::StatusPageGet>(view.page.id, ()).await.err(),
        otto.call::<op::StatusPageSet>(view.page.id, page("His", vec![]))
            .await
            .err(),
        otto.call::<op::StatusPageDelete>(view.page.id, ()).await.err(),
        otto.call::<op::StatusPagePreview>(view.page.id, ()).await.err(),
    ];
    for refused in refused {
        assert_eq!(refused.expect("refused").status, StatusCode::NOT_FOUND);
    }
    let found = admin.call::<op::StatusPageList>(NoId, ()).await.expect("pages");
    assert_eq!(found[0].creator, "olga");
    admin
        .call::<op::StatusPageDelete>(view.page.id, ())
        .await
        .expect("deleted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_author_is_told_what_readers_do_not_see_and_why() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let olga = operator(&app, "olga", app.host(0).1).await;
    let services = vec![
        service("Web shop", guest(&app, "web-01")),
        service("None", Members::Filter("name:there-is-none".into())),
    ];
    let view = made(&olga, page("Example Ltd", services)).await;
    assert_eq!(view.left_off, [], "what nothing passes is shown, as unknown");
    let viewer = app.viewer().await;
    let refused = viewer
        .call::<op::StatusPageCreate>(NoId, page("Mine", vec![]))
        .await
        .expect_err("not for viewers");
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let bad = page(
        "Example Ltd",
        vec![service("Web shop", Members::Filter("sate:up".into()))],
    );
    let refused = olga
        .call::<op::StatusPageCreate>(NoId, bad)
        .await
        .expect_err("no filter");
    assert_eq!(refused.body.field.as_deref(), Some("services"));

    let admin = app.admin().await;
    let nothing = UserGrantsParams { grants: vec![] };
    let user = app.user("olga").await.id;
    admin
        .call::<op::UserSetGrants>(user, nothing)
        .await
        .expect("changed");
    let seen = admin.call::<op::StatusPageGet>(view.page.id, ()).await;
    let left_off = seen.expect("a page").left_off;
    let why: Vec<_> = left_off.iter().map(|left| left.why).collect();
    assert_eq!(why, [LeftOffWhy::NotSeen, LeftOffWhy::Empty]);
}
