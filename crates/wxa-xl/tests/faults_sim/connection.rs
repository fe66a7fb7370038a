//! The way to a host: nobody there, silent, cut, rebooted, with few sessions.
use super::{
    SOON, act_with_trouble,
    bed::{Sim, reach},
    failed,
};
use std::time::{Duration, Instant};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use wxa_driver::{
    ErrorKind,
    conformance::{Bench, Broken, acts, listing},
};
use wxa_model::{Action, PowerState};
use wxa_sim::{GuestSpec, sentinels};
use wxa_xl::{Reach, SshTarget, host_key};

/// Something that listens and is no SSH server; `serve` says what it does with a connection.
async fn listener<F: Future<Output = ()> + Send + 'static>(
    serve: fn(TcpStream) -> F,
) -> Result<(SshTarget, JoinSet<()>), Broken> {
    let sim = Sim::start(|_| {}).await?;
    let mut target = sim.target();
    let broken = |error: std::io::Error| Broken(error.to_string());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(broken)?;
    target.port = listener.local_addr().map_err(broken)?.port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut served = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            served.spawn(serve(stream));
        }
    });
    Ok((target, tasks))
}

#[tokio::test]
async fn a_closed_port_is_told_as_such() -> Result<(), Broken> {
    let sim = Sim::start(|_| {}).await?;
    sim.host.refuse().await;
    let error = failed(sim.driver().probe().await)?;
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.message.contains("no SSH server listens"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_never_speaks_is_given_up_after_ten_seconds() -> Result<(), Broken> {
    let (target, _tasks) = listener(|stream| async move {
        let _stream = stream;
        std::future::pending::<()>().await;
    })
    .await?;
    let began = Instant::now();
    let (probed, key) = tokio::join!(
        async { reach(Reach::Ssh(target.clone())).probe().await.err() },
        async { host_key(&target.address, target.port, None).await.err() }
    );
    for error in [probed, key] {
        let error = error.ok_or_else(|| Broken("it answered".to_owned()))?;
        assert_eq!(error.kind, ErrorKind::TimedOut { maybe_done: false }, "{error}");
    }
    assert!(began.elapsed() < Duration::from_secs(13), "{:?}", began.elapsed());
    Ok(())
}

#[tokio::test]
async fn what_answers_without_being_an_ssh_server_is_told_so_and_costs_no_memory() -> Result<(), Broken> {
    let (web, _web) = listener(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await?;
    let (endless, _endless) =
        listener(|mut stream| async move { while stream.write_all(&[b'x'; 4096]).await.is_ok() {} }).await?;
    let before = super::memory::resident();
    for target in [web, endless] {
        let began = Instant::now();
        let error = failed(reach(Reach::Ssh(target)).probe().await)?;
        assert!(
            matches!(
                error.kind,
                ErrorKind::Malformed | ErrorKind::Unreachable | ErrorKind::TimedOut { .. }
            ),
            "{error:?}"
        );
        assert!(began.elapsed() < Duration::from_secs(13));
    }
    super::memory::assert_grown_less(before, 64 << 20);
    Ok(())
}

#[tokio::test]
async fn a_host_that_rebooted_has_the_same_vms_in_new_runs() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.guests.push(GuestSpec::new("mail-01").halted());
        config.guests.push(GuestSpec::new("web-01"));
    })
    .await?;
    let driver = sim.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let mail = acts::starts(&bench, &super::bed::guest("mail-01")).await?;
    let web = bench.vm("web-01")?;
    sim.host.reboot().await;
    let again = Bench::start(driver, SOON).await?;
    let view = again
        .wait("web-01 to boot with its host", SOON, |view| {
            view.vms
                .get(&web.id)
                .is_some_and(|vm| vm.power == PowerState::Running)
        })
        .await?;
    let now = view
        .vms
        .get(&web.id)
        .ok_or_else(|| Broken("it is gone".to_owned()))?;
    assert_eq!(now.name, "web-01");
    assert_ne!(now.xen_uuid, web.xen_uuid, "a new run");
    assert_eq!(again.vm("mail-01")?.power, PowerState::Halted);
    assert_eq!(again.vm("mail-01")?.id, mail.id);
    Ok(())
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_of_an_act_leaves_its_outcome_open() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new(sentinels::SLOW_START).halted())).await?;
    let driver = sim.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let vm = bench.vm(sentinels::SLOW_START)?;
    let cut = sim.host.cut();
    let error = act_with_trouble(&sim, &*driver, (Action::VmStart, vm.id), &vm.name, cut).await?;
    assert_eq!(error.kind, ErrorKind::TimedOut { maybe_done: true }, "{error}");
    let again = Bench::start(driver, SOON).await?;
    again
        .wait("the host to tell what became of it", SOON, |view| {
            view.vms
                .get(&vm.id)
                .is_some_and(|vm| vm.power == PowerState::Running)
        })
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_host_that_hangs_in_the_middle_of_an_act_leaves_its_outcome_open() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new(sentinels::SLOW_START).halted())).await?;
    let driver = sim.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let vm = bench.vm(sentinels::SLOW_START)?;
    let began = Instant::now();
    let hang = sim.host.hang();
    let error = act_with_trouble(&sim, &*driver, (Action::VmStart, vm.id), &vm.name, hang).await?;
    assert_eq!(error.kind, ErrorKind::TimedOut { maybe_done: true }, "{error}");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    sim.host.resume().await;
    Ok(())
}

#[tokio::test]
async fn an_act_on_a_host_that_is_not_reached_was_not_done() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.guests.push(GuestSpec::new("web-01").halted())).await?;
    let driver = sim.driver();
    let bench = Bench::start(driver.clone(), SOON).await?;
    let vm = bench.vm("web-01")?;
    sim.host.refuse().await;
    sim.host.cut().await;
    bench.wait("the end", SOON, |view| view.ended.is_some()).await?;
    let (result, _) = bench.perform(Action::VmStart, vm.id).await;
    assert_eq!(failed(result)?.kind, ErrorKind::Unreachable);
    Ok(())
}

#[tokio::test]
async fn a_host_with_few_sessions_on_a_connection_is_followed_all_the_same() -> Result<(), Broken> {
    let sim = Sim::start(|config| {
        config.max_sessions = 3;
        config.guests.push(GuestSpec::new("web-01"));
    })
    .await?;
    let bench = Bench::start(sim.driver(), SOON).await?;
    listing::resync_is_complete(&bench, &["web-01"]).await?;
    acts::pauses_and_unpauses(&bench, &super::bed::guest("web-01")).await
}

#[tokio::test]
async fn too_few_sessions_are_told_with_what_to_change() -> Result<(), Broken> {
    let sim = Sim::start(|config| config.max_sessions = 1).await?;
    let (events, _reported) = tokio::sync::mpsc::channel(64);
    let error = sim.driver().watch(events).await;
    assert_eq!(
        error.kind,
        ErrorKind::Refused {
            code: "max_sessions".to_owned()
        }
    );
    assert!(error.message.contains("MaxSessions"), "{error}");
    Ok(())
}
