//! What hosts record goes on tapes, once, watched or not, over restarts.
use super::*;
use crate::{
    console::{
        ReplayFrom, ViewerItem,
        settings::{Recording as Settings, RecordingSettings},
        tapes::TapesParts,
        tests::comer,
    },
    test_driver::{Bench, Guest, HOST, Recording, Watching, soon, until, vm, vm_id},
    testing::ManualClock,
};
use bytes::Bytes;
use std::{path::Path, time::Duration};
use tempfile::TempDir;
use tokio::sync::mpsc;
use wxa_driver::{DriverEvent, Error, ErrorKind, LogPlace, Recorded};
use wxa_model::{ConsoleKind, PowerState, Vm};
use wxa_store::{ConsoleStore, Store, consoles::BOOT};

const PV: ConsoleKind = ConsoleKind::Pv;

/// A server that records, and the host that it records from.
struct RecordingHost {
    bench: Bench,
    calls: mpsc::Receiver<Recording>,
    watching: Watching,
}

async fn on(folder: &Path, vms: Vec<Vm>) -> RecordingHost {
    let store = ConsoleStore::open(&folder.join("consoles.db")).await.unwrap().0;
    let known = store.tapes().await.unwrap();
    let clock = Arc::new(ManualClock::default());
    let tapes = Tapes::new(TapesParts {
        store: Some(store),
        known,
        recording: Settings::default(),
        clock: clock.clone(),
    });
    let mut bench = Bench::start_with(clock, tapes).await;
    let calls = bench.script.records();
    bench.live.consoles.record();
    let watching = bench.script.listed(vms).await;
    until(&bench.live.inventory, |now| {
        now.host(HOST).is_some_and(|(host, _)| host.link.is_up())
    })
    .await;
    RecordingHost {
        bench,
        calls,
        watching,
    }
}

impl RecordingHost {
    async fn call(&mut self) -> Recording {
        soon(self.calls.recv()).await.unwrap()
    }

    fn tapes(&self) -> &Tapes {
        self.bench.live.consoles.tapes()
    }

    /// All that is on a tape, once it has so many bytes.
    async fn text(&self, n: u128, bytes: u64) -> String {
        let tape = self.tapes().tape(vm_id(n), PV);
        let mut end = tape.watch_end();
        soon(end.wait_for(|end| *end >= bytes)).await.unwrap();
        let printed = self.tapes().read(&tape, 0, u64::MAX, 1 << 30).await.unwrap();
        let all: Vec<u8> = printed.into_iter().flat_map(|piece| piece.bytes).collect();
        String::from_utf8_lossy(&all).into_owned()
    }

    async fn following(&self) {
        let mut states = self.bench.live.consoles.recorders().inner.states.subscribe();
        let following = states.wait_for(|states| states.get(&HOST) == Some(&RecorderState::Following));
        soon(following).await.unwrap();
    }
}

