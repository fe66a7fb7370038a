//! What is measured: a driver says what it can, and that must come, and make sense.
use super::bench::{Bench, Broken, View, check};
use std::time::Duration;
use wxa_model::{HostSample, Metric, Part, VmId, VmSample};

/// The slowest beat of any measurement, several times over.
const SOON: Duration = Duration::from_secs(60);
/// No disk is so slow.
const SLOWEST_S: f32 = 600.0;

/// What a driver measures.
#[derive(Clone, Copy, Debug)]
pub struct Claims<'a> {
    /// Of the guest.
    pub vm: &'a [Metric],
    /// Of a host.
    pub host: &'a [Metric],
    /// Of parts: the guest's, with one metric of each.
    pub vm_parts: &'a [(Part, Metric)],
    /// A host's own parts.
    pub host_parts: &'a [(Part, Metric)],
}

/// All that is claimed of the running guest `name` and of its host is measured; what is not claimed is unknown, not zero.
///
/// # Errors
/// What is wrong.
pub async fn tells_what_it_claims(bench: &Bench, name: &str, claims: Claims<'_>) -> Result<(), Broken> {
    let id = bench.vm(name)?.id;
    let untold = |view: &View| missing(view, id, claims);
    let waited = bench
        .wait("all that is measured", SOON, |view| untold(view).is_empty())
        .await;
    let view = bench.view();
    check(match waited {
        Ok(_) => Ok(()),
        Err(Broken(why)) => Err(format!("{why}; not measured: {:?}", untold(&view))),
    })?;
    let sample = vm_sample(&view, id).unwrap_or_default();
    for metric in Metric::ALL {
        let Some(value) = sample.get(metric) else {
            continue;
        };
        check(if claims.vm.contains(&metric) && makes_sense(metric, value) {
            Ok(())
        } else {
            Err(format!("{} of {name} is {value}", metric.name()))
        })?;
    }
    check(match (sample.memory_used, sample.memory) {
        (Some(used), Some(all)) if used > all => Err(format!("{name} uses {} bytes of {}", used.0, all.0)),
        _ => Ok(()),
    })?;
    for ((vm, part), values) in &view.parts {
        let wrong = values
            .iter()
            .find(|(metric, value)| !makes_sense(*metric, *value));
        check(match wrong {
            None if !values.is_empty() => Ok(()),
            None => Err(format!("nothing is told of {part:?} of {vm:?}")),
            Some((metric, value)) => Err(format!("{} of {part:?} of {vm:?} is {value}", metric.name())),
        })?;
    }
    Ok(())
}

fn makes_sense(metric: Metric, value: f32) -> bool {
    let most = match metric {
        Metric::DiskLatency => SLOWEST_S,
        _ => f32::MAX,
    };
    value.is_finite() && (0.0..=most).contains(&value)
}

fn vm_sample(view: &View, id: VmId) -> Option<VmSample> {
    let samples = view.samples.as_ref()?;
    let found = samples.vms.iter().find(|(vm, _)| *vm == id);
    found.map(|(_, sample)| *sample)
}

/// What is claimed and has not come.
fn missing(view: &View, id: VmId, claims: Claims<'_>) -> Vec<String> {
    let sample = vm_sample(view, id).unwrap_or_default();
    let hosts: Vec<HostSample> = match view.member_samples.is_empty() {
        true => view.samples.iter().map(|samples| samples.host).collect(),
        false => view.member_samples.values().map(|batch| batch.host).collect(),
    };
    let has = |vm: Option<VmId>, (part, metric): &(Part, Metric)| {
        view.parts
            .get(&(vm, part.clone()))
            .is_some_and(|values| values.iter().any(|(told, _)| told == metric))
    };
    let of_vm = claims.vm.iter().filter(|metric| sample.get(**metric).is_none());
    let of_host = claims
        .host
        .iter()
        .filter(|metric| hosts.is_empty() || hosts.iter().any(|host| host.get(**metric).is_none()));
    let vm_parts = claims.vm_parts.iter().filter(|part| !has(Some(id), part));
    let host_parts = claims.host_parts.iter().filter(|part| !has(None, part));
    let mut missing: Vec<String> = of_vm.map(|metric| format!("its {}", metric.name())).collect();
    missing.extend(of_host.map(|metric| format!("the host's {}", metric.name())));
    missing.extend(vm_parts.map(|part| format!("its {part:?}")));
    missing.extend(host_parts.map(|part| format!("the host's {part:?}")));
    missing
}
