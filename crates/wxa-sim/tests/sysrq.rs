//! `xl sysrq`: what it answers, and what the kernels of guests do with a key.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use wxa_sim::{GuestSpec, Pace, SimHost, SimHostConfig, sentinels};

async fn host() -> SimHost {
    let mut config = SimHostConfig::new("xen-1", 5);
    config.pace = Pace::Quick;
    config.guests = vec![
        GuestSpec::new("web-01"),
        GuestSpec::new("db-01"),
        GuestSpec::new(sentinels::IGNORES_SHUTDOWN),
    ];
    SimHost::start(config).await.unwrap()
}

/// Asks the host until its answer is as it should be.
async fn until(host: &SimHost, command: &str, is: impl Fn(&str) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let said = host.run(command).await.stdout;
        if is(&said) {
            return;
        }
        assert!(Instant::now() < deadline, "{command}: {said:?}");
        tokio::task::yield_now().await;
    }
}

/// The command that reads the key which waits for a guest.
async fn node(host: &SimHost, name: &str) -> String {
    let domid = host.run(&format!("xl domid {name}")).await.stdout;
    format!("xenstore-read /local/domain/{}/control/sysrq", domid.trim())
}

#[tokio::test]
async fn what_xl_refuses_is_told_as_it_tells_it() {
    let host = host().await;
    for (command, stderr, status) in [
        (
            "xl sysrq web-01",
            "'xl sysrq' requires at least 2 arguments.\n",
            1,
        ),
        ("xl sysrq web-01 hh", "Invalid sysrq.\n", 1),
        (
            "xl sysrq nosuch h",
            "nosuch is an invalid domain identifier (rc=-6)\n",
            1,
        ),
        // As the real one: the key is left in xenstore, whoever is there to take it.
        ("xl sysrq 4242 h", "", 0),
        ("xl sysrq web-01 h", "", 0),
    ] {
        let output = host.run(command).await;
        assert!(output.stderr.starts_with(stderr), "{command}: {}", output.stderr);
        assert_eq!((output.stdout.as_str(), output.status), ("", status), "{command}");
    }
}

#[tokio::test]
async fn kernels_print_what_linux_prints_and_do_what_the_key_says() {
    let host = host().await;
    let log = "cat /var/log/xen/console/guest-web-01.log";
    let node = node(&host, "web-01").await;
    for (key, printed) in [
        ("h", "sysrq: HELP : loglevel(0-9) reboot(b) crash(c)"),
        ("s", "sysrq: Emergency Sync\r\n"),
        ("u", "sysrq: Emergency Remount R/O\r\n"),
        ("9", "sysrq: Loglevel set to 9\r\n"),
    ] {
        host.run(&format!("xl sysrq web-01 {key}")).await;
        until(&host, log, |said| said.contains(printed)).await;
        until(&host, &node, |said| said == "\n").await;
    }
    let panic = "Kernel panic - not syncing: sysrq triggered crash";
    host.run("xl sysrq web-01 c").await;
    until(&host, log, |said| said.contains(panic)).await;
    until(&host, "xl list", |said| !said.contains("web-01")).await;

    let before = host.run("xl domid db-01").await.stdout;
    host.run("xl sysrq db-01 b").await;
    until(&host, "xl domid db-01", |now| !now.is_empty() && now != before).await;
    host.run("xl sysrq db-01 o").await;
    until(&host, "xl list", |said| !said.contains("db-01")).await;
}

#[tokio::test]
async fn a_guest_without_drivers_takes_no_key() {
    let host = host().await;
    let name = sentinels::IGNORES_SHUTDOWN;
    host.run(&format!("xl sysrq {name} c")).await;
    let node = node(&host, name).await;
    until(&host, &node, |said| said == "c\n").await;
    let log = host
        .run(&format!("cat /var/log/xen/console/guest-{name}.log"))
        .await;
    assert!(!log.stdout.contains("sysrq"), "{}", log.stdout);
}
