//! Connections: accepted, refused, not answered, and not made without consent.
use super::*;
use std::net::SocketAddr;
use tokio::net::TcpSocket;

fn tcp(host: &str, port: u16) -> CheckKind {
    let host = host.to_owned();
    CheckKind::Tcp { host, port }
}

#[tokio::test]
async fn a_port_that_accepts_is_up_and_one_that_refuses_is_down() {
    let served = Served::saying("").await;
    let answer = asked(tcp("127.0.0.1", served.port)).await;
    let why = format!("It accepts connections to port {}.", served.port);
    assert_eq!(answer, Answer::up(why));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    drop(taken);
    let closed = asked(tcp("127.0.0.1", port)).await;
    assert_eq!(
        closed,
        Answer::down(format!("127.0.0.1 refuses connections to port {port}."))
    );
}

#[tokio::test]
async fn a_port_that_does_not_answer_is_down_after_the_time() {
    // Nobody accepts, and the queue of those who wait is full.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let at: SocketAddr = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(Ok(stream)) = timeout(Duration::from_millis(100), TcpStream::connect(at)).await {
        waiting.push(stream);
        assert!(waiting.len() < 100, "it accepts without end");
    }
    let answer = asked(tcp("127.0.0.1", at.port())).await;
    assert_eq!(answer.standing, Standing::Down);
    assert_eq!(answer.why, "It does not answer within 0 s.");
}

#[tokio::test]
async fn nothing_on_this_machine_is_asked_without_consent() {
    let served = Served::by(|_| async { panic!("somebody has come") }).await;
    let port = served.port;
    for host in ["127.0.0.1", "localhost", "::ffff:127.0.0.1"] {
        let url = match host.contains(':') {
            true => format!("http://[{host}]:{port}/"),
            false => format!("http://{host}:{port}/"),
        };
        let certificate = CheckKind::Certificate {
            host: host.to_owned(),
            port,
            days: 1,
        };
        for kind in [tcp(host, port), http(url, None, None), certificate] {
            let answer = asked_with(Authority::new().tls(), kind, false).await;
            assert_eq!(answer.standing, Standing::Unknown, "{answer:?}");
            let asks = "an administrator must allow that for this check.";
            assert!(answer.why.ends_with(asks), "{}", answer.why);
        }
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_is_down() {
    let answer = asked(tcp("nothing.invalid", 80)).await;
    // Where no name server answers, nothing is known.
    assert_ne!(answer.standing, Standing::Up, "{answer:?}");
}
