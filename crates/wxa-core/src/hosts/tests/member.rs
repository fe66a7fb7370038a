//! Members of a pool and the VMs on them through core's front door: everything goes through the pool.
use crate::{
    AuditFilter, Ctx, Error, HostSettings, MetricsAsk, MetricsOf, NewToken, NotesChange, Parts, TagChange,
    core::test_core::TestCore,
    details::Age,
    inventory::HostRecord,
    test_driver::{HOST, SITE, Script, Watching, record, soon, until, vm, vm_id},
};
use std::time::Duration;
use uuid::Uuid;
use wxa_driver::{DriverEvent, Member};
use wxa_model::{
    Action, Grant, HostFacts, HostId, HostKind, Metric, Part, PartSample, PowerState, Refusal, Role,
    SampleBatch, Scope, Site, UnixMillis, VmAct, VmId, VmSample, ids::VmIdentity,
};
use wxa_store::Quantity;

const ONE: HostId = HostId(Uuid::from_u128(0x51));
const TWO: HostId = HostId(Uuid::from_u128(0x52));

fn member(id: HostId, name: &str) -> DriverEvent {
    DriverEvent::Member(Member {
        id,
        name: name.into(),
        address: "192.0.2.1".into(),
        live: true,
        facts: HostFacts::default(),
    })
}

/// The pool `lab` with two members; one VM runs on the first.
async fn core_with_pool() -> (TestCore, Script, Watching) {
    let core = TestCore::start().await;
    let mut script = Script::new();
    let live = core.live();
    let site = Site {
        id: SITE,
        name: "Home".into(),
    };
    live.inventory.put_site(site).await;
    let pool = HostRecord {
        kind: HostKind::Pool,
        name: "lab".into(),
        ..record(HOST)
    };
    live.hosts.attach(pool, script.driver.clone()).await;
    let watching = soon(script.watches.recv()).await.unwrap();
    let mut runs = vm(1, PowerState::Running);
    runs.host = ONE;
    for event in [
        DriverEvent::ResyncBegin,
        DriverEvent::Facts(HostFacts::default()),
        member(ONE, "xcp-1"),
        member(TWO, "xcp-2"),
        DriverEvent::Listed(runs),
        DriverEvent::ResyncEnd,
    ] {
        watching.say(event).await;
    }
    until(&live.inventory, |now| {
        now.host(ONE).is_some_and(|(host, _)| host.link.is_up())
    })
    .await;
    (core, script, watching)
}

fn on_the_pool(role: Role) -> Ctx {
    Ctx {
        name: "ada".into(),
        grants: [Grant {
            role,
            scope: Scope::Host(HOST),
        }]
        .into(),
        ..Ctx::anonymous("192.0.2.1", "r")
    }
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Conflict(Refusal { sentence, .. })) => sentence,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_vm_on_a_member_is_acted_on_through_the_pool() {
    let (core, mut script, _watching) = core_with_pool().await;
    let operator = on_the_pool(Role::Operator);
    let id = core.vm_act(&operator, Action::VmSuspend, vm_id(1)).await.unwrap();
    let performing = soon(script.performs.recv()).await.unwrap();
    assert_eq!((performing.action, performing.vm), (Action::VmSuspend, vm_id(1)));
    let task = core.live().inventory.now().task(id).cloned().unwrap();
    assert_eq!(task.host, HOST, "it outlives a migration");
    performing.end.send(Ok(())).unwrap();
    let commands = core.vm_commands(&operator, vm_id(1)).unwrap();
    assert!(commands.iter().any(|(action, _)| *action == Action::VmReset));
    core.stop().await;
}

