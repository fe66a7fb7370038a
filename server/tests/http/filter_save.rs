//! Saved filters: one's own, and everybody's.
use axum::http::StatusCode;
use wxa_model::{FilterPage, FilterShare};
use wxa_testkit::{Client, TestApp};
use wxa_wire::{FilterParams, operation as op, operation::NoId};

fn filter(name: &str, query: &str, share: FilterShare) -> FilterParams {
    FilterParams {
        name: name.into(),
        page: FilterPage::Vms,
        query: query.into(),
        share,
    }
}

async fn names(client: &Client) -> Vec<String> {
    let all = client.call::<op::FilterList>(NoId, ()).await.expect("filters");
    all.into_iter().map(|one| one.name).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_is_saved_changed_and_forgotten_by_who_it_belongs_to() {
    let mut app = TestApp::start().await;
    let viewer = app.viewer().await;
    let saved = viewer
        .call::<op::FilterSave>(NoId, filter(" big ", "mem:>8G", FilterShare::Mine))
        .await
        .expect("saved");
    assert_eq!((saved.name.as_str(), saved.share), ("big", FilterShare::Mine));
    let other = app.admin().await;
    assert!(names(&other).await.is_empty(), "nobody else's business");
    for refused in [
        other
            .call::<op::FilterSet>(saved.id, filter("x", "y", FilterShare::Mine))
            .await,
        other.call::<op::FilterDelete>(saved.id, ()).await,
    ] {
        assert_eq!(refused.expect_err("not theirs").status, StatusCode::NOT_FOUND);
    }
    viewer
        .call::<op::FilterSet>(saved.id, filter("big ones", "mem:>16G", FilterShare::Mine))
        .await
        .expect("changed");
    assert_eq!(app.ended_row("filter_set").await.on, "big ones");
    app.restart().await;
    let viewer = viewer.on(&app);
    let kept = viewer.call::<op::FilterList>(NoId, ()).await.expect("filters");
    assert_eq!(
        kept.iter().map(|one| one.query.as_str()).collect::<Vec<_>>(),
        ["mem:>16G"]
    );
    viewer
        .call::<op::FilterDelete>(saved.id, ())
        .await
        .expect("forgotten");
    assert!(names(&viewer).await.is_empty());
    assert_eq!(app.ended_row("filter_delete").await.by, "viewer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_s_filters_are_made_by_administrators() {
    let app = TestApp::start().await;
    let (admin, viewer) = (app.admin().await, app.viewer().await);
    let shared = || filter("down", "state:halted", FilterShare::Everybody);
    let refused = viewer
        .call::<op::FilterSave>(NoId, shared())
        .await
        .expect_err("not for viewers");
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let saved = admin.call::<op::FilterSave>(NoId, shared()).await.expect("saved");
    assert_eq!(names(&viewer).await, ["down"]);
    for refused in [
        viewer
            .call::<op::FilterSet>(saved.id, filter("x", "y", FilterShare::Mine))
            .await,
        viewer.call::<op::FilterDelete>(saved.id, ()).await,
    ] {
        assert_eq!(
            refused.expect_err("seen, not changed").status,
            StatusCode::FORBIDDEN
        );
    }
    viewer
        .call::<op::FilterSave>(NoId, filter("down", "state:crashed", FilterShare::Mine))
        .await
        .expect("one's own may have the same name");
    let again = admin
        .call::<op::FilterSave>(NoId, shared())
        .await
        .expect_err("there is one");
    assert_eq!(again.body.field.as_deref(), Some("name"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_saved_under_no_name_or_for_no_filter() {
    let app = TestApp::start().await;
    let viewer = app.viewer().await;
    let long = "x".repeat(65);
    for (name, query, field) in [
        ("", "a", "name"),
        (&long, "a", "name"),
        ("a", "  ", "query"),
        ("a", "b\nc", "query"),
    ] {
        let refused = viewer
            .call::<op::FilterSave>(NoId, filter(name, query, FilterShare::Mine))
            .await
            .expect_err(field);
        assert_eq!(
            (refused.status, refused.body.field.as_deref()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some(field))
        );
    }
}
