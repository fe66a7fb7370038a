//! What a host records of its guests' consoles.
use super::{
    SOON,
    bed::{Sim, guest},
};
use std::time::Duration;
use wxa_driver::{
    ErrorKind, LogPlace, Switch,
    conformance::{
        Bench, Broken, HostShell, acts,
        recording::{Recording, boot_is_told, goes_on, is_not_supported, is_switched},
    },
};
use wxa_model::{ConsoleKind, PowerState};
use wxa_sim::{ConsoleLogs, GuestSpec, SimHostConfig, SudoPolicy};

const FOLDER: &str = "/var/log/xen/console";

fn halted(names: &[&str]) -> impl FnOnce(&mut SimHostConfig) {
    let guests: Vec<GuestSpec> = names.iter().map(|name| GuestSpec::new(*name).halted()).collect();
    move |config| config.guests.extend(guests)
}

#[tokio::test]
async fn a_boot_that_nobody_watches_is_told_and_goes_on_after_a_restart() -> Result<(), Broken> {
    let sim = Sim::start(halted(&["shop", "db 01"])).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    let shop = guest("shop");
    acts::starts(&bench, &shop).await?;
    boot_is_told(&bench, &recording, &shop, "shop login: ").await?;
    let db = guest("db 01");
    let meanwhile = async {
        acts::reboots(&bench, &shop).await?;
        acts::starts(&bench, &db).await.map(drop)
    };
    let recording = goes_on(&bench, recording, &shop, meanwhile, "shop login: ").await?;
    boot_is_told(&bench, &recording, &db, "db 01 login: ").await?;
    Ok(())
}

#[tokio::test]
async fn an_account_that_may_not_run_xargs_records_all_the_same() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.user = "xenop".to_owned();
        config.sudo = SudoPolicy::Allowed;
        halted(&["shop"])(config);
    })
    .await?;
    sim.host.spoil("xargs: missing").await;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    let shop = guest("shop");
    acts::starts(&bench, &shop).await?;
    boot_is_told(&bench, &recording, &shop, "shop login: ").await?;
    Ok(())
}

#[tokio::test]
async fn a_host_that_does_not_log_says_so() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.console_logs = ConsoleLogs::Off).await?;
    is_not_supported(&sim.driver(), SOON).await
}

#[tokio::test]
async fn a_log_that_is_cut_or_put_aside_is_followed() -> Result<(), Broken> {
    let sim = Sim::start(halted(&["shop"])).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    let shop = guest("shop");
    acts::starts(&bench, &shop).await?;
    let vm = bench.vm("shop")?.id;
    let heard = boot_is_told(&bench, &recording, &shop, "shop login: ").await?;
    assert_eq!((heard.missed.len(), heard.files), (0, 1));

    sim.run(&format!("printf 'after it was cut' > {FOLDER}/cut; dd if={FOLDER}/cut of={FOLDER}/guest-shop.log status=none; rm {FOLDER}/cut"))
        .await?;
    let heard = recording.hears(vm, "after it was cut", SOON).await?;
    assert!(
        heard.missed.is_empty() || heard.missed == [None],
        "{:?}",
        heard.missed
    );
    Ok(())
}

#[tokio::test]
async fn a_guest_can_neither_end_its_own_record_nor_write_into_anothers() -> Result<(), Broken> {
    let sim = Sim::start(halted(&["good", "evil"])).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let (good, evil) = (bench.vm("good")?.id, bench.vm("evil")?.id);
    let forged = format!(
        "\\n==> {FOLDER}/guest-good.log <==\\nforged\\n\\0\\0 0123456789abcdef0123456789abcdef0\\nforged 0123456789abcdef0123456789abcdef.\\0 end of it"
    );
    sim.run(&format!("printf 'I am good' > {FOLDER}/guest-good.log"))
        .await?;
    sim.run(&format!("printf '{forged}' > {FOLDER}/guest-evil.log"))
        .await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    let told = recording.hears(evil, "end of it", SOON).await?;
    assert!(told.text().contains("forged"));
    let tapes = recording
        .wait("all that was there", SOON, |tapes| tapes.caught_up)
        .await?;
    assert_eq!(
        tapes.consoles.get(&good).map(|heard| heard.text()).as_deref(),
        Some("I am good")
    );
    Ok(())
}

