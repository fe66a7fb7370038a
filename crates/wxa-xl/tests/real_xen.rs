//! The driver on a real Xen host: the test bed of `end2end/xen-host`, which must be up.
//!
//! `WXA_XEN_BED_JSON` holds what `end2end/xen-host/bed status --json` prints. The tests take turns: there is one host.
#[path = "real_xen/bed.rs"]
mod bed;
#[path = "real_xen/recording.rs"]
mod recording;

use bed::{Bed, driver, guest};
use secrecy::SecretString;
use std::time::{Duration, Instant};
use wxa_driver::{
    Driver, ErrorKind,
    conformance::{Bench, Broken, HostShell, acts, consoles, details, listing},
};
use wxa_model::{GuestLogging, GuestType, HostFacts, PowerState};
use wxa_xl::{Credential, host_key};

const FIRST_LOOK: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_pv_guest_from_start_to_shutdown() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    bed.clear("tiny").await?;
    let bench = Bench::start(driver(bed.as_root()), FIRST_LOOK).await?;
    listing::resync_is_complete(&bench, &["Domain-0", "tiny", "pvh"]).await?;
    listing::refuses_what_cannot_be(&bench).await?;
    let tiny = guest("tiny");
    let began = Instant::now();
    let vm = acts::starts(&bench, &tiny).await?;
    assert_eq!(vm.guest_type, Some(GuestType::Pv));
    assert_eq!(vm.config_path.as_deref(), Some("/etc/xen/tiny.cfg"));
    let mut terminal = consoles::boots_to_a_shell(&bench, &tiny).await?;
    println!("tiny: shell after {:?}", began.elapsed());
    consoles::escape_reaches_the_guest(&mut terminal, &tiny).await?;
    let terminal = consoles::only_one_is_attached(&bench, &tiny, terminal).await?;
    if bed.guest_log {
        // A busy host may leave the first question unanswered; it is asked again with the next look.
        let logged = |facts: &HostFacts| facts.guest_logging == GuestLogging::On;
        bench
            .wait("the host's word on its guests' logs", FIRST_LOOK, |view| {
                view.facts.as_ref().is_some_and(logged)
            })
            .await?;
        consoles::is_recorded(&bench, &tiny, "wxa-42").await?;
    }
    acts::pauses_and_unpauses(&bench, &tiny).await?;
    let took = listing::sees_what_others_do(&bench, &bed, "tiny", 6).await?;
    println!("tiny: xl pause/unpause ended -> event: {took:?}");
    let rebooted = acts::reboots(&bench, &tiny).await?;
    assert_eq!(rebooted.id, vm.id);
    consoles::ends_with_its_guest(terminal, Duration::from_secs(30)).await?;
    drop(consoles::boots_to_a_shell(&bench, &tiny).await?);
    acts::shuts_down(&bench, &tiny).await?;
    assert_eq!(bench.vm("tiny")?.id, vm.id);
    Ok(())
}

#[tokio::test]
async fn the_kernel_of_a_real_guest_takes_sysrq_keys() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    bed.clear("tiny").await?;
    let bench = Bench::start(driver(bed.as_root()), FIRST_LOOK).await?;
    let tiny = guest("tiny");
    acts::starts(&bench, &tiny).await?;
    let mut terminal = consoles::boots_to_a_shell(&bench, &tiny).await?;
    acts::takes_sysrq_keys(&bench, &tiny, &mut terminal).await?;
    acts::powers_off(&bench, &tiny).await
}

#[tokio::test]
async fn a_pvh_guest_through_sudo() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    bed.clear("pvh").await?;
    let bench = Bench::start(driver(bed.as_sudo_user()), FIRST_LOOK).await?;
    listing::resync_is_complete(&bench, &["Domain-0", "tiny", "pvh"]).await?;
    let pvh = guest("pvh");
    let vm = acts::starts(&bench, &pvh).await?;
    assert_eq!(vm.guest_type, Some(GuestType::Pvh));
    let mut terminal = consoles::boots_to_a_shell(&bench, &pvh).await?;
    consoles::escape_reaches_the_guest(&mut terminal, &pvh).await?;
    acts::powers_off(&bench, &pvh).await?;
    consoles::ends_with_its_guest(terminal, Duration::from_secs(30)).await?;
    assert_eq!(bench.vm("pvh")?.id, vm.id);
    Ok(())
}

