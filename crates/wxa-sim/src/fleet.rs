//! A fleet to look at: hosts and guests with names, sizes and habits as they are found in machine rooms.

use crate::ails::Ail;
use crate::config::{AtStart, ConsoleLogs, GuestSpec, GuestType, SimHostConfig};
use crate::dice::Dice;
use crate::sentinels;

/// Roles of guests: name, memory in MiB, virtual CPUs, mean load in CPUs, number of disks.
const ROLES: &[(&str, u64, u32, f64, usize)] = &[
    ("web", 2048, 2, 0.22, 1),
    ("db", 8192, 4, 0.65, 2),
    ("mail", 2048, 2, 0.08, 2),
    ("ldap", 1024, 1, 0.03, 1),
    ("cache", 4096, 2, 0.18, 1),
    ("build", 8192, 8, 1.90, 2),
    ("mon", 2048, 2, 0.25, 1),
    ("git", 4096, 2, 0.15, 2),
    ("dns", 512, 1, 0.02, 1),
    ("proxy", 1024, 2, 0.12, 1),
    ("wiki", 1024, 1, 0.04, 1),
    ("backup", 2048, 2, 0.30, 2),
    ("vpn", 512, 1, 0.05, 1),
    ("queue", 2048, 2, 0.20, 1),
    ("search", 6144, 4, 0.80, 2),
    ("chat", 1024, 1, 0.06, 1),
];

/// Makes `hosts` hosts named `xen-1`… with `guests` guests altogether, dealt out in turn, plus the sentinel guests on the
/// first host; the second one has a few complaints of its own, and does not log its guests' consoles. Everything follows from the seed. All hosts listen on a free loopback port.
pub fn demo_fleet(hosts: usize, guests: usize, seed: u64) -> Vec<SimHostConfig> {
    let mut fleet: Vec<SimHostConfig> = (1..=hosts)
        .map(|number| {
            let mut host = SimHostConfig::new(format!("xen-{number}"), seed.wrapping_add(number as u64));
            (host.total_memory_mib, host.cpus) = match number % 3 {
                1 => (131_072, 32),
                2 => (65_536, 16),
                _ => (98_304, 24),
            };
            host
        })
        .collect();
    let count = fleet.len();
    for index in 0..guests {
        let role = index % ROLES.len();
        let number = index / ROLES.len() + 1;
        if let Some((name, memory, vcpus, load, disks)) = ROLES.get(role)
            && let Some(host) = fleet.get_mut(index % count.max(1))
        {
            let mut dice = Dice::new(seed, &format!("guest {index}"));
            let mut guest = guest(&format!("{name}-{number:02}"), &mut dice);
            (guest.memory_mib, guest.vcpus, guest.load) = (*memory, *vcpus, load * (0.5 + dice.unit()));
            if *disks > 1 {
                guest.disks.push(format!(
                    "format=qcow2,vdev=xvdb,access=rw,target=/srv/xen/{}-data.qcow2",
                    guest.name
                ));
            }
            host.guests.push(guest);
        }
    }
    for host in &mut fleet {
        host.total_memory_mib = host.total_memory_mib.max(running_memory(host) + 32_768);
    }
    if let Some(second) = fleet.get_mut(1) {
        second.console_logs = ConsoleLogs::Off;
        second.ails = vec![
            Ail::FullDisk,
            Ail::ClockBehind(95),
            Ail::WantsReboot,
            Ail::Complains,
        ];
    }
    if let Some(first) = fleet.first_mut() {
        let total = first.total_memory_mib;
        first.guests.extend(sentinel_guests(total));
    }
    fleet
}

/// One guest of each way to fail; all but the one whose console is held are halted. `host_memory_mib` decides what is
/// too big.
pub fn sentinel_guests(host_memory_mib: u64) -> Vec<GuestSpec> {
    let small = |name: &str| {
        let mut guest = GuestSpec::new(name).halted();
        guest.memory_mib = 256;
        guest.load = 0.02;
        guest.uuid = Some(Dice::new(11, name).uuid());
        guest
    };
    let mut guests: Vec<GuestSpec> = [
        sentinels::REFUSES_START,
        sentinels::IGNORES_SHUTDOWN,
        sentinels::CRASHES,
        "vm-crashes-kept",
        sentinels::SLOW_START,
        sentinels::STUCK_REBOOT,
        sentinels::LOCK_HELD,
        sentinels::FLOODS,
        sentinels::FLOODS_RAW,
        sentinels::FLOODS_STORE,
        sentinels::NO_UUID,
        sentinels::TOO_BIG,
        sentinels::BROKEN_CFG,
    ]
    .into_iter()
    .map(small)
    .collect();
    for guest in &mut guests {
        match guest.name.as_str() {
            sentinels::REFUSES_START => guest.disks = vec!["phy:/dev/vg0/nope,xvda,w".into()],
            sentinels::NO_UUID => guest.uuid = None,
            sentinels::TOO_BIG => guest.memory_mib = host_memory_mib * 2,
            sentinels::LOCK_HELD => guest.at_start = AtStart::Running,
            sentinels::BROKEN_CFG => {
                guest.raw_config =
                    Some("# somebody was interrupted here\nname = \"vm-broken-cfg\"\nmemory =\n".into())
            }
            _ => {}
        }
    }
    guests
}

fn running_memory(host: &SimHostConfig) -> u64 {
    host.dom0_memory_mib
        + host
            .guests
            .iter()
            .filter(|guest| guest.at_start != AtStart::Halted)
            .map(|guest| guest.memory_mib)
            .sum::<u64>()
}

fn guest(name: &str, dice: &mut Dice) -> GuestSpec {
    let mut guest = GuestSpec::new(name);
    guest.guest_type = match dice.below(10) {
        0..=5 => GuestType::Pvh,
        6..=8 => GuestType::Pv,
        _ => GuestType::Hvm,
    };
    let mac = dice.next().to_be_bytes();
    guest.vifs = vec![format!(
        "mac=00:16:3e:{:02x}:{:02x}:{:02x},bridge=xenbr0",
        mac[0] & 0x7f,
        mac[1],
        mac[2]
    )];
    // Two definitions out of three name a UUID.
    let uuid = dice.uuid();
    guest.uuid = (dice.below(3) > 0).then_some(uuid);
    guest.at_start = if dice.below(6) == 0 {
        AtStart::Halted
    } else {
        AtStart::Running
    };
    guest
}