#[tokio::test]
async fn a_vm_starts_on_the_member_that_was_chosen_and_the_records_say_where() {
    let (core, mut script, watching) = core_with_pool().await;
    let operator = on_the_pool(Role::Operator);
    let mut halted = vm(2, PowerState::Halted);
    halted.host = HOST;
    watching.say(DriverEvent::Listed(halted)).await;
    until(&core.live().inventory, |now| now.vm(vm_id(2)).is_some()).await;
    let on = |member: HostId| VmAct {
        on: Some(member),
        ..VmAct::new(Action::VmStart, vm_id(2))
    };
    let id = core.vm_act_on(&operator, on(TWO)).await.unwrap();
    let performing = soon(script.performs.recv()).await.unwrap();
    assert_eq!((performing.vm, performing.on), (vm_id(2), Some(TWO)));
    let task = core.live().inventory.now().task(id).cloned().unwrap();
    assert_eq!((task.host, task.on), (HOST, Some(TWO)));
    performing.end.send(Ok(())).unwrap();
    until(&core.live().inventory, |now| {
        now.task(id).is_some_and(|task| !task.is_running())
    })
    .await;
    let kept = core.task_get(&operator, id).await.unwrap().task;
    assert_eq!(kept.on, Some(TWO));
    let rows = core
        .audit_list(&Ctx::command_line(), AuditFilter::default())
        .await
        .unwrap();
    let row = rows.iter().find(|row| row.what == "vm_start").unwrap();
    assert_eq!(row.on, "vm-2 on xcp-2");

    let stranger = HostId(Uuid::from_u128(0x99));
    let unseen = core.vm_act_on(&operator, on(stranger)).await;
    assert!(
        matches!(unseen, Err(Error::Invalid { field: "on", .. })),
        "{unseen:?}"
    );
    let restart = VmAct {
        on: Some(TWO),
        ..VmAct::new(Action::VmReboot, vm_id(1))
    };
    assert_eq!(
        refusal(core.vm_act_on(&operator, restart).await),
        "Only a start and a resume can be on a chosen host."
    );
    let off = DriverEvent::Member(Member {
        id: TWO,
        name: "xcp-2".into(),
        address: "192.0.2.1".into(),
        live: false,
        facts: HostFacts::default(),
    });
    watching.say(off).await;
    until(&core.live().inventory, |now| {
        now.host(TWO).is_some_and(|(host, _)| !host.link.is_up())
    })
    .await;
    assert_eq!(
        refusal(core.vm_act_on(&operator, on(TWO)).await),
        "xcp-2 cannot be reached."
    );
    core.stop().await;
}

#[tokio::test]
async fn the_console_of_a_vm_on_a_member_is_the_pools() {
    let (core, mut script, _watching) = core_with_pool().await;
    let operator = on_the_pool(Role::Operator);
    let mut viewer = core
        .console_open(&operator, vm_id(1), None, crate::ReplayFrom::default())
        .await
        .unwrap();
    let guest = script.connect_console().await;
    guest.print("hello").await;
    loop {
        match soon(viewer.next()).await {
            Some(crate::ViewerItem::Bytes(bytes)) if bytes.as_ref() == b"hello" => break,
            Some(_) => {}
            None => panic!("it ended"),
        }
    }
    core.stop().await;
}

#[tokio::test]
async fn a_member_has_no_record_of_its_own() {
    let (core, _script, _watching) = core_with_pool().await;
    let admin = Ctx::command_line();
    let sentence = "xcp-1 is a member of the pool lab: change the pool instead.";
    assert_eq!(refusal(core.host_remove(&admin, ONE).await), sentence);
    let renamed = HostSettings {
        name: Some("x".into()),
        ..HostSettings::default()
    };
    assert_eq!(refusal(core.host_set(&admin, ONE, renamed).await), sentence);
    let details = core.host_details(&admin, ONE, Age::Now).await.unwrap();
    assert_eq!(
        details.problem.as_deref(),
        Some("xcp-1 is a member of lab: what is told in detail comes with the pool.")
    );
    core.stop().await;
}

