//! Each complaint, and that a healthy host has none.
use super::*;
use crate::{
    HostFacts, HostId, HostKind, Link, Nic, SiteId, Told, UnixMillis, VmId,
    host_details::{NetLink, Package, Skew, Xen},
};
use uuid::Uuid;

fn host(facts: HostFacts) -> Host {
    Host {
        id: HostId(Uuid::from_u128(1)),
        kind: HostKind::Plain,
        site: SiteId(Uuid::from_u128(2)),
        name: "xen-1".into(),
        address: String::new(),
        link: Link::Up,
        last_word: Some(UnixMillis(1)),
        facts: Some(facts),
        config_dir: String::new(),
        tags: vec![],
        notes: String::new(),
    }
}

fn vm(name: &str, power: PowerState) -> Vm {
    Vm {
        id: VmId(Uuid::from_u128(name.len() as u128)),
        host: HostId(Uuid::from_u128(1)),
        name: name.into(),
        role: VmRole::Guest,
        power,
        guest_type: None,
        vcpus: 2,
        memory: Bytes::mib(512),
        memory_max: Bytes::mib(1024),
        xen_uuid: None,
        native_id: None,
        config_path: None,
        config_problem: None,
        autostart: false,
        started_at: None,
        disks: vec![],
        nics: vec![],
        consoles: vec![],
        no_console: None,
        understood: None,
        pool_tags: Vec::new(),
        guest: None,
        refused: Vec::new(),
        tags: vec![],
        notes: String::new(),
    }
}

/// A host that is well and tells nothing.
fn silent() -> HostDetails {
    fn untold<T>() -> Told<T> {
        Told::Untold("not asked".into())
    }
    HostDetails {
        xen: untold(),
        machine: untold(),
        packages: untold(),
        pools: untold(),
        vcpus: untold(),
        groups: untold(),
        volumes: untold(),
        filesystems: untold(),
        links: untold(),
        complaints: untold(),
        skew: untold(),
        pool: None,
    }
}

fn said(details: HostDetails) -> Vec<(Level, String)> {
    let quiet = host(HostFacts::default());
    findings(&quiet, Some(&details), &[])
        .into_iter()
        .map(|finding| (finding.level, finding.title))
        .collect()
}

#[test]
fn a_host_that_is_well_has_nothing_to_say() {
    assert_eq!(said(silent()), []);
    let well = host(HostFacts {
        cpus: 4,
        memory_total: Bytes::mib(8192),
        guest_logging: GuestLogging::On,
        ..HostFacts::default()
    });
    assert_eq!(findings(&well, None, &[&vm("web", PowerState::Running)]), []);
}

#[test]
fn a_guest_whose_kernel_gave_up_is_told_of_while_it_runs() {
    let mut panicked = vm("web", PowerState::Running);
    panicked.understood = Some(crate::console::Understood {
        phase: GuestPhase::Panicked,
        since: UnixMillis(1),
        kind: crate::ConsoleKind::Pv,
        offset: 0,
        began: None,
        slow: false,
    });
    let said = |vm: &Vm| findings(&host(HostFacts::default()), None, &[vm]);
    let found = said(&panicked);
    assert_eq!(found[0].title, "web panicked");
    panicked.power = PowerState::Halted;
    assert!(said(&panicked).iter().all(|one| one.title != "web panicked"));
}

#[test]
fn crashed_guests_come_before_broken_definitions_and_notes() {
    let facts = HostFacts {
        cpus: 1,
        memory_total: Bytes::mib(1500),
        guest_logging: GuestLogging::Off,
        ..HostFacts::default()
    };
    let mut broken = vm("half", PowerState::Halted);
    broken.config_problem = Some("line 3: a value is missing".into());
    let (crashed, a, b) = (
        vm("db", PowerState::Crashed),
        vm("a", PowerState::Running),
        vm("b", PowerState::Running),
    );
    let found = findings(&host(facts), None, &[&broken, &crashed, &a, &b]);
    let shown: Vec<(Level, &str)> = found.iter().map(|one| (one.level, one.title.as_str())).collect();
    assert_eq!(
        shown,
        [
            (Level::Bad, "db crashed"),
            (Level::Warn, "1 definition cannot be read"),
            (Level::Note, "Guests' consoles are not recorded"),
            (Level::Note, "6 virtual CPUs share 1"),
            (Level::Note, "Not every guest can run at once"),
        ]
    );
    assert!(
        found[1].advice.contains("half: line 3: a value is missing. "),
        "{}",
        found[1].advice
    );
}

#[test]
fn what_is_promised_is_added_up() {
    let vms = [vm("a", PowerState::Running), vm("b", PowerState::Halted)];
    let sum = promised(&vms);
    assert_eq!((sum.vcpus, sum.vcpus_if_all_ran), (2, 4));
    assert_eq!(
        (sum.memory, sum.memory_if_all_ran),
        (Bytes::mib(1024), Bytes::mib(2048))
    );
}

