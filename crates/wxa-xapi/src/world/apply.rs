//! Taking events in: the objects, who points at whom, and what may have to be told anew.
use super::{Dirty, Guest, World};
use crate::{
    events::{Class, Event, Object, Operation},
    raw,
    reference::Ref,
};
use wxa_driver::{Error, ErrorKind};

/// Objects of a class: thousands of VMs with dozens of disks each are fewer.
pub(super) const MOST: usize = 200_000;

/// Whether a pool can have so many.
///
/// # Errors
/// `Malformed` when it cannot.
pub(super) fn within(class: Class, count: usize) -> Result<(), Error> {
    match count > MOST {
        false => Ok(()),
        true => Err(Error::new(
            ErrorKind::Malformed,
            format!(
                "The pool tells of more than {MOST} objects of the class {}.",
                class.api_name()
            ),
        )),
    }
}

impl World {
    /// Takes an event in.
    ///
    /// # Errors
    /// `Malformed` when the pool has more objects of a class than a pool can have.
    pub(crate) fn apply(&mut self, event: Event, dirty: &mut Dirty) -> Result<(), Error> {
        let Some(class) = event.class else { return Ok(()) };
        self.take(class, event, dirty);
        within(class, self.count(class))
    }

    fn take(&mut self, class: Class, event: Event, dirty: &mut Dirty) {
        let reference = event.reference;
        if event.operation == Operation::Gone {
            return self.remove(class, &reference, dirty);
        }
        // A live object without a record was gone when it was looked at: its end is told next.
        let Some(object) = event.object else { return };
        match object {
            Object::Pool(new) => {
                dirty.hosts = true;
                self.pools.insert(reference, new);
            }
            Object::Host(new) => {
                dirty.hosts = true;
                // VMs name their host by its UUID.
                dirty.all |= self.hosts.get(&reference).is_none_or(|old| old.uuid != new.uuid);
                self.hosts.insert(reference, new);
            }
            Object::HostMetrics(new) => {
                dirty.hosts = true;
                self.host_metrics.insert(reference, new);
            }
            Object::Vm(new) => self.put_vm(reference, new, dirty),
            Object::VmMetrics(new) => {
                dirty.vms.extend(self.measured_by.of(&reference).cloned());
                self.vm_metrics.insert(reference, new);
            }
            Object::VmGuestMetrics(new) => {
                let new = Guest::new(&new);
                // Agents write all the time; mostly nothing of it is shown.
                if self.guests.get(&reference) != Some(&new) {
                    dirty.vms.extend(self.guest_of.of(&reference).cloned());
                    self.guests.insert(reference, new);
                }
            }
            Object::Vbd(new) => {
                self.forget_vbd(&reference, dirty);
                dirty.vms.insert(new.vm.clone());
                self.vbds_of.add(&new.vm, &reference);
                self.vbds_with.add(&new.vdi, &reference);
                self.vbds.insert(reference, new);
            }
            Object::Vdi(new) => {
                self.vdi_changes(&reference, dirty);
                self.vdis.insert(reference, new);
            }
            Object::Sr(new) => {
                dirty.all |= self
                    .srs
                    .get(&reference)
                    .is_none_or(|old| old.name_label != new.name_label);
                self.srs.insert(reference, new);
            }
            Object::Pbd(new) => {
                self.pbds.insert(reference, new);
            }
            Object::Vif(new) => {
                self.forget_vif(&reference, dirty);
                dirty.vms.insert(new.vm.clone());
                self.vifs_of.add(&new.vm, &reference);
                self.vifs.insert(reference, new);
            }
            Object::Network(new) => {
                dirty.all |= self
                    .networks
                    .get(&reference)
                    .is_none_or(|old| old.bridge != new.bridge);
                self.networks.insert(reference, new);
            }
            Object::Pif(new) => {
                self.pifs.insert(reference, new);
            }
            Object::Console(new) => {
                self.forget_console(&reference, dirty);
                dirty.vms.insert(new.vm.clone());
                self.consoles_of.add(&new.vm, &reference);
                self.consoles.insert(reference, new);
            }
            Object::Certificate(new) => {
                self.certificates.insert(reference, new);
            }
            Object::Task(new) => {
                dirty.tasks = true;
                self.tasks.put(reference, *new);
            }
            Object::Message(new) => self.messages.put(reference, *new),
        }
    }