#[tokio::test]
async fn a_start_that_cannot_be_is_refused_in_the_hosts_words() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    bed.define(
        "wxa too big",
        "name='wxa too big'\ntype='pv'\nkernel='/guests/vmlinux-guest'\nmemory=65536\n",
    )
    .await?;
    bed.define(
        "wxa-broken",
        "name='wxa-broken'\ndisk = [ 'phy:/x,xvda,w'\nmemory = 1\n",
    )
    .await?;
    let bench = Bench::start(driver(bed.as_root()), FIRST_LOOK).await?;
    let said = acts::start_is_refused(&bench, "wxa too big", "not enough free memory").await?;
    println!("{said}");
    assert_eq!(bench.vm("wxa too big")?.power, PowerState::Halted);
    assert!(
        bench
            .vm("wxa-broken")?
            .config_problem
            .is_some_and(|problem| problem.starts_with("line 2"))
    );
    acts::start_is_refused(&bench, "wxa-broken", "line 2").await?;
    bed.undefine("wxa too big").await?;
    bed.undefine("wxa-broken").await?;
    bench
        .wait("the definitions going away", Duration::from_secs(30), |view| {
            view.named("wxa too big").is_none() && view.named("wxa-broken").is_none()
        })
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_name_that_is_hard_to_type_is_safe() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    let name = "-wxa ü $x";
    let text = format!(
        "name='{name}'\ntype='pvh'\nkernel='/guests/vmlinux-guest'\nramdisk='/guests/initrd-guest'\nextra='console=hvc0 g.name=wxa'\nmemory=128\n"
    );
    bed.define("-wxa ü", &text).await?;
    let bench = Bench::start(driver(bed.as_sudo_user()), FIRST_LOOK).await?;
    let hard = guest(name);
    let vm = acts::starts(&bench, &hard).await?;
    acts::pauses_and_unpauses(&bench, &hard).await?;
    if bed.guest_log {
        consoles::is_recorded(&bench, &hard, "Linux version").await?;
    }
    let sampled = bench
        .wait("its measurements", Duration::from_secs(20), |view| {
            let samples = view.samples.as_ref();
            samples.is_some_and(|batch| {
                batch
                    .vms
                    .iter()
                    .any(|(id, sample)| *id == vm.id && sample.cpu.is_some())
            })
        })
        .await;
    acts::powers_off(&bench, &hard).await?;
    bed.undefine("-wxa ü").await?;
    sampled.map(drop)
}

#[tokio::test]
async fn keys_and_credentials_are_checked() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    let config = bed.as_root();
    let key = host_key(&config.address, config.port, None).await?;
    assert_eq!(key.fingerprint, config.pinned_key);
    assert_eq!(key.algorithm, "ssh-ed25519");

    let mut other_key = config.clone();
    other_key.pinned_key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let error = driver(other_key).probe().await.err().map(|error| error.kind);
    assert!(
        matches!(&error, Some(ErrorKind::KeyChanged { seen, .. }) if *seen == key.fingerprint),
        "{error:?}"
    );

    let mut wrong = config.clone();
    wrong.credential = Credential::Password(SecretString::from("not it"));
    let error = driver(wrong).probe().await.err().map(|error| error.kind);
    assert_eq!(error, Some(ErrorKind::Unauthenticated));

    let mut password = config.clone();
    password.credential = Credential::Password(SecretString::from(bed.password.clone()));
    assert_eq!(driver(password).probe().await?.xen_version, "4.17.7");

    let mut nobody = config;
    nobody.port = 1;
    let error = driver(nobody).probe().await.err().map(|error| error.kind);
    assert_eq!(error, Some(ErrorKind::Unreachable));
    Ok(())
}

