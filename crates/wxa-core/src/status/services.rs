//! The services that are judged, and which of them something is part of.
use super::{Roll, ServiceSpec, checks::Asked};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use wxa_model::{
    CheckId, ServiceId, VmId,
    status::{Check, CheckKind, Standing, Tally, Watched, judge},
};

/// The services that are judged.
#[derive(Debug, Default)]
pub(super) struct Services {
    specs: BTreeMap<ServiceId, ServiceSpec>,
    /// In which services something is.
    parts: HashMap<Watched, BTreeSet<ServiceId>>,
}

/// What another list of services changes.
#[derive(Debug, Default)]
pub(super) struct Replaced {
    /// New or different.
    pub put: Vec<ServiceId>,
    /// No longer there: services, and checks that no service has any more.
    pub gone: Vec<Watched>,
}

impl Services {
    /// Judges these from now on.
    pub fn replace(&mut self, specs: &[ServiceSpec]) -> Replaced {
        let new: BTreeMap<_, _> = specs.iter().map(|spec| (spec.id, spec.clone())).collect();
        let put = new
            .iter()
            .filter(|(id, spec)| self.specs.get(id) != Some(spec))
            .map(|(id, _)| *id)
            .collect();
        let mut parts: HashMap<Watched, BTreeSet<ServiceId>> = HashMap::new();
        for spec in new.values() {
            for part in all_parts(spec) {
                parts.entry(part).or_default().insert(spec.id);
            }
        }
        let services = self.specs.keys().filter(|id| !new.contains_key(id));
        let checks = self
            .parts
            .keys()
            .filter(|part| matches!(part, Watched::Check(_)) && !parts.contains_key(part));
        let gone = services
            .map(|id| Watched::Service(*id))
            .chain(checks.copied())
            .collect();
        self.specs = new;
        self.parts = parts;
        Replaced { put, gone }
    }

    /// The services that something is part of.
    pub fn with(&self, part: Watched) -> impl Iterator<Item = ServiceId> {
        self.parts.get(&part).into_iter().flatten().copied()
    }

    /// One of them.
    pub fn get(&self, id: ServiceId) -> Option<&ServiceSpec> {
        self.specs.get(&id)
    }

    /// All checks, each once.
    pub fn checks(&self) -> BTreeMap<CheckId, Check> {
        let checks = self.specs.values().flat_map(|spec| &spec.checks);
        checks.map(|check| (check.id, check.clone())).collect()
    }

    /// All checks, each once, with whose they are.
    pub fn asked(&self) -> Vec<Asked> {
        let checks = self
            .specs
            .values()
            .flat_map(|spec| spec.checks.iter().map(move |check| (spec, check)));
        let once: BTreeMap<CheckId, Asked> = checks
            .map(|(spec, check)| {
                let asked = Asked {
                    check: check.clone(),
                    by: spec.creator,
                    vms: vms_asked_about(spec, check),
                };
                (check.id, asked)
            })
            .collect();
        once.into_values().collect()
    }

    /// How a service stands while its parts stand as `of` tells; none for one that is not judged.
    pub fn judge(&self, id: ServiceId, of: impl Fn(Watched) -> Standing) -> Option<Standing> {
        let spec = self.specs.get(&id)?;
        let mut members = Tally::of(spec.members.iter().map(|member| of(*member)));
        if spec.roll == Roll::Partial {
            members = members.with_more_to_come();
        }
        let checks = Tally::of(spec.checks.iter().map(|check| of(Watched::Check(check.id))));
        Some(judge(spec.rule, members, checks))
    }
}

/// The VMs that a check is about.
fn vms_asked_about(spec: &ServiceSpec, check: &Check) -> Vec<VmId> {
    let vm = |member: &Watched| match member {
        Watched::Vm(vm) => Some(*vm),
        Watched::Host(_) | Watched::Check(_) | Watched::Service(_) => None,
    };
    match check.kind {
        CheckKind::Login => spec.members.iter().filter_map(vm).collect(),
        CheckKind::Tcp { .. } | CheckKind::Http { .. } | CheckKind::Certificate { .. } => Vec::new(),
    }
}

/// Members and checks.
pub(super) fn all_parts(spec: &ServiceSpec) -> impl Iterator<Item = Watched> {
    let checks = spec.checks.iter().map(|check| Watched::Check(check.id));
    spec.members.iter().copied().chain(checks)
}
