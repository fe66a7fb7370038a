//! What real hosts record of their guests' consoles. Host A logs, host B does not.
use super::{
    FIRST_LOOK,
    bed::{Bed, driver, guest},
};
use std::time::{Duration, Instant};
use wxa_driver::{
    Driver,
    conformance::{
        Bench, Broken, Guest, HostShell, acts, consoles,
        recording::{Recording, boot_is_told, goes_on, is_not_supported, is_switched},
    },
};

/// A word from a quiet guest to the record, on a busy host.
const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_boot_that_nobody_watches_is_told() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    let root = driver(bed.as_root());
    if !bed.guest_log {
        return is_not_supported(&(root as std::sync::Arc<dyn Driver>), FIRST_LOOK).await;
    }
    bed.clear("tiny").await?;
    let bench = Bench::start(root, FIRST_LOOK).await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    let tiny = ready("tiny");
    let vm = acts::starts(&bench, &tiny).await?.id;
    let heard = boot_is_told(&bench, &recording, &tiny, "init: ready after").await?;
    println!(
        "tiny: {} bytes of its boot, missed {:?}",
        heard.bytes.len(),
        heard.missed
    );
    // Everything is there twice now, and only the second time is told.
    let meanwhile = async { acts::reboots(&bench, &tiny).await.map(drop) };
    let recording = goes_on(&bench, recording, &tiny, meanwhile, "init: ready after").await?;

    bed.run("mv /var/log/xen/console/guest-tiny.log /var/log/xen/console/guest-tiny.log.1; pkill -HUP xenconsoled; sleep 1; xl sysrq tiny h")
        .await?;
    let began = Instant::now();
    let heard = recording.hears(vm, "sysrq: HELP", SOON).await?;
    println!(
        "tiny: put aside, and told after {:?}; missed {:?}",
        began.elapsed(),
        heard.missed
    );
    assert!(heard.missed.is_empty());

    bed.run("xl rename tiny wxa-renamed; sleep 1; xl sysrq wxa-renamed s")
        .await?;
    recording.hears(vm, "sysrq: Emergency Sync", SOON).await?;
    bed.run("xl destroy wxa-renamed").await?;
    Ok(())
}

#[tokio::test]
async fn an_account_with_sudo_records_too() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    if !bed.guest_log {
        return Ok(());
    }
    bed.clear("pvh").await?;
    let bench = Bench::start(driver(bed.as_sudo_user()), FIRST_LOOK).await?;
    let recording = Recording::start(bench.driver().clone(), Vec::new());
    let pvh = ready("pvh");
    acts::starts(&bench, &pvh).await?;
    let heard = boot_is_told(&bench, &recording, &pvh, "init: ready after").await?;
    println!("pvh: {} bytes of its boot", heard.bytes.len());
    acts::powers_off(&bench, &pvh).await
}

#[tokio::test]
async fn a_hosts_logging_is_switched_on_and_off_without_a_trace() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    if bed.guest_log {
        return Ok(());
    }
    bed.clear("tiny").await?;
    let bench = Bench::start(driver(bed.as_root()), FIRST_LOOK).await?;
    let tiny = ready("tiny");
    acts::starts(&bench, &tiny).await?;
    drop(consoles::boots_to_a_shell(&bench, &tiny).await?);
    let began = Instant::now();
    is_switched(&bench, &bed, &tiny).await?;
    println!("switched on and off within {:?}", began.elapsed());
    acts::powers_off(&bench, &tiny).await
}

/// A guest whose boot takes its time in emulation.
fn ready(name: &str) -> Guest {
    Guest {
        boots_within: Duration::from_secs(150),
        ..guest(name)
    }
}
