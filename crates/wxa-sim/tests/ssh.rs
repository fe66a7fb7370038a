//! The simulated host through a real SSH connection.
#![allow(clippy::unwrap_used)]

mod common;

use common::{DEADLINE, Ssh, collect, read_until};
use wxa_sim::{AtStart, GuestSpec, Pace, SimHost, SimHostConfig, SudoPolicy, sentinel_guests};

fn config() -> SimHostConfig {
    let mut config = SimHostConfig::new("xen-1", 42);
    config.pace = Pace::Quick;
    config.guests = vec![GuestSpec::new("web-01"), GuestSpec::new("db-01").halted()];
    let mut sentinels = sentinel_guests(config.total_memory_mib);
    for guest in &mut sentinels {
        guest.at_start = AtStart::Halted;
    }
    config.guests.extend(sentinels);
    config
}

async fn host() -> SimHost {
    SimHost::start(config()).await.unwrap()
}

#[tokio::test]
async fn commands_answer_with_output_errors_and_status() {
    let host = host().await;
    let ssh = Ssh::login(&host, "root", "xen").await;
    assert_eq!(ssh.fingerprint, host.fingerprint());
    let list = ssh.run("xl list").await;
    assert_eq!(list.status, 0);
    assert!(
        list.stdout
            .starts_with("Name                                        ID   Mem VCPUs\tState\tTime(s)\n")
    );
    assert!(
        list.stdout
            .contains("\nweb-01                                       1  1024     1     "),
        "{}",
        list.stdout
    );
    let pause = ssh.run("xl pause 4242").await;
    assert_eq!((pause.status, pause.stdout.as_str()), (0, ""));
    assert!(
        pause
            .stderr
            .contains("Domain 4242:Pausing domain: No such process")
    );
    let unknown = ssh.run("frobnicate --now").await;
    assert_eq!(
        (unknown.status, unknown.stderr.as_str()),
        (127, "bash: line 1: frobnicate: command not found\n")
    );
    let shell = ssh.run("for f in /etc/xen/*.cfg; do [ -e \"$f\" ] || continue; printf '%s\\n' \"$f\"; done | head -n 1; echo \"$(uname -m)\"; (exit 3)").await;
    assert_eq!(
        (shell.status, shell.stdout.as_str()),
        (3, "/etc/xen/db-01.cfg\nx86_64\n")
    );
    ssh.bye().await;
    host.stop().await;
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let host = host().await;
    let mut ssh = Ssh::connect(&host).await.unwrap();
    assert!(
        !ssh.handle
            .authenticate_password("root", "nope")
            .await
            .unwrap()
            .success()
    );
}

#[tokio::test]
async fn only_ten_sessions_fit_on_a_connection() {
    let host = host().await;
    let ssh = Ssh::login(&host, "root", "xen").await;
    let mut open = Vec::new();
    for _ in 0..10 {
        let channel = ssh.handle.channel_open_session().await.unwrap();
        channel.exec(true, "xentop -b -d 1").await.unwrap();
        open.push(channel);
    }
    assert!(ssh.handle.channel_open_session().await.is_err());
    open.pop().unwrap().close().await.unwrap();
    let deadline = tokio::time::Instant::now() + DEADLINE;
    while ssh.handle.channel_open_session().await.is_err() {
        assert!(
            tokio::time::Instant::now() < deadline,
            "a closed session makes room"
        );
    }
}

