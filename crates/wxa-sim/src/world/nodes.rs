//! The xenstore nodes of the host and of its domains, as libxl and the guests write them.

use super::World;
use super::domain::Domain;
use crate::config::GuestType;

impl World {
    /// What is there before any guest.
    pub(crate) fn write_host_nodes(&mut self) {
        let (major, minor, _) = self.config.xen_version;
        let dom0_kib = self.config.dom0_memory_mib * 1024;
        for (path, value) in [
            ("/libxl", String::new()),
            ("/local/domain/0/control/feature-poweroff", "1".into()),
            ("/local/domain/0/control/feature-reboot", "1".into()),
            ("/local/domain/0/control/feature-suspend", "1".into()),
            ("/local/domain/0/domid", "0".into()),
            ("/local/domain/0/memory/static-max", dom0_kib.to_string()),
            ("/local/domain/0/memory/target", dom0_kib.to_string()),
            ("/local/domain/0/name", "Domain-0".into()),
            ("/local/pool/0/name", "Pool-0".into()),
            (
                "/tool/xenstored",
                format!("/usr/lib/xen-{major}.{minor}/bin/oxenstored"),
            ),
            ("/vm", String::new()),
        ] {
            self.store.write(path, value);
        }
    }

    /// What appears with a domain.
    pub(crate) fn write_nodes(&mut self, domain: &Domain) {
        let id = domain.domid;
        let (home, libxl, vm) = (
            format!("/local/domain/{id}"),
            format!("/libxl/{id}"),
            format!("/vm/{}", domain.config.uuid),
        );
        let mut nodes: Vec<(String, String)> = vec![
            (home.clone(), String::new()),
            (format!("{home}/vm"), vm.clone()),
            (format!("{home}/name"), domain.name.clone()),
            (format!("{home}/device/suspend/event-channel"), String::new()),
            (format!("{home}/control/shutdown"), String::new()),
            (format!("{home}/control/feature-poweroff"), "1".into()),
            (format!("{home}/control/feature-reboot"), "1".into()),
            (format!("{home}/control/feature-suspend"), "1".into()),
            (format!("{home}/control/sysrq"), String::new()),
            (
                format!("{home}/control/platform-feature-multiprocessor-suspend"),
                "1".into(),
            ),
            (
                format!("{home}/control/platform-feature-xs_reset_watches"),
                "1".into(),
            ),
            (
                format!("{home}/memory/static-max"),
                (domain.config.max_memory_mib * 1024).to_string(),
            ),
            (
                format!("{home}/memory/target"),
                (domain.config.memory_mib * 1024).to_string(),
            ),
            (
                format!("{home}/memory/videoram"),
                if domain.config.guest_type == GuestType::Hvm {
                    "8192"
                } else {
                    "0"
                }
                .into(),
            ),
            (format!("{home}/domid"), id.to_string()),
            (format!("{home}/store/port"), "1".into()),
            (format!("{home}/store/ring-ref"), (253_441 + id).to_string()),
            (format!("{libxl}/type"), domain.config.guest_type.word().into()),
            (format!("{libxl}/dm-version"), "qemu_xen".into()),
            (format!("{vm}/uuid"), domain.config.uuid.to_string()),
            (format!("{vm}/name"), domain.name.clone()),
            (format!("{vm}/start_time"), format!("{:.2}", self.wall())),
        ];
        for empty in ["attr", "data", "drivers", "error", "feature"] {
            nodes.push((format!("{home}/{empty}"), String::new()));
        }
        for cpu in 0..domain.config.all_vcpus() {
            let online = if cpu < domain.config.vcpus {
                "online"
            } else {
                "offline"
            };
            nodes.push((format!("{home}/cpu/{cpu}/availability"), online.into()));
        }
        let console = format!("{home}/console");
        for (key, value) in [
            ("backend", format!("/local/domain/0/backend/console/{id}/0")),
            ("backend-id", "0".into()),
            ("limit", "1048576".into()),
            ("type", "xenconsoled".into()),
            ("output", "pty".into()),
            ("port", "2".into()),
            ("ring-ref", (253_442 + id).to_string()),
            ("tty", domain.console.tty.clone()),
        ] {
            nodes.push((format!("{console}/{key}"), value));
        }
        if let (Some(display), Some(port)) = (&domain.config.display, domain.vnc_port) {
            nodes.push((format!("{console}/vnc-listen"), display.listen.clone()));
            nodes.push((format!("{console}/vnc-port"), port.to_string()));
            if !display.password.is_empty() {
                nodes.push((format!("{console}/vnc-pass"), display.password.clone()));
            }
        }
        nodes.extend(device(
            &libxl,
            id,
            "console",
            "console",
            0,
            &[("protocol", "vt100".into())],
        ));
        for disk in &domain.config.disks {
            let facts = [
                ("params", disk.target.clone()),
                ("dev", disk.vdev.clone()),
                (
                    "type",
                    if disk.backend() == "vbd" { "phy" } else { "qdisk" }.to_owned(),
                ),
                ("mode", if disk.writable { "w" } else { "r" }.to_owned()),
                ("device-type", "disk".to_owned()),
            ];
            nodes.extend(device(&libxl, id, "vbd", disk.backend(), disk.devid(), &facts));
        }
        for (index, nic) in (0..).zip(&domain.config.nics) {
            let facts = [
                ("mac", nic.mac.clone()),
                ("bridge", nic.bridge.clone()),
                ("handle", index.to_string()),
                ("type", "vif".to_owned()),
            ];
            nodes.extend(device(&libxl, id, "vif", "vif", index, &facts));
        }
        for (path, value) in nodes {
            self.store.write(&path, value);
        }
    }

