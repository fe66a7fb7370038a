//! Which guest uses what of a host's storage. Pure, over what the host told and the guests' definitions.
use crate::{
    Vm,
    host_details::{FileSystem, Volume},
};

/// The guests that have `volume` among their disks.
pub fn users_of_volume<'a>(volume: &Volume, vms: impl IntoIterator<Item = &'a Vm>) -> Vec<&'a Vm> {
    let paths = volume_paths(&volume.group, &volume.name);
    vms.into_iter()
        .filter(|vm| {
            vm.disks
                .iter()
                .any(|disk| paths.contains(&absolute(&disk.target)))
        })
        .collect()
}

/// The guests whose images are files on `filesystem`, one of `all`.
pub fn users_of_filesystem<'a>(
    filesystem: &FileSystem,
    all: &[FileSystem],
    vms: impl IntoIterator<Item = &'a Vm>,
) -> Vec<&'a Vm> {
    vms.into_iter()
        .filter(|vm| {
            vm.disks
                .iter()
                .any(|disk| holds(&disk.target, all).is_some_and(|holding| holding.mount == filesystem.mount))
        })
        .collect()
}

/// The file system that holds the file at `path`; none for devices and for paths that are none.
pub fn holds<'a>(path: &str, all: &'a [FileSystem]) -> Option<&'a FileSystem> {
    if !path.starts_with('/') || path.starts_with("/dev/") {
        return None;
    }
    all.iter()
        .filter(|one| {
            let inside = path.strip_prefix(one.mount.trim_end_matches('/'));
            inside.is_some_and(|rest| rest.starts_with('/'))
        })
        .max_by_key(|one| one.mount.len())
}

/// The ways to write the device of a volume in a group of LVM. The mapper doubles hyphens.
pub fn volume_paths(group: &str, volume: &str) -> [String; 2] {
    let doubled = |name: &str| name.replace('-', "--");
    [
        format!("/dev/{group}/{volume}"),
        format!("/dev/mapper/{}-{}", doubled(group), doubled(volume)),
    ]
}

/// Where a disk lives, with its folder: xl takes a device without it too.
pub fn absolute(target: &str) -> String {
    if target.starts_with('/') {
        target.to_owned()
    } else {
        format!("/dev/{target}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bytes, Disk, HostId, PowerState, VmId, VmRole, host_details::VolumeKind};
    use uuid::Uuid;

    fn vm(n: u128, targets: &[&str]) -> Vm {
        let disk = |target: &&str| Disk {
            device: "xvda".into(),
            target: (*target).into(),
            format: "raw".into(),
            writable: true,
            size: None,
        };
        Vm {
            id: VmId(Uuid::from_u128(n)),
            host: HostId(Uuid::from_u128(1)),
            name: format!("vm{n}"),
            role: VmRole::Guest,
            power: PowerState::Halted,
            guest_type: None,
            vcpus: 1,
            memory: Bytes(0),
            memory_max: Bytes(0),
            xen_uuid: None,
            native_id: None,
            config_path: None,
            config_problem: None,
            autostart: false,
            started_at: None,
            disks: targets.iter().map(disk).collect(),
            nics: vec![],
            consoles: vec![],
            guest: None,
            refused: Vec::new(),
            tags: vec![],
            no_console: None,
            understood: None,
            pool_tags: Vec::new(),
            notes: String::new(),
        }
    }

    #[test]
    fn a_volume_is_found_however_its_device_is_written() {
        let volume = Volume {
            group: "vg0".into(),
            name: "web-01".into(),
            size: Bytes(1),
            kind: VolumeKind::Plain,
            pool: String::new(),
            origin: String::new(),
            used_percent: None,
            open: false,
        };
        let vms = [
            vm(1, &["/dev/vg0/web-01"]),
            vm(2, &["/dev/mapper/vg0-web--01"]),
            vm(3, &["vg0/web-01"]),
            vm(4, &["/dev/vg0/web-011", "/dev/vg0-web-01", ""]),
        ];
        let names: Vec<&str> = users_of_volume(&volume, &vms)
            .iter()
            .map(|vm| vm.name.as_str())
            .collect();
        assert_eq!(names, ["vm1", "vm2", "vm3"]);
    }

    #[test]
    fn an_image_is_on_the_innermost_file_system() {
        let mounted = |mount: &str| FileSystem {
            source: "/dev/x".into(),
            kind: "ext4".into(),
            mount: mount.into(),
            size: Bytes(100),
            used: Bytes(30),
            available: Bytes(60),
        };
        let all = [
            mounted("/"),
            mounted("/srv"),
            mounted("/srv/xen"),
            mounted("/dev"),
        ];
        let on = |path| holds(path, &all).map(|one| one.mount.as_str());
        assert_eq!(on("/srv/xen/a.qcow2"), Some("/srv/xen"));
        assert_eq!(on("/srv/xenial.img"), Some("/srv"));
        assert_eq!(on("/var/a.img"), Some("/"));
        assert_eq!(on("/dev/vg0/a"), None);
        assert_eq!(on("a.img"), None);
        let vms = [vm(1, &["/srv/xen/a.img"]), vm(2, &["/dev/vg0/a"])];
        assert_eq!(users_of_filesystem(&all[2], &all, &vms).len(), 1);
        assert!((all[0].fullness() - 0.333).abs() < 0.01);
    }
}
