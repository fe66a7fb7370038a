//! A locked-out administrator, beside a running server.
use super::{exchange, run, said, start};

/// Signs in by the JSON operation; the status line, and the session's cookie where there is one.
fn sign_in(address: &str, name: &str, password: &str) -> (String, Option<String>) {
    let body = format!(r#"{{"name":"{name}","password":"{password}"}}"#);
    let reply = exchange(
        address,
        &format!(
            "POST /api/v1/session HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    let cookie = reply
        .split("set-cookie: ")
        .nth(1)
        .and_then(|rest| rest.split(';').next());
    (
        reply.lines().next().unwrap_or_default().to_owned(),
        cookie.map(str::to_owned),
    )
}

/// Whether the session is still good.
fn is_signed_in(address: &str, cookie: &str) -> bool {
    let request = format!(
        "GET /api/v1/session HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
    );
    exchange(address, &request).starts_with("HTTP/1.1 200")
}

#[test]
fn a_locked_out_administrator_gets_back_in_while_the_server_runs() {
    let data = tempfile::tempdir().expect("a folder");
    let data = data.path();
    let (_server, link) = start(data, &["serve", "--listen", "127.0.0.1:0"], "/setup?token=");
    let address = link
        .trim_start_matches("http://")
        .split('/')
        .next()
        .expect("an address")
        .to_owned();
    let (first, second) = ("correct horse battery", "another long password");
    said(&run(
        data,
        &["user", "add", "anna", "--role", "admin"],
        &format!("{first}\n"),
    ));
    said(&run(
        data,
        &["user", "add", "otto", "--role", "admin"],
        &format!("{first}\n"),
    ));
    let (_, cookie) = sign_in(&address, "anna", first);
    let cookie = cookie.expect("signed in");
    assert!(is_signed_in(&address, &cookie));

    // A new password: the old session is over with the next request.
    said(&run(data, &["user", "passwd", "anna"], &format!("{second}\n")));
    assert!(!is_signed_in(&address, &cookie), "the running server knows");
    assert!(sign_in(&address, "anna", first).1.is_none());
    assert!(sign_in(&address, "anna", second).1.is_some());

    // Disabled by somebody, and demoted: back in without anybody's password.
    said(&run(data, &["user", "disable", "anna"], ""));
    assert!(sign_in(&address, "anna", second).1.is_none());
    said(&run(data, &["user", "enable", "anna"], ""));
    said(&run(data, &["user", "grant", "anna", "viewer"], ""));
    said(&run(data, &["user", "grant", "anna", "admin"], ""));
    let link = said(&run(
        data,
        &["user", "link", "anna", "--url", &format!("http://{address}")],
        "",
    ));
    let reset = said(&run(
        data,
        &["user", "reset", "anna", "--url", &format!("http://{address}")],
        "",
    ));
    assert!(
        link.contains("/link?token=") && reset.contains("/reset?token="),
        "{link} {reset}"
    );
    let form = |path: &str, body: &str| {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        exchange(&address, &request)
    };
    let token = |link: &str| link.split_once("token=").expect("a token").1.to_owned();
    let by_link = form("/link", &format!("token={}", token(&link)));
    assert!(
        by_link.starts_with("HTTP/1.1 303") && by_link.contains("set-cookie"),
        "{by_link}"
    );
    let body = format!(
        "token={}&password=longenough-1&password_again=longenough-1",
        token(&reset)
    );
    let by_reset = form("/reset", &body);
    assert!(
        by_reset.starts_with("HTTP/1.1 303") && by_reset.contains("location: /\r"),
        "{by_reset}"
    );

    let (_, cookie) = sign_in(&address, "anna", "longenough-1");
    let cookie = cookie.expect("signed in");
    let sessions = said(&run(data, &["user", "sessions", "anna", "--end"], ""));
    assert!(
        sessions.contains("from 127.0.0.1") && sessions.contains("were ended"),
        "{sessions}"
    );
    assert!(!is_signed_in(&address, &cookie));

    let help = said(&run(data, &["user", "--help"], ""));
    assert!(help.contains("Locked out?"), "{help}");
}