#[tokio::test]
async fn rights_and_tokens_hold_on_a_pool_as_a_whole_and_are_on_record_as_such() {
    let (core, _script, _watching) = core_with_pool().await;
    let admin = Ctx::command_line();
    let grant = |scope| Grant {
        role: Role::Viewer,
        scope,
    };
    let on_member = grant(Scope::Host(ONE));
    let user = core
        .user_create(&admin, "eve", None, std::slice::from_ref(&on_member))
        .await;
    assert!(
        matches!(&user, Err(Error::Invalid { field: "grants", why }) if why.contains("member of a pool")),
        "{user:?}"
    );
    core.user_create(&admin, "eve", None, &[grant(Scope::Everything)])
        .await
        .unwrap();
    let token = |grant| NewToken {
        name: "script".into(),
        grant,
        days: 1,
    };
    let refused = core.user_token_create(&admin, "eve", token(on_member)).await;
    assert!(
        matches!(&refused, Err(Error::Invalid { field: "grant", why }) if why.contains("member of a pool")),
        "{refused:?}"
    );
    core.user_token_create(&admin, "eve", token(grant(Scope::Host(HOST))))
        .await
        .unwrap();
    let rows = core.audit_list(&admin, AuditFilter::default()).await.unwrap();
    assert_eq!(rows[0].on, "eve: script, viewer on pool lab");
    core.stop().await;
}

#[tokio::test]
async fn a_member_can_be_tagged_and_written_about() {
    let (core, _script, _watching) = core_with_pool().await;
    let operator = on_the_pool(Role::Operator);
    let tags = TagChange {
        add: vec!["rack-4".into()],
        remove: vec![],
    };
    core.host_set_tags(&operator, ONE, tags).await.unwrap();
    let notes = NotesChange {
        notes: "The old one.".into(),
        was: String::new(),
    };
    core.host_set_notes(&operator, ONE, notes).await.unwrap();
    let now = core.live().inventory.now();
    let (host, place) = now.host(ONE).unwrap();
    assert_eq!(
        (host.tags.as_slice(), host.notes.as_str()),
        (&["rack-4".to_owned()][..], "The old one.")
    );
    assert_eq!((place.host, place.pool), (Some(ONE), Some(HOST)));
    core.stop().await;
}

#[tokio::test]
async fn what_is_said_about_members_comes_along_to_another_site() {
    let core = TestCore::start().await;
    let (admin, uuid) = (Ctx::command_line(), Uuid::from_u128(0xabc));
    *core.hosts.member_uuid.lock().unwrap() = Some(uuid);
    let (pool, _) = core
        .host_add(&admin, super::pool::pool("xcp-1.example"))
        .await
        .unwrap();
    let hosts = super::registry::shows(&core, |hosts| hosts.len() == 2).await;
    let member = hosts.iter().find(|host| host.id != pool).unwrap();
    assert_eq!(member.id, HostId::of_member(member.site, uuid));
    let tags = TagChange {
        add: vec!["rack-4".into()],
        remove: vec![],
    };
    core.host_set_tags(&admin, member.id, tags).await.unwrap();
    let moved = HostSettings {
        site: Some("Lab".into()),
        ..HostSettings::default()
    };
    core.host_set(&admin, pool, moved).await.unwrap();
    super::registry::shows(&core, |hosts| {
        hosts
            .iter()
            .any(|host| host.id != member.id && host.tags == ["rack-4"] && host.kind.pool() == Some(pool))
    })
    .await;
    core.stop().await;
}

