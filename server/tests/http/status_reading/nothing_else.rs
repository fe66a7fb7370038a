//! With a link one reads its page, and that is all.
use super::*;
use axum::http::StatusCode;
use secrecy::SecretString;
use wxa_core::Ctx;
use wxa_model::Object;
use wxa_wire::operation::OPERATIONS;

const FORMS: [&str; 6] = [
    "",
    "?kiosk",
    "?kiosk=2",
    "/badge.svg",
    "/status.json",
    "/feed.atom",
];

/// Everything that a reader must not learn: ids, names, addresses.
fn secrets(app: &TestApp, page: StatusPageId, link: &StatusLinkCreated) -> Vec<String> {
    let mut all = vec![
        page.to_string(),
        link.link.id.to_string(),
        "for the board".into(),
        "admin".into(),
        app.address.to_string(),
    ];
    for object in app.core().inventory_view(&Ctx::command_line()).objects {
        match object {
            Object::Vm(vm) => all.extend([vm.id.to_string(), vm.name]),
            Object::Host(host) => all.extend([host.id.to_string(), host.name, host.address]),
            Object::Site(site) => all.extend([site.id.to_string()]),
            _ => {}
        }
    }
    all.retain(|secret| !secret.is_empty());
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_byte_of_a_page_says_what_was_not_chosen() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let made = link(&admin, page, link_params()).await;
    let secrets = secrets(&app, page, &made);
    assert!(secrets.iter().any(|secret| secret == "web-01"), "{secrets:?}");
    for form in FORMS {
        let reply = app.anonymous().get(&format!("{}{form}", path(&made))).await;
        assert_eq!(reply.status, StatusCode::OK, "{form}: {}", reply.body);
        // The link itself is what its reader has already.
        let body = reply.body.replace(&made.token.0, "");
        for secret in &secrets {
            assert!(!body.contains(secret.as_str()), "{form} tells {secret}");
            for (name, value) in &reply.headers {
                let value = value.to_str().expect("text");
                assert!(!value.contains(secret.as_str()), "{form}: {name} tells {secret}");
            }
        }
        assert!(!reply.headers.contains_key("set-cookie"), "{form}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_opens_no_other_route() {
    let (app, admin, page) = with_page(Audience::Links).await;
    let made = link(&admin, page, link_params()).await;
    let token = made.token.0.clone();
    let names = secrets(&app, page, &made).into_iter();
    // An id in the path is repeated in what is said about it.
    let secrets: Vec<String> = names
        .filter(|name| name.parse::<uuid::Uuid>().is_err() && *name != app.address.to_string())
        .chain(["Order desk".into(), "Example Ltd".into()])
        .collect();
    let nobody = app.anonymous();
    // As a script would try it, and as a browser with cookies called like ours would.
    let script = nobody.with_api_token(SecretString::from(token.clone()));
    let cookies = format!("__Host-wxa={token}; wxa-status={token}");
    let ids = [
        page.to_string(),
        made.link.id.to_string(),
        app.vm_id("web-01").to_string(),
        app.host(0).1.to_string(),
        token.clone(),
    ];
    for row in OPERATIONS {
        for id in &ids {
            let path = row.path_for(id);
            let with_query = format!("{path}?token={token}&link={token}");
            let replies = [
                script.send(row.method.name(), &path, Some("{}")).await,
                get(&nobody, &path, &[("cookie", &cookies)]).await,
                nobody.send(row.method.name(), &with_query, Some("{}")).await,
            ];
            for reply in replies {
                // What everybody may ask, they may ask with a link too.
                let refused = reply.status.is_client_error();
                let without = nobody.get(&path).await.status == reply.status;
                let tells = secrets.iter().any(|secret| reply.body.contains(secret.as_str()));
                assert!((refused || without) && !tells, "{} {path}: {reply:?}", row.name);
            }
        }
    }
    for other in [
        "/",
        "/vms",
        "/system",
        "/users",
        "/status-pages",
        "/metrics",
        "/status/example",
    ] {
        let reply = get(
            &nobody,
            &format!("{other}?token={token}"),
            &[("cookie", &cookies)],
        )
        .await;
        assert!(
            !reply.body.contains("web-01") && !reply.body.contains("Order desk"),
            "{other}"
        );
        assert_ne!(reply.status, StatusCode::OK, "{other}");
    }
    for below in [
        "/inventory",
        "/api/v1/inventory",
        "/..",
        "/badge.svg/x",
        "/feed",
        "/%2e%2e/vms",
        "/status.json/",
    ] {
        let reply = nobody.get(&format!("/s/{token}{below}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{below}");
    }
    for (method, path) in [
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/status.json"),
        ("PATCH", "/badge.svg"),
    ] {
        let reply = nobody.send(method, &format!("/s/{token}{path}"), None).await;
        assert!(
            reply.status.is_client_error(),
            "{method} {path}: {}",
            reply.status
        );
    }
}
