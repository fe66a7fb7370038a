//! A console is attached while somebody looks, replays what was printed, and waits for its guest.
use super::*;
use crate::{
    Ctx,
    core::test_core::TestCore,
    test_driver::{Bench, Guest, HOST, SITE, Script, Watching, record, soon, until, vm, vm_id},
};
use bytes::Bytes;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use wxa_driver::{DriverEvent, ErrorKind};
use wxa_model::{Grant, PowerState, Role, Scope, Site, Vm};

async fn bench(power: PowerState) -> (Bench, Watching) {
    let mut bench = Bench::start().await;
    let watching = bench.script.listed(vec![vm(1, power)]).await;
    until(&bench.live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link.is_up())
    })
    .await;
    (bench, watching)
}

/// Somebody with an account of that name who may type.
pub(in crate::console) fn comer(name: &str) -> Comer {
    let number = name.bytes().fold(0, |sum, byte| sum * 256 + u128::from(byte));
    Comer {
        name: name.into(),
        person: Some(wxa_model::UserId(uuid::Uuid::from_u128(number))),
        came: Came::SignedIn,
        right: KeyboardRight::Type,
        since: wxa_model::UnixMillis(7),
    }
}

/// A core whose one host has these VMs.
pub(in crate::console) async fn core_with(vms: Vec<Vm>) -> (TestCore, Script) {
    let core = TestCore::start().await;
    let mut script = Script::new();
    let live = core.live();
    live.inventory
        .put_site(Site {
            id: SITE,
            name: "Home".into(),
        })
        .await;
    live.hosts.attach(record(HOST), script.driver.clone()).await;
    let _watching = script.listed(vms).await;
    until(&live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.facts.is_some())
    })
    .await;
    (core, script)
}

/// Somebody with a role there.
pub(in crate::console) fn who(role: Role, scope: Scope) -> Ctx {
    Ctx {
        name: "ada".into(),
        grants: [Grant { role, scope }].into(),
        ..Ctx::anonymous("192.0.2.1", "r")
    }
}

impl Bench {
    fn open(&self, name: &str, has: Option<(u64, u64)>) -> ConsoleViewer {
        let from = ReplayFrom { has, at: None };
        self.live
            .consoles
            .open(vm_id(1), ConsoleKind::Pv, comer(name), from)
            .unwrap()
    }

    /// Nothing is opened at the host for a while.
    async fn leaves_the_console_alone(&mut self) -> bool {
        timeout(Duration::from_secs(30), self.script.consoles.recv())
            .await
            .is_err()
    }
}

impl ConsoleViewer {
    async fn item(&mut self) -> ViewerItem {
        soon(self.next()).await.expect("the console was closed")
    }

    async fn status(&mut self, wanted: &ConsoleStatus) {
        while self.item().await != ViewerItem::Status(wanted.clone()) {}
    }

