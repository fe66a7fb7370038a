//! What goes wrong on a host, as whoever sits at a browser sees it.
use axum::http::StatusCode;
use std::time::Duration;
use wxa_core::AuditOutcome;
use wxa_model::{Link, PowerState, TaskOutcome, Trust};
use wxa_sim::{GuestSpec, SimHost, SimHostConfig, sentinels};
use wxa_testkit::{TestApp, wait_until};
use wxa_wire::{ConsoleQuery, CredentialParams, HostAddParams, SecretText, operation as op, operation::NoId};

fn with(names: &[&str]) -> SimHostConfig {
    let mut host = super::fleet::host("xen-1");
    host.guests
        .extend(names.iter().map(|name| GuestSpec::new(*name).halted()));
    for guest in &mut host.guests {
        guest.disks.clear();
    }
    host
}

/// Waits until a command on the host prints `words`.
async fn shows(host: &SimHost, command: &str, words: &str) {
    wait_until(&format!("{command} shows {words}"), || async {
        let said = host.run(command).await.stdout;
        if said.contains(words) { Ok(()) } else { Err(said) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_reboot_of_the_host_its_vms_are_the_same_ones() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (host, id) = app.host(0);
    let (web, build) = (app.vm("web-01"), app.vm_id("build-01"));
    let mut live = admin.live().await;
    host.reboot().await;
    live.wait_until("web-01 runs again, in a new run", |live| {
        let up = live.host(id).is_some_and(|host| host.link == Link::Up);
        up && live.vm(web.id).is_some_and(|vm| {
            vm.power == PowerState::Running && vm.xen_uuid.is_some() && vm.xen_uuid != web.xen_uuid
        })
    })
    .await;
    assert_eq!(live.power(build), Some(PowerState::Halted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_that_was_cut_off_is_unknown_until_the_host_shows_what_became_of_it() {
    let app = TestApp::with_host(with(&[sentinels::SLOW_START])).await;
    let admin = app.admin().await;
    let host = app.host(0).0;
    let vm = app.vm_id(sentinels::SLOW_START);
    let mut live = admin.live().await;
    let task = admin.call::<op::VmStart>(vm, ()).await.expect("accepted").task;
    shows(host, "xl list", sentinels::SLOW_START).await;
    host.cut().await;
    live.wait_until("nobody knows", |live| {
        let outcome = live.task(task).and_then(|task| task.outcome.clone());
        matches!(outcome, Some(TaskOutcome::Unknown { .. }))
    })
    .await;
    live.wait_until("the host's word", |live| {
        live.task(task)
            .is_some_and(|task| task.step == "The host shows it running.")
    })
    .await;
    assert_eq!(live.power(vm), Some(PowerState::Running));
    let row = app.ended_row("vm_start").await;
    assert!(
        matches!(row.outcome, Some(AuditOutcome::Unknown)),
        "{:?}",
        row.outcome
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_whose_tools_fail_says_why_and_comes_back_by_itself() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (host, id) = app.host(0);
    let mut live = admin.live().await;
    for (faults, words) in [
        ("xl: missing\n", "does not have the tool"),
        (
            "xl: fails 1 libxl: error: cannot connect to xenstore: Connection refused\n",
            "xenstored does not answer",
        ),
        ("xl list: garbage\n", "no list of domains"),
    ] {
        host.spoil(faults).await;
        host.cut().await;
        live.wait_until(words, |live| {
            let link = live.host(id).map(|host| host.link.clone());
            matches!(link, Some(Link::Down { why, .. }) if why.contains(words))
        })
        .await;
        assert_eq!(
            live.power(app.vm_id("web-01")),
            Some(PowerState::Running),
            "as it was last seen"
        );
        host.spoil("").await;
        live.wait_until("it is up again", |live| {
            live.host(id).is_some_and(|host| host.link == Link::Up)
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_definition_is_listed_with_file_line_and_reason_and_is_not_started() {
    let mut host = with(&[sentinels::BROKEN_CFG]);
    for guest in &mut host.guests {
        if guest.name == sentinels::BROKEN_CFG {
            guest.raw_config = Some("name = \"x\"\n\nmemory =\n".into());
        }
    }
    let app = TestApp::with_host(host).await;
    let admin = app.admin().await;
    let vm = app.vm(sentinels::BROKEN_CFG);
    let refused = admin
        .call::<op::VmStart>(vm.id, ())
        .await
        .expect_err("it is broken");
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let sentence = refused.body.refusal.expect("a refusal").sentence;
    assert_eq!(
        sentence,
        "Its definition /etc/xen/vm-broken-cfg.cfg cannot be read: line 3: the line's end is not expected where a value should be"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_looks_like_a_command_is_only_a_name() {
    let name = "-x $(touch pwned)\n\u{1b}[2J`id`";
    let app = TestApp::with_host(with(&[name])).await;
    let admin = app.admin().await;
    let shown = "-x $(touch pwned)\u{fffd}\u{fffd}[2J`id`";
    let vm = app.vm_id(shown);
    let mut live = admin.live().await;
    admin.call::<op::VmStart>(vm, ()).await.expect("accepted");
    live.wait_until("it runs", |live| live.power(vm) == Some(PowerState::Running))
        .await;
    let mut console = admin.console(vm, &ConsoleQuery::default()).await;
    console.wait_for("login:").await;
    admin.call::<op::VmPowerOff>(vm, ()).await.expect("accepted");
    live.wait_until("it is off", |live| live.power(vm) == Some(PowerState::Halted))
        .await;
    assert!(!app.host(0).0.run("ls /root").await.stdout.contains("pwned"));
    let row = app.ended_row("vm_power_off").await;
    assert_eq!(row.on, shown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_console_that_floods_all_goes_on_and_its_viewer_is_told_what_it_missed() {
    let app = TestApp::with_host(with(&[sentinels::FLOODS_RAW])).await;
    let admin = app.admin().await;
    let (flooding, web, db) = (
        app.vm_id(sentinels::FLOODS_RAW),
        app.vm_id("web-01"),
        app.vm_id("db-01"),
    );
    let mut live = admin.live().await;
    admin.call::<op::VmStart>(flooding, ()).await.expect("accepted");
    live.wait_until("it runs", |live| {
        live.power(flooding) == Some(PowerState::Running)
    })
    .await;
    // Nobody reads this one for a while.
    let mut flood = admin.console(flooding, &ConsoleQuery::default()).await;
    flood.connected().await;
    let mut console = admin.console(web, &ConsoleQuery::default()).await;
    console.connected().await;
    console.type_text("\r").await;
    console.wait_for("login:").await;
    for word in ["first", "second", "third"] {
        console.type_text(word).await;
        console.wait_for(word).await;
    }
    admin.call::<op::VmPause>(db, ()).await.expect("accepted");
    live.wait_until("db-01 is paused", |live| {
        live.power(db) == Some(PowerState::Paused)
    })
    .await;
    let before = flood.skipped;
    flood
        .wait_until("it is told what it missed", |console| {
            console.skipped > before + (1 << 20)
        })
        .await;
    admin
        .call::<op::VmPowerOff>(flooding, ())
        .await
        .expect("accepted");
    live.wait_until("it is off", |live| {
        live.power(flooding) == Some(PowerState::Halted)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_with_a_wrong_passphrase_is_told_apart_from_a_wrong_key() {
    const KEY: &str = include_str!("../../../crates/wxa-xl/tests/keys/ed25519");
    const PUBLIC: &str = include_str!("../../../crates/wxa-xl/tests/keys/ed25519.pub");
    const OTHER: &str = include_str!("../../../crates/wxa-xl/tests/keys/other");
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut config = super::fleet::host("xen-9");
    config.authorized_key = Some(PUBLIC.trim().into());
    let host = SimHost::start(config).await.expect("a simulated host");
    let test = |private_key: &str, passphrase: &str| {
        let params = HostAddParams {
            name: String::new(),
            site: String::new(),
            transport: wxa_model::Transport::Ssh,
            address: host.address().ip().to_string(),
            port: host.address().port(),
            user: "root".into(),
            credential: CredentialParams::Key {
                private_key: SecretText(private_key.into()),
                passphrase: SecretText(passphrase.into()),
            },
            fingerprint: host.fingerprint(),
            trust: Trust::Pin,
            jump: None,
            config_dir: String::new(),
        };
        admin.call::<op::HostTest>(NoId, params)
    };
    assert_eq!(test(KEY, "right horse").await.expect("it fits").hostname, "xen-9");
    for (key, passphrase, words) in [
        (KEY, "wrong horse", "passphrase is wrong"),
        (KEY, "", "needs its passphrase"),
        (OTHER, "", "refuses the key of root"),
    ] {
        let refused = test(key, passphrase).await.expect_err("it does not fit");
        assert_eq!(refused.body.field.as_deref(), Some("credential"));
        assert!(refused.body.message.contains(words), "{}", refused.body.message);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_hangs_is_said_to_be_lost_and_found_again() {
    let app = TestApp::with_host(super::fleet::host("xen-1")).await;
    let admin = app.admin().await;
    let (host, id) = app.host(0);
    let mut live = admin.live().await;
    host.hang().await;
    let began = std::time::Instant::now();
    live.wait_until("it is down", |live| {
        live.host(id)
            .is_some_and(|host| matches!(host.link, Link::Down { .. }))
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(13), "{:?}", began.elapsed());
    host.resume().await;
    live.wait_until("it is up again", |live| {
        live.host(id).is_some_and(|host| host.link == Link::Up)
    })
    .await;
}
