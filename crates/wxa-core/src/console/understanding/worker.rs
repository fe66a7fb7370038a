//! Takes in what was marked in earlier runs of the server, and brings what is new of guests into the inventory.
use super::Mark;
use crate::{
    console::tapes::Tapes,
    inventory::{Inventory, InventoryCmd},
    supervisor::{Restart, Supervisor, WorkerError},
};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use wxa_store::{ConsoleStore, Error, TapeKey, consoles::BOOT};

/// What comes within so much time is told together.
const GATHERS: Duration = Duration::from_millis(100);
/// How often those are told whose consoles say too much.
const LATE: Duration = Duration::from_secs(10);
/// Marks of a tape that are looked through for what it told last.
const LATEST: u32 = 50;
/// Boots that are looked through: the next ones are compared with them.
const BOOTS: u32 = 20;

/// Tells the inventory for as long as the server runs.
pub(in crate::console) fn tell(tapes: &Tapes, inventory: &Inventory, supervisor: &Supervisor) {
    let (tapes, inventory) = (tapes.clone(), inventory.clone());
    supervisor.spawn("console understanding", Restart::OnFailure, move |stop| {
        run(tapes.clone(), inventory.clone(), stop)
    });
}

async fn run(tapes: Tapes, inventory: Inventory, stop: CancellationToken) -> Result<(), WorkerError> {
    tokio::select! {
        () = restore(&tapes) => {}
        () = stop.cancelled() => return Ok(()),
    }
    let understanding = tapes.understanding();
    let mut caught_up = Instant::now();
    loop {
        for vm in understanding.take() {
            let understood = understanding.understood(vm);
            inventory.send(InventoryCmd::PutUnderstood(vm, understood)).await;
        }
        tokio::select! {
            () = understanding.came.notified() => {}
            () = sleep(LATE) => {}
            () = stop.cancelled() => return Ok(()),
        }
        tokio::select! {
            () = sleep(GATHERS) => {}
            () = stop.cancelled() => return Ok(()),
        }
        if caught_up.elapsed() >= LATE {
            caught_up = Instant::now();
            understanding.catch_up();
        }
    }
}

async fn restore(tapes: &Tapes) {
    let Some(store) = tapes.store() else { return };
    for (key, end) in tapes.ends() {
        recall(tapes, store, key, end).await;
    }
}

/// Takes in what was marked on one tape, which ends at `end`.
async fn recall(tapes: &Tapes, store: &ConsoleStore, key: TapeKey, end: u64) {
    match marks(store, key).await {
        Ok(marks) => tapes.understanding().restore(key.vm, key.kind, end, &marks),
        Err(error) => tracing::debug!(%error, "marks cannot be read"),
    }
}

/// Takes in what was marked of a guest that begins to run, where nothing is known of its earlier boots: it may have been gone for a while.
pub(in crate::console) async fn recall_past(tapes: &Tapes, key: TapeKey, end: u64) {
    if let Some(store) = tapes.store()
        && tapes.understanding().lacks_past(key.vm, key.kind)
    {
        recall(tapes, store, key, end).await;
    }
}

/// The latest marks and the latest boots, oldest first.
async fn marks(store: &ConsoleStore, key: TapeKey) -> Result<Vec<Mark>, Error> {
    let mut records = store.marks(key, None, LATEST).await?;
    for boot in store.marks(key, Some(BOOT), BOOTS).await? {
        if !records.contains(&boot) {
            records.push(boot);
        }
    }
    records.sort_by_key(|record| record.offset);
    Ok(records.iter().filter_map(Mark::of).collect())
}
