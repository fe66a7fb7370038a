//! The driver against the simulator's plain-Xen face: the same suite that runs against a real host, and what a real
//! host cannot be made to do on request.
#[path = "conformance_sim/bed.rs"]
mod bed;
#[path = "conformance_sim/disks.rs"]
mod disks;
#[path = "conformance_sim/jump.rs"]
mod jump;
#[path = "conformance_sim/local.rs"]
mod local;
#[path = "conformance_sim/recording.rs"]
mod recording;
#[path = "conformance_sim/screens.rs"]
mod screens;

use bed::{Sim, guest, reach};
use secrecy::SecretString;
use std::time::{Duration, Instant};
use wxa_driver::{
    ErrorKind,
    conformance::{
        Bench, Broken, acts, consoles, details, listing,
        measuring::{self, Claims},
    },
};
use wxa_model::{GuestLogging, GuestType, Metric, Part, PowerState, SysrqKey, VmAct, VmRole};
use wxa_sim::{Ail, GuestSpec, SimHostConfig, SudoPolicy};
use wxa_xl::{Credential, Reach, host_key};

const SOON: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_guest_from_start_to_shutdown() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new("web-01"));
        config.guests.push(GuestSpec::new("db 01").halted());
        config.guests.push(GuestSpec::new("shop").halted());
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    listing::resync_is_complete(&bench, &["Domain-0", "web-01", "db 01", "shop"]).await?;
    listing::refuses_what_cannot_be(&bench).await?;
    assert_eq!(
        bench.view().facts.unwrap_or_default().guest_logging,
        GuestLogging::On
    );
    assert!(bench.vm("web-01")?.autostart);
    let shop = guest("shop");
    let vm = acts::starts(&bench, &shop).await?;
    assert_eq!((vm.guest_type, vm.role), (Some(GuestType::Pvh), VmRole::Guest));
    let mut terminal = consoles::boots_to_a_shell(&bench, &shop).await?;
    consoles::escape_reaches_the_guest(&mut terminal, &shop).await?;
    let terminal = consoles::only_one_is_attached(&bench, &shop, terminal).await?;
    consoles::is_recorded(&bench, &shop, "wxa-42").await?;
    acts::pauses_and_unpauses(&bench, &shop).await?;
    let took = listing::sees_what_others_do(&bench, &sim, "shop", 4).await?;
    assert!(
        took.iter().all(|took| *took < Duration::from_millis(2500)),
        "{took:?}"
    );
    let rebooted = acts::reboots(&bench, &shop).await?;
    assert_eq!(
        rebooted.id, vm.id,
        "no uuid in its definition, a new one at each start, and yet the same VM"
    );
    consoles::ends_with_its_guest(terminal, SOON).await?;
    acts::shuts_down(&bench, &shop).await?;
    acts::starts(&bench, &guest("db 01")).await?;
    acts::powers_off(&bench, &guest("db 01")).await
}

#[tokio::test]
async fn another_account_goes_through_sudo() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.user = "xenop".to_owned();
        config.sudo = SudoPolicy::Allowed;
        config.guests.push(GuestSpec::new("shop").halted());
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let shop = guest("shop");
    acts::starts(&bench, &shop).await?;
    let mut terminal = consoles::boots_to_a_shell(&bench, &shop).await?;
    consoles::escape_reaches_the_guest(&mut terminal, &shop).await?;
    acts::powers_off(&bench, &shop).await
}

#[tokio::test]
async fn an_account_without_sudo_is_told_so() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.user = "xenop".to_owned();
        config.sudo = SudoPolicy::PasswordNeeded;
    })
    .await?;
    let error = sim.driver().probe().await.err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::PermissionDenied));
    Ok(())
}

#[tokio::test]
async fn guests_that_fail_are_refused_in_the_hosts_words() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests = wxa_sim::sentinel_guests(config.total_memory_mib)).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    acts::start_is_refused(&bench, "vm-refuses-start", "does not exist on the host").await?;
    acts::start_is_refused(&bench, "vm-too-big", "not enough free memory").await?;
    let broken = bench
        .view()
        .vms
        .into_values()
        .find(|vm| vm.config_problem.is_some());
    let broken = broken.ok_or_else(|| Broken("no broken definition is shown".to_owned()))?;
    assert!(broken.name.starts_with("vm-broken-cfg"), "{}", broken.name);
    acts::start_is_refused(&bench, &broken.name, "line ").await?;
    for vm in bench.view().vms.values().filter(|vm| vm.config_problem.is_none()) {
        assert!(vm.guest_type.is_some() && vm.memory.0 > 0, "{}", vm.name);
    }
    Ok(())
}

