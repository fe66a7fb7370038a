//! A viewer sees the guest's screen, does with it what it may, and keeps seeing it when the guest reboots.
use super::*;
use crate::{
    AuditFilter, Ctx,
    console::{
        ConsoleStatus,
        tests::{core_with, who},
    },
    test_driver::{Bench, Guest, HOST, Watching, soon, until, vm, vm_id},
};
use bytes::{Bytes, BytesMut};
use std::time::Duration;
use tokio::time::timeout;
use wxa_driver::DriverEvent;
use wxa_model::{ConsoleKind, PowerState, Role, Scope, Vm, VmRole};

const INIT: &[u8] =
    b"\x02\x80\x01\x90\x20\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x00\x00\x00\x03web";
const KEY: &[u8] = &[4, 1, 0, 0, 0, 0, 0, 0x61];
const REQUEST: &[u8] = &[3, 1, 0, 0, 0, 0, 2, 0x80, 1, 0x90];
const NOW: UnixMillis = UnixMillis(7);

async fn bench(power: PowerState) -> (Bench, Watching) {
    let mut bench = Bench::start().await;
    let watching = bench.script.listed(vec![vm(1, power)]).await;
    until(&bench.live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link.is_up())
    })
    .await;
    (bench, watching)
}

impl Bench {
    fn look(&self, name: &str, hand: Hand) -> ScreenViewer {
        self.live.screens.open(vm_id(1), name, hand, NOW).unwrap()
    }

    /// The guest's RFB server, asked for and agreed with.
    async fn screen(&mut self) -> Screen {
        let guest = self.script.connect_console().await;
        let mut screen = Screen {
            guest,
            typed: BytesMut::new(),
        };
        screen.show(b"RFB 003.008\n").await;
        screen.takes(b"RFB 003.008\n").await;
        screen.show(&[1, 1]).await;
        screen.takes(&[1]).await;
        screen.show(&[0, 0, 0, 0]).await;
        screen.takes(&[1]).await;
        screen.show(INIT).await;
        screen
    }
}

/// A guest's RFB server.
struct Screen {
    guest: Guest,
    typed: BytesMut,
}

impl Screen {
    async fn show(&self, bytes: &[u8]) {
        let bytes = Bytes::copy_from_slice(bytes);
        soon(self.guest.prints.send(Ok(bytes))).await.unwrap();
    }

    async fn takes(&mut self, wanted: &[u8]) {
        while self.typed.len() < wanted.len() {
            let bytes = soon(self.guest.typed.recv()).await.unwrap();
            self.typed.extend_from_slice(&bytes);
        }
        assert_eq!(self.typed.split_to(wanted.len()), wanted);
    }
}

impl ScreenViewer {
    async fn item(&mut self) -> ScreenItem {
        soon(self.next()).await.expect("the screen was closed")
    }

    async fn status(&mut self, wanted: ConsoleStatus) {
        while self.item().await != ScreenItem::Status(wanted.clone()) {}
    }

    async fn bytes(&mut self, wanted: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < wanted {
            if let ScreenItem::Bytes(more) = self.item().await {
                bytes.extend_from_slice(&more);
            }
        }
        bytes
    }

    async fn says(&self, bytes: &[u8]) {
        let word = ScreenWord::Bytes(Bytes::copy_from_slice(bytes));
        soon(self.sender().send(word)).await.unwrap();
    }

    /// Begins a session and is let in.
    async fn begins(&mut self, session: u64) {
        while self.item().await != ScreenItem::Begin(session) {}
        self.sender().send(ScreenWord::Ready(session)).await.unwrap();
        assert_eq!(self.bytes(12).await, b"RFB 003.008\n");
        self.says(b"RFB 003.008\n").await;
        assert_eq!(self.bytes(2).await, [1, 1]);
        self.says(&[1]).await;
        assert_eq!(self.bytes(4).await, [0; 4]);
        self.says(&[0]).await;
        assert_eq!(self.bytes(INIT.len()).await, INIT);
    }
}

