//! Rendered pages.
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use server::assets::Site;
use std::fs;
use wxa_testkit::{Raw, TestApp};

fn site() -> Site {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join("assets")).expect("assets");
    let manifest = r#"{"build":"b1","files":{"webxenadmin.js":"/assets/webxenadmin.1.js",
        "webxenadmin_bg.wasm":"/assets/webxenadmin_bg.2.wasm","main.css":"/assets/main.3.css"}}"#;
    fs::write(dir.path().join("manifest.json"), manifest).expect("a manifest");
    Site::load(dir.path()).expect("a site")
}

/// The nonce in the page's policy.
fn nonce(page: &Raw) -> String {
    let policy = page.header("content-security-policy");
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next());
    nonce.expect("a nonce").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_paint_shows_real_data_under_a_strict_policy() {
    let app = TestApp::builder()
        .with_site(site())
        .with_host(super::fleet::host("xen-1"))
        .start()
        .await;
    let admin = app.admin().await;
    let page = admin.get("/vms").await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    assert!(page.header("content-type").starts_with("text/html"));
    let body = page.body.split("<body").nth(1).expect("a body");
    for name in ["web-01", "build-01", "xen-1"] {
        assert!(body.contains(name), "{name} is in the document");
    }

    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "'wasm-unsafe-eval'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{policy}"
    );
    let nonce = nonce(&page);
    for script in page.body.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap_or_default();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "<script{tag}>");
    }
    assert!(
        !page.body.contains(" style=\""),
        "inline styles are refused by the policy"
    );
    assert!(page.body.contains("/assets/webxenadmin.1.js"));
    assert_ne!(
        nonce,
        self::nonce(&admin.get("/vms").await),
        "a nonce is used once"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_packed_for_whoever_takes_it_packed() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let request = admin.request("GET", "/vms").header("accept-encoding", "gzip, br");
    let body = axum::body::Body::empty();
    let packed = admin.exchange(request.body(body).expect("a request")).await;
    assert_eq!(
        (packed.status, packed.header("content-encoding")),
        (StatusCode::OK, "gzip")
    );
    assert!(packed.body.len() * 2 < admin.get("/vms").await.body.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_rendered_and_what_is_no_page_is_not_found() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (host, vm) = (app.host(0).1, app.vm_id("web-01"));
    let pages = [
        "/".to_owned(),
        "/vms?q=state:running".into(),
        "/hosts/add".into(),
        "/tasks".into(),
        "/audit".into(),
        format!("/hosts/{host}/overview"),
        format!("/hosts/{host}/vms"),
        format!("/vms/{vm}/overview"),
        format!("/vms/{vm}/console"),
        format!("/vms/{vm}/history"),
    ];
    for path in pages {
        let page = admin.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("</html>"), "{path}");
    }
    let nothing = admin.get("/nothing").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert!(nothing.header("content-type").starts_with("text/html"));
    let audit = admin.get("/audit").await;
    assert!(
        audit.body.contains("command line"),
        "the log was fetched before rendering"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_sent_to_the_sign_in_and_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let nobody = app.anonymous();
    let reply = nobody.get("/vms?q=web").await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (StatusCode::SEE_OTHER, "/login?next=/vms%3Fq%3Dweb")
    );
    let login = nobody.get("/login?error=credentials").await;
    assert_eq!(login.status, StatusCode::OK);
    assert!(
        login.body.contains("<form") && login.body.contains("name=\"password\""),
        "{}",
        login.body
    );
    assert!(
        !login.body.contains("type=\"module\""),
        "the sign-in needs no scripts"
    );
    assert_eq!(nobody.get("/setup").await.header("location"), "/login?error=done");
    assert_eq!(admin.get("/login?next=/audit").await.header("location"), "/audit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_first_run_everything_leads_to_it() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    assert_eq!(nobody.get("/vms").await.header("location"), "/setup");
    let token = app.core().setup_token_create().await.expect("a token");
    let page = nobody
        .get(&format!("/setup?token={}", token.expose_secret()))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("name=\"password_again\""), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_by_strangers_or_guests_does_not_become_markup() {
    let mut host = super::fleet::host("xen-1");
    host.guests
        .push(wxa_sim::GuestSpec::new("a_script_alert").halted());
    let app = TestApp::builder().with_site(site()).with_host(host).start().await;
    let admin = app.admin().await;
    let page = admin.get("/vms?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert!(!page.body.contains("<script>alert"), "the filter is escaped");
    let link = app
        .anonymous()
        .get("/link?token=%22%3E%3Cscript%3Ealert(1)")
        .await;
    assert!(!link.body.contains("<script>alert"), "the token is escaped");
}