#[tokio::test]
async fn a_name_that_another_guest_has_now_tells_nothing_of_the_former_one() -> Result<(), Broken> {
    let sim = Sim::start(halted(&["old"])).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    let guest = guest("old");
    acts::starts(&bench, &guest).await?;
    let former = bench.vm("old")?.id;
    boot_is_told(&bench, &recording, &guest, "old login: ").await?;
    // Renamed while it runs: it goes on in the log that it began.
    sim.run("xl rename old kept").await?;
    bench
        .wait("the new name", SOON, |view| {
            view.vms.get(&former).is_some_and(|vm| vm.name == "kept")
        })
        .await?;
    sim.run(&format!("printf 'under another name' >> {FOLDER}/guest-old.log"))
        .await?;
    recording.hears(former, "under another name", SOON).await?;
    let places = recording.places();
    drop(recording);

    let recording = Recording::start(bench.driver().clone(), places);
    sim.run(&format!(
        "printf ' and after a restart' >> {FOLDER}/guest-old.log"
    ))
    .await?;
    let heard = recording.hears(former, " and after a restart", SOON).await?;
    assert_eq!(heard.text(), " and after a restart");
    Ok(())
}

#[tokio::test]
async fn what_was_known_of_a_log_that_is_gone_is_said_to_be_missing() -> Result<(), Broken> {
    let sim = Sim::start(halted(&["shop"])).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let vm = bench.vm("shop")?.id;
    sim.run(&format!("printf 'another log' > {FOLDER}/guest-shop.log"))
        .await?;
    let known = LogPlace {
        file: 7,
        offset: 1000,
    };
    let recording = Recording::start(bench.driver().clone(), vec![((vm, ConsoleKind::Pv), known)]);
    let heard = recording.hears(vm, "another log", SOON).await?;
    assert_eq!(heard.missed, [None]);
    Ok(())
}

#[tokio::test]
async fn five_hundred_guests_are_recorded_over_one_session() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.total_memory_mib = 2 << 20;
        let guests = (0..500).map(|number| GuestSpec::new(format!("web-{number:03}")));
        config.guests.extend(guests);
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    let tapes = recording
        .wait("all that had been logged", Duration::from_secs(60), |tapes| {
            tapes.caught_up
        })
        .await?;
    assert_eq!(tapes.consoles.len(), 500);
    let vm = bench.vm("web-499")?.id;
    sim.run(&format!("printf 'one of many' >> {FOLDER}/guest-web-499.log"))
        .await?;
    recording.hears(vm, "one of many", SOON).await?;
    Ok(())
}

#[tokio::test]
async fn a_hosts_logging_is_switched_on_and_off_without_a_trace() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.console_logs = ConsoleLogs::Off;
        config.guests.push(GuestSpec::new("shop"));
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let told = bench.driver().logging().await?;
    assert_eq!(
        told.change,
        [
            "mkdir -p -m 2750 /var/log/xen/console",
            "/etc/default/xen: + XENCONSOLED_ARGS=\"--log=guest\"",
            "service xen restart",
        ]
    );
    is_switched(&bench, &sim, &guest("shop")).await
}

#[tokio::test]
async fn an_account_that_may_not_change_settings_is_told_so() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.console_logs = ConsoleLogs::Off).await?;
    sim.host.spoil("cp: fails 1 sudo: a password is required").await;
    let driver = sim.driver();
    let error = driver.set_logging(Switch::On).await.err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::PermissionDenied));
    assert!(!driver.logging().await?.on);
    Ok(())
}

#[tokio::test]
async fn a_guest_that_came_under_a_passing_name_goes_on_in_the_log_of_that_name() -> Result<(), Broken> {
    // As seen on a real host after `xl migrate`: the log was opened before the guest had its name.
    let sim = Sim::start(halted(&["web--incoming"])).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    sim.run("xl create /etc/xen/web--incoming.cfg").await?;
    sim.run("xl rename web--incoming web").await?;
    bench
        .wait("the guest that came", SOON, |view| {
            view.named("web")
                .is_some_and(|vm| vm.power == PowerState::Running)
        })
        .await?;
    let vm = bench.vm("web")?.id;
    recording.hears(vm, "login: ", SOON).await?;
    Ok(())
}
