//! From XAPI's VM to ours.
use super::World;
use crate::{raw, reference::Ref, text};
use uuid::Uuid;
use wxa_driver::MemberDomain;
use wxa_model::{Bytes, Disk, GuestType, HostId, Nic, NoConsole, PowerState, UnixMillis, Vm, VmId, VmRole};

/// What the pool calls the protocol of a text console, and of a screen.
pub(super) const VT100: &str = "vt100";
pub(super) const RFB: &str = "rfb";

/// A VM where it is found on the pool: what acts and consoles need.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) reference: Ref,
    pub(crate) uuid: String,
    pub(crate) name: String,
    pub(crate) role: VmRole,
    pub(crate) power: PowerState,
    pub(crate) guest_type: Option<GuestType>,
    /// Where its text console is, as a URL.
    pub(crate) text_console: Option<String>,
    /// Where its screen is.
    pub(crate) screen: Option<String>,
    /// Where its serial port is, beside XAPI; or why there is none.
    pub(crate) serial: Result<MemberDomain, NoConsole>,
}

impl World {
    /// All VMs, templates and snapshots not among them.
    pub(crate) fn vm_references(&self) -> impl Iterator<Item = &Ref> {
        let vms = self.vms.iter().filter(|(_, raw)| is_vm(raw));
        vms.map(|(reference, _)| reference)
    }

    /// The same as they are told.
    pub(crate) fn vms(&self) -> impl Iterator<Item = (&Ref, Vm)> {
        self.vm_references()
            .filter_map(|reference| Some((reference, self.vm(reference)?)))
    }

    /// One of them; none for what is no VM to people.
    pub(crate) fn vm(&self, reference: &Ref) -> Option<Vm> {
        let raw = self.vms.get(reference)?;
        if !is_vm(raw) {
            return None;
        }
        let id = self.id_of(raw)?;
        let metrics = self.vm_metrics.get(&raw.metrics);
        let power = power(raw);
        let runs = matches!(power, PowerState::Running | PowerState::Paused);
        // A halted VM may keep what the guest of its last run has told.
        let guest = self.guests.get(&raw.guest_metrics).filter(|_| runs);
        let (consoles, no_console) = self.consoles(reference, raw, power);
        let told = |number: Option<i64>| number.filter(|number| runs && *number > 0);
        Some(Vm {
            id,
            host: self.home(raw),
            name: text::printable(&raw.name_label),
            role: role(raw),
            power,
            guest_type: guest_type(raw),
            vcpus: small(told(metrics.map(|metrics| metrics.vcpus_number)).unwrap_or(raw.vcpus_at_startup)),
            memory: bytes(self.memory(raw)),
            memory_max: bytes(raw.memory_static_max),
            xen_uuid: Uuid::try_parse(&raw.uuid).ok(),
            native_id: (runs && raw.domid >= 0).then(|| raw.domid.to_string()),
            config_path: None,
            config_problem: None,
            autostart: raw
                .other_config
                .get("auto_poweron")
                .is_some_and(|value| value == "true"),
            started_at: metrics
                .filter(|_| runs)
                .and_then(|metrics| self.by_our_clock(text::seconds(&metrics.start_time)?)),
            disks: self.disks(reference),
            nics: self.nics(reference),
            consoles,
            no_console,
            understood: None,
            refused: self.refused(raw, power),
            guest: guest.and_then(|guest| guest.info.clone()),
            tags: Vec::new(),
            pool_tags: pool_tags(&raw.tags),
            notes: String::new(),
        })
    }

    /// Where a VM is on the pool.
    pub(crate) fn place(&self, id: VmId) -> Option<Place> {
        let reference = self.by_id.get(&id)?;
        let raw = self.vms.get(reference).filter(|raw| is_vm(raw))?;
        let power = power(raw);
        Some(Place {
            reference: reference.clone(),
            uuid: raw.uuid.clone(),
            name: text::printable(&raw.name_label),
            role: role(raw),
            power,
            guest_type: guest_type(raw),
            text_console: self.console(reference, power, VT100),
            screen: self.console(reference, power, RFB),
            serial: self.serial(raw),
        })
    }

    /// What it has while it runs, or would get.
    pub(super) fn memory(&self, raw: &raw::Vm) -> i64 {
        let has = self
            .vm_metrics
            .get(&raw.metrics)
            .map_or(0, |metrics| metrics.memory_actual);
        match raw.is_control_domain {
            _ if raw.domid >= 0 && has > 0 => has,
            true => raw.memory_target,
            false => raw.memory_dynamic_max,
        }
    }

    /// Our id of the VM with that UUID; none for what is none.
    pub(crate) fn vm_by_uuid(&self, uuid: &str) -> Option<VmId> {
        let uuid = Uuid::try_parse(uuid).ok()?;
        let identity = wxa_model::ids::VmIdentity::Uuid(uuid);
        let id = VmId::derive(self.ours.site, self.ours.pool, &identity);
        let known = self.vms.get(self.by_id.get(&id)?)?;
        is_vm(known).then_some(id)
    }

    /// The member it runs on, or is tied to while it runs nowhere; else the pool.
    fn home(&self, vm: &raw::Vm) -> HostId {
        [&vm.resident_on, &vm.affinity]
            .into_iter()
            .find_map(|host| self.member_id(host))
            .unwrap_or(self.ours.pool)
    }