    /// What disappears with a domain.
    pub(crate) fn remove_nodes(&mut self, domain: &Domain) {
        let id = domain.domid;
        for kind in ["console", "vbd", "qdisk", "vif"] {
            self.store.remove(&format!("/local/domain/0/backend/{kind}/{id}"));
        }
        self.store.remove(&format!("/vm/{}", domain.config.uuid));
        self.store.remove(&format!("/local/domain/{id}"));
        self.store.remove(&format!("/libxl/{id}"));
    }
}

/// The nodes of one device on its three sides.
fn device(
    libxl: &str,
    domid: u32,
    class: &str,
    backend: &str,
    devid: u32,
    facts: &[(&str, String)],
) -> Vec<(String, String)> {
    let back = format!("/local/domain/0/backend/{backend}/{domid}/{devid}");
    let front = match class {
        "console" => format!("/local/domain/{domid}/console"),
        _ => format!("/local/domain/{domid}/device/{class}/{devid}"),
    };
    let saved = format!("{libxl}/device/{class}/{devid}");
    let state = if class == "console" { "1" } else { "4" };
    let mut nodes = vec![
        (format!("{saved}/frontend"), front.clone()),
        (format!("{saved}/backend"), back.clone()),
        (format!("{saved}/frontend-id"), domid.to_string()),
        (format!("{saved}/online"), "1".into()),
        (format!("{saved}/state"), "1".into()),
        (format!("{back}/frontend"), front.clone()),
        (format!("{back}/frontend-id"), domid.to_string()),
        (format!("{back}/online"), "1".into()),
        (format!("{back}/state"), state.into()),
    ];
    for (key, value) in facts {
        nodes.push((format!("{saved}/{key}"), value.clone()));
        nodes.push((format!("{back}/{key}"), value.clone()));
    }
    if class != "console" {
        nodes.push((format!("{front}/backend"), back));
        nodes.push((format!("{front}/backend-id"), "0".into()));
        nodes.push((format!("{front}/state"), "4".into()));
        if class == "vif"
            && let Some((_, mac)) = facts.iter().find(|(key, _)| *key == "mac")
        {
            nodes.push((format!("{front}/mac"), mac.clone()));
        }
    }
    nodes
}