/// A server that records its one guest by staying attached to its console, and that console.
async fn attached(folder: &Path) -> (RecordingHost, Store, Guest) {
    let mut guest = vm(1, PowerState::Running);
    guest.consoles = vec![PV];
    let mut host = on(folder, vec![guest]).await;
    let store = Store::open(&folder.join("main.db")).await.unwrap();
    let recording = host.tapes().recording();
    recording
        .set_way(&store, HOST, RecordingWay::Attached)
        .await
        .unwrap();
    let guest = host.bench.script.connect_console().await;
    (host, store, guest)
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test]
async fn what_a_host_records_is_kept_though_nobody_looks_and_is_replayed_to_who_comes() {
    let folder = folder();
    let mut host = on(folder.path(), vec![vm(1, PowerState::Running)]).await;
    let call = host.call().await;
    assert_eq!(call.known, []);
    call.tell(vm_id(1), 5, 0, "booting the kernel\n").await;
    call.caught_up().await;
    host.following().await;
    assert_eq!(host.text(1, 19).await, "booting the kernel\n");

    let mut viewer = host
        .bench
        .live
        .consoles
        .open(vm_id(1), PV, comer("ada"), ReplayFrom::default())
        .unwrap();
    let guest = host.bench.script.connect_console().await;
    // What the guest's host kept for who attaches, and then more.
    guest.print("booting the kernel\nlogin: ").await;
    call.tell(vm_id(1), 5, 19, "login: ").await;
    guest.print("root\n").await;
    call.tell(vm_id(1), 5, 26, "root\n").await;
    let mut seen = String::new();
    while seen.len() < 31 {
        if let ViewerItem::Bytes(bytes) = soon(viewer.next()).await.unwrap() {
            seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    assert_eq!(seen, "booting the kernel\nlogin: root\n");
    drop(viewer);
    soon(guest.prints.closed()).await;
    call.tell(vm_id(1), 5, 31, "after\n").await;
    assert_eq!(host.text(1, 37).await, "booting the kernel\nlogin: root\nafter\n");
    host.bench.stop().await;
}

#[tokio::test]
async fn a_server_that_is_killed_goes_on_from_where_its_tapes_end() {
    let folder = folder();
    let (mut end, mut log) = (0, String::new());
    for run in 0..4 {
        let mut host = on(folder.path(), vec![vm(1, PowerState::Running)]).await;
        let call = host.call().await;
        let place = call.known.first().map_or(0, |(_, place)| place.offset);
        assert!(place <= log.len() as u64);
        // The host tells what it still has from there on, and more.
        for line in 0..50 {
            log.push_str(&format!("run {run} line {line}\n"));
        }
        let rest = &log[usize::try_from(place).unwrap()..];
        call.tell(vm_id(1), 5, place, rest).await;
        end = end.max(log.len() as u64);
        assert_eq!(host.text(1, end).await, log, "in run {run}");
        let epoch = host.tapes().tape(vm_id(1), PV).epoch;
        if run % 2 == 0 {
            // Something is written by then, or nothing: both must do.
            tokio::time::sleep(Duration::from_millis(run * 150)).await;
        }
        // Cut off, not stopped: nothing more is written.
        let killed = copied(folder.path());
        host.bench.stop().await;
        restore(&killed, folder.path());
        let store = ConsoleStore::open(&folder.path().join("consoles.db"))
            .await
            .unwrap()
            .0;
        let tapes = store.tapes().await.unwrap();
        if let Some(tape) = tapes.first() {
            assert_eq!(tape.epoch, epoch);
            assert_eq!(tape.places[0].offset, tape.end, "bytes and place go together");
        }
        store.close().await;
    }
}

/// The folder's files as they are at this moment.
fn copied(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let bytes = std::fs::read(entry.path()).unwrap();
        (entry.file_name().into_string().unwrap(), bytes)
    });
    files.filter(|(name, _)| !name.ends_with("-shm")).collect()
}

