//! What of consoles is kept, for how long, and by which way it comes from each host. Kept with the other records, not with what
//! guests printed: who switched recording off is not recorded again because a file was damaged.
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};
use tokio::sync::watch;
use wxa_model::{HostId, VmId};
use wxa_store::Store;

/// Bytes that may be kept from the beginning of each boot.
pub(super) const BOOT_MOST: u64 = 16 << 20;
/// Least and most bytes of the latest output.
pub(super) const WINDOW: (u64, u64) = (64 << 10, 1 << 30);
/// Least and most days.
pub(super) const DAYS: (u32, u32) = (1, 3650);
/// Least and most bytes of all guests together.
pub(super) const TOTAL: (u64, u64) = (16 << 20, 1 << 40);
/// Tags that may be named.
pub(super) const TAGS: usize = 20;

/// Why nothing is recorded on a host for which that was chosen.
const OFF_ON_HOST: &str = "The guests of this host are not recorded: see the host's page.";

const COMMON: &str = "recording";
const OF_VM: &str = "recording vm ";
const OF_HOST: &str = "recording host ";

/// What is kept of each guest, unless said otherwise for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordingSettings {
    /// Whether anything is.
    pub on: bool,
    /// Guests with one of these tags are not recorded.
    pub off_tags: Vec<String>,
    /// Bytes from the beginning of each boot.
    pub boot_bytes: u64,
    /// Bytes of the latest output.
    pub window_bytes: u64,
    /// Days after which output goes.
    pub days: u32,
    /// Bytes of all guests together.
    pub total_bytes: u64,
}

impl Default for RecordingSettings {
    fn default() -> Self {
        Self {
            on: true,
            off_tags: Vec::new(),
            boot_bytes: 1 << 20,
            window_bytes: 4 << 20,
            days: 30,
            total_bytes: 4 << 30,
        }
    }
}

/// For one guest: what differs from the settings of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VmRecording {
    /// Whether it is recorded.
    pub on: Option<bool>,
    /// Bytes from the beginning of each boot.
    pub boot_bytes: Option<u64>,
    /// Bytes of the latest output.
    pub window_bytes: Option<u64>,
    /// Days after which output goes.
    pub days: Option<u32>,
}

impl VmRecording {
    fn over(self, common: &RecordingSettings) -> RecordingSettings {
        RecordingSettings {
            on: self.on.unwrap_or(common.on),
            boot_bytes: self.boot_bytes.unwrap_or(common.boot_bytes),
            window_bytes: self.window_bytes.unwrap_or(common.window_bytes),
            days: self.days.unwrap_or(common.days),
            ..common.clone()
        }
    }
}

/// By which way the consoles of a host's guests are recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingWay {
    /// From what the host itself logs, where it does; of a pool, by staying attached.
    #[default]
    Logs,
    /// By staying attached to each guest, which locks everybody else on the host out.
    Attached,
    /// Not at all.
    Off,
}

#[derive(Debug, Default)]
struct Known {
    common: RecordingSettings,
    vms: HashMap<VmId, VmRecording>,
    hosts: HashMap<HostId, RecordingWay>,
}

/// The settings, as they are now. Cloning gives another handle.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    known: Arc<RwLock<Known>>,
    /// Counts changes, to wake those who go by them.
    changes: watch::Sender<u64>,
}

impl Default for Recording {
    fn default() -> Self {
        Self {
            known: Arc::default(),
            changes: watch::Sender::new(0),
        }
    }
}

impl Recording {
    /// Reads what was set.
    pub(crate) async fn load(store: &Store) -> Result<Self, wxa_store::Error> {
        let mut known = Known::default();
        if let Some(common) = store.meta_get(COMMON).await?.and_then(|text| read(&text)) {
            known.common = common;
        }
        for (key, text) in store.meta_beginning(OF_VM).await? {
            let vm: Option<VmId> = key.strip_prefix(OF_VM).and_then(|id| id.parse().ok());
            known.vms.extend(vm.zip(read(&text)));
        }
        for (key, text) in store.meta_beginning(OF_HOST).await? {
            let host: Option<HostId> = key.strip_prefix(OF_HOST).and_then(|id| id.parse().ok());
            known.hosts.extend(host.zip(read(&text)));
        }
        Ok(Self {
            known: Arc::new(RwLock::new(known)),
            changes: watch::Sender::new(0),
        })
    }

