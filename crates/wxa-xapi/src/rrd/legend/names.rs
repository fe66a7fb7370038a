//! XAPI's names of data sources.
use super::Field;
use wxa_model::Part;

/// A device's name is no longer.
const LONGEST: usize = 32;

/// A source of a member.
#[derive(Debug, PartialEq)]
pub(super) enum OfHost {
    CpuMean,
    Memory,
    MemoryFree,
    Load,
    /// Of all interfaces; bonds are in it twice.
    Rx,
    Tx,
    Part(Part, Field),
}

/// A source of a VM.
#[derive(Debug, PartialEq)]
pub(super) enum OfVm {
    Memory,
    /// By the guest's agent.
    MemoryFree,
    Part(Part, Field),
}

pub(super) fn of_host(name: &str) -> Option<OfHost> {
    let (part, field) = match name {
        "cpu_avg" => return Some(OfHost::CpuMean),
        "memory_total_kib" => return Some(OfHost::Memory),
        "memory_free_kib" => return Some(OfHost::MemoryFree),
        "loadavg" => return Some(OfHost::Load),
        "pif_aggr_rx" => return Some(OfHost::Rx),
        "pif_aggr_tx" => return Some(OfHost::Tx),
        _ => cpu(name).or_else(|| nic(name, "pif_")).or_else(|| store(name))?,
    };
    Some(OfHost::Part(part, field))
}

pub(super) fn of_vm(name: &str) -> Option<OfVm> {
    let (part, field) = match name {
        "memory" => return Some(OfVm::Memory),
        "memory_internal_free" => return Some(OfVm::MemoryFree),
        _ => cpu(name).or_else(|| nic(name, "vif_")).or_else(|| disk(name))?,
    };
    Some(OfVm::Part(part, field))
}

/// `cpu` and a number: `cpu_usage`, `cpu0-C1` are something else.
fn cpu(name: &str) -> Option<(Part, Field)> {
    let number = name.strip_prefix("cpu")?;
    let plain = number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|_| plain)?;
    Some((Part::Cpu(number), Field::Cpu))
}

/// `vif_0_rx`, `pif_eth0_tx`, in bytes per second as its owner sees it.
fn nic(name: &str, prefix: &str) -> Option<(Part, Field)> {
    let (device, way) = name.strip_prefix(prefix)?.rsplit_once('_')?;
    let field = match way {
        "rx" => Field::Rx,
        "tx" => Field::Tx,
        _ => return None,
    };
    is_device(device).then(|| (Part::Nic(device.to_owned()), field))
}

/// `vbd_xvda_read` in bytes per second, latencies in microseconds.
fn disk(name: &str) -> Option<(Part, Field)> {
    let (device, what) = name.strip_prefix("vbd_")?.split_once('_')?;
    let field = match what {
        "read" => Field::Read,
        "write" => Field::Write,
        "iops_read" => Field::ReadOps,
        "iops_write" => Field::WriteOps,
        "read_latency" => Field::ReadMicros,
        "write_latency" => Field::WriteMicros,
        _ => return None,
    };
    is_device(device).then(|| (Part::Disk(device.to_owned()), field))
}

/// `iops_read_1b2c3d4e`: a member's use of a store, by the first eight digits of its UUID. Its `read_latency` and `write_latency` are not
/// used: the plug-in (`rrdp_iostat`) adds up the means of all disks there. `iowait` is the time that all requests of a second took.
fn store(name: &str) -> Option<(Part, Field)> {
    let (what, short) = name.rsplit_once('_')?;
    let field = match what {
        "io_throughput_read" => Field::ReadMebi,
        "io_throughput_write" => Field::WriteMebi,
        "iops_read" => Field::ReadOps,
        "iops_write" => Field::WriteOps,
        "iowait" => Field::Wait,
        _ => return None,
    };
    let plain = short.len() == 8 && short.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| (Part::Storage(short.to_owned()), field))
}

/// Whether it can be a device's name.
fn is_device(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'_');
    (1..=LONGEST).contains(&name.len()) && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn other_sources_are_not_taken_for_these() {
        for name in [
            "cpu_usage",
            "cpu",
            "cpu+1",
            "vbd_xvda_io_throughput_read",
            "vbd_xvda_iops_total",
            "vbd_xvda_latency",
            "vbd__read",
            "vif_0_rx_errors",
            "memory_target",
        ] {
            assert_eq!(of_vm(name), None, "{name}");
        }
        for name in [
            "cpu0-C1",
            "pif_eth0_rx_errors",
            "iops_read_12",
            "read_latency_1b2c3d4e",
            "hostload",
        ] {
            assert_eq!(of_host(name), None, "{name}");
        }
        let bond = Part::Nic("bond0".into());
        assert_eq!(of_host("pif_bond0_rx"), Some(OfHost::Part(bond, Field::Rx)));
    }

    proptest! {
        #[test]
        fn no_name_makes_it_panic(name in "(cpu|vbd_|vif_|pif_|iops_read_)?\\PC{0,40}") {
            of_host(&name);
            of_vm(&name);
        }
    }
}
