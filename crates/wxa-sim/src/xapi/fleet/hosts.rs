//! Hosts with their processors, storage connections and networks.

use super::Common;
use crate::xapi::tls::{VALID_FROM, VALID_UNTIL};
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

const GIB: i64 = 1 << 30;
/// Of every host.
const MEMORY: i64 = 256 * GIB;
const CPUS: i64 = 32;
/// A host is made larger when its VMs would not fit.
const ROOM_FOR_VM: i64 = 5 * GIB;

pub(super) fn make(world: &mut World) -> Common {
    let count = world.config.hosts.max(1);
    let hosts: Vec<Ref> = (0..count).map(|n| host(world, n)).collect();
    let networks = vec![
        network(world, "Pool-wide network associated with eth0", "xenbr0"),
        network(world, "Storage", "xenbr1"),
    ];
    for (n, host) in hosts.iter().enumerate() {
        for (device, network) in networks.iter().enumerate() {
            pif(world, *host, *network, n, device);
        }
    }
    let shared_sr = sr(
        world,
        "Shared storage (NFS)",
        "nfs",
        "user",
        64 * 1024 * GIB,
        true,
    );
    let iso = sr(world, "ISO library", "iso", "iso", 500 * GIB, true);
    let tools = sr(world, "XCP-ng Tools", "iso", "iso", GIB / 10, true);
    world.db.set("SR", tools, "is_tools_sr", true);
    let local_srs: Vec<Ref> = hosts
        .iter()
        .map(|_| sr(world, "Local storage", "ext", "user", 2048 * GIB, false))
        .collect();
    for (host, local) in hosts.iter().zip(&local_srs) {
        for sr in [shared_sr, iso, tools, *local] {
            pbd(world, *host, sr);
        }
    }
    for kind in ["ext", "lvm", "nfs", "iso", "lvmoiscsi", "smb"] {
        let (made, uuid) = world.new_object();
        let fields = [
            ("uuid", uuid),
            ("name_label", kind.to_uppercase().into()),
            ("type", kind.into()),
            ("vendor", "WebXenAdmin".into()),
            ("version", "3.0".into()),
            ("required_api_version", "1.0".into()),
        ];
        world.db.insert("SM", made, fields);
    }
    Common {
        hosts,
        shared_sr,
        local_srs,
        iso,
        networks,
    }
}

pub(super) fn cpu_info() -> Value {
    Value::map([
        ("cpu_count", CPUS.to_string().as_str()),
        ("socket_count", "2"),
        ("threads_per_core", "2"),
        ("vendor", "GenuineIntel"),
        ("speed", "2594.012"),
        ("modelname", "Intel(R) Xeon(R) Silver 4316 CPU @ 2.30GHz"),
        ("family", "6"),
        ("model", "106"),
        ("stepping", "6"),
        (
            "flags",
            "fpu de tsc msr pae mce cx8 apic sep mca cmov pat clflush acpi mmx fxsr sse sse2",
        ),
        ("features_pv", "1fc9cbf5-f6f83203-2991cbf5-00000123-00000001"),
        ("features_hvm", "1fcbfbff-f7fa3223-2d93fbff-00000523-00000001"),
    ])
}

