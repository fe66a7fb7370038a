//! The three bytes of a VM: first role (1 bit), power (3), kind of guest (2; 0 for none), consoles PV and serial; then graphical
//! console, and which of start, native id, path, problem, tags, addresses and refused acts it has; then whether its pool gives
//! it tags, and whether its console told something.
use wxa_model::{ConsoleKind, GuestType, PowerState, Vm, VmRole, vm_brief::CONSOLES};

const POWERS: [PowerState; 6] = [
    PowerState::Running,
    PowerState::Paused,
    PowerState::Suspended,
    PowerState::Halted,
    PowerState::Crashed,
    PowerState::Stopping,
];
const TYPES: [GuestType; 3] = [GuestType::Pv, GuestType::Pvh, GuestType::Hvm];

/// The small things about a VM, and which columns it is in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits {
    role: VmRole,
    power: PowerState,
    guest_type: Option<GuestType>,
    consoles: [bool; 3],
    pub started: bool,
    pub native: bool,
    pub path: bool,
    pub problem: bool,
    pub tags: bool,
    pub addresses: bool,
    pub refused: bool,
    pub pool_tags: bool,
    pub understood: bool,
}

impl Bits {
    pub fn of(vm: &Vm) -> Self {
        Self {
            role: vm.role,
            power: vm.power,
            guest_type: vm.guest_type,
            consoles: CONSOLES.map(|kind| vm.consoles.contains(&kind)),
            started: vm.started_at.is_some(),
            native: vm.native_id.is_some(),
            path: vm.config_path.is_some(),
            problem: vm.config_problem.is_some(),
            tags: !vm.tags.is_empty(),
            addresses: !vm.addresses().is_empty(),
            refused: !vm.refused.is_empty(),
            pool_tags: !vm.pool_tags.is_empty(),
            understood: vm.understood.is_some(),
        }
    }

    pub fn write(self) -> [u8; 3] {
        let place = |at: Option<usize>| at.and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
        let power = place(POWERS.iter().position(|power| *power == self.power));
        let guest = self
            .guest_type
            .map_or(0, |guest| 1 + place(TYPES.iter().position(|one| *one == guest)));
        let [pv, serial, graphical] = self.consoles.map(u8::from);
        let role = u8::from(self.role == VmRole::ControlDomain);
        let first = role | power << 1 | guest << 4 | pv << 6 | serial << 7;
        let rest = [
            self.started,
            self.native,
            self.path,
            self.problem,
            self.tags,
            self.addresses,
            self.refused,
        ];
        let second = rest
            .into_iter()
            .zip(1..)
            .fold(graphical, |bits, (has, at)| bits | u8::from(has) << at);
        let third = u8::from(self.pool_tags) | u8::from(self.understood) << 1;
        [first, second, third]
    }

    /// None where a power state, kind of guest or bit is none that we know.
    pub fn read([first, second, third]: [u8; 3]) -> Option<Self> {
        let has = |at: u8| second >> at & 1 == 1;
        if third > 3 {
            return None;
        }
        Some(Self {
            role: if first & 1 == 1 {
                VmRole::ControlDomain
            } else {
                VmRole::Guest
            },
            power: *POWERS.get(usize::from(first >> 1 & 7))?,
            guest_type: match usize::from(first >> 4 & 3) {
                0 => None,
                at => Some(*TYPES.get(at - 1)?),
            },
            consoles: [first >> 6 & 1 == 1, first >> 7 & 1 == 1, has(0)],
            started: has(1),
            native: has(2),
            path: has(3),
            problem: has(4),
            tags: has(5),
            addresses: has(6),
            refused: has(7),
            pool_tags: third & 1 == 1,
            understood: third >> 1 & 1 == 1,
        })
    }

    /// Gives `vm` what is said here.
    pub fn give(self, vm: &mut Vm) {
        vm.role = self.role;
        vm.power = self.power;
        vm.guest_type = self.guest_type;
        let offered = CONSOLES.into_iter().zip(self.consoles).filter(|(_, has)| *has);
        vm.consoles = offered.map(|(kind, _)| kind).collect::<Vec<ConsoleKind>>();
    }
}