    /// The settings of all.
    pub(crate) fn common(&self) -> RecordingSettings {
        self.known().common.clone()
    }

    /// What differs for one guest.
    pub(super) fn own(&self, vm: VmId) -> VmRecording {
        self.known().vms.get(&vm).copied().unwrap_or_default()
    }

    /// What holds for one guest, its tags aside.
    pub(super) fn of(&self, vm: VmId) -> RecordingSettings {
        let known = self.known();
        known
            .vms
            .get(&vm)
            .copied()
            .unwrap_or_default()
            .over(&known.common)
    }

    /// By which way a host's guests are recorded.
    pub(super) fn way(&self, host: HostId) -> RecordingWay {
        self.known().hosts.get(&host).copied().unwrap_or_default()
    }

    /// Why a guest with these tags is not recorded, whatever its host does: a sentence. None when it is to be.
    pub(super) fn refusal<'a>(&self, vm: VmId, mut tags: impl Iterator<Item = &'a String>) -> Option<String> {
        let known = self.known();
        match known.vms.get(&vm).and_then(|own| own.on) {
            Some(true) => return None,
            Some(false) => return Some("Recording is switched off for this guest.".to_owned()),
            None => {}
        }
        if !known.common.on {
            return Some("Recording is switched off for all guests.".to_owned());
        }
        let off = tags.find(|tag| {
            known
                .common
                .off_tags
                .iter()
                .any(|off| wxa_model::tag::same(off, tag))
        });
        off.map(|tag| format!("Guests with the tag “{tag}” are not recorded."))
    }

    /// The same of a guest that is reached through a host: there it may be that nobody is recorded.
    pub(super) fn refusal_on<'a>(
        &self,
        host: Option<HostId>,
        vm: VmId,
        tags: impl Iterator<Item = &'a String>,
    ) -> Option<String> {
        self.refusal(vm, tags)
            .or_else(|| (self.way(host?) == RecordingWay::Off).then(|| OFF_ON_HOST.to_owned()))
    }

    /// Tells of changes.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(super) async fn set_common(
        &self,
        store: &Store,
        settings: RecordingSettings,
    ) -> Result<(), wxa_store::Error> {
        store.meta_set(COMMON, &text(&settings)).await?;
        self.change(|known| known.common = settings);
        Ok(())
    }

    pub(super) async fn set_own(
        &self,
        store: &Store,
        vm: VmId,
        own: VmRecording,
    ) -> Result<(), wxa_store::Error> {
        let key = format!("{OF_VM}{vm}");
        if own == VmRecording::default() {
            store.meta_delete(&key).await?;
            self.change(|known| known.vms.remove(&vm));
        } else {
            store.meta_set(&key, &text(&own)).await?;
            self.change(|known| known.vms.insert(vm, own));
        }
        Ok(())
    }

    pub(super) async fn set_way(
        &self,
        store: &Store,
        host: HostId,
        way: RecordingWay,
    ) -> Result<(), wxa_store::Error> {
        let key = format!("{OF_HOST}{host}");
        if way == RecordingWay::default() {
            store.meta_delete(&key).await?;
            self.change(|known| known.hosts.remove(&host));
        } else {
            store.meta_set(&key, &text(&way)).await?;
            self.change(|known| known.hosts.insert(host, way));
        }
        Ok(())
    }

    /// The same for VMs and hosts under their new ids.
    pub(crate) async fn rename(
        &self,
        store: &Store,
        vms: &[(VmId, VmId)],
        hosts: &[(HostId, HostId)],
    ) -> Result<(), wxa_store::Error> {
        for (from, to) in vms {
            let own = self.own(*from);
            if own != VmRecording::default() {
                self.set_own(store, *to, own).await?;
                self.set_own(store, *from, VmRecording::default()).await?;
            }
        }
        for (from, to) in hosts {
            let way = self.way(*from);
            if way != RecordingWay::default() {
                self.set_way(store, *to, way).await?;
                self.set_way(store, *from, RecordingWay::default()).await?;
            }
        }
        Ok(())
    }

    fn change<T>(&self, change: impl FnOnce(&mut Known) -> T) {
        change(&mut self.known.write().unwrap_or_else(PoisonError::into_inner));
        self.changes.send_modify(|count| *count += 1);
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// None for what cannot be read: then the settings are the usual ones.
fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// Plain fields are always written.
fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
