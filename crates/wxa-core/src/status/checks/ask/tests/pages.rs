//! HTTP: status, text, odd answers, redirects.
use super::*;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nall is well";

async fn of(answer: &str, status: Option<u16>, text: Option<&str>) -> Answer {
    let served = Served::saying(answer).await;
    asked(http(
        format!("http://127.0.0.1:{}/health?key=s3cret", served.port),
        status,
        text,
    ))
    .await
}

#[tokio::test]
async fn an_answer_is_up_with_its_status_and_text() {
    assert_eq!(
        of(OK, None, None).await,
        Answer::up("It answers with status 200.")
    );
    assert_eq!(of(OK, Some(200), Some("is well")).await.standing, Standing::Up);
    let other = of(OK, Some(204), None).await;
    assert_eq!(other.standing, Standing::Down);
    assert!(
        other.why.ends_with("/health answers with status 200."),
        "{}",
        other.why
    );
    let no_text = of(OK, None, Some("all is lost")).await;
    assert!(
        no_text.why.ends_with("without the text that is expected."),
        "{}",
        no_text.why
    );
    let broken = of("HTTP/1.1 503 Service Unavailable\r\n\r\n", None, None).await;
    assert_eq!(broken.standing, Standing::Down);
    assert!(!broken.why.contains("s3cret"), "{}", broken.why);
    assert_eq!(
        of("HTTP/1.1 503 No\r\n\r\n", Some(503), None).await.standing,
        Standing::Up
    );
    let interim = format!("HTTP/1.1 103 Early Hints\r\n\r\n{OK}");
    assert_eq!(
        of(&interim, Some(200), Some("all is well")).await.standing,
        Standing::Up
    );
}

#[tokio::test]
async fn text_is_found_in_chunks_and_not_beyond_the_bodys_end() {
    let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nall i\r\n6\r\ns well\r\n0\r\n\r\n";
    assert_eq!(of(chunked, None, Some("is well")).await.standing, Standing::Up);
    let after = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nall is well";
    assert_eq!(of(after, None, Some("well")).await.standing, Standing::Down);
    let far = format!("HTTP/1.1 200 OK\r\n\r\n{}well", "x".repeat(64 << 10));
    assert_eq!(of(&far, None, Some("well")).await.standing, Standing::Down);
}

#[tokio::test]
async fn what_is_no_http_or_hangs_up_is_down() {
    for answer in ["SSH-2.0-OpenSSH_9.2\r\n", "", "HTTP/1.1 2"] {
        assert_eq!(
            of(answer, None, None).await.standing,
            Standing::Down,
            "{answer:?}"
        );
    }
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "y".repeat(200 << 10));
    assert!(of(&endless, None, None).await.why.ends_with("no HTTP."));
}

#[tokio::test]
async fn a_body_without_end_is_read_to_64_kib_and_one_that_drips_for_the_time_only() {
    let endless = Served::by(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
    })
    .await;
    let url = |served: &Served| format!("http://127.0.0.1:{}/", served.port);
    let answer = asked(http(url(&endless), None, Some("well"))).await;
    assert!(
        answer.why.ends_with("without the text that is expected."),
        "{}",
        answer.why
    );
    let slow = Served::by(|mut stream| async move {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nall is well")
            .await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
    .await;
    let found = asked(http(url(&slow), None, Some("is well"))).await;
    assert_eq!(found.standing, Standing::Up, "what is there is not waited for");
    let never = asked(http(url(&slow), None, Some("is lost"))).await;
    assert_eq!(never, Answer::down("It does not answer within 0 s."));
}

fn to(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n")
}

#[tokio::test]
async fn redirects_are_followed_a_few_times_unless_they_are_expected() {
    let end = Served::saying(OK).await;
    let begin = Served::saying(to(&format!("http://127.0.0.1:{}/there", end.port))).await;
    let url = format!("http://127.0.0.1:{}/", begin.port);
    let followed = asked(http(url.clone(), None, Some("all is well"))).await;
    assert_eq!(followed.standing, Standing::Up);
    let expected = asked(http(url, Some(302), None)).await;
    assert_eq!(expected, Answer::up("It answers with status 302."));
    let round = of(&to("/again"), None, None).await;
    assert_eq!(round, Answer::down("It redirects more than 5 times."));
}

#[tokio::test]
async fn a_redirect_is_not_followed_to_where_nobody_allowed() {
    let inside = Served::by(|_| async { panic!("somebody has come") }).await;
    for host in [
        "localhost",
        "127.0.0.2",
        "[::1]",
        "0.0.0.0",
        "169.254.169.254",
        "2130706434",
    ] {
        let location = format!("http://{host}:{}/", inside.port);
        let answer = of(&to(&location), None, None).await;
        assert_eq!(answer.standing, Standing::Unknown, "{host}: {answer:?}");
    }
    for location in ["file:///etc/passwd", "gopher://127.0.0.1/"] {
        let answer = of(&to(location), None, None).await;
        assert_eq!(answer.standing, Standing::Unknown, "{location}: {answer:?}");
    }
}

#[tokio::test]
async fn https_needs_a_certificate_that_is_trusted() {
    let authority = Authority::new();
    let served = authority.serves("localhost", 2099, OK).await;
    let url = format!("https://localhost:{}/", served.port);
    let trusted = asked_with(authority.tls(), http(url.clone(), None, Some("well")), true).await;
    assert_eq!(trusted.standing, Standing::Up, "{trusted:?}");
    let other = asked_with(Authority::new().tls(), http(url.clone(), None, None), true).await;
    assert_eq!(other.standing, Standing::Down, "{other:?}");
    let none = asked_with(None, http(url, None, None), true).await;
    assert_eq!(none.standing, Standing::Unknown, "{none:?}");
}
