//! What is recorded while hosts, this server and clocks do what they do: told to the recorder as its worker tells it, with a real
//! database, and a clock and a steady clock that are moved by hand.
mod clocks;
mod hosts;
mod services;

use crate::{
    inventory::{Inventory, InventoryCmd},
    status::{Roll, ServiceSpec, Stand, StatusHandle},
    supervisor::Supervisor,
    test_driver::{HOST, SITE, record, vm_id},
    testing::ManualClock,
};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;
use uuid::Uuid;
use wxa_driver::DriverEvent;
use wxa_model::{
    HostId, Link, ServiceId, Site, UnixMillis, UserId, Vm,
    status::{Rule, Span, Standing, Watched},
};
use wxa_store::Store;

/// What [`ManualClock`] tells at first.
const START: u64 = 1_790_000_000_000;

/// A recorder whose worker is the test.
struct Rig {
    handle: StatusHandle,
    inventory: Inventory,
    supervisor: Supervisor,
    clock: Arc<ManualClock>,
    store: Store,
    folder: TempDir,
}

impl Rig {
    /// With one host that nobody has heard yet.
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::default());
        let store = Store::open(&folder.path().join("webxenadmin.db")).await.unwrap();
        Self::run(folder, clock, store).await
    }

    async fn run(folder: TempDir, clock: Arc<ManualClock>, store: Store) -> Self {
        let supervisor = Supervisor::new();
        let inventory = Inventory::start(7, &supervisor);
        let site = Site {
            id: SITE,
            name: "Home".into(),
        };
        inventory.put_site(site).await;
        inventory.send(InventoryCmd::PutHost(record(HOST))).await;
        let handle = StatusHandle::new(store.clone(), clock.clone());
        handle.restore().await.unwrap();
        let rig = Self {
            handle,
            inventory,
            supervisor,
            clock,
            store,
            folder,
        };
        rig.look(0).await;
        rig
    }

    /// The server is killed, and another one starts on what it left, `down_ms` later.
    async fn killed(self, down_ms: u64) -> Self {
        self.supervisor.stop(Duration::from_secs(5)).await;
        self.clock.advance(Duration::from_millis(down_ms));
        Self::run(self.folder, self.clock, self.store).await
    }

    /// The clock tells what it tells, `passed` ms after the last look; what was told meanwhile is seen.
    async fn look(&self, passed: u64) {
        self.inventory.settled().await;
        self.handle.state().advance(self.now(), passed);
        self.handle.state().see(&self.inventory.now());
        self.handle.publish();
    }

    /// Time passes, by both clocks, in steps as the worker takes them, and what happened is written.
    async fn pass(&self, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(5000);
            left -= step;
            self.clock.advance(Duration::from_millis(step));
            self.look(step).await;
        }
        self.handle.write().await.unwrap();
    }

    async fn says(&self, event: DriverEvent) {
        let (host, at) = (HOST, self.now());
        self.inventory
            .send(InventoryCmd::Driver { host, at, event })
            .await;
    }

    async fn lists(&self, vms: Vec<Vm>) {
        self.says(DriverEvent::ResyncBegin).await;
        for vm in vms {
            self.says(DriverEvent::Listed(vm)).await;
        }
        self.says(DriverEvent::ResyncEnd).await;
        self.look(0).await;
    }

    /// The host is noticed to be lost, which was heard last then.
    async fn loses(&self, host: HostId, heard: UnixMillis) {
        let link = Link::Down {
            since: heard,
            why: "no answer".into(),
            retry_at: UnixMillis(heard.0 + 20_000),
        };
        let heard = Some(heard);
        self.inventory
            .send(InventoryCmd::Link { host, link, heard })
            .await;
        self.look(0).await;
    }

    async fn watches(&self, specs: &[ServiceSpec]) {
        let new = self.handle.state().replace(specs);
        self.handle.remember(new).await;
        self.handle.publish();
    }

    fn now(&self) -> UnixMillis {
        crate::Clock::now(&*self.clock)
    }

    fn stand(&self, of: Watched) -> Stand {
        self.handle.standings().of(of)
    }

    /// What is told of it up to now, in milliseconds since the start.
    async fn told(&self, of: Watched) -> Vec<(u64, u64, Standing)> {
        let ever = UnixMillis(0);
        let spans = self.handle.spans_of(&[of], ever, self.now()).await.unwrap();
        spans.values().flatten().map(short).collect()
    }
}

fn short(span: &Span) -> (u64, u64, Standing) {
    (span.from.0 - START, span.until.0 - START, span.standing)
}

fn a_vm(n: u128) -> Watched {
    Watched::Vm(vm_id(n))
}

fn service(n: u128) -> Watched {
    Watched::Service(ServiceId(Uuid::from_u128(n)))
}

fn spec(n: u128, vms: &[u128], rule: Rule) -> ServiceSpec {
    ServiceSpec {
        id: ServiceId(Uuid::from_u128(n)),
        creator: UserId(Uuid::from_u128(1)),
        members: vms.iter().map(|n| a_vm(*n)).collect(),
        roll: Roll::Whole,
        rule,
        checks: Vec::new(),
    }
}