#[tokio::test]
async fn a_frozen_host_is_noticed_within_ten_seconds() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    let bench = Bench::start(driver(bed.as_root()), FIRST_LOOK).await?;
    listing::resync_is_complete(&bench, &["Domain-0"]).await?;
    bed.freeze().await?;
    let began = Instant::now();
    let ended = bench
        .wait("the watch to end", Duration::from_secs(20), |view| {
            view.ended.is_some()
        })
        .await;
    let took = began.elapsed();
    bed.thaw().await?;
    let view = ended?;
    println!("noticed after {took:?}: {:?}", view.ended);
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(view.ended.is_some_and(|ended| ended.starts_with("TimedOut")));
    Ok(())
}

#[tokio::test]
async fn a_host_is_described_with_its_storage_and_network() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    let bench = Bench::start(driver(bed.as_root()), FIRST_LOOK).await?;
    let began = Instant::now();
    let told = details::host_is_described(&bench).await?;
    println!("described after {:?}: {told:#?}", began.elapsed());
    let group = told.groups.get().and_then(|groups| groups.first());
    assert_eq!(group.map(|group| group.name.as_str()), Some("vg0"));
    assert!(
        told.volumes
            .get()
            .is_some_and(|all| all.iter().any(|one| one.name == "lvm-disk"))
    );
    let bridges: Vec<&str> = told
        .links
        .get()
        .into_iter()
        .flatten()
        .map(|link| link.name.as_str())
        .collect();
    assert!(
        bridges.contains(&"xenbr0") && bridges.contains(&"xenbr1"),
        "{bridges:?}"
    );
    assert_eq!(
        told.complaints.get().map(Vec::len),
        Some(0),
        "{:?}",
        told.complaints
    );
    Ok(())
}

#[tokio::test]
async fn broken_files_a_name_with_two_lines_and_a_missing_xl_are_told() -> Result<(), Broken> {
    let bed = Bed::take().await?;
    let two_lines = "name='wxa\\nodd $(id)'\ntype='pvh'\nkernel='/guests/vmlinux-guest'\nramdisk='/guests/initrd-guest'\nextra='console=hvc0 g.name=wxa'\nmemory=128\n";
    bed.define("wxa-lines", two_lines).await?;
    bed.run("mkdir -p /etc/xen/wxa-folder.cfg; ln -sfn /nowhere /etc/xen/wxa-dead.cfg; printf '\\177ELF\\0\\0' >/etc/xen/wxa-binary.cfg")
        .await?;
    let bench = Bench::start(driver(bed.as_sudo_user()), FIRST_LOOK).await?;
    for (name, problem) in [
        ("wxa-folder", "it is a folder"),
        ("wxa-dead", "it is a link to a file that is not there"),
        ("wxa-binary", "line 1: "),
    ] {
        let told = bench.vm(name)?.config_problem.unwrap_or_default();
        assert!(told.starts_with(problem), "{name}: {told}");
    }
    let hard = guest("wxa\u{fffd}odd $(id)");
    let vm = acts::starts(&bench, &hard).await?;
    acts::pauses_and_unpauses(&bench, &hard).await?;
    acts::powers_off(&bench, &hard).await?;
    assert_eq!(bench.vm(&hard.name)?.id, vm.id);
    drop(bench);
    bed.run("rmdir /etc/xen/wxa-folder.cfg; rm /etc/xen/wxa-dead.cfg /etc/xen/wxa-binary.cfg /etc/xen/wxa-lines.cfg; mv /usr/sbin/xl /usr/sbin/xl.aside")
        .await?;
    let mut told = Vec::new();
    for config in [bed.as_root(), bed.as_sudo_user()] {
        told.push(driver(config).probe().await.err());
    }
    bed.run("mv /usr/sbin/xl.aside /usr/sbin/xl").await?;
    let kinds: Vec<Option<ErrorKind>> = told
        .iter()
        .map(|error| error.as_ref().map(|error| error.kind.clone()))
        .collect();
    // sudo knows only the programs that its rules name: one that is not there is none of them.
    let missing = Some(ErrorKind::NotSupported { action: None });
    assert_eq!(kinds, [missing, Some(ErrorKind::PermissionDenied)], "{told:?}");
    Ok(())
}
