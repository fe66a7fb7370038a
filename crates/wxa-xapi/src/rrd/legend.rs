//! What the columns of measurements mean.
use super::Row;
use std::collections::HashMap;
use wxa_model::{Bytes, HostSample, SampleBatch, UnixMillis, VmId, VmSample};

/// A column that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    HostCpu,
    HostCpuMean,
    HostMemory,
    HostMemoryFree,
    Vm(usize, OfVm),
}

/// A column of a VM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OfVm {
    Cpu,
    Memory,
    DiskRead,
    DiskWrite,
    NetRx,
    NetTx,
}

/// The columns in their order; those that are not used have none.
#[derive(Debug)]
pub(crate) struct Legend {
    columns: Vec<Option<Column>>,
    vms: Vec<VmId>,
}

impl Legend {
    /// Reads the legend of the member with the UUID `host`; `vm` knows VMs by theirs.
    pub(crate) fn new(legend: &[String], host: &str, vm: impl Fn(&str) -> Option<VmId>) -> Self {
        let mut vms = Vec::new();
        let mut places: HashMap<&str, Option<usize>> = HashMap::new();
        let columns = legend
            .iter()
            .map(|entry| {
                let mut parts = entry.splitn(4, ':');
                match (parts.next()?, parts.next()?, parts.next()?, parts.next()?) {
                    ("AVERAGE", "host", uuid, name) if uuid == host => of_host(name),
                    ("AVERAGE", "vm", uuid, name) => {
                        let column = of_vm(name)?;
                        let place = *places.entry(uuid).or_insert_with(|| {
                            vms.push(vm(uuid)?);
                            Some(vms.len() - 1)
                        });
                        Some(Column::Vm(place?, column))
                    }
                    _ => None,
                }
            })
            .collect();
        Self { columns, vms }
    }

    /// A row as a batch, its time left out. `cpus` is how many the member has.
    pub(crate) fn batch(&self, row: &Row, cpus: u32) -> SampleBatch {
        let mut samples = vec![VmSample::default(); self.vms.len()];
        let (mut cpu, mut mean, mut memory, mut free) = (None, None, None, None);
        for (column, value) in self.columns.iter().zip(&row.values) {
            let (Some(column), Some(value)) = (column, value.0) else {
                continue;
            };
            match column {
                Column::HostCpu => add(&mut cpu, value),
                Column::HostCpuMean => mean = Some(value),
                Column::HostMemory => memory = Some(value * 1024.0),
                Column::HostMemoryFree => free = Some(value * 1024.0),
                Column::Vm(place, column) => {
                    if let Some(sample) = samples.get_mut(*place) {
                        column.put(sample, value);
                    }
                }
            }
        }
        let mean = mean.map(|mean: f64| (mean * f64::from(cpus)) as f32);
        SampleBatch {
            at: UnixMillis(0),
            host: HostSample {
                cpu: cpu.or(mean),
                memory_used: memory.zip(free).map(|(all, free)| bytes(all - free)),
                ..HostSample::default()
            },
            vms: self
                .vms
                .iter()
                .copied()
                .zip(samples)
                .filter(|(_, sample)| *sample != VmSample::default())
                .collect(),
            parts: Vec::new(),
        }
    }
}

impl OfVm {
    fn put(self, sample: &mut VmSample, value: f64) {
        match self {
            Self::Cpu => add(&mut sample.cpu, value),
            Self::Memory => sample.memory = Some(bytes(value)),
            Self::DiskRead => add(&mut sample.disk_read, value),
            Self::DiskWrite => add(&mut sample.disk_write, value),
            Self::NetRx => add(&mut sample.net_rx, value),
            Self::NetTx => add(&mut sample.net_tx, value),
        }
    }
}

fn of_host(name: &str) -> Option<Column> {
    match name {
        "cpu_avg" => Some(Column::HostCpuMean),
        "memory_total_kib" => Some(Column::HostMemory),
        "memory_free_kib" => Some(Column::HostMemoryFree),
        _ => is_numbered(name, "cpu").then_some(Column::HostCpu),
    }
}

fn of_vm(name: &str) -> Option<OfVm> {
    if name == "memory" {
        return Some(OfVm::Memory);
    }
    if is_numbered(name, "cpu") {
        return Some(OfVm::Cpu);
    }
    let (device, what) = name.rsplit_once('_')?;
    // `vbd_xvda_iops_read` is another thing.
    let plain = |prefix: &str| {
        device
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && !rest.contains('_'))
    };
    match what {
        "read" if plain("vbd_") => Some(OfVm::DiskRead),
        "write" if plain("vbd_") => Some(OfVm::DiskWrite),
        "rx" if plain("vif_") => Some(OfVm::NetRx),
        "tx" if plain("vif_") => Some(OfVm::NetTx),
        _ => None,
    }
}

/// `cpu` and a number, nothing else.
fn is_numbered(name: &str, prefix: &str) -> bool {
    let number = name.strip_prefix(prefix).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// No rate is higher: sums stay finite.
const MOST: f64 = 1e18;

fn add(sum: &mut Option<f32>, value: f64) {
    *sum = Some(sum.unwrap_or_default() + value.clamp(0.0, MOST) as f32);
}

fn bytes(value: f64) -> Bytes {
    Bytes(value.max(0.0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rrd::Updates;
    use uuid::Uuid;
    use wxa_driver::Error;

    #[test]
    fn columns_are_added_up_by_what_they_mean() -> Result<(), Error> {
        let text = r#"{"meta":{"legend":["AVERAGE:host:h:cpu0","AVERAGE:host:h:cpu1","AVERAGE:host:h:cpu0-C1","AVERAGE:host:h:memory_total_kib",
            "AVERAGE:host:h:memory_free_kib","AVERAGE:vm:v:cpu0","AVERAGE:vm:v:cpu_usage","AVERAGE:vm:v:memory","AVERAGE:vm:v:vbd_xvda_read",
            "AVERAGE:vm:v:vbd_xvdb_read","AVERAGE:vm:v:vbd_xvda_iops_read","AVERAGE:vm:v:vif_0_tx","AVERAGE:vm:stranger:cpu0","MAX:vm:v:cpu0",
            "odd"]},
            "data":[{"t":5,"values":["0.5","0.25","9","100","40","0.125","9","2048","10","5","9","7","9","9","9"]}]}"#;
        let updates = Updates::read(text.as_bytes())?;
        let id = VmId(Uuid::nil());
        let legend = Legend::new(&updates.meta.legend, "h", |uuid| (uuid == "v").then_some(id));
        let rows = updates.after(None);
        let batch = rows.first().map(|row| legend.batch(row, 2)).unwrap_or_default();
        assert_eq!(batch.host.cpu, Some(0.75));
        assert_eq!(batch.host.memory_used, Some(Bytes::kib(60)));
        let expected = VmSample {
            cpu: Some(0.125),
            memory: Some(Bytes(2048)),
            disk_read: Some(15.0),
            disk_write: None,
            net_rx: None,
            net_tx: Some(7.0),
            ..VmSample::default()
        };
        assert_eq!(batch.vms, [(id, expected)]);
        Ok(())
    }
}