    fn remove(&mut self, class: Class, reference: &Ref, dirty: &mut Dirty) {
        match class {
            Class::Pool => drop(self.pools.remove(reference)),
            Class::Host => {
                dirty.hosts = true;
                dirty.all |= self.hosts.remove(reference).is_some();
            }
            Class::HostMetrics => {
                dirty.hosts = true;
                self.host_metrics.remove(reference);
            }
            Class::Vm => self.remove_vm(reference, dirty),
            Class::VmMetrics => drop(self.vm_metrics.remove(reference)),
            Class::VmGuestMetrics => {
                dirty.vms.extend(self.guest_of.of(reference).cloned());
                self.guests.remove(reference);
            }
            Class::Vbd => self.forget_vbd(reference, dirty),
            Class::Vdi => {
                self.vdi_changes(reference, dirty);
                self.vdis.remove(reference);
            }
            Class::Sr => drop(self.srs.remove(reference)),
            Class::Pbd => drop(self.pbds.remove(reference)),
            Class::Vif => self.forget_vif(reference, dirty),
            Class::Network => drop(self.networks.remove(reference)),
            Class::Pif => drop(self.pifs.remove(reference)),
            Class::Console => self.forget_console(reference, dirty),
            Class::Certificate => drop(self.certificates.remove(reference)),
            Class::Task => {
                dirty.tasks = true;
                self.tasks.remove(reference);
            }
            Class::Message => self.messages.remove(reference),
        }
    }

    fn put_vm(&mut self, reference: Ref, new: Box<raw::Vm>, dirty: &mut Dirty) {
        self.remove_vm(&reference, dirty);
        self.measured_by.add(&new.metrics, &reference);
        self.guest_of.add(&new.guest_metrics, &reference);
        dirty.tasks |= self.tasks.under_way(&reference, &new.current_operations);
        if let Some(id) = self.id_of(&new) {
            self.by_id.insert(id, reference.clone());
        }
        self.vms.insert(reference, new);
    }

    fn remove_vm(&mut self, reference: &Ref, dirty: &mut Dirty) {
        dirty.vms.insert(reference.clone());
        if let Some(old) = self.vms.remove(reference) {
            self.measured_by.remove(&old.metrics, reference);
            self.guest_of.remove(&old.guest_metrics, reference);
            self.tasks.no_more(&old.current_operations);
            if let Some(id) = self.id_of(&old)
                && self.by_id.get(&id) == Some(reference)
            {
                self.by_id.remove(&id);
            }
        }
    }

    fn forget_vbd(&mut self, reference: &Ref, dirty: &mut Dirty) {
        if let Some(old) = self.vbds.remove(reference) {
            self.vbds_of.remove(&old.vm, reference);
            self.vbds_with.remove(&old.vdi, reference);
            dirty.vms.insert(old.vm);
        }
    }

    fn forget_vif(&mut self, reference: &Ref, dirty: &mut Dirty) {
        if let Some(old) = self.vifs.remove(reference) {
            self.vifs_of.remove(&old.vm, reference);
            dirty.vms.insert(old.vm);
        }
    }

    fn forget_console(&mut self, reference: &Ref, dirty: &mut Dirty) {
        if let Some(old) = self.consoles.remove(reference) {
            self.consoles_of.remove(&old.vm, reference);
            dirty.vms.insert(old.vm);
        }
    }

    fn vdi_changes(&self, reference: &Ref, dirty: &mut Dirty) {
        let users = self.vbds_with.of(reference);
        dirty
            .vms
            .extend(users.filter_map(|vbd| Some(self.vbds.get(vbd)?.vm.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Ours;
    use serde_json::json;
    use uuid::Uuid;
    use wxa_model::{HostId, SiteId};

    #[test]
    fn a_pool_that_invents_objects_is_not_believed() {
        let mut world = World::new(Ours {
            site: SiteId(Uuid::nil()),
            pool: HostId(Uuid::nil()),
        });
        let mut put = |n: usize| {
            let reference = Ref::read(&format!("OpaqueRef:{n}"));
            let event = Event::live(Class::HostMetrics, reference, json!({}))?;
            world.apply(event, &mut Dirty::default())
        };
        for n in 0..MOST {
            assert!(put(n).is_ok(), "{n}");
        }
        assert!(put(0).is_ok(), "one that changes is no new one");
        assert_eq!(
            put(MOST).err().map(|error| error.message).as_deref(),
            Some("The pool tells of more than 200000 objects of the class host_metrics.")
        );
    }
}