    fn disks(&self, vm: &Ref) -> Vec<Disk> {
        let known = |vbd| self.vbds.get(vbd).map(Box::as_ref);
        let mut vbds: Vec<&raw::Vbd> = self.vbds_of.of(vm).filter_map(known).collect();
        vbds.sort_by_cached_key(|vbd| {
            (
                vbd.userdevice.parse::<u32>().unwrap_or(u32::MAX),
                vbd.device.clone(),
            )
        });
        vbds.into_iter().map(|vbd| self.disk(vbd)).collect()
    }

    fn disk(&self, vbd: &raw::Vbd) -> Disk {
        let vdi = self.vdis.get(&vbd.vdi).filter(|_| !vbd.empty);
        let sr = vdi.and_then(|vdi| self.srs.get(&vdi.sr));
        let names = [sr.map(|sr| &sr.name_label), vdi.map(|vdi| &vdi.name_label)];
        let names: Vec<&str> = names
            .into_iter()
            .flatten()
            .map(String::as_str)
            .filter(|name| !name.is_empty())
            .collect();
        let format = match vbd.kind.as_ref() {
            "CD" => "cdrom",
            _ => vdi
                .and_then(|vdi| {
                    vdi.sm_config
                        .get("image-format")
                        .or_else(|| vdi.sm_config.get("vdi_type"))
                })
                .map_or("", String::as_str),
        };
        Disk {
            device: match vbd.device.is_empty() {
                true => text::printable(&vbd.userdevice),
                false => text::printable(&vbd.device),
            },
            target: text::printable(&names.join(" / ")),
            format: text::printable(format),
            writable: vbd.mode == "RW",
            // No disk has no size: 0 is one that was not told.
            size: vdi
                .and_then(|vdi| u64::try_from(vdi.virtual_size).ok())
                .filter(|size| *size > 0)
                .map(Bytes),
        }
    }

    fn nics(&self, vm: &Ref) -> Vec<Nic> {
        let known = |vif| self.vifs.get(vif).map(Box::as_ref);
        let mut vifs: Vec<&raw::Vif> = self.vifs_of.of(vm).filter_map(known).collect();
        vifs.sort_by_cached_key(|vif| (vif.device.parse::<u32>().unwrap_or(u32::MAX), vif.mac.clone()));
        let bridge = |vif: &raw::Vif| {
            self.networks
                .get(&vif.network)
                .map(|network| text::printable(&network.bridge))
        };
        vifs.into_iter()
            .map(|vif| Nic {
                mac: text::printable(&vif.mac),
                bridge: bridge(vif).unwrap_or_default(),
            })
            .collect()
    }

    pub(super) fn console(&self, vm: &Ref, power: PowerState, protocol: &str) -> Option<String> {
        let consoles = self
            .consoles_of
            .of(vm)
            .filter_map(|console| self.consoles.get(console));
        let mut urls: Vec<&String> = consoles
            .filter(|console| power == PowerState::Running && console.protocol == protocol)
            .map(|console| &console.location)
            .collect();
        urls.sort_unstable();
        urls.first().map(|url| (*url).clone())
    }

    /// A moment of the pool's clock by ours.
    pub(super) fn by_our_clock(&self, seconds: i64) -> Option<UnixMillis> {
        let millis = seconds.saturating_mul(1000).saturating_add(self.skew_ms);
        u64::try_from(millis).ok().map(UnixMillis)
    }
}

/// Not a template, and so no snapshot either.
pub(super) fn is_vm(raw: &raw::Vm) -> bool {
    !(raw.is_a_template || raw.is_default_template || raw.is_a_snapshot)
}

pub(super) fn role(raw: &raw::Vm) -> VmRole {
    match raw.is_control_domain {
        true => VmRole::ControlDomain,
        false => VmRole::Guest,
    }
}

fn power(raw: &raw::Vm) -> PowerState {
    match raw.power_state.as_ref() {
        "Running" => PowerState::Running,
        "Paused" => PowerState::Paused,
        "Suspended" => PowerState::Suspended,
        "Halted" => PowerState::Halted,
        // A state that is new: whatever is on a host is doing something there.
        _ if raw.domid >= 0 && !raw.resident_on.is_null() => PowerState::Running,
        _ => PowerState::Halted,
    }
}

pub(super) fn guest_type(raw: &raw::Vm) -> Option<GuestType> {
    match raw.domain_type.as_ref() {
        "hvm" => Some(GuestType::Hvm),
        "pvh" => Some(GuestType::Pvh),
        "pv" | "pv_in_pvh" => Some(GuestType::Pv),
        // Older pools tell it by how it boots.
        "" | "unspecified" => Some(match raw.hvm_boot_policy.is_empty() {
            true => GuestType::Pv,
            false => GuestType::Hvm,
        }),
        _ => None,
    }
}

/// The tags that the pool keeps itself: as texts for people, each once, and no more than fit on a page.
fn pool_tags(told: &[String]) -> Vec<String> {
    const MOST: usize = 32;
    const LONGEST: usize = 64;
    let mut tags: Vec<String> = Vec::new();
    for tag in told {
        let tag: String = text::printable(tag.trim()).chars().take(LONGEST).collect();
        let is_new = !tag.is_empty()
            && !tags
                .iter()
                .any(|known| known.to_lowercase() == tag.to_lowercase());
        if is_new && tags.len() < MOST {
            tags.push(tag);
        }
    }
    tags.sort();
    tags
}

fn small(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

pub(super) fn bytes(number: i64) -> Bytes {
    Bytes(u64::try_from(number).unwrap_or(0))
}