#[tokio::test]
async fn a_guest_boots_on_its_console_and_can_be_worked_with() {
    let host = host().await;
    let ssh = Ssh::login(&host, "root", "xen").await;
    let create = ssh.run("xl create /etc/xen/db-01.cfg").await;
    assert_eq!(
        (create.status, create.stderr.as_str()),
        (0, "Parsing config from /etc/xen/db-01.cfg\n")
    );
    let mut console = ssh.handle.channel_open_session().await.unwrap();
    console
        .request_pty(true, "xterm", 80, 24, 0, 0, &[])
        .await
        .unwrap();
    console.exec(true, "exec xl console db-01").await.unwrap();
    let mut seen = String::new();
    read_until(&mut console, &mut seen, "db-01 login: ").await;
    assert!(seen.contains("Linux version"));
    console.data_bytes("root\r\r".as_bytes()).await.unwrap();
    read_until(&mut console, &mut seen, "root@db-01:~# ").await;
    console.data_bytes("echo one-$X two\r".as_bytes()).await.unwrap();
    read_until(&mut console, &mut seen, "\r\none-$X two\r\n").await;

    let mut second = ssh.handle.channel_open_session().await.unwrap();
    second
        .request_pty(true, "xterm", 80, 24, 0, 0, &[])
        .await
        .unwrap();
    second.exec(true, "xl console db-01").await.unwrap();
    let refused = collect(&mut second).await;
    assert_eq!(refused.status, 11);
    assert!(
        refused
            .stdout
            .contains("Could not lock /var/lock/xenconsole.2: Resource temporarily unavailable"),
        "{}",
        refused.stdout
    );

    // More than one byte at a time is typed to the guest; one alone ends the session.
    console.data_bytes(vec![0x1d, b'x', 0x15]).await.unwrap();
    console.data_bytes("yes\r".as_bytes()).await.unwrap();
    read_until(&mut console, &mut seen, "y\r\ny\r\ny\r\n").await;
    console.data_bytes(vec![0x03]).await.unwrap();
    read_until(&mut console, &mut seen, "^C\r\n").await;
    console.data_bytes(vec![0x1d]).await.unwrap();
    assert_eq!(collect(&mut console).await.status, 0);

    let stop = ssh.run("xl shutdown -w db-01").await;
    assert_eq!(stop.status, 0, "{}", stop.stderr);
    assert!(
        stop.stderr
            .starts_with("Shutting down domain 2\nWaiting for 1 domains\nDomain 2 has been "),
        "{}",
        stop.stderr
    );
    let log = ssh.run("cat /var/log/xen/console/guest-db-01.log").await;
    assert!(log.stdout.contains("reboot: Power down"));
}

#[tokio::test]
async fn watches_tell_of_domains_and_renames() {
    let host = host().await;
    let ssh = Ssh::login(&host, "root", "xen").await;
    let mut watch = ssh.handle.channel_open_session().await.unwrap();
    watch
        .exec(
            true,
            "xenstore-watch @introduceDomain @releaseDomain /local/domain",
        )
        .await
        .unwrap();
    let mut seen = String::new();
    read_until(
        &mut watch,
        &mut seen,
        "@introduceDomain\n@releaseDomain\n/local/domain\n",
    )
    .await;
    assert_eq!(ssh.run("xl rename web-01 www").await.status, 0);
    read_until(&mut watch, &mut seen, "/local/domain/1/name\n").await;
    assert_eq!(ssh.run("xl create /etc/xen/db-01.cfg").await.status, 0);
    read_until(&mut watch, &mut seen, "\n@introduceDomain\n").await;
    let before = seen.matches("@releaseDomain").count();
    assert_eq!(ssh.run("xl destroy db-01").await.status, 0);
    read_until(&mut watch, &mut seen, "/local/domain/2\n").await;
    read_until(&mut watch, &mut seen, "@releaseDomain\n").await;
    assert!(before >= 1);
}

#[tokio::test]
async fn sentinels_fail_as_seen_on_real_xen() {
    let host = host().await;
    let run = async |command: &'static str| host.run(command).await;
    let refused = run("xl create /etc/xen/vm-refuses-start.cfg").await;
    assert_eq!(refused.status, 3);
    assert!(
        refused
            .stderr
            .contains("Disk vdev=xvda failed to stat: /dev/vg0/nope: No such file or directory")
    );
    let big = run("xl create /etc/xen/vm-too-big.cfg").await;
    assert_eq!(big.status, 3);
    assert!(
        big.stderr
            .contains("can't allocate low memory for domain: Out of memory")
    );
    let broken = run("xl create /etc/xen/vm-broken-cfg.cfg").await;
    assert_eq!(broken.status, 1);
    assert!(
        broken
            .stderr
            .contains("/etc/xen/vm-broken-cfg.cfg:3: config parsing error near <newline>: syntax error"),
        "{}",
        broken.stderr
    );
    let ignores = run("xl create /etc/xen/vm-ignores-shutdown.cfg && xl shutdown vm-ignores-shutdown").await;
    assert_eq!(ignores.status, 1);
    assert!(
        ignores
            .stderr
            .contains("guest didn't acknowledge control request: -9")
    );
    let stuck = run(
        "xl create /etc/xen/vm-stuck-reboot.cfg && xl reboot -w vm-stuck-reboot && xl list vm-stuck-reboot",
    )
    .await;
    assert!(
        stuck.stdout.contains(" ---sr- "),
        "{} {}",
        stuck.stdout,
        stuck.stderr
    );
    let twice = run("xl create /etc/xen/vm-no-uuid.cfg && xl list -v vm-no-uuid && xl destroy vm-no-uuid && xl create /etc/xen/vm-no-uuid.cfg && xl list -v vm-no-uuid").await;
    let uuids: Vec<&str> = twice
        .stdout
        .lines()
        .filter(|line| line.starts_with("vm-no-uuid"))
        .filter_map(|line| line.split_whitespace().nth(6))
        .collect();
    assert_eq!(uuids.len(), 2, "{}", twice.stdout);
    assert_ne!(uuids.first(), uuids.last());
}

