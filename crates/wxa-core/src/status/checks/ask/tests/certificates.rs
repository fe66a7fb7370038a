//! Certificates: trusted, for the name, and for how long.
use super::*;

async fn of(authority: &Authority, served: &Served, host: &str, days: u16) -> Answer {
    let (host, port) = (host.to_owned(), served.port);
    asked_with(authority.tls(), CheckKind::Certificate { host, port, days }, true).await
}

#[tokio::test]
async fn a_certificate_is_up_degraded_before_its_end_and_down_after_it() {
    let authority = Authority::new();
    // It is 2026 by the clock.
    let served = authority.serves("localhost", 2027, "").await;
    let fine = of(&authority, &served, "localhost", 14).await;
    assert_eq!(fine.standing, Standing::Up, "{fine:?}");
    assert!(
        fine.why.starts_with("Its certificate is valid for "),
        "{}",
        fine.why
    );
    let soon = of(&authority, &served, "localhost", 3000).await;
    assert_eq!(soon.standing, Standing::Degraded, "{soon:?}");
    let over = authority.serves("localhost", 2020, "").await;
    let over = of(&authority, &over, "localhost", 14).await;
    assert_eq!(over, Answer::down("The certificate of localhost has expired."));
}

#[tokio::test]
async fn a_certificate_for_another_name_or_by_another_authority_is_down() {
    let authority = Authority::new();
    let served = authority.serves("shop.example", 2099, "").await;
    let other_name = of(&authority, &served, "localhost", 14).await;
    assert_eq!(
        other_name,
        Answer::down("The certificate is not for the name localhost.")
    );
    let other = of(&Authority::new(), &served, "localhost", 14).await;
    assert_eq!(other.standing, Standing::Down);
    let plain = Served::saying("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let plain = of(&authority, &plain, "localhost", 14).await;
    assert_eq!(plain.standing, Standing::Down, "{plain:?}");
}