#[tokio::test]
async fn a_guest_that_ignores_a_shutdown_can_be_powered_off() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("vm-ignores-shutdown").halted())).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let stubborn = guest("vm-ignores-shutdown");
    let vm = acts::starts(&bench, &stubborn).await?;
    drop(consoles::boots_to_a_shell(&bench, &stubborn).await?);
    let (result, steps) = bench.perform(wxa_model::Action::VmShutdown, vm.id).await;
    let error = result.err().ok_or_else(|| Broken("it went down".to_owned()))?;
    assert!(matches!(error.kind, ErrorKind::Refused { .. }), "{error:?}");
    assert!(error.message.contains("Power it off"), "{error}");
    assert!(!steps.is_empty());
    acts::powers_off(&bench, &stubborn).await
}

#[tokio::test]
async fn a_kernel_takes_sysrq_keys() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("shop").halted())).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let shop = guest("shop");
    let vm = acts::starts(&bench, &shop).await?.id;
    let mut terminal = consoles::boots_to_a_shell(&bench, &shop).await?;
    acts::takes_sysrq_keys(&bench, &shop, &mut terminal).await?;
    for (key, shown) in [('s', "sysrq: Emergency Sync"), ('9', "Loglevel set to 9")] {
        let key = SysrqKey::new(key).ok_or_else(|| Broken(format!("{key} is no key")))?;
        bench.perform_act(VmAct::sysrq(vm, key)).await.0?;
        terminal.expect(shown, SOON).await?;
    }
    let before = bench.vm("shop")?.native_id;
    let reboot = SysrqKey::new('b').ok_or_else(|| Broken("b is no key".to_owned()))?;
    bench.perform_act(VmAct::sysrq(vm, reboot)).await.0?;
    terminal.expect("sysrq: Resetting", SOON).await?;
    bench
        .wait("another run", SOON, |view| {
            view.vms
                .get(&vm)
                .is_some_and(|vm| vm.power == PowerState::Running && vm.native_id != before)
        })
        .await?;
    acts::powers_off(&bench, &shop).await?;
    let (halted, _) = bench.perform_act(VmAct::sysrq(vm, reboot)).await;
    let error = halted
        .err()
        .ok_or_else(|| Broken("a halted VM took a key".to_owned()))?;
    assert!(matches!(error.kind, ErrorKind::Refused { .. }), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_key_that_nobody_takes_is_withdrawn() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("vm-ignores-shutdown"))).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let vm = bench.vm("vm-ignores-shutdown")?;
    let crash = SysrqKey::new('c').ok_or_else(|| Broken("c is no key".to_owned()))?;
    let (result, _) = bench.perform_act(VmAct::sysrq(vm.id, crash)).await;
    let error = result.err().ok_or_else(|| Broken("it was taken".to_owned()))?;
    assert!(
        matches!(&error.kind, ErrorKind::Refused { code } if code == "not_taken"),
        "{error:?}"
    );
    assert!(error.message.contains("withdrawn"), "{error}");
    let node = format!(
        "xenstore-read /local/domain/{}/control/sysrq",
        vm.native_id.unwrap_or_default()
    );
    assert_eq!(
        sim.host.run(&node).await.stdout,
        "\n",
        "it does not wait for a later boot"
    );
    assert_eq!(bench.vm("vm-ignores-shutdown")?.power, PowerState::Running);
    Ok(())
}

#[tokio::test]
async fn a_console_that_another_holds_is_busy() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("vm-lock-held"))).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let held = guest("vm-lock-held");
    let vm = bench.vm("vm-lock-held")?;
    let error = match wxa_driver::conformance::Terminal::attach(bench.driver(), vm.id, &held)
        .await?
        .end(SOON)
        .await?
    {
        wxa_driver::conformance::terminal::End::Error(error) => error,
        wxa_driver::conformance::terminal::End::Clean => return Err(Broken("it just ended".to_owned())),
    };
    assert_eq!(error.kind, ErrorKind::Busy, "{error}");
    Ok(())
}

#[tokio::test]
async fn many_consoles_are_open_at_once() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        for number in 0..11 {
            config.guests.push(GuestSpec::new(format!("web-{number:02}")));
        }
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let mut open = Vec::new();
    for number in 0..11 {
        open.push(consoles::boots_to_a_shell(&bench, &guest(&format!("web-{number:02}"))).await?);
    }
    for (number, terminal) in open.iter_mut().enumerate() {
        consoles::escape_reaches_the_guest(terminal, &guest(&format!("web-{number:02}"))).await?;
    }
    listing::resync_is_complete(&bench, &[]).await
}

