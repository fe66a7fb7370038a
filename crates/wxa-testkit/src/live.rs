//! A tab on the live socket: it applies what it is told, as the browser does.
use std::collections::{BTreeMap, HashMap};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use wxa_model::{
    Change, Host, HostId, HostSample, Key, Object, PowerState, Task, TaskId, UnixMillis, Vm, VmId, VmSample,
};
use wxa_wire::{
    LiveForm, LiveFrame, LiveRequest, SampleWish, index_frame,
    sample_frame::{self, SampleRow},
};

use crate::{Closed, DEADLINE, Socket};

/// What the tab knows.
#[derive(Debug)]
pub struct LiveClient {
    socket: Socket,
    /// The build that the server named.
    pub build: String,
    /// Names the server's run.
    pub epoch: u64,
    /// What it has.
    pub revision: u64,
    /// All objects it was told of.
    pub objects: BTreeMap<Key, Object>,
    /// How many snapshots came.
    pub snapshots: usize,
    /// How many deltas came.
    pub deltas: usize,
    /// How many ticks came.
    pub ticks: usize,
    /// The latest measurement of each VM.
    pub vm_samples: HashMap<VmId, VmSample>,
    /// The latest measurement of each host.
    pub host_samples: HashMap<HostId, HostSample>,
    moments: HashMap<VmId, Vec<UnixMillis>>,
}

impl LiveClient {
    pub(crate) async fn open(mut socket: Socket, epoch: u64, revision: u64, form: LiveForm) -> Self {
        let hello = LiveRequest::Hello {
            epoch,
            revision,
            form,
        };
        say(&mut socket, &hello).await;
        Self {
            socket,
            build: String::new(),
            epoch,
            revision,
            objects: BTreeMap::new(),
            snapshots: 0,
            deltas: 0,
            ticks: 0,
            vm_samples: HashMap::new(),
            host_samples: HashMap::new(),
            moments: HashMap::new(),
        }
    }

    /// Wishes for measurements.
    pub async fn wish(&mut self, vms: Vec<VmId>) {
        say(
            &mut self.socket,
            &LiveRequest::Samples {
                wish: SampleWish::Vms(vms),
            },
        )
        .await;
    }

    /// Asks for VMs in full; for a tab that follows the index.
    pub async fn watch(&mut self, vms: Vec<VmId>) {
        say(&mut self.socket, &LiveRequest::Watch { vms }).await;
    }

    /// Reads frames until `cond` holds; panics with what it knows when the deadline has passed.
    pub async fn wait_until(&mut self, what: &str, cond: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !cond(self) {
            assert!(
                begun.elapsed() < DEADLINE,
                "waited {DEADLINE:?} in vain for: {what}; known: {:#?}",
                self.objects
            );
            if let Err(closed) = self.read().await {
                panic!("the live socket ended with {closed:?} while waiting for: {what}");
            }
        }
    }

    /// Reads and applies one frame.
    ///
    /// # Errors
    /// When the socket has ended.
    pub async fn read(&mut self) -> Result<(), Closed> {
        match self.socket.next().await? {
            Message::Text(text) => {
                self.apply(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")));
            }
            Message::Binary(bytes) if index_frame::is_one(&bytes) => self.told(&bytes),
            Message::Binary(bytes) => self.measured(&bytes),
            other => panic!("an unexpected frame: {other:?}"),
        }
        Ok(())
    }

    /// Reads until the socket ends.
    pub async fn closed(mut self) -> Closed {
        loop {
            if let Err(closed) = self.read().await {
                return closed;
            }
        }
    }

    /// The socket itself, to break the protocol with.
    pub fn socket(&mut self) -> &mut Socket {
        &mut self.socket
    }

    /// When what it was told of a VM's use was measured, in the order in which it came.
    pub fn moments(&self, id: VmId) -> &[UnixMillis] {
        self.moments.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What it knows of a VM.
    pub fn vm(&self, id: VmId) -> Option<&Vm> {
        match self.objects.get(&Key::Vm(id)) {
            Some(Object::Vm(vm)) => Some(vm),
            _ => None,
        }
    }

    /// What a VM is doing, as far as it knows.
    pub fn power(&self, id: VmId) -> Option<PowerState> {
        self.vm(id).map(|vm| vm.power)
    }

    /// What it knows of a host.
    pub fn host(&self, id: HostId) -> Option<&Host> {
        match self.objects.get(&Key::Host(id)) {
            Some(Object::Host(host)) => Some(host),
            _ => None,
        }
    }

    /// What it knows of a task.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        match self.objects.get(&Key::Task(id)) {
            Some(Object::Task(task)) => Some(task),
            _ => None,
        }
    }

    fn apply(&mut self, frame: LiveFrame) {
        match frame {
            LiveFrame::Welcome { build, .. } => self.build = build,
            LiveFrame::Snapshot {
                epoch,
                revision,
                objects,
            } => {
                (self.epoch, self.revision) = (epoch, revision);
                self.objects = objects.into_iter().map(|object| (object.key(), object)).collect();
                self.snapshots += 1;
            }
            LiveFrame::Delta { from, to, changes } => {
                assert_eq!(from, self.revision, "a delta must fit what the tab has");
                self.revision = to;
                self.deltas += 1;
                for change in changes {
                    match change {
                        Change::Put { object } => drop(self.objects.insert(object.key(), object)),
                        Change::Gone { key } => drop(self.objects.remove(&key)),
                    }
                }
            }
            LiveFrame::Tick { .. } => self.ticks += 1,
        }
    }

    /// A frame of the index: VMs in brief replace what is known of them.
    fn told(&mut self, bytes: &[u8]) {
        let frame = index_frame::decode(bytes).expect("a frame of the index");
        let briefs = frame.vms.into_iter().map(|vm| Change::Put {
            object: Object::Vm(vm),
        });
        let changes: Vec<Change> = frame.changes.into_iter().chain(briefs).collect();
        match frame.head.from {
            Some(from) => self.apply(LiveFrame::Delta {
                from,
                to: frame.head.to,
                changes,
            }),
            None => {
                let objects = changes.into_iter().filter_map(|change| match change {
                    Change::Put { object } => Some(object),
                    Change::Gone { .. } => None,
                });
                self.apply(LiveFrame::Snapshot {
                    epoch: frame.head.epoch,
                    revision: frame.head.to,
                    objects: objects.collect(),
                });
            }
        }
    }

    fn measured(&mut self, bytes: &[u8]) {
        let (at, rows) = sample_frame::decode(bytes).expect("a frame of measurements");
        for row in rows {
            match row {
                SampleRow::Vm(id, sample) => {
                    self.moments.entry(id).or_default().push(at);
                    self.vm_samples.insert(id, sample);
                }
                SampleRow::Host(id, sample) => drop(self.host_samples.insert(id, sample)),
            }
        }
    }
}

async fn say(socket: &mut Socket, request: &LiveRequest) {
    socket
        .send_text(serde_json::to_string(request).expect("a request is JSON"))
        .await;
}