fn host(world: &mut World, n: usize) -> Ref {
    let name = format!("{}-{}", world.config.name, n + 1);
    let (host, uuid) = world.new_object();
    let vms = i64::try_from(world.config.vms / world.config.hosts.max(1)).unwrap_or(0);
    let memory = MEMORY.max(vms * ROOM_FOR_VM);
    let (metrics, metrics_uuid) = world.new_object();
    let now = world.date();
    let fields = [
        ("uuid", metrics_uuid),
        ("memory_total", Value::Int(memory)),
        ("memory_free", Value::Int(memory / 2)),
        ("live", true.into()),
        ("last_updated", now),
    ];
    world.db.insert("host_metrics", metrics, fields);
    let booted = (world.unix() as i64) - 20 * 86_400 - i64::try_from(world.dice.below(864_000)).unwrap_or(0);
    let address = nth_address(world, n);
    let fields = [
        ("uuid", uuid),
        ("name_label", name.as_str().into()),
        ("name_description", "Default install".into()),
        ("hostname", name.as_str().into()),
        ("address", address.to_string().into()),
        ("API_version_major", Value::Int(2)),
        ("API_version_minor", Value::Int(23)),
        ("API_version_vendor", "XenSource".into()),
        ("enabled", true.into()),
        ("metrics", metrics.into()),
        ("cpu_info", cpu_info()),
        ("edition", "xcp-ng".into()),
        ("memory_overhead", Value::Int(GIB)),
        ("sched_policy", "credit".into()),
        (
            "capabilities",
            Value::texts(["xen-3.0-x86_64", "hvm-3.0-x86_32", "hvm-3.0-x86_64"]),
        ),
        ("software_version", software(&name)),
        (
            "license_params",
            Value::map([
                ("restrict_pool_attached_storage", "false"),
                ("expiry", "20991231T23:59:59Z"),
            ]),
        ),
        (
            "other_config",
            Value::map([
                ("agent_start_time", format!("{}.", booted + 60)),
                ("boot_time", format!("{booted}.")),
                ("iscsi_iqn", format!("iqn.2026-01.example:{name}")),
            ]),
        ),
        (
            "allowed_operations",
            Value::texts(["vm_start", "vm_resume", "vm_migrate", "evacuate", "provision"]),
        ),
    ];
    world.db.insert("host", host, fields);
    dom0(world, host, n, memory);
    host
}

/// The n-th address of the pool.
pub(in crate::xapi) fn nth_address(world: &World, n: usize) -> std::net::Ipv4Addr {
    let first = u32::from(world.config.first_address);
    let n = u32::try_from(n).unwrap_or(0);
    std::net::Ipv4Addr::from(first.wrapping_add(n))
}

impl World {
    /// The pool knows a host's certificate.
    pub(in crate::xapi) fn certify(&mut self, host: Ref, fingerprint: &str) {
        let (certificate, uuid) = self.new_object();
        let fields = [
            ("uuid", uuid),
            ("host", host.into()),
            ("not_before", Value::Date(VALID_FROM.1)),
            ("not_after", Value::Date(VALID_UNTIL.1)),
            ("fingerprint", fingerprint.into()),
            ("fingerprint_sha256", fingerprint.into()),
        ];
        self.db.insert("Certificate", certificate, fields);
    }

    /// The pool knows that a host shows another one.
    pub(in crate::xapi) fn recertify(&mut self, host: Ref, fingerprint: &str) {
        let known: Vec<Ref> = self.db.get("host", host, "certificates").refs().collect();
        for certificate in known {
            self.db
                .set("Certificate", certificate, "fingerprint", fingerprint);
            self.db
                .set("Certificate", certificate, "fingerprint_sha256", fingerprint);
        }
    }

    /// The fingerprint of the coordinator's certificate; empty where the pool knows none.
    pub(in crate::xapi) fn thumbprint_of_coordinator(&self) -> &str {
        let certificates = self.db.get("host", self.coordinator(), "certificates");
        let first = certificates.refs().next();
        first.map_or("", |certificate| {
            self.db.text("Certificate", certificate, "fingerprint_sha256")
        })
    }
}

fn software(hostname: &str) -> Value {
    Value::map([
        ("product_version", "8.3.0"),
        ("product_version_text", "8.3"),
        ("product_version_text_short", "8.3"),
        ("product_brand", "XCP-ng"),
        ("platform_name", "XCP"),
        ("platform_version", "3.4.0"),
        ("build_number", "cloud"),
        ("hostname", hostname),
        ("date", "20260821T00:00:00Z"),
        ("dbv", "0.0.1"),
        ("xapi", "26.18"),
        ("xapi_build", "26.18.0"),
        ("xen", "4.17.5-7"),
        ("linux", "4.19.0+1"),
    ])
}