#[tokio::test]
async fn a_pool_that_cannot_be_moved_keeps_what_was_measured_and_used() {
    let core = TestCore::start().await;
    let admin = Ctx::command_line();
    let (member, vm) = (Uuid::from_u128(0xabc), Uuid::from_u128(0xdef));
    *core.hosts.member_uuid.lock().unwrap() = Some(member);
    *core.hosts.vm_uuid.lock().unwrap() = Some(vm);
    let (pool, _) = core
        .host_add(&admin, super::pool::pool("xcp-1.example"))
        .await
        .unwrap();
    let live = core.live();
    let now = until(&live.inventory, |now| now.vms().next().is_some()).await;
    let vm = now.vms().next().unwrap().clone();
    for _ in 0..24 {
        core.clock.advance(Duration::from_secs(5));
        let mut batch = measured(core.now().0);
        batch.vms[0].0 = vm.id;
        live.samples.push_through(pool, vm.host, batch);
    }
    core.metrics_flush().await.unwrap();
    let database = core.folder.path().join("webxenadmin.db");
    let database = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let database = sqlx::SqlitePool::connect_with(database).await.unwrap();
    let run = async |sql: &'static str| sqlx::query(sql).execute(&database).await.map(drop).unwrap();
    let told = async || {
        let used = core.usage_get(&admin, vm.id, None, None).await.unwrap();
        let known = |day: &crate::DayUsed| day.amounts.get(&Quantity::Cpu).map_or(0, |cpu| cpu.1);
        let ask = MetricsAsk {
            of: MetricsOf::Vm(vm.id),
            metrics: Vec::new(),
            parts: Parts::Without,
            from: Some(UnixMillis(core.now().0 - 4 * 3_600_000)),
            to: None,
            points: None,
        };
        let range = core.metrics_get(&admin, &ask).await.unwrap();
        let points = range.series.iter().flat_map(|series| &series.points).flatten();
        (
            used.iter().map(known).sum::<u64>(),
            points.map(|stat| stat.count).sum::<u32>(),
        )
    };
    let moved = || HostSettings {
        site: Some("Lab".into()),
        ..HostSettings::default()
    };
    for trouble in [
        "create trigger trouble before delete on usage begin select raise(abort, 'no'); end",
        "create trigger trouble before update on host begin select raise(abort, 'no'); end",
    ] {
        run(trouble).await;
        let refused = core.host_set(&admin, pool, moved()).await;
        assert!(matches!(refused, Err(Error::Internal(_))), "{refused:?}");
        run("drop trigger trouble").await;
        assert_eq!(told().await, (115_000, 24), "{trouble}");
    }
    core.host_set(&admin, pool, moved()).await.unwrap();
    assert_eq!(told().await.0, 0, "it is another one now");
    database.close().await;
    core.stop().await;
}

#[tokio::test]
async fn what_was_measured_and_used_comes_along_to_another_site() {
    let core = TestCore::start().await;
    let admin = Ctx::command_line();
    let (member, vm) = (Uuid::from_u128(0xabc), Uuid::from_u128(0xdef));
    *core.hosts.member_uuid.lock().unwrap() = Some(member);
    *core.hosts.vm_uuid.lock().unwrap() = Some(vm);
    let (pool, _) = core
        .host_add(&admin, super::pool::pool("xcp-1.example"))
        .await
        .unwrap();
    let live = core.live();
    let now = until(&live.inventory, |now| now.vms().next().is_some()).await;
    let (old, site) = (now.vms().next().unwrap().id, now.hosts().next().unwrap().site);
    let measure = |site, at: UnixMillis| {
        let id = VmId::derive(site, pool, &VmIdentity::Uuid(vm));
        let mut batch = measured(at.0);
        batch.vms[0].0 = id;
        batch.host.cpu = Some(0.5);
        live.samples
            .push_through(pool, HostId::of_member(site, member), batch);
    };
    for second in (0..120).step_by(5) {
        core.clock.advance(Duration::from_secs(5));
        measure(site, core.now());
        if second == 60 {
            core.metrics_flush().await.unwrap();
        }
    }
    let moved = HostSettings {
        site: Some("Lab".into()),
        ..HostSettings::default()
    };
    core.host_set(&admin, pool, moved).await.unwrap();
    let now = until(&live.inventory, |now| {
        now.vms().next().is_some_and(|vm| vm.id != old) && now.vm(old).is_none()
    })
    .await;
    let (new, host) = (
        now.vms().next().unwrap(),
        now.hosts().find(|host| host.id != pool),
    );
    core.clock.advance(Duration::from_secs(5));
    measure(host.unwrap().site, core.now());

    let used = core.usage_get(&admin, new.id, None, None).await.unwrap();
    let known: u64 = used.iter().map(|day| day.amounts[&Quantity::Cpu].1).sum();
    let unknown: u64 = used.iter().map(|day| day.unknown_ms).sum();
    assert_eq!((known, unknown), (120_000, 0));
    let ask = |of| MetricsAsk {
        of,
        metrics: Vec::new(),
        parts: Parts::Without,
        from: Some(UnixMillis(core.now().0 - 3_600_000)),
        to: None,
        points: None,
    };
    for of in [MetricsOf::Vm(new.id), MetricsOf::Host(new.host)] {
        let range = core.metrics_get(&admin, &ask(of)).await.unwrap();
        let known = range.series.iter().flat_map(|series| &series.points).flatten();
        assert_eq!(known.map(|stat| stat.count).sum::<u32>(), 25, "{of:?}");
    }
    core.stop().await;
}