#[tokio::test(start_paused = true)]
async fn a_viewer_sees_the_screen_and_types_into_it() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.look("ada", Hand::Free);
    let mut screen = bench.screen().await;
    screen.show(b"early").await;
    ada.begins(1).await;
    assert_eq!(ada.bytes(5).await, b"early");
    ada.says(&[REQUEST, KEY].concat()).await;
    screen.takes(&[REQUEST, KEY].concat()).await;
    screen.show(b"a picture").await;
    assert_eq!(ada.bytes(9).await, b"a picture");
    drop(ada);
    soon(screen.guest.prints.closed()).await;
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn who_only_looks_types_nothing_and_two_look_by_connections_of_their_own() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.look("ada", Hand::Free);
    let _hers = bench.screen().await;
    let mut ben = bench.look("ben", Hand::Tied);
    let mut his = bench.screen().await;
    ben.begins(1).await;
    ben.says(&[KEY, REQUEST].concat()).await;
    his.takes(REQUEST).await;
    let named = |item: &ScreenItem| match item {
        ScreenItem::Watchers(who) => who.iter().map(|one| (one.name.clone(), one.hand)).collect(),
        _ => vec![],
    };
    let both = vec![("ada".to_owned(), Hand::Free), ("ben".to_owned(), Hand::Tied)];
    while named(&ada.item().await) != both {}
    drop(ben);
    while named(&ada.item().await) != both[..1] {}
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_after_a_reboot_and_old_keys_do_not_reach_what_is_shown_then() {
    let (mut bench, watching) = bench(PowerState::Running).await;
    let mut ada = bench.look("ada", Hand::Free);
    let screen = bench.screen().await;
    ada.begins(1).await;
    drop(screen);
    ada.status(ConsoleStatus::Connecting).await;
    ada.says(KEY).await;
    let next = Vm {
        native_id: Some("2".into()),
        ..vm(1, PowerState::Running)
    };
    watching.say(DriverEvent::Changed(next)).await;
    let mut screen = bench.screen().await;
    ada.says(KEY).await;
    ada.begins(2).await;
    ada.says(REQUEST).await;
    screen.takes(REQUEST).await;
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_waits_for_a_halted_guest_and_ends_with_a_vm_that_is_gone() {
    let (mut bench, watching) = bench(PowerState::Halted).await;
    let mut ada = bench.look("ada", Hand::Free);
    ada.status(ConsoleStatus::NotRunning).await;
    watching
        .say(DriverEvent::Changed(vm(1, PowerState::Running)))
        .await;
    let screen = bench.screen().await;
    ada.begins(1).await;
    drop(screen);
    watching.say(DriverEvent::Gone(vm_id(1))).await;
    while soon(ada.next()).await.is_some() {}
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_no_screen_is_told_in_words_and_tried_again() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.look("ada", Hand::Free);
    let guest = bench.script.connect_console().await;
    guest.print("SSH-2.0-OpenSSH_9.2").await;
    let why = "What the host sends is no screen: it does not begin as RFB does.".to_owned();
    ada.status(ConsoleStatus::Failed { why }).await;
    let _silent = bench.script.connect_console().await;
    let why = "The screen did not open within 15 s.".to_owned();
    ada.status(ConsoleStatus::Failed { why }).await;
    let _screen = bench.screen().await;
    ada.begins(1).await;
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_does_not_read_slows_the_screen_and_one_that_lies_is_let_go() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.look("ada", Hand::Free);
    let screen = bench.screen().await;
    ada.begins(1).await;
    let mut sent = 0;
    let piece = Bytes::from(vec![0; 16 << 10]);
    while timeout(
        Duration::from_secs(5),
        screen.guest.prints.send(Ok(piece.clone())),
    )
    .await
    .is_ok()
    {
        sent += 1;
        assert!(sent < 200, "nothing holds it up");
    }
    ada.says(&[99]).await;
    loop {
        if let ScreenItem::Unusable(why) = ada.item().await {
            assert_eq!(why.to_string(), "A viewer sends no message 99.");
            break;
        }
    }
    assert_eq!(soon(ada.next()).await, None);
    bench.stop().await;
}

#[tokio::test]
async fn rights_decide_whether_one_looks_or_acts_and_opening_is_on_record() {
    let screen = |vm: Vm| Vm {
        consoles: vec![ConsoleKind::Graphical],
        ..vm
    };
    let dom0 = Vm {
        role: VmRole::ControlDomain,
        ..screen(vm(0, PowerState::Running))
    };
    let vms = vec![
        dom0,
        screen(vm(1, PowerState::Running)),
        vm(2, PowerState::Running),
    ];
    let (core, _script) = core_with(vms).await;
    let here = Scope::Host(HOST);
    let hand = async |role, scope, vm| {
        let mut viewer = core.screen_open(&who(role, scope), vm_id(vm)).await?;
        let number = viewer.number();
        loop {
            if let Some(ScreenItem::Watchers(all)) = soon(viewer.next()).await {
                let own = all.into_iter().find(|one| one.number == number);
                return Ok::<_, Error>(own.unwrap().hand);
            }
        }
    };
    assert_eq!(hand(Role::Operator, here.clone(), 1).await.unwrap(), Hand::Free);
    assert_eq!(hand(Role::Viewer, here.clone(), 1).await.unwrap(), Hand::Tied);
    let elsewhere = Scope::Host(wxa_model::HostId(uuid::Uuid::from_u128(99)));
    assert!(matches!(
        hand(Role::Admin, elsewhere, 1).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        hand(Role::Operator, here.clone(), 0).await,
        Err(Error::Forbidden)
    ));
    assert_eq!(hand(Role::Admin, here.clone(), 0).await.unwrap(), Hand::Free);
    match hand(Role::Operator, here, 2).await {
        Err(Error::Conflict(refusal)) => assert_eq!(refusal.sentence, "vm-2 has no screen."),
        other => panic!("{other:?}"),
    }
    let rows = core
        .audit_list(&Ctx::command_line(), AuditFilter::default())
        .await
        .unwrap();
    assert!(
        rows.iter()
            .any(|row| row.what == "screen_open" && row.on == "vm-1")
    );
    core.stop().await;
}