#[tokio::test]
async fn keys_and_credentials_are_checked() -> Result<(), Broken> {
    let sim = Sim::start(|_| {}).await?;
    let target = sim.target();
    let key = host_key(&target.address, target.port, None).await?;
    assert_eq!(key.fingerprint, target.pinned_key);
    let mut wrong = target.clone();
    wrong.credential = Credential::Password(SecretString::from("not it"));
    let error = reach(Reach::Ssh(wrong)).probe().await.err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Unauthenticated));
    sim.host.change_host_key().await;
    let seen = host_key(&target.address, target.port, None).await?.fingerprint;
    let error = reach(Reach::Ssh(target.clone())).probe().await.err();
    let pinned = target.pinned_key.clone();
    assert_eq!(
        error.map(|error| error.kind),
        Some(ErrorKind::KeyChanged { pinned, seen })
    );
    sim.host.refuse().await;
    let error = reach(Reach::Ssh(target)).probe().await.err();
    assert_eq!(error.map(|error| error.kind), Some(ErrorKind::Unreachable));
    Ok(())
}

#[tokio::test]
async fn a_lost_connection_ends_the_watch_and_the_next_one_works() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    let driver = sim.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let before = bench.vm("web-01")?;
    sim.host.cut().await;
    let view = bench
        .wait("the end of the watch", Duration::from_secs(5), |view| {
            view.ended.is_some()
        })
        .await?;
    assert!(view.ended.is_some_and(|ended| ended.starts_with("Unreachable")));
    let again = Bench::start(driver, SOON).await?;
    let mut after = again.vm("web-01")?;
    // Told in seconds by the host, it may differ by one after a reconnect.
    after.started_at = before.started_at;
    assert_eq!(after, before);
    Ok(())
}

#[tokio::test]
async fn a_host_that_hangs_is_noticed_within_ten_seconds() -> Result<(), Broken> {
    let sim = Sim::start(|_| {}).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    sim.host.hang().await;
    let began = Instant::now();
    let view = bench
        .wait("the end of the watch", Duration::from_secs(12), |view| {
            view.ended.is_some()
        })
        .await?;
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(view.ended.is_some_and(|ended| ended.starts_with("TimedOut")));
    Ok(())
}

#[tokio::test]
async fn definitions_come_change_and_go() -> Result<(), Broken> {
    let sim =
        Sim::start(|config: &mut SimHostConfig| config.guests.push(GuestSpec::new("shop").halted())).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    assert_eq!(bench.vm("shop")?.power, PowerState::Halted);
    let id = bench.vm("shop")?.id;
    sim.shell("rm /etc/xen/shop.cfg").await?;
    bench
        .wait("shop going away", SOON, |view| !view.vms.contains_key(&id))
        .await?;
    Ok(())
}

#[tokio::test]
async fn names_that_are_hard_to_type_are_safe() -> Result<(), Broken> {
    let names = ["-rf", "42", "it's $HOME; `x`", "größe 1", "--"];
    let sim = Sim::start(|config| {
        for name in names {
            let mut guest = GuestSpec::new(name).halted();
            guest.disks.clear();
            config.guests.push(guest);
        }
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    for name in names {
        let hard = guest(name);
        acts::starts(&bench, &hard).await?;
        acts::pauses_and_unpauses(&bench, &hard).await?;
        let id = bench.vm(name)?.id;
        bench.driver().console_log(id, 1000).await?;
        acts::powers_off(&bench, &hard).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_console_that_floods_and_is_not_read_slows_nobody() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new("vm-floods"));
        config.guests.push(GuestSpec::new("web-01"));
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let flood = bench
        .driver()
        .console(bench.vm("vm-floods")?.id, wxa_model::ConsoleKind::Pv)
        .await?;
    listing::resync_is_complete(&bench, &["web-01"]).await?;
    acts::pauses_and_unpauses(&bench, &guest("web-01")).await?;
    drop(flood);
    drop(consoles::boots_to_a_shell(&bench, &guest("web-01")).await?);
    Ok(())
}

#[tokio::test]
async fn a_host_is_described_with_its_storage_and_network() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new("web-01"));
        config.guests.push(GuestSpec::new("db-01").halted());
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let told = details::host_is_described(&bench).await?;
    let web = bench.vm("web-01")?;
    let vif = told
        .links
        .get()
        .into_iter()
        .flatten()
        .find(|link| link.vm == Some(web.id));
    assert_eq!(vif.map(|link| link.master.as_str()), Some("xenbr0"));
    let volumes = told
        .volumes
        .get()
        .ok_or_else(|| Broken("no volumes".to_owned()))?;
    let open: Vec<(&str, bool)> = volumes.iter().map(|one| (one.name.as_str(), one.open)).collect();
    assert_eq!(open, [("db-01", false), ("web-01", true)]);
    let used = volumes.iter().map(|one| one.size.0).sum::<u64>();
    let group = told.groups.get().and_then(|groups| groups.first()).cloned();
    assert_eq!(group.map(|group| group.size.0 - group.free.0), Some(used));
    let xen = told.xen.get().cloned().unwrap_or_default();
    assert_eq!((xen.sockets, xen.nodes.len()), (1, 1));
    assert!(
        told.packages
            .get()
            .is_some_and(|all| all.iter().any(|one| one.name == "xen-utils-4.17"))
    );
    assert!(
        told.skew.get().is_some_and(|skew| skew.at_least_ms() < 1000),
        "{:?}",
        told.skew
    );
    assert_eq!(told.complaints.get().map(Vec::len), Some(0));
    Ok(())
}

