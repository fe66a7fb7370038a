//! The host's tools: missing, refusing, of another version, without xenstored.
use super::{SOON, bed::Sim, failed};
use std::time::Duration;
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, HostShell, acts, listing},
};
use wxa_model::PowerState;
use wxa_sim::{GuestSpec, SudoPolicy};

const NOT_ROOT: &str = "xl: fails 1 xencall: error: Could not obtain handle on privileged command interface: Permission denied\\nlibxl: error: libxl.c:101:libxl_ctx_alloc: cannot open libxc handle: Permission denied\\ncannot init xl context\n";
const NO_STORE: &str = "xl: fails 1 libxl: error: libxl.c:110:libxl_ctx_alloc: cannot connect to xenstore: Connection refused\\ncannot init xl context\n";

#[tokio::test]
async fn what_is_wrong_with_the_tools_is_told_in_words() -> Result<(), Broken> {
    let refused = |code: &str| ErrorKind::Refused {
        code: code.to_owned(),
    };
    let missing = ErrorKind::NotSupported { action: None };
    for (faults, kind, words) in [
        ("xl: missing\n", missing.clone(), "xl: command not found"),
        ("xentop: missing\n", missing, "xentop: command not found"),
        (NOT_ROOT, ErrorKind::PermissionDenied, "does not run Xen"),
        (NO_STORE, refused("xenstored"), "xenstored does not answer"),
    ] {
        let sim = Sim::start(|_| {}).await?;
        sim.host.spoil(faults).await;
        let (events, _reported) = tokio::sync::mpsc::channel(64);
        let error = sim.driver().watch(events).await;
        assert_eq!(error.kind, kind, "{faults}: {error}");
        assert!(error.message.contains(words), "{faults}: {error}");
    }
    Ok(())
}

#[tokio::test]
async fn an_account_is_told_whether_sudo_xl_or_leave_is_missing() -> Result<(), Broken> {
    let missing = ErrorKind::NotSupported { action: None };
    for (faults, policy, kind) in [
        ("sudo: missing\n", SudoPolicy::Allowed, missing.clone()),
        ("xl: missing\n", SudoPolicy::Allowed, missing),
        ("", SudoPolicy::PasswordNeeded, ErrorKind::PermissionDenied),
    ] {
        let sim = Sim::start(|config| {
            config.user = "xenop".to_owned();
            config.sudo = policy;
        })
        .await?;
        sim.host.spoil(faults).await;
        let error = failed(sim.driver().probe().await)?;
        assert_eq!(error.kind, kind, "{faults}: {error}");
    }
    Ok(())
}

#[tokio::test]
async fn tools_that_go_away_are_noticed_and_come_back() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    let driver = sim.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    sim.host.spoil(NO_STORE).await;
    let view = bench
        .wait("the end of the watch", SOON, |view| view.ended.is_some())
        .await?;
    assert!(
        view.ended.is_some_and(|ended| ended.contains("xenstored")),
        "with the reason"
    );
    sim.host.spoil("").await;
    listing::resync_is_complete(&Bench::start(driver, SOON).await?, &["web-01"]).await
}

#[tokio::test]
async fn without_xenstore_watch_the_host_is_looked_at_more_often() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01").halted())).await?;
    sim.host.spoil("xenstore-watch: missing\n").await;
    let bench = Bench::start(sim.driver(), SOON).await?;
    sim.run("xl create /etc/xen/web-01.cfg").await?;
    bench
        .wait("what an administrator started", Duration::from_secs(8), |view| {
            view.named("web-01")
                .is_some_and(|vm| vm.power == PowerState::Running)
        })
        .await?;
    acts::pauses_and_unpauses(&bench, &super::bed::guest("web-01")).await
}

#[tokio::test]
async fn other_versions_may_say_more_and_profiles_may_greet() -> Result<(), Broken> {
    let list = "Welcome to xen-1\nName                                        ID   Mem VCPUs\tState\tTime(s)  Claimed  NUMA\nDomain-0     0  4096     4     r-----     100.0   0  all\nweb-01       1  1024     1     -b----      13.1   0  all\n";
    let info = "Welcome to xen-1\nhost                   : xen-1\nrelease                : 6.12.9\nnr_cpus                : 16\nthreads_per_core       : 2\ncpu_mhz                : 2445.404\nvirt_caps              : pv hvm hvm_directio pv_directio hap shadow gnttab-v1 gnttab-v2\narm_sve_vector_length  : 0\ntotal_memory           : 65500\nfree_memory            : 12000\nfree_memory_unclaimed  : 100\nxen_version            : 4.19.1\nxen_scheduler          : credit2\nanswer\n";
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new("web-01"));
        config.extra_files.push(("/srv/list".to_owned(), list.to_owned()));
        config.extra_files.push(("/srv/info".to_owned(), info.to_owned()));
        config
            .extra_files
            .push(("/srv/id".to_owned(), "Welcome to xen-1\n0\n".to_owned()));
    })
    .await?;
    sim.host
        .spoil("xl list $: prints /srv/list\nxl info: prints /srv/info\nid: prints /srv/id\n")
        .await;
    let bench = Bench::start(sim.driver(), SOON).await?;
    listing::resync_is_complete(&bench, &["Domain-0", "web-01"]).await?;
    let facts = bench.view().facts.unwrap_or_default();
    assert_eq!((facts.xen_version.as_str(), facts.cpus), ("4.19.1", 16));
    assert_eq!(bench.vm("web-01")?.memory, wxa_model::Bytes::mib(1024));
    Ok(())
}

#[tokio::test]
async fn a_xentop_that_knows_no_devices_still_tells_domains() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    sim.host
        .spoil("xentop -b -f -n: fails 1 xentop: invalid option -- 'n'\n")
        .await;
    let bench = Bench::start(sim.driver(), SOON).await?;
    listing::resync_is_complete(&bench, &["web-01"]).await?;
    let samples = bench.view().samples.unwrap_or_default();
    assert!(
        samples.parts.iter().all(|part| part.vm.is_none()),
        "{:?}",
        samples.parts
    );
    Ok(())
}

#[tokio::test]
async fn a_host_that_tells_nothing_of_itself_is_unknown_and_not_idle() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01"))).await?;
    sim.host.spoil("head: missing\nxl vcpu-list: fails 1 no\n").await;
    let bench = Bench::start(sim.driver(), SOON).await?;
    let view = bench
        .wait("a dozen batches", SOON, |view| view.batches >= 12)
        .await?;
    let host = view.samples.unwrap_or_default().host;
    assert!(host.cpu.is_some());
    assert_eq!((host.load, host.net_rx, host.disk_read), (None, None, None));
    assert!(view.ended.is_none());
    Ok(())
}