#[tokio::test]
async fn another_user_needs_sudo() {
    let mut config = config();
    config.user = "ops".into();
    let host = SimHost::start(config.clone()).await.unwrap();
    let ssh = Ssh::login(&host, "ops", "xen").await;
    let plain = ssh.run("xl list").await;
    assert_eq!(plain.status, 1);
    assert!(plain.stderr.contains("Permission denied"));
    let sudo = ssh.run("sudo -n xl list").await;
    assert_eq!(
        (sudo.status, sudo.stderr.as_str()),
        (1, "sudo: a password is required\n")
    );
    config.sudo = SudoPolicy::Allowed;
    let host = SimHost::start(config).await.unwrap();
    let ssh = Ssh::login(&host, "ops", "xen").await;
    assert_eq!(ssh.run("sudo -n xl list").await.status, 0);
}

#[tokio::test]
async fn faults_hang_cut_and_refuse() {
    let host = host().await;
    let ssh = Ssh::login(&host, "root", "xen").await;
    let old = host.fingerprint();
    host.hang().await;
    let opening = ssh.handle.channel_open_session();
    tokio::pin!(opening);
    // Nothing comes while it hangs; afterwards the same request is answered.
    assert!(futures::poll!(&mut opening).is_pending());
    host.resume().await;
    tokio::time::timeout(DEADLINE, &mut opening)
        .await
        .unwrap()
        .unwrap();
    host.cut().await;
    let mut channel = None;
    let deadline = tokio::time::Instant::now() + DEADLINE;
    while channel.is_none() && !ssh.handle.is_closed() {
        assert!(tokio::time::Instant::now() < deadline);
        channel = ssh.handle.channel_open_session().await.ok().filter(|_| false);
        tokio::task::yield_now().await;
    }
    host.refuse().await;
    assert!(Ssh::connect(&host).await.is_err());
    host.accept().await;
    host.change_host_key().await;
    let ssh = Ssh::login(&host, "root", "xen").await;
    assert_ne!(ssh.fingerprint, old);
    assert_eq!(ssh.fingerprint, host.fingerprint());
}

#[tokio::test]
async fn a_rebooted_host_starts_what_is_linked_in_auto() {
    let host = host().await;
    assert_eq!(host.run("xl create /etc/xen/db-01.cfg").await.status, 0);
    host.reboot().await;
    let ssh = Ssh::login(&host, "root", "xen").await;
    let list = ssh.run("xl list").await.stdout;
    assert!(list.contains("web-01") && !list.contains("db-01"), "{list}");
}

#[tokio::test]
async fn xentop_streams_and_tail_follows() {
    let host = host().await;
    let ssh = Ssh::login(&host, "root", "xen").await;
    let top = ssh.run("xentop -b -f -d 0.2 -i 3").await;
    assert_eq!(
        top.stdout.matches("      NAME  STATE   CPU(sec) CPU(%)").count(),
        3
    );
    let mut tail = ssh.handle.channel_open_session().await.unwrap();
    tail.exec(
        true,
        "tail -n +1 -F /var/log/xen/console/guest-web-01.log /var/log/xen/console/guest-db-01.log 2>&1",
    )
    .await
    .unwrap();
    let mut seen = String::new();
    read_until(
        &mut tail,
        &mut seen,
        "==> /var/log/xen/console/guest-web-01.log <==\n",
    )
    .await;
    read_until(&mut tail, &mut seen, "web-01 login: ").await;
    read_until(
        &mut tail,
        &mut seen,
        "tail: cannot open '/var/log/xen/console/guest-db-01.log' for reading: No such file or directory\n",
    )
    .await;
    assert_eq!(host.run("xl create /etc/xen/db-01.cfg").await.status, 0);
    read_until(&mut tail, &mut seen, "db-01 login: ").await;
    let mut closed = ssh.handle.channel_open_session().await.unwrap();
    closed.exec(true, "cat").await.unwrap();
    closed.data_bytes("over\n".as_bytes()).await.unwrap();
    closed.eof().await.unwrap();
    assert_eq!(collect(&mut closed).await.stdout, "over\n");
}