#[tokio::test]
async fn what_a_host_cannot_tell_is_said_and_the_rest_is_told() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new("web-01"));
        config.ails = vec![
            Ail::NoLvm,
            Ail::OldIp,
            Ail::ClockBehind(90),
            Ail::Complains,
            Ail::WantsReboot,
        ];
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let told = details::host_is_described(&bench).await?;
    assert_eq!(told.groups.why(), Some("The host has no program `vgs`."));
    assert_eq!(told.volumes.why(), Some("The host has no program `lvs`."));
    let web = bench.vm("web-01")?;
    assert!(
        told.links
            .get()
            .into_iter()
            .flatten()
            .any(|link| link.vm == Some(web.id)),
        "brctl tells what an old ip cannot"
    );
    let skew = told.skew.get().map(|skew| skew.ahead_ms / 1000);
    assert!(
        skew.is_some_and(|seconds| (-91..=-89).contains(&seconds)),
        "{skew:?}"
    );
    assert_eq!(told.complaints.get().map(Vec::len), Some(2));
    let machine = told.machine.get().cloned().unwrap_or_default();
    assert!(machine.wants_reboot && !machine.reboot_for.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_account_through_sudo_is_told_the_same() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.user = "xenop".to_owned();
        config.sudo = SudoPolicy::Allowed;
        config.guests.push(GuestSpec::new("shop"));
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let told = details::host_is_described(&bench).await?;
    assert!(told.volumes.get().is_some_and(|all| !all.is_empty()));
    Ok(())
}

#[tokio::test]
async fn a_host_its_guests_and_their_devices_are_measured() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let claims = Claims {
        vm: &[
            Metric::Cpu,
            Metric::Memory,
            Metric::DiskRead,
            Metric::DiskWrite,
            Metric::DiskReadOps,
            Metric::DiskWriteOps,
            Metric::NetRx,
            Metric::NetTx,
        ],
        host: &[
            Metric::Cpu,
            Metric::MemoryUsed,
            Metric::DiskRead,
            Metric::DiskWrite,
            Metric::NetRx,
            Metric::NetTx,
            Metric::Load,
        ],
        vm_parts: &[
            (Part::Cpu(0), Metric::Cpu),
            (Part::Nic("0".into()), Metric::NetRx),
            (Part::Disk("xvda".into()), Metric::DiskReadOps),
        ],
        host_parts: &[
            (Part::Nic("eth0".into()), Metric::NetTx),
            (Part::Disk("sda".into()), Metric::DiskLatency),
        ],
    };
    measuring::tells_what_it_claims(&bench, "web-01", claims).await?;
    let view = bench.view();
    let control = view.control_domain().map(|vm| vm.id);
    let samples = view.samples.unwrap_or_default();
    let dom0 = samples.vms.iter().find(|(vm, _)| Some(*vm) == control);
    assert!(
        dom0.is_some_and(|(_, dom0)| dom0.cpu.is_some() && dom0.disk_read.is_none() && dom0.net_rx.is_none()),
        "xentop counts nothing of the control domain: {dom0:?}"
    );
    Ok(())
}
