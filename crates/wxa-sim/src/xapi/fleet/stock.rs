//! What a new pool has in stock: default templates and install media.

use super::Common;
use crate::xapi::value::Value;
use crate::xapi::world::World;

const GIB: i64 = 1 << 30;

/// Name, domain type, memory, disk.
const TEMPLATES: &[(&str, &str, i64, i64)] = &[
    ("Debian Bookworm 12", "hvm", 2 * GIB, 10 * GIB),
    ("Debian Trixie 13", "hvm", 2 * GIB, 10 * GIB),
    ("Ubuntu Noble Numbat 24.04", "hvm", 2 * GIB, 10 * GIB),
    ("AlmaLinux 9", "hvm", 2 * GIB, 20 * GIB),
    ("Windows Server 2022 (64-bit)", "hvm", 4 * GIB, 32 * GIB),
    ("Other install media", "hvm", GIB, 8 * GIB),
];

pub(super) fn make(world: &mut World, common: &Common) {
    for (label, kind, memory, disk) in TEMPLATES {
        let (template, uuid) = world.new_object();
        let (metrics, metrics_uuid) = world.new_object();
        world.db.insert("VM_metrics", metrics, [("uuid", metrics_uuid)]);
        let disks = format!(
            r#"<provision><disk device="0" size="{disk}" sr="" bootable="true" type="system"/></provision>"#
        );
        let fields = [
            ("uuid", uuid),
            ("name_label", (*label).into()),
            ("name_description", format!("Template for {label}").into()),
            ("is_a_template", true.into()),
            ("is_default_template", true.into()),
            ("power_state", "Halted".into()),
            ("domid", Value::Int(-1)),
            ("domain_type", (*kind).into()),
            ("HVM_boot_policy", "BIOS order".into()),
            (
                "HVM_boot_params",
                Value::map([("order", "cdn"), ("firmware", "uefi")]),
            ),
            ("memory_static_min", Value::Int(GIB / 2)),
            ("memory_static_max", Value::Int(*memory)),
            ("memory_dynamic_min", Value::Int(*memory)),
            ("memory_dynamic_max", Value::Int(*memory)),
            ("memory_target", Value::Int(*memory)),
            ("VCPUs_max", Value::Int(2)),
            ("VCPUs_at_startup", Value::Int(2)),
            ("actions_after_shutdown", "destroy".into()),
            ("actions_after_reboot", "restart".into()),
            ("actions_after_crash", "restart".into()),
            ("metrics", metrics.into()),
            (
                "platform",
                Value::map([
                    ("acpi", "1"),
                    ("apic", "true"),
                    ("pae", "true"),
                    ("viridian", "false"),
                ]),
            ),
            (
                "other_config",
                Value::map([
                    ("default_template", "true"),
                    ("install-methods", "cdrom,http,nfs"),
                    ("disks", disks.as_str()),
                ]),
            ),
        ];
        world.db.insert("VM", template, fields);
    }
    for name in [
        "debian-12.8.0-amd64-netinst.iso",
        "ubuntu-24.04-live-server-amd64.iso",
        "guest-tools.iso",
    ] {
        let (vdi, uuid) = world.new_object();
        let fields = [
            ("location", name.into()),
            ("uuid", uuid),
            ("name_label", name.into()),
            ("SR", common.iso.into()),
            ("virtual_size", Value::Int(700 << 20)),
            ("physical_utilisation", Value::Int(700 << 20)),
            ("type", "user".into()),
            ("read_only", true.into()),
            ("managed", true.into()),
            ("allowed_operations", Value::texts(["clone", "copy"])),
        ];
        world.db.insert("VDI", vdi, fields);
    }
}
