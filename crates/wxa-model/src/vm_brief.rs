//! What every tab knows of every VM, and what only a tab that shows the VM is told (decision 0037).
//!
//! The brief of a VM is the VM with its *details* left blank. It is enough to list, filter, sort and group it, to draw its
//! row and to decide what can be done with it.
use crate::{ConsoleKind, GuestInfo, Vm};

/// The order in which a brief names consoles.
pub const CONSOLES: [ConsoleKind; 3] = [ConsoleKind::Pv, ConsoleKind::Serial, ConsoleKind::Graphical];

impl Vm {
    /// The VM with its details left blank: disks, interfaces, notes, its UUID, whether it starts by itself, why it has no text
    /// console, what its guest says beyond its addresses, and where its definition is while that can be read (an empty path says that there is one).
    pub fn brief(&self) -> Self {
        Self {
            id: self.id,
            host: self.host,
            name: self.name.clone(),
            role: self.role,
            power: self.power,
            guest_type: self.guest_type,
            vcpus: self.vcpus,
            memory: self.memory,
            memory_max: self.memory_max,
            xen_uuid: None,
            native_id: self.native_id.clone(),
            config_path: self.brief_path().map(str::to_owned),
            config_problem: self.config_problem.clone(),
            autostart: false,
            started_at: self.started_at,
            disks: Vec::new(),
            nics: Vec::new(),
            consoles: CONSOLES
                .into_iter()
                .filter(|kind| self.consoles.contains(kind))
                .collect(),
            no_console: None,
            guest: Some(self.addresses())
                .filter(|addresses| !addresses.is_empty())
                .map(|addresses| GuestInfo {
                    addresses: addresses.to_vec(),
                    ..GuestInfo::default()
                }),
            understood: self.understood,
            refused: self.refused.clone(),
            tags: self.tags.clone(),
            pool_tags: self.pool_tags.clone(),
            notes: String::new(),
        }
    }

    /// Whether both have the same brief: whether a tab that does not show the VM needs to hear of the difference.
    pub fn same_brief(&self, other: &Self) -> bool {
        let consoles = |vm: &Self| CONSOLES.map(|kind| vm.consoles.contains(&kind));
        self.id == other.id
            && self.host == other.host
            && self.name == other.name
            && self.role == other.role
            && self.power == other.power
            && self.guest_type == other.guest_type
            && self.vcpus == other.vcpus
            && self.memory == other.memory
            && self.memory_max == other.memory_max
            && self.native_id == other.native_id
            && self.brief_path() == other.brief_path()
            && self.config_problem == other.config_problem
            && self.started_at == other.started_at
            && consoles(self) == consoles(other)
            && self.addresses() == other.addresses()
            && self.understood == other.understood
            && self.refused == other.refused
            && self.tags == other.tags
            && self.pool_tags == other.pool_tags
    }

    /// This VM's brief with the details of `known`, which was told before and of which only the brief has changed.
    #[must_use]
    pub fn with_details_of(self, known: &Self) -> Self {
        let brief_guest = self.guest.unwrap_or_default();
        Self {
            xen_uuid: known.xen_uuid,
            config_path: match (self.config_path, &known.config_path) {
                // The brief says only that there is one.
                (Some(path), Some(known)) if path.is_empty() => Some(known.clone()),
                (path, _) => path,
            },
            autostart: known.autostart,
            disks: known.disks.clone(),
            nics: known.nics.clone(),
            consoles: known.consoles.clone(),
            no_console: known.no_console,
            guest: known.guest.clone().map(|guest| GuestInfo {
                addresses: brief_guest.addresses,
                ..guest
            }),
            notes: known.notes.clone(),
            ..self
        }
    }

    /// The IP addresses its guest tells; none where it tells nothing.
    pub fn addresses(&self) -> &[String] {
        self.guest.as_ref().map_or(&[], |guest| &guest.addresses)
    }

    /// The definition's path as far as a brief tells it: which, where it cannot be read; else only that there is one.
    pub fn brief_path(&self) -> Option<&str> {
        let path = self.config_path.as_deref()?;
        Some(if self.config_problem.is_some() { path } else { "" })
    }
}
