//! Records as the pool tells them: of each class only what is used here. Everything may be missing, or of another type.
use crate::{
    act,
    loose::{self, Map, Word},
    reference::Ref,
};
use serde::{Deserialize, Deserializer};
use wxa_model::Action;

/// The pool itself.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Pool {
    #[serde(deserialize_with = "loose::text")]
    pub(crate) uuid: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_label: String,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) master: Ref,
    #[serde(deserialize_with = "loose::reference", rename = "default_SR")]
    pub(crate) default_sr: Ref,
}

/// A host of the pool.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Host {
    #[serde(deserialize_with = "loose::text")]
    pub(crate) uuid: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_label: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) hostname: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) address: String,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) enabled: bool,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) metrics: Ref,
    #[serde(deserialize_with = "loose::map")]
    pub(crate) software_version: Map<String>,
    #[serde(deserialize_with = "loose::map")]
    pub(crate) cpu_info: Map<String>,
    #[serde(deserialize_with = "loose::map")]
    pub(crate) other_config: Map<String>,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) sched_policy: String,
}

/// What is measured of a host.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct HostMetrics {
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) live: bool,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) memory_total: i64,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) memory_free: i64,
}

/// A VM, template, snapshot or control domain.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Vm {
    #[serde(deserialize_with = "loose::text")]
    pub(crate) uuid: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_label: String,
    #[serde(deserialize_with = "loose::word")]
    pub(crate) power_state: Word,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) is_a_template: bool,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) is_default_template: bool,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) is_a_snapshot: bool,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) is_control_domain: bool,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) snapshot_of: Ref,
    #[serde(deserialize_with = "loose::word")]
    pub(crate) snapshot_time: Word,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) resident_on: Ref,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) affinity: Ref,
    #[serde(deserialize_with = "loose::int", rename = "VCPUs_at_startup")]
    pub(crate) vcpus_at_startup: i64,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) memory_target: i64,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) memory_dynamic_max: i64,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) memory_static_max: i64,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) domid: i64,
    #[serde(deserialize_with = "loose::word")]
    pub(crate) domain_type: Word,
    #[serde(deserialize_with = "loose::word", rename = "HVM_boot_policy")]
    pub(crate) hvm_boot_policy: Word,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) metrics: Ref,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) guest_metrics: Ref,
    /// Of these, our acts; none where nothing is told.
    #[serde(deserialize_with = "acts")]
    pub(crate) allowed_operations: Option<Vec<Action>>,
    /// What is under way, by task.
    #[serde(deserialize_with = "loose::words")]
    pub(crate) current_operations: Map<Box<str>>,
    /// With the reasons.
    #[serde(deserialize_with = "loose::map")]
    pub(crate) blocked_operations: Map<String>,
    #[serde(deserialize_with = "loose::map")]
    pub(crate) other_config: Map<String>,
    /// Of its emulated hardware.
    #[serde(deserialize_with = "loose::map")]
    pub(crate) platform: Map<String>,
    #[serde(deserialize_with = "tags")]
    pub(crate) tags: Vec<String>,
}

/// No more than are shown.
fn tags<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    const MOST: usize = 32;
    let mut told = loose::texts(from)?;
    told.truncate(MOST);
    told.shrink_to_fit();
    Ok(told)
}

/// Our acts among operations.
fn acts<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<Action>>, D::Error> {
    let told = loose::texts(from)?;
    let is_told = |action: &Action| told.iter().any(|operation| operation == act::operation(*action));
    Ok((!told.is_empty()).then(|| Action::POOL.into_iter().filter(is_told).collect()))
}

/// What is measured of a VM.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct VmMetrics {
    #[serde(deserialize_with = "loose::int")]
    pub(crate) memory_actual: i64,
    #[serde(deserialize_with = "loose::int", rename = "VCPUs_number")]
    pub(crate) vcpus_number: i64,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) start_time: String,
}

/// What a guest's agent tells.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct VmGuestMetrics {
    #[serde(deserialize_with = "loose::map")]
    pub(crate) os_version: Map<String>,
    #[serde(deserialize_with = "loose::map", rename = "PV_drivers_version")]
    pub(crate) drivers_version: Map<String>,
    #[serde(deserialize_with = "loose::flag", rename = "PV_drivers_detected")]
    pub(crate) drivers_detected: bool,
    #[serde(deserialize_with = "loose::map")]
    pub(crate) networks: Map<String>,
    #[serde(deserialize_with = "loose::map")]
    pub(crate) other: Map<String>,
}

