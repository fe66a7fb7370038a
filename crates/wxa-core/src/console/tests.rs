//! A console is attached while somebody looks, replays what was printed, and waits for its guest.
use super::*;
use crate::test_driver::{Bench, Guest, HOST, Watching, soon, until, vm, vm_id};
use bytes::Bytes;
use std::time::Duration;
use tokio::time::timeout;
use wxa_driver::{DriverEvent, ErrorKind};
use wxa_model::{PowerState, Vm};

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
    fn open(&self, name: &str, from: Option<(u64, u64)>) -> ConsoleViewer {
        self.live
            .consoles
            .open(vm_id(1), ConsoleKind::Pv, name, from)
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
    assert_eq!(
        ben.item().await,
        ViewerItem::Viewers(vec!["ada".into(), "ben".into()])
    );
    assert_eq!(ben.text(7).await, "login: ");
    assert_eq!(
        ada.item().await,
        ViewerItem::Viewers(vec!["ada".into(), "ben".into()])
    );

    ada.sender().send(typed("ro")).await.unwrap();
    assert_eq!(soon(guest.typed.recv()).await, Some(typed("ro")));
    ben.sender().send(typed("ot\r")).await.unwrap();
    assert_eq!(soon(guest.typed.recv()).await, Some(typed("ot\r")));
    drop(ada);
    assert_eq!(ben.item().await, ViewerItem::Viewers(vec!["ben".into()]));
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
    tokio::time::sleep(Duration::from_secs(5)).await;
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
        tokio::time::sleep(Duration::from_millis(300)).await;
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
    let one_more = bench.live.consoles.open(vm_id(1), ConsoleKind::Pv, "ben", None);
    assert!(matches!(one_more, Err(Error::TooMany { .. })));
    drop(viewers);
    bench.stop().await;
}
