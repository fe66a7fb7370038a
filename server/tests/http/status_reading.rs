//! Reading status pages: what a link opens, what it does not, and what is kept of it.
mod cache;
mod door;
mod headers;
mod nothing_else;
mod preview;

use axum::body::Body;
use wxa_model::{
    StatusPageId,
    status::{Audience, Members, Rule, Shown},
};
use wxa_testkit::{Client, Raw, TestApp};
use wxa_wire::{
    ServiceParams, StatusLinkCreated, StatusLinkParams, StatusPageParams,
    operation::{NoId, StatusLinkCreate, StatusPageCreate},
};

/// A page with one service that nobody could guess from the names of its members.
fn params(app: &TestApp, audience: Audience) -> StatusPageParams {
    StatusPageParams {
        title: "Example Ltd".into(),
        about: "IT services".into(),
        slug: "example".into(),
        audience,
        shown: Shown {
            availability: true,
            members: false,
            notices: true,
            capacity: true,
        },
        language: wxa_model::status::Language::En,
        time_zone: "Europe/Vienna".into(),
        services: vec![ServiceParams {
            id: None,
            name: "Order desk".into(),
            about: "Where orders come in.".into(),
            members: Members::Picked {
                vms: vec![app.vm_id("web-01"), app.vm_id("db-01")],
                hosts: Vec::new(),
            },
            rule: Rule::All,
            checks: Vec::new(),
        }],
    }
}

fn link_params() -> StatusLinkParams {
    StatusLinkParams {
        label: "for the board".into(),
        expires_at: None,
        password: None,
        addresses: Vec::new(),
        language: None,
        time_zone: None,
    }
}

/// An application with a page, and who made it.
async fn with_page(audience: Audience) -> (TestApp, Client, StatusPageId) {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let made = admin.call::<StatusPageCreate>(NoId, params(&app, audience)).await;
    let page = made.expect("a page").page.id;
    (app, admin, page)
}

async fn link(admin: &Client, page: StatusPageId, params: StatusLinkParams) -> StatusLinkCreated {
    admin
        .call::<StatusLinkCreate>(page, params)
        .await
        .expect("a link")
}

/// The path of a link.
fn path(link: &StatusLinkCreated) -> String {
    format!("/s/{}", link.token.0)
}

/// GETs with headers.
async fn get(client: &Client, path: &str, headers: &[(&str, &str)]) -> Raw {
    let mut request = client.request("GET", path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    client.exchange(request).await
}