    /// Reads until `wanted` bytes came, and returns them.
    async fn text(&mut self, wanted: usize) -> String {
        let mut text = Vec::new();
        while text.len() < wanted {
            if let ViewerItem::Bytes(bytes) = self.item().await {
                text.extend_from_slice(&bytes);
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// The next thing that is said of who is here.
    async fn presence(&mut self) -> Vec<String> {
        loop {
            if let ViewerItem::Viewers { you, viewers } = self.item().await {
                assert!(viewers.iter().any(|viewer| viewer.number == you));
                return words(&viewers);
            }
        }
    }

    async fn begin(&mut self) -> (u64, u64, u64) {
        match self.item().await {
            ViewerItem::Begin {
                epoch,
                offset,
                live_at,
            } => (epoch, offset, live_at),
            other => panic!("{other:?}"),
        }
    }
}

fn words(viewers: &[PresentViewer]) -> Vec<String> {
    let word = |viewer: &PresentViewer| {
        let does = format!("{:?}", viewer.keyboard).to_lowercase();
        format!("{} {does}", viewer.name)
    };
    viewers.iter().map(word).collect()
}

fn typed(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

async fn detached(guest: &Guest) {
    soon(guest.prints.closed()).await;
}

#[tokio::test(start_paused = true)]
async fn several_viewers_see_the_same_and_type_into_the_same_guest() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let mut guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    guest.print("login: ").await;
    assert_eq!(ada.text(7).await, "login: ");

    let mut ben = bench.open("ben", None);
    let (epoch, offset, live_at) = ben.begin().await;
    assert!(epoch > 0);
    assert_eq!((offset, live_at), (0, 7));
    assert_eq!(ben.item().await, ViewerItem::Status(ConsoleStatus::Connected));
    assert_eq!(ben.presence().await, ["ada watches", "ben watches"]);
    assert_eq!(ben.text(7).await, "login: ");
    assert_eq!(ada.presence().await, ["ada watches", "ben watches"]);

    ada.sender().send(typed("ro")).await.unwrap();
    assert_eq!(soon(guest.typed.recv()).await, Some(typed("ro")));
    assert_eq!(ben.presence().await, ["ada types", "ben watches"]);
    ben.sender().send(typed("thrown away")).await.unwrap();
    ada.sender().say(KeyboardWord::Release);
    assert_eq!(ben.presence().await, ["ada watches", "ben watches"]);
    ben.sender().send(typed("ot\r")).await.unwrap();
    assert_eq!(soon(guest.typed.recv()).await, Some(typed("ot\r")));
    assert_eq!(ben.presence().await, ["ada watches", "ben types"]);
    drop(ada);
    assert_eq!(ben.presence().await, ["ben types"]);
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_has_the_keyboard_when_its_holder_has_been_silent_for_long() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let mut guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    ada.sender().send(typed("x")).await.unwrap();
    let mut ben = bench.open("ben", None);
    ben.sender().say(KeyboardWord::Ask);
    assert_eq!(ben.presence().await, ["ada types", "ben asks"]);
    let waited = tokio::time::Instant::now();
    while let Some(item) = ben.next().await {
        if let ViewerItem::Viewers { viewers, .. } = item {
            assert_eq!(words(&viewers), ["ada watches", "ben types"]);
            break;
        }
    }
    assert!(waited.elapsed() >= KEYBOARD_SILENT - Duration::from_secs(60));
    ben.sender().send(typed("y")).await.unwrap();
    assert_eq!(soon(guest.typed.recv()).await, Some(typed("x")));
    assert_eq!(soon(guest.typed.recv()).await, Some(typed("y")));
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_console_is_released_after_the_last_viewer_and_its_history_stays() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let (epoch, ..) = ada.begin().await;
    let guest = bench.script.connect_console().await;
    guest.print("before ").await;
    assert_eq!(ada.text(7).await, "before ");

    drop(ada);
    let ben = bench.open("ben", None);
    sleep(Duration::from_secs(5)).await;
    assert!(!guest.prints.is_closed(), "a page that is loaded anew keeps it");
    drop(ben);
    detached(&guest).await;
    assert!(bench.leaves_the_console_alone().await);

    let mut ada = bench.open("ada", Some((epoch, 3)));
    assert_eq!(ada.begin().await, (epoch, 3, 7));
    let guest = bench.script.connect_console().await;
    guest.print("after").await;
    assert_eq!(ada.text(9).await, "ore after");
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn offsets_of_another_history_are_not_trusted() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", Some((1, 99)));
    assert_eq!(ada.begin().await.1, 0);
    let guest = bench.script.connect_console().await;
    guest.print("hello").await;
    assert_eq!(ada.text(5).await, "hello");
    let epoch = ada.session_epoch();
    let mut ben = bench.open("ben", Some((epoch, 1_000_000)));
    assert_eq!(ben.begin().await, (epoch, 0, 5));
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_waits_for_a_halted_guest_and_attaches_when_it_starts() {
    let (mut bench, watching) = bench(PowerState::Halted).await;
    let mut ada = bench.open("ada", None);
    ada.status(&ConsoleStatus::NotRunning).await;
    ada.sender().send(typed("into the void")).await.unwrap();
    assert!(bench.leaves_the_console_alone().await);
    watching
        .say(DriverEvent::Changed(vm(1, PowerState::Running)))
        .await;
    let mut guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    ada.sender().send(typed("x")).await.unwrap();
    assert_eq!(
        soon(guest.typed.recv()).await,
        Some(typed("x")),
        "what was typed before is not delivered late"
    );
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_typed_while_it_is_being_attached_follows() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    ada.status(&ConsoleStatus::Connecting).await;
    ada.sender().send(typed("root\r")).await.unwrap();
    let mut guest = bench.script.connect_console().await;
    assert_eq!(soon(guest.typed.recv()).await, Some(typed("root\r")));
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_typed_while_somebody_else_holds_it_is_thrown_away() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let by = String::from("xl console of pid 7");
    let opening = soon(bench.script.consoles.recv()).await.unwrap();
    let held = wxa_driver::Error::new(ErrorKind::Busy, by.clone());
    opening.answer.send(Err(held)).unwrap();
    ada.status(&ConsoleStatus::Held { by }).await;
    ada.sender().send(typed("while it is waited")).await.unwrap();
    let opening = soon(bench.script.consoles.recv()).await.unwrap();
    ada.sender().send(typed("while it is tried")).await.unwrap();
    let mut guest = opening.connects();
    ada.status(&ConsoleStatus::Connected).await;
    ada.sender().send(typed("x")).await.unwrap();
    assert_eq!(soon(guest.typed.recv()).await, Some(typed("x")));
    bench.stop().await;
}

/// Ada typed eight keys, of which a guest that does not read has let four in.
async fn typed_ahead() -> (Bench, Watching, ConsoleViewer, ConsoleViewer, Guest) {
    let (mut bench, watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    let root = Comer {
        right: KeyboardRight::Take,
        ..comer("root")
    };
    let opened = bench
        .live
        .consoles
        .open(vm_id(1), ConsoleKind::Pv, root, ReplayFrom::default());
    for key in ["1", "2", "3", "4", "5", "6", "7", "8"] {
        ada.sender().send(typed(key)).await.unwrap();
    }
    while guest.typed.len() < 4 {
        tokio::task::yield_now().await;
    }
    (bench, watching, ada, opened.unwrap(), guest)
}

/// What the guest reads now, up to an `x`.
async fn read_to_x(guest: &mut Guest) -> String {
    let mut read = String::new();
    while !read.ends_with('x') {
        let bytes = soon(guest.typed.recv()).await.unwrap();
        read.push_str(&String::from_utf8_lossy(&bytes));
    }
    read
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_guest_goes_nowhere_when_the_keyboard_is_taken() {
    let (bench, _watching, _ada, root, mut guest) = typed_ahead().await;
    root.sender().say(KeyboardWord::Take);
    root.sender().send(typed("x")).await.unwrap();
    assert_eq!(read_to_x(&mut guest).await, "1234x");
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_guest_goes_nowhere_when_its_typist_is_turned_out() {
    let (bench, _watching, ada, root, mut guest) = typed_ahead().await;
    ada.sender().bar();
    ada.leave("The link has ended.").await;
    root.sender().send(typed("x")).await.unwrap();
    assert_eq!(read_to_x(&mut guest).await, "1234x");
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_somebody_typed_before_he_left_reaches_the_guest() {
    let (bench, _watching, ada, _root, mut guest) = typed_ahead().await;
    drop(ada);
    let mut read = String::new();
    while read.len() < 8 {
        read.push_str(&String::from_utf8_lossy(&soon(guest.typed.recv()).await.unwrap()));
    }
    assert_eq!(read, "12345678");
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_when_the_guest_reboots() {
    let (mut bench, watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let guest = bench.script.connect_console().await;
    guest.print("reboot: Restarting system\r\n").await;
    drop(guest);
    let next = Vm {
        native_id: Some("2".into()),
        ..vm(1, PowerState::Running)
    };
    watching.say(DriverEvent::Changed(next)).await;
    let guest = bench.script.connect_console().await;
    guest.print("Linux version").await;
    assert_eq!(ada.text(40).await, "reboot: Restarting system\r\nLinux version");
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_console_that_somebody_else_holds_is_said_so_and_tried_again() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    for _ in 0..3 {
        let opening = soon(bench.script.consoles.recv()).await.unwrap();
        let held = wxa_driver::Error::new(ErrorKind::Busy, "xl console of pid 7");
        opening.answer.send(Err(held)).unwrap();
    }
    ada.status(&ConsoleStatus::Held {
        by: "xl console of pid 7".into(),
    })
    .await;
    let _guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_lets_us_in_and_then_refuses_is_not_called_connected() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    for _ in 0..4 {
        let guest = bench.script.connect_console().await;
        sleep(Duration::from_millis(300)).await;
        let held = wxa_driver::Error::new(ErrorKind::Busy, "process 7");
        guest.prints.send(Err(held)).await.unwrap();
    }
    let guest = bench.script.connect_console().await;
    guest.print("login: ").await;
    let mut seen = Vec::new();
    while seen.last() != Some(&ConsoleStatus::Connected) {
        if let ViewerItem::Status(status) = ada.item().await {
            seen.push(status);
        }
    }
    let held = ConsoleStatus::Held {
        by: "process 7".into(),
    };
    assert!(
        seen.iter().all(|status| *status != ConsoleStatus::NotRunning),
        "{seen:?}"
    );
    assert_eq!(
        seen.iter()
            .filter(|status| **status == ConsoleStatus::Connected)
            .count(),
        1
    );
    assert!(
        seen.iter().filter(|status| **status == held).count() <= 1,
        "it does not flicker: {seen:?}"
    );
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_says_why_it_cannot_attach_and_waits_for_a_lost_host() {
    let (mut bench, watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    watching.lose(ErrorKind::Unreachable, "no route");
    until(&bench.live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| !host.link.is_up())
    })
    .await;
    guest
        .prints
        .send(Err(wxa_driver::Error::new(ErrorKind::Unreachable, "no route")))
        .await
        .unwrap();
    ada.status(&ConsoleStatus::Failed {
        why: "xen-1 cannot be reached.".into(),
    })
    .await;
    bench.script.listed(vec![vm(1, PowerState::Running)]).await;
    let _guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_the_host_recorded_comes_first_and_only_once() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    *bench.script.driver.log.lock().unwrap() = typed("[0.1] one\r\n[0.2] two\r\n[0.3] three\r\n");
    let mut ada = bench.open("ada", None);
    let guest = bench.script.connect_console().await;
    guest.print("[0.2] two\r\n[0.3]").await;
    guest.print(" three\r\nlogin: ").await;
    assert_eq!(
        ada.text(42).await,
        "[0.1] one\r\n[0.2] two\r\n[0.3] three\r\nlogin: "
    );
    drop(guest);
    let guest = bench.script.connect_console().await;
    guest.print("[0.3] three\r\n[0.3] three\r\n").await;
    assert_eq!(
        ada.text(26).await,
        "[0.3] three\r\n[0.3] three\r\n",
        "later nothing is taken out"
    );
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_line_that_a_quiet_guest_prints_again_is_kept_and_what_a_busy_host_shows_late_is_left_out() {
    let line = "the daily job has run\r\n";
    for (seconds, shown) in [(20, ""), (60, line)] {
        let (mut bench, _watching) = bench(PowerState::Running).await;
        *bench.script.driver.log.lock().unwrap() = typed(line);
        let mut ada = bench.open("ada", None);
        let guest = bench.script.connect_console().await;
        assert_eq!(ada.text(line.len()).await, line);
        // The console is attached now: everybody waits, and the clock goes on by itself.
        sleep(Duration::from_secs(seconds)).await;
        guest.print(line).await;
        sleep(Duration::from_secs(1)).await;
        guest.print("end").await;
        let more = format!("{shown}end");
        assert_eq!(ada.text(more.len()).await, more, "{seconds} s after attaching");
        bench.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_does_not_read_is_told_what_it_missed_and_holds_nobody_up() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut slow = bench.open("slow", None);
    slow.begin().await;
    let mut quick = bench.open("quick", None);
    let guest = bench.script.connect_console().await;
    let line = Bytes::from(vec![b'x'; 1024]);
    let mut seen = 0;
    for _ in 0..(HISTORY / 1024 + 5) {
        guest.prints.send(Ok(line.clone())).await.unwrap();
        seen += quick.text(1024).await.len();
    }
    assert_eq!(seen, HISTORY + 5 * 1024);
    let missed = loop {
        match slow.item().await {
            ViewerItem::Skipped(missed) => break missed,
            ViewerItem::Bytes(_) => panic!("those bytes are not kept any more"),
            _ => {}
        }
    };
    assert_eq!(missed, 5 * 1024);
    assert_eq!(slow.begin().await.1, missed);
    assert_eq!(slow.text(HISTORY).await.len(), HISTORY);
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_guest_that_does_not_read_does_not_hold_up_what_it_prints() {
    let (mut bench, _watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    let input = ada.sender();
    while timeout(Duration::from_secs(1), input.send(typed("paste")))
        .await
        .is_ok()
    {}
    guest.print("busy").await;
    assert_eq!(ada.text(4).await, "busy");
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn viewers_are_let_go_when_the_vm_is_gone() {
    let (mut bench, watching) = bench(PowerState::Running).await;
    let mut ada = bench.open("ada", None);
    let guest = bench.script.connect_console().await;
    ada.status(&ConsoleStatus::Connected).await;
    drop(guest);
    watching.say(DriverEvent::Gone(vm_id(1))).await;
    while soon(ada.next()).await.is_some() {}
    bench.stop().await;
}

#[tokio::test(start_paused = true)]
async fn viewers_are_bounded() {
    let (bench, _watching) = bench(PowerState::Running).await;
    let viewers: Vec<_> = (0..VIEWERS).map(|_| bench.open("ada", None)).collect();
    let one_more = bench
        .live
        .consoles
        .open(vm_id(1), ConsoleKind::Pv, comer("ben"), ReplayFrom::default());
    assert!(matches!(one_more, Err(Error::TooMany { .. })));
    drop(viewers);
    bench.stop().await;
}