fn dom0(world: &mut World, host: Ref, n: usize, memory: i64) {
    let (vm, uuid) = world.new_object();
    let (metrics, metrics_uuid) = world.new_object();
    world.db.insert(
        "VM_metrics",
        metrics,
        [("uuid", metrics_uuid), ("VCPUs_number", Value::Int(16))],
    );
    let own = (memory / 32).clamp(2 * GIB, 8 * GIB);
    let fields = [
        ("uuid", uuid),
        (
            "name_label",
            format!(
                "Control domain on host: {}",
                world.db.text("host", host, "name_label")
            )
            .into(),
        ),
        ("is_control_domain", true.into()),
        ("power_state", "Running".into()),
        ("domid", Value::Int(0)),
        ("resident_on", host.into()),
        ("affinity", host.into()),
        ("metrics", metrics.into()),
        ("memory_target", Value::Int(own)),
        ("memory_static_max", Value::Int(own)),
        ("memory_dynamic_max", Value::Int(own)),
        ("memory_dynamic_min", Value::Int(own)),
        ("VCPUs_max", Value::Int(16)),
        ("VCPUs_at_startup", Value::Int(16)),
        ("domain_type", "pv".into()),
    ];
    world.db.insert("VM", vm, fields);
    world.db.set("host", host, "control_domain", vm);
    let address = nth_address(world, n);
    for protocol in ["rfb", "vt100"] {
        let (console, uuid) = world.new_object();
        let authority = match world.config.tls_port {
            443 => address.to_string(),
            port => format!("{address}:{port}"),
        };
        let fields = [
            ("uuid", uuid),
            ("protocol", protocol.into()),
            (
                "location",
                format!("https://{authority}/console?ref={console}").into(),
            ),
            ("VM", vm.into()),
        ];
        world.db.insert("console", console, fields);
    }
}

fn network(world: &mut World, label: &str, bridge: &str) -> Ref {
    let (network, uuid) = world.new_object();
    let fields = [
        ("uuid", uuid),
        ("name_label", label.into()),
        ("bridge", bridge.into()),
        ("managed", true.into()),
    ];
    world.db.insert("network", network, fields);
    network
}

fn pif(world: &mut World, host: Ref, network: Ref, n: usize, device: usize) {
    let (metrics, metrics_uuid) = world.new_object();
    let fields = [
        ("uuid", metrics_uuid),
        ("carrier", true.into()),
        ("vendor_name", "Intel Corporation".into()),
        ("device_name", "Ethernet Controller X710".into()),
        ("speed", Value::Int(10_000)),
        ("duplex", true.into()),
    ];
    world.db.insert("PIF_metrics", metrics, fields);
    let (pif, uuid) = world.new_object();
    let is_management = device == 0;
    let address = match is_management {
        true => nth_address(world, n).to_string(),
        false => String::new(),
    };
    let mac = format!("24:6e:96:00:{:02x}:{:02x}", n % 256, device % 256);
    let fields = [
        ("uuid", uuid),
        ("device", format!("eth{device}").into()),
        ("network", network.into()),
        ("host", host.into()),
        ("MAC", mac.into()),
        ("MTU", Value::Int(1500)),
        ("VLAN", Value::Int(-1)),
        ("metrics", metrics.into()),
        ("physical", true.into()),
        ("currently_attached", true.into()),
        ("management", is_management.into()),
        (
            "ip_configuration_mode",
            if is_management { "Static" } else { "None" }.into(),
        ),
        ("IP", address.into()),
    ];
    world.db.insert("PIF", pif, fields);
}

fn sr(world: &mut World, label: &str, kind: &str, content: &str, size: i64, shared: bool) -> Ref {
    let (sr, uuid) = world.new_object();
    let fields = [
        ("uuid", uuid),
        ("name_label", label.into()),
        ("type", kind.into()),
        ("content_type", content.into()),
        ("shared", shared.into()),
        ("physical_size", Value::Int(size)),
        ("physical_utilisation", Value::Int(size / 10)),
        (
            "allowed_operations",
            Value::texts(["scan", "vdi_create", "vdi_destroy", "plug", "unplug", "update"]),
        ),
    ];
    world.db.insert("SR", sr, fields);
    sr
}

fn pbd(world: &mut World, host: Ref, sr: Ref) {
    let (pbd, uuid) = world.new_object();
    let config = match world.db.text("SR", sr, "type") {
        "nfs" => Value::map([("server", "10.20.0.5"), ("serverpath", "/export/vms")]),
        "iso" => Value::map([("location", "/opt/iso")]),
        _ => Value::map([("device", "/dev/disk/by-id/nvme-local-part3")]),
    };
    let fields = [
        ("uuid", uuid),
        ("host", host.into()),
        ("SR", sr.into()),
        ("device_config", config),
        ("currently_attached", true.into()),
    ];
    world.db.insert("PBD", pbd, fields);
}