#[test]
fn full_disks_and_pools_are_told_by_how_full_they_are() {
    let filesystem = |mount: &str, used| FileSystem {
        source: "/dev/x".into(),
        kind: "ext4".into(),
        mount: mount.into(),
        size: Bytes(100),
        used: Bytes(used),
        available: Bytes(100 - used),
    };
    let pool = Volume {
        group: "vg0".into(),
        name: "thin".into(),
        size: Bytes(100),
        kind: VolumeKind::ThinPool,
        pool: String::new(),
        origin: String::new(),
        used_percent: Some(96.4),
        open: true,
    };
    let found = said(HostDetails {
        filesystems: Told::Told(vec![
            filesystem("/", 89),
            filesystem("/srv", 90),
            filesystem("/var", 98),
        ]),
        volumes: Told::Told(vec![pool]),
        ..silent()
    });
    assert_eq!(
        found,
        [
            (Level::Bad, "/var is 98 % full".into()),
            (Level::Bad, "Thin pool vg0/thin is 96 % full".into()),
            (Level::Warn, "/srv is 90 % full".into()),
        ]
    );
}

#[test]
fn a_busy_control_domain_is_measured_by_its_cpus() {
    let busy = |load, memory_available| HostDetails {
        machine: Told::Told(Machine {
            load: Some([9.0, load, 0.1]),
            memory: Some(Bytes::mib(4096)),
            memory_available: Some(Bytes::mib(memory_available)),
            ..Machine::default()
        }),
        ..silent()
    };
    assert_eq!(said(busy(1.9, 400)), []);
    assert_eq!(
        said(busy(2.0, 300)),
        [
            (
                Level::Warn,
                "The control domain is overloaded: 2.0 wait for 1 CPU".into()
            ),
            (
                Level::Warn,
                "The control domain has 300 MiB of 4 GiB memory left".into()
            ),
        ]
    );
}

#[test]
fn clocks_are_apart_only_beyond_what_the_way_takes() {
    let skew = |ahead_ms, within_ms| {
        said(HostDetails {
            skew: Told::Told(Skew { ahead_ms, within_ms }),
            ..silent()
        })
    };
    assert_eq!(skew(2_500, 600), []);
    assert_eq!(
        skew(-3_100, 100),
        [(Level::Warn, "Its clock is 3 s behind ours".into())]
    );
    assert_eq!(
        skew(7_200_100, 100),
        [(Level::Bad, "Its clock is 2 h ahead of ours".into())]
    );
}

#[test]
fn what_is_installed_is_compared_to_what_runs() {
    let with = |hypervisor: &str, image: &str, machine: Machine| {
        let package = |name: &str, version: &str| Package {
            name: name.into(),
            version: version.into(),
        };
        said(HostDetails {
            xen: Told::Told(Xen {
                version: "4.17.7".into(),
                kernel: "6.1.0-28-amd64".into(),
                kernel_build: "#1 SMP Debian 6.1.119-1 (2024-11-22)".into(),
                ..Xen::default()
            }),
            packages: Told::Told(vec![
                package("xen-hypervisor-4.17-amd64", hypervisor),
                package("linux-image-6.1.0-28-amd64", image),
            ]),
            machine: Told::Told(machine),
            ..silent()
        })
    };
    let wanted = [(Level::Warn, "The host wants to be rebooted".to_owned())];
    assert_eq!(
        with("4.17.7+13-g2445-0+deb12u1", "6.1.119-1", Machine::default()),
        []
    );
    assert_eq!(with("4.17.71-1", "6.1.119-1", Machine::default()), wanted);
    assert_eq!(with("4.17.7-1", "6.1.119-2", Machine::default()), wanted);
    let mark = Machine {
        wants_reboot: true,
        reboot_for: vec!["libc6".into()],
        ..Machine::default()
    };
    assert_eq!(with("4.17.7-1", "6.1.119-1", mark), wanted);
}

#[test]
fn a_bridge_that_is_not_there_is_told_with_who_needs_it() {
    let mut web = vm("web", PowerState::Running);
    web.nics = vec![Nic {
        mac: String::new(),
        bridge: "xenbr9".into(),
    }];
    let details = HostDetails {
        links: Told::Told(vec![NetLink {
            name: "xenbr0".into(),
            kind: LinkKind::Bridge,
            up: Some(true),
            mac: String::new(),
            mtu: 1500,
            master: String::new(),
            vm: None,
        }]),
        ..silent()
    };
    let quiet = host(HostFacts::default());
    let found = findings(&quiet, Some(&details), &[&web]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].title, "There is no bridge xenbr9");
    assert!(
        found[0].advice.starts_with("web would be plugged"),
        "{}",
        found[0].advice
    );
}