fn restore(files: &[(String, Vec<u8>)], folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

#[tokio::test]
async fn what_the_host_lost_is_a_gap_with_its_size() {
    let folder = folder();
    let mut host = on(folder.path(), vec![vm(1, PowerState::Running)]).await;
    let call = host.call().await;
    call.tell(vm_id(1), 5, 0, "before\n").await;
    let missed = Recorded::Missed {
        vm: vm_id(1),
        kind: PV,
        bytes: Some(1000),
        at: LogPlace { file: 6, offset: 500 },
    };
    call.told.send(missed).await.unwrap();
    call.tell(vm_id(1), 6, 500, "after\n").await;
    assert_eq!(host.text(1, 1013).await, "before\nafter\n");
    let tape = host.tapes().tape(vm_id(1), PV);
    assert_eq!(
        host.tapes().spans(&tape, 9).await.unwrap(),
        [(0, 7), (1007, 1013)]
    );

    let mut viewer = host
        .bench
        .live
        .consoles
        .open(
            vm_id(1),
            PV,
            comer("ada"),
            ReplayFrom {
                has: None,
                at: Some(2),
            },
        )
        .unwrap();
    let mut items = Vec::new();
    while !matches!(items.last(), Some(ViewerItem::Bytes(bytes)) if &bytes[..] == b"after\n") {
        let item = soon(viewer.next()).await.unwrap();
        if !matches!(item, ViewerItem::Status(_) | ViewerItem::Viewers { .. }) {
            items.push(item);
        }
    }
    let epoch = tape.epoch;
    let begin = |offset| ViewerItem::Begin {
        epoch,
        offset,
        live_at: 1013,
    };
    assert_eq!(
        items,
        [
            begin(2),
            ViewerItem::Bytes(Bytes::from_static(b"fore\n")),
            ViewerItem::Skipped(1000),
            begin(1007),
            ViewerItem::Bytes(Bytes::from_static(b"after\n")),
        ]
    );
    drop(viewer);
    host.bench.stop().await;
}

#[tokio::test]
async fn a_host_that_names_another_hosts_guest_does_not_write_on_its_tape() {
    let folder = folder();
    let mut host = on(folder.path(), vec![vm(1, PowerState::Running)]).await;
    let call = host.call().await;
    call.tell(vm_id(9), 5, 0, "forged\n").await;
    call.tell(vm_id(1), 5, 0, "own\n").await;
    assert_eq!(host.text(1, 4).await, "own\n");
    let forged = wxa_store::TapeKey {
        vm: vm_id(9),
        kind: PV,
    };
    assert!(host.tapes().known(forged).is_none());
    host.bench.stop().await;
}

#[tokio::test]
async fn a_boot_is_marked_where_its_output_begins() {
    let folder = folder();
    let mut host = on(folder.path(), vec![vm(1, PowerState::Running)]).await;
    let call = host.call().await;
    call.tell(vm_id(1), 5, 0, "going down\n").await;
    host.text(1, 11).await;
    host.watching
        .say(DriverEvent::Changed(vm(1, PowerState::Halted)))
        .await;
    until(&host.bench.live.inventory, |now| {
        now.vm(vm_id(1))
            .is_some_and(|(vm, _)| vm.power == PowerState::Halted)
    })
    .await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    host.bench.clock.advance(Duration::from_secs(60));
    call.tell(vm_id(1), 5, 11, "booting\n").await;
    host.text(1, 19).await;
    host.bench.clock.advance(Duration::from_secs(1));
    host.watching
        .say(DriverEvent::Changed(vm(1, PowerState::Running)))
        .await;
    let tape = host.tapes().tape(vm_id(1), PV);
    let boots = loop {
        let boots = host.tapes().marks(&tape, Some(BOOT), 9).await.unwrap();
        if !boots.is_empty() {
            break boots;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((boots.len(), boots[0].offset), (1, 11));
    host.bench.stop().await;
}

#[tokio::test]
async fn a_guest_that_is_not_to_be_recorded_is_not() {
    let folder = folder();
    let mut host = on(folder.path(), vec![vm(1, PowerState::Running)]).await;
    let store = Store::open(&folder.path().join("main.db")).await.unwrap();
    let off = RecordingSettings {
        on: false,
        ..RecordingSettings::default()
    };
    host.tapes().recording().set_common(&store, off).await.unwrap();
    let call = host.call().await;
    call.tell(vm_id(1), 5, 0, "private\n").await;
    call.caught_up().await;
    host.following().await;
    host.tapes()
        .recording()
        .set_common(&store, RecordingSettings::default())
        .await
        .unwrap();
    call.tell(vm_id(1), 5, 8, "public\n").await;
    assert_eq!(host.text(1, 7).await, "public\n");
    let settings = Settings::load(&store).await.unwrap();
    assert_eq!(settings.common(), RecordingSettings::default());
    host.bench.stop().await;
}

#[tokio::test]
async fn a_host_that_records_nothing_is_told_so_and_its_console_is_replayed_as_it_logs_it() {
    let folder = folder();
    let mut host = on(folder.path(), vec![vm(1, PowerState::Running)]).await;
    let call = host.call().await;
    let none = Error::new(
        ErrorKind::NotSupported { action: None },
        "Nothing is logged here.",
    );
    call.end.send(none).unwrap();
    let mut states = host.bench.live.consoles.recorders().inner.states.subscribe();
    let told = RecorderState::NoLogs("Nothing is logged here.".into());
    soon(states.wait_for(|states| states.get(&HOST) == Some(&told)))
        .await
        .unwrap();
    host.bench.live.consoles.recorders().try_again();
    let again = host.call().await;
    again.caught_up().await;
    host.following().await;
    host.bench.stop().await;
}

#[tokio::test]
async fn five_hundred_guests_take_little_memory_when_nobody_looks() {
    let folder = folder();
    let vms = (1..=500).map(|n| vm(n, PowerState::Running)).collect();
    let mut host = on(folder.path(), vms).await;
    let call = host.call().await;
    let text = "x".repeat(60_000);
    for round in 0..2 {
        for n in 1..=500 {
            call.tell(vm_id(n), 5, round * 60_000, &text).await;
        }
    }
    call.caught_up().await;
    host.following().await;
    for n in 1..=500 {
        host.tapes().tape(vm_id(n), PV).flushed().await;
    }
    let bytes: Vec<usize> = (1..=500)
        .map(|n| host.tapes().tape(vm_id(n), PV).memory())
        .collect();
    let most = bytes.iter().max().copied().unwrap();
    println!("at most {most} bytes for each of 500 guests that flood");
    assert!(most <= 64 << 10, "{most}");
    let kept = host.tapes().store().unwrap().facts().await.unwrap();
    assert_eq!((kept.tapes, kept.bytes), (500, 500 * 120_000));
    assert_eq!(host.tapes().queue().dropped, 0);
    host.bench.stop().await;
}

#[tokio::test]
async fn what_a_host_tells_again_is_not_there_twice() {
    let folder = folder();
    let mut host = on(folder.path(), vec![vm(1, PowerState::Running)]).await;
    let call = host.call().await;
    call.tell(vm_id(1), 5, 0, "one\ntwo\n").await;
    call.tell(vm_id(1), 5, 0, "one\n").await;
    call.tell(vm_id(1), 5, 4, "two\nthree\n").await;
    assert_eq!(host.text(1, 14).await, "one\ntwo\nthree\n");
    host.bench.stop().await;
}

#[tokio::test]
async fn an_attached_console_that_nobody_looks_at_takes_little_memory_and_whoever_comes_misses_nothing() {
    let folder = folder();
    let (host, _store, guest) = attached(folder.path()).await;
    let lines: &str = (0..4_000)
        .map(|n| format!("line {n}\n"))
        .collect::<String>()
        .leak();
    guest.print(lines).await;
    let bytes = lines.len() as u64;
    host.text(1, bytes).await;
    let tape = host.tapes().tape(vm_id(1), PV);
    soon(tape.flushed()).await;
    assert!(tape.memory() <= 4 << 10, "{}", tape.memory());
    assert!(host.text(1, bytes).await == lines, "something is missing");

    let mut ada = host
        .bench
        .live
        .consoles
        .open(vm_id(1), PV, comer("ada"), ReplayFrom::default())
        .unwrap();
    let mut seen = Vec::new();
    while seen.len() < lines.len() {
        if let ViewerItem::Bytes(bytes) = soon(ada.next()).await.unwrap() {
            seen.extend_from_slice(&bytes);
        }
    }
    assert!(seen == lines.as_bytes(), "whoever comes misses something");
    host.bench.stop().await;
}

#[tokio::test]
async fn a_console_stays_attached_where_that_is_how_it_is_recorded_and_is_let_go_of_when_it_is_not_wanted() {
    let folder = folder();
    let (host, store, guest) = attached(folder.path()).await;
    guest.print("nobody looks\n").await;
    assert_eq!(host.text(1, 13).await, "nobody looks\n");
    let tape = host.tapes().tape(vm_id(1), PV);
    soon(tape.flushed()).await;
    let recording = host.tapes().recording();
    recording.set_way(&store, HOST, RecordingWay::Off).await.unwrap();
    soon(guest.prints.closed()).await;
    let kept = host.tapes().store().unwrap().kept(tape.key).await.unwrap();
    assert_eq!(kept.0, 13);
    host.bench.stop().await;
}
