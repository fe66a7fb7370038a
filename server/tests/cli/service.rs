//! The server under a service manager.
use super::{run, said, webxenadmin};
use std::{io::Read, os::unix::net::UnixDatagram, process::Command, time::Duration};

#[test]
fn the_service_manager_is_told_and_the_first_link_stays_out_of_its_journal() {
    let data = tempfile::tempdir().expect("a folder");
    let socket = data.path().join("notify");
    let manager = UnixDatagram::bind(&socket).expect("a socket");
    manager
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a bound");
    let told = |what: &str| loop {
        let mut buffer = [0; 512];
        let length = manager
            .recv(&mut buffer)
            .unwrap_or_else(|error| panic!("no {what}: {error}"));
        let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
        if text.lines().any(|line| line == what) {
            break;
        }
    };
    let mut child = webxenadmin(data.path())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "400000")
        .env("JOURNAL_STREAM", "8:1")
        .spawn()
        .expect("it starts");
    let kill = |signal: &str| {
        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .expect("kill")
                .success()
        );
    };
    told("READY=1");
    told("WATCHDOG=1");
    kill("-HUP");
    told("RELOADING=1");
    told("READY=1");
    kill("-TERM");
    told("STOPPING=1");
    assert!(child.wait().expect("it ends").success());
    let (mut out, mut log) = (String::new(), String::new());
    child
        .stdout
        .take()
        .expect("its output")
        .read_to_string(&mut out)
        .expect("read");
    child
        .stderr
        .take()
        .expect("its log")
        .read_to_string(&mut log)
        .expect("read");
    assert!(!format!("{out}{log}").contains("token="), "{out}{log}");
    assert!(log.contains("setup-link"), "{log}");
    let link = said(&run(data.path(), &["setup-link", "--listen", "127.0.0.1:9"], ""));
    assert!(link.contains("http://127.0.0.1:9/setup?token="), "{link}");
}
