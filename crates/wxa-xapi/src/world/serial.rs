//! The text consoles of VMs: XAPI's own, and for HVM guests their emulated serial port on the member they run on.
use super::{
    World,
    to_member::name,
    to_vm::{guest_type, role},
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
    /// The text consoles of a VM, or why it has none.
    pub(super) fn consoles(
        &self,
        vm: &Ref,
        raw: &raw::Vm,
        power: PowerState,
    ) -> (Vec<ConsoleKind>, Option<NoConsole>) {
        if self.console(vm, power, "vt100").is_some() {
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
