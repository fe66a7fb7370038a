//! Requests that lie about where they come from, and those that no browser would send.
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use std::net::IpAddr;
use wxa_core::Ctx;
use wxa_model::Grant;
use wxa_testkit::TestApp;
use wxa_wire::close;

const LOGIN: &str = r#"{"name":"anna","password":"correct horse battery"}"#;

async fn app_with_anna(app: TestApp) -> TestApp {
    let grants = [Grant::admin_everywhere()];
    app.core()
        .user_create(
            &Ctx::command_line(),
            "anna",
            Some(&"correct horse battery".into()),
            &grants,
        )
        .await
        .expect("an account");
    app
}

/// A page of another site whose name was made to resolve to this server is same-origin to the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_host_does_not_let_another_sites_page_sign_in() {
    let app = app_with_anna(TestApp::start().await).await;
    let nobody = app.anonymous();
    for (method, path, kind, body) in [
        ("POST", "/api/v1/session", "application/json", LOGIN),
        (
            "POST",
            "/login",
            "application/x-www-form-urlencoded",
            "name=anna&password=correct+horse+battery",
        ),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "evil.example:8006")
            .header("origin", "http://evil.example:8006")
            .header("content-type", kind)
            .body(Body::from(body));
        let reply = nobody.exchange(request.expect("a request")).await;
        assert_eq!(reply.header("set-cookie"), "", "{path}: no session");
        let refused =
            reply.status == StatusCode::FORBIDDEN || reply.header("location").contains("error=insecure");
        assert!(refused, "{path}: {reply:?}");
        assert!(!reply.body.contains("evil.example"), "{path}: {}", reply.body);
    }
    let page = Request::builder()
        .uri("/login")
        .header("host", "evil.example\"><script>alert(1)</script>")
        .body(Body::empty());
    let page = nobody.exchange(page.expect("a request")).await;
    assert!(
        !page.body.contains("evil.example"),
        "what is said to be our name is in no page"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_trusted_proxy_is_believed_about_where_a_request_comes_from() {
    for (proxy, from) in [(None, "127.0.0.1"), (Some("127.0.0.1"), "203.0.113.7")] {
        let mut builder = TestApp::builder();
        if let Some(proxy) = proxy {
            builder = builder.with_trusted_proxy(proxy.parse::<IpAddr>().expect("an address"));
        }
        let app = app_with_anna(builder.start().await).await;
        let request = app
            .anonymous()
            .request("POST", "/api/v1/session")
            .header("content-type", "application/json")
            .header("x-forwarded-for", "198.51.100.1, 203.0.113.7")
            .body(Body::from(LOGIN));
        let reply = app.anonymous().exchange(request.expect("a request")).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(app.ended_row("session_create").await.from, from);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_of_other_sites_change_nothing() {
    let app = app_with_anna(TestApp::start().await).await;
    let admin = app.admin().await;
    // What a browser says with a form on another site's page, and with one in a sandboxed frame.
    for (origin, site) in [
        ("https://evil.example", "cross-site"),
        ("null", "cross-site"),
        ("null", "same-site"),
    ] {
        for (path, body) in [
            ("/login", "name=anna&password=correct+horse+battery"),
            ("/logout", ""),
            ("/api/v1/session", "name=anna"),
        ] {
            let mut stranger = admin.clone();
            stranger.origin = Some(origin.into());
            let request = stranger
                .request("POST", path)
                .header("sec-fetch-site", site)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(body));
            let reply = stranger.exchange(request.expect("a request")).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} from {origin}");
            assert_eq!(reply.header("set-cookie"), "");
        }
    }
    assert_eq!(
        admin.get("/api/v1/session").await.status,
        StatusCode::OK,
        "nobody was signed out"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let form = format!("name=anna&password={}", "x".repeat(9 * 1024));
    assert_eq!(
        admin.form("/login", &form).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    for limit in [64 * 1024 + 1, 1 << 20] {
        let mut socket = admin.socket("/api/v1/live").await;
        // It may be cut off while it is still being sent.
        let _ = socket.try_send_text("x".repeat(limit)).await;
        let closed = socket.closed().await;
        assert_ne!(closed.code, Some(close::SIGNED_OUT));
    }
    let long = "x".repeat(600 * 1024);
    let head = format!(
        "GET / HTTP/1.1\r\nhost: {}\r\nx-long: {long}\r\n\r\n",
        app.address
    );
    let reply = super::plain::exchange(app.address, head.as_bytes()).await;
    assert!(
        reply.is_empty() || reply.starts_with("HTTP/1.1 431"),
        "{reply:.60}"
    );
    let many: String = (0..300).map(|n| format!("x-{n}: 1\r\n")).collect();
    let head = format!("GET / HTTP/1.1\r\nhost: {}\r\n{many}\r\n", app.address);
    let reply = super::plain::exchange(app.address, head.as_bytes()).await;
    assert!(
        reply.is_empty() || reply.starts_with("HTTP/1.1 431"),
        "{reply:.60}"
    );
    let endless = format!(
        "POST /api/v1/hosts/probe HTTP/1.1\r\nhost: {0}\r\norigin: http://{0}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        app.address
    );
    let chunks = format!("1000\r\n{}\r\n", "x".repeat(0x1000)).repeat(32);
    let reply = super::plain::exchange(
        app.address,
        [endless.as_bytes(), chunks.as_bytes()].concat().as_slice(),
    )
    .await;
    assert!(
        reply.starts_with("HTTP/1.1 401") || reply.starts_with("HTTP/1.1 413"),
        "{reply:.60}"
    );
    assert_eq!(admin.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_path_leads_out_of_the_site() {
    let app = TestApp::start().await;
    for path in [
        "/assets/../Cargo.toml",
        "/assets/../../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/assets/%252e%252e/etc/passwd",
        "//etc/passwd",
        "/assets//etc/passwd",
        "/..",
        "/assets/%00",
        "/assets/\u{ff0e}\u{ff0e}/etc/passwd",
        "/etc/passwd",
    ] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            app.address
        );
        let reply = super::plain::exchange(app.address, request.as_bytes()).await;
        let status = reply.split(' ').nth(1).unwrap_or_default();
        assert!(
            ["303", "307", "400", "404"].contains(&status),
            "{path}: {reply:.80}"
        );
        assert!(!reply.contains("root:x:"), "{path}");
    }
}