/// A VM's block device.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Vbd {
    #[serde(deserialize_with = "loose::reference", rename = "VM")]
    pub(crate) vm: Ref,
    #[serde(deserialize_with = "loose::reference", rename = "VDI")]
    pub(crate) vdi: Ref,
    #[serde(deserialize_with = "loose::word")]
    pub(crate) device: Word,
    #[serde(deserialize_with = "loose::word")]
    pub(crate) userdevice: Word,
    #[serde(deserialize_with = "loose::word")]
    pub(crate) mode: Word,
    #[serde(deserialize_with = "loose::word", rename = "type")]
    pub(crate) kind: Word,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) empty: bool,
}

/// A disk.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Vdi {
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_label: String,
    #[serde(deserialize_with = "loose::reference", rename = "SR")]
    pub(crate) sr: Ref,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) is_a_snapshot: bool,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) virtual_size: i64,
    #[serde(deserialize_with = "loose::map")]
    pub(crate) sm_config: Map<String>,
}

/// A storage repository.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Sr {
    #[serde(deserialize_with = "loose::text")]
    pub(crate) uuid: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_label: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_description: String,
    #[serde(deserialize_with = "loose::text", rename = "type")]
    pub(crate) kind: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) content_type: String,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) shared: bool,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) physical_size: i64,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) physical_utilisation: i64,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) virtual_allocation: i64,
}

/// A storage repository's connection to a host.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Pbd {
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) host: Ref,
    #[serde(deserialize_with = "loose::reference", rename = "SR")]
    pub(crate) sr: Ref,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) currently_attached: bool,
}

/// A VM's network interface.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Vif {
    #[serde(deserialize_with = "loose::reference", rename = "VM")]
    pub(crate) vm: Ref,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) network: Ref,
    #[serde(deserialize_with = "loose::word")]
    pub(crate) device: Word,
    #[serde(deserialize_with = "loose::text", rename = "MAC")]
    pub(crate) mac: String,
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Network {
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_label: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_description: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) bridge: String,
    #[serde(deserialize_with = "loose::int", rename = "MTU")]
    pub(crate) mtu: i64,
}

/// A host's network interface.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Pif {
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) host: Ref,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) network: Ref,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) device: String,
    #[serde(deserialize_with = "loose::int", rename = "VLAN")]
    pub(crate) vlan: i64,
    #[serde(deserialize_with = "loose::flag")]
    pub(crate) management: bool,
}

/// A console of a running VM.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Console {
    #[serde(deserialize_with = "loose::reference", rename = "VM")]
    pub(crate) vm: Ref,
    #[serde(deserialize_with = "loose::word")]
    pub(crate) protocol: Word,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) location: String,
}

/// A host's certificate.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Certificate {
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) host: Ref,
    #[serde(deserialize_with = "loose::text", rename = "type")]
    pub(crate) kind: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) fingerprint: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) fingerprint_sha256: String,
}

/// Something that the pool reports.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Message {
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name: String,
    #[serde(deserialize_with = "loose::int")]
    pub(crate) priority: i64,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) cls: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) obj_uuid: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) timestamp: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) body: String,
}

/// Something that the pool does.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Task {
    #[serde(deserialize_with = "loose::text")]
    pub(crate) name_label: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) created: String,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) finished: String,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) resident_on: Ref,
    #[serde(deserialize_with = "loose::reference")]
    pub(crate) subtask_of: Ref,
    #[serde(deserialize_with = "loose::map")]
    pub(crate) other_config: Map<String>,
    #[serde(deserialize_with = "loose::texts")]
    pub(crate) allowed_operations: Vec<String>,
    #[serde(deserialize_with = "loose::text")]
    pub(crate) status: String,
    #[serde(deserialize_with = "loose::float")]
    pub(crate) progress: f64,
    #[serde(deserialize_with = "loose::texts")]
    pub(crate) error_info: Vec<String>,
}