#[tokio::test]
async fn what_members_share_is_summed_for_their_pool() {
    let (core, _script, _watching) = core_with_pool().await;
    let part = |part, metric, value| PartSample {
        vm: None,
        part,
        values: vec![(metric, value)],
    };
    let store = || Part::Storage("0e3c5ae8".into());
    let wire = || Part::Nic("eth0".into());
    for _ in 0..12 {
        core.clock.advance(Duration::from_secs(5));
        for (member, written) in [(ONE, 3.0), (TWO, 4.0)] {
            let mut batch = measured(core.now().0);
            batch.parts = vec![
                part(store(), Metric::DiskWrite, written),
                part(wire(), Metric::NetRx, written * 10.0),
                part(Part::Cpu(0), Metric::Cpu, 0.5),
            ];
            core.live().samples.push_through(HOST, member, batch);
        }
    }
    let ask = MetricsAsk {
        of: MetricsOf::Host(HOST),
        metrics: Vec::new(),
        parts: Parts::With,
        from: Some(UnixMillis(core.now().0 - 60_000)),
        to: None,
        points: None,
    };
    let range = core.metrics_get(&on_the_pool(Role::Viewer), &ask).await.unwrap();
    let told: Vec<_> = range
        .series
        .iter()
        .filter(|series| series.part.is_some())
        .map(|series| {
            let last = series.points.iter().flatten().last();
            (series.part.clone(), series.metric, last.map(|stat| stat.avg))
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some(wire()), Metric::NetRx, Some(70.0)),
            (Some(store()), Metric::DiskWrite, Some(7.0)),
        ],
        "each CPU is its member's own"
    );
    core.stop().await;
}

fn measured(at: u64) -> SampleBatch {
    SampleBatch {
        at: UnixMillis(at),
        vms: vec![(
            vm_id(1),
            VmSample {
                cpu: Some(0.5),
                ..VmSample::default()
            },
        )],
        ..SampleBatch::default()
    }
}

#[tokio::test]
async fn a_vms_last_minute_comes_along_when_it_migrates() {
    let (core, _script, watching) = core_with_pool().await;
    let mut feed = core.samples_feed(&on_the_pool(Role::Viewer));
    watching
        .say(DriverEvent::MemberSamples(ONE, measured(1_000)))
        .await;
    let batch = soon(feed.next()).await.unwrap();
    assert_eq!((batch.host, batch.batch.vms.len()), (ONE, 1));

    let mut moved = vm(1, PowerState::Running);
    moved.host = TWO;
    watching.say(DriverEvent::Changed(moved)).await;
    until(&core.live().inventory, |now| {
        now.vm(vm_id(1)).is_some_and(|(vm, _)| vm.host == TWO)
    })
    .await;
    watching
        .say(DriverEvent::MemberSamples(TWO, measured(6_000)))
        .await;
    assert_eq!(soon(feed.next()).await.unwrap().host, TWO);
    let recent = core.samples_recent(&Ctx::command_line(), vm_id(1)).unwrap();
    let times: Vec<u64> = recent.iter().map(|(at, _)| at.0).collect();
    assert_eq!(times, [1_000, 6_000]);
    core.stop().await;
}

#[tokio::test]
async fn what_was_measured_on_a_member_goes_with_it_and_with_its_pool() {
    let (core, _script, watching) = core_with_pool().await;
    let mut feed = core.samples_feed(&Ctx::command_line());
    for id in [ONE, TWO] {
        watching
            .say(DriverEvent::MemberSamples(id, measured(1_000)))
            .await;
        soon(feed.next()).await.unwrap();
    }
    watching.say(DriverEvent::MemberGone(TWO)).await;
    until(&core.live().inventory, |now| now.host(TWO).is_none()).await;
    let measured_on = |core: &TestCore| -> Vec<HostId> {
        let latest = core.live().samples.latest();
        latest.iter().map(|batch| batch.host).collect()
    };
    assert_eq!(measured_on(&core), [ONE]);
    core.live().hosts.detach(HOST).await;
    assert_eq!(measured_on(&core), []);
    core.stop().await;
}
