//! The consoles of VMs: XAPI's own, and for HVM guests their emulated serial port on the member they run on.
use super::{
    World,
    to_member::name,
    to_vm::{RFB, VT100, guest_type, role},
};
use crate::{raw, reference::Ref, text};
use uuid::Uuid;
use wxa_driver::MemberDomain;
use wxa_model::{ConsoleKind, GuestType, NoConsole, PowerState, VmRole};

/// Where xapi looks for what the serial port is connected to: among the platform keys, then among the others. Where neither
/// says anything it takes `pty`, the only one that a console can be opened on (xapi's `builder_of_vm`). What a particular
/// product's toolstack makes of it is not known before it is tried.
const SERIAL: &str = "hvm_serial";
const PTY: &str = "pty";

impl World {
    /// The consoles of a VM, text before the screen; and why it has no text console.
    pub(super) fn consoles(
        &self,
        vm: &Ref,
        raw: &raw::Vm,
        power: PowerState,
    ) -> (Vec<ConsoleKind>, Option<NoConsole>) {
        let (mut offered, why) = self.text_consoles(vm, raw, power);
        if self.console(vm, power, RFB).is_some() {
            offered.push(ConsoleKind::Graphical);
        }
        (offered, why)
    }

    fn text_consoles(
        &self,
        vm: &Ref,
        raw: &raw::Vm,
        power: PowerState,
    ) -> (Vec<ConsoleKind>, Option<NoConsole>) {
        if self.console(vm, power, VT100).is_some() {
            return (vec![ConsoleKind::Pv], None);
        }
        let is_hvm = guest_type(raw) == Some(GuestType::Hvm) && role(raw) == VmRole::Guest;
        if !is_hvm {
            return (Vec::new(), None);
        }
        let offered = match power {
            PowerState::Running | PowerState::Paused => self.serial(raw).map(drop),
            // Where it will run is not known: then it is seen whether that host is reached.
            _ => has_serial(raw).and_then(|()| self.shell.as_ref().map(drop).ok_or(NoConsole::NoSsh)),
        };
        match offered {
            Ok(()) => (vec![ConsoleKind::Serial], None),
            Err(why) => (Vec::new(), Some(why)),
        }
    }

    /// Where the serial port of a VM is reached.
    pub(super) fn serial(&self, raw: &raw::Vm) -> Result<MemberDomain, NoConsole> {
        has_serial(raw)?;
        let shell = self.shell.as_ref().ok_or(NoConsole::NoSsh)?;
        let host = self.hosts.get(&raw.resident_on);
        let found = host.and_then(|host| Some((host, Uuid::try_parse(&host.uuid).ok()?)));
        let (host, member) = found.ok_or(NoConsole::KeyUnconfirmed)?;
        let vm = Uuid::try_parse(&raw.uuid).map_err(|_| NoConsole::NoSerialPort)?;
        match shell.reaches(member) {
            true => Ok(MemberDomain {
                member,
                member_name: name(host),
                address: host.address.clone(),
                vm,
                vm_name: text::printable(&raw.name_label),
            }),
            false => Err(NoConsole::KeyUnconfirmed),
        }
    }
}

fn has_serial(raw: &raw::Vm) -> Result<(), NoConsole> {
    let said = raw.platform.get(SERIAL).or_else(|| raw.other_config.get(SERIAL));
    match said.is_none_or(|value| value == PTY) {
        true => Ok(()),
        false => Err(NoConsole::NoSerialPort),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        events::Events,
        world::{Dirty, Ours},
    };
    use async_trait::async_trait;
    use serde_json::{Value, json};
    use std::sync::Arc;
    use wxa_driver::{ConsoleIo, Error, ErrorKind, MemberShell};
    use wxa_model::{HostId, SiteId};

    const MEMBER: Uuid = Uuid::from_u128(7);

    #[derive(Debug)]
    struct Shell(Uuid);

    #[async_trait]
    impl MemberShell for Shell {
        fn reaches(&self, member: Uuid) -> bool {
            member == self.0
        }

        async fn serial(&self, _: &MemberDomain) -> Result<ConsoleIo, Error> {
            Err(Error::new(ErrorKind::NotFound, "not in this test"))
        }
    }

    /// An HVM guest with these fields besides, where the shell reaches that member.
    fn consoles(fields: Value, reached: Option<Uuid>) -> (Vec<ConsoleKind>, Option<NoConsole>) {
        let mut vm = json!({
            "uuid": Uuid::from_u128(1), "name_label": "web", "power_state": "Running", "domain_type": "hvm",
            "domid": "3", "resident_on": "OpaqueRef:h",
        });
        if let (Some(vm), Value::Object(fields)) = (vm.as_object_mut(), fields) {
            vm.extend(fields);
        }
        let event = |class: &str, reference: &str, snapshot: Value| json!({"class": class, "operation": "add", "ref": reference, "snapshot": snapshot});
        let events = json!({"token": "1", "events": [
            event("host", "OpaqueRef:h", json!({"uuid": MEMBER, "name_label": "lab-1", "address": "10.0.0.1"})),
            event("vm", "OpaqueRef:v", vm),
        ], "valid_ref_counts": {}});
        let events: Events = serde_json::from_value(events).unwrap();
        let mut world = World::new(Ours {
            site: SiteId(Uuid::nil()),
            pool: HostId(Uuid::nil()),
        });
        world.shell = reached.map(|member| -> Arc<dyn MemberShell> { Arc::new(Shell(member)) });
        for event in events.events {
            world.apply(event, &mut Dirty::default()).unwrap();
        }
        let (_, vm) = world.vms().next().unwrap();
        (vm.consoles, vm.no_console)
    }

    fn offered() -> (Vec<ConsoleKind>, Option<NoConsole>) {
        (vec![ConsoleKind::Serial], None)
    }

    fn none(why: NoConsole) -> (Vec<ConsoleKind>, Option<NoConsole>) {
        (Vec::new(), Some(why))
    }

    #[test]
    fn a_serial_port_is_offered_where_xapi_makes_one_and_the_member_is_reached() {
        let reached = Some(MEMBER);
        assert_eq!(consoles(json!({}), reached), offered());
        assert_eq!(consoles(json!({}), None), none(NoConsole::NoSsh));
        assert_eq!(
            consoles(json!({}), Some(Uuid::nil())),
            none(NoConsole::KeyUnconfirmed)
        );
        let platform = |value: &str| json!({"platform": {"acpi": "1", "hvm_serial": value}});
        assert_eq!(consoles(platform("pty"), reached), offered());
        assert_eq!(consoles(platform("none"), reached), none(NoConsole::NoSerialPort));
        let other = json!({"other_config": {"hvm_serial": "none"}});
        assert_eq!(consoles(other, reached), none(NoConsole::NoSerialPort));
        let both = json!({"other_config": {"hvm_serial": "none"}, "platform": {"hvm_serial": "pty"}});
        assert_eq!(consoles(both, reached), offered(), "platform keys come first");
    }

    #[test]
    fn a_halted_guest_will_have_one_wherever_it_starts_and_one_that_is_not_hvm_is_not_spoken_of() {
        let halted = json!({"power_state": "Halted", "resident_on": "OpaqueRef:NULL", "domid": "-1"});
        assert_eq!(consoles(halted.clone(), Some(Uuid::nil())), offered());
        assert_eq!(consoles(halted, None), none(NoConsole::NoSsh));
        assert_eq!(consoles(json!({"domain_type": "pvh"}), None), (Vec::new(), None));
    }
}
