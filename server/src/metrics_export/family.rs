//! A family of samples: a name, its meaning, and where its values come from.
use wxa_core::{MeasuredHost, MeasuredVm, OwnFigures};
use wxa_model::{Metric, Part, PartSample, Unit};

use super::{
    Page,
    labels::{Labels, LeftOut, cut},
    text::{Format, Kind, label, sample},
};

/// Samples on a page.
pub(super) const MOST_SERIES: u64 = 300_000;

/// A label more: its name and value.
pub(super) type Label = (&'static str, String);
/// Values of the server, each with a label or without.
pub(super) type Told = Vec<(Option<Label>, f64)>;
/// The label of a part; none for parts that a family is not about.
pub(super) type OfPart = fn(&Part) -> Option<Label>;
/// The value of an object; none when it is not known.
pub(super) type Value<T> = Box<dyn Fn(&T, &Page) -> Option<f64> + Send + Sync>;

/// Where values come from.
pub(super) enum Values {
    /// One for each host.
    Hosts(Value<MeasuredHost>),
    /// One for each VM.
    Vms(Value<MeasuredVm>),
    /// One for each host, with a label more.
    HostState(fn(&MeasuredHost) -> (&'static str, &'static str)),
    /// One for each VM, with a label more.
    VmState(fn(&MeasuredVm) -> (&'static str, &'static str)),
    /// One for each part of hosts that has the metric.
    HostParts(OfPart, Metric),
    /// One for each part of VMs that has the metric.
    VmParts(OfPart, Metric),
    /// Of the server itself, each with a label or without.
    Own(fn(&OwnFigures, &Page) -> Told),
}

/// A family.
pub(super) struct Family {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// As it ends the name; empty for plain numbers.
    pub(super) unit: &'static str,
    pub(super) help: String,
    pub(super) values: Values,
}

/// The unit as it ends a name, and what stands for it in the text of the meaning.
pub(super) fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "bytes",
        Unit::BytesPerSecond => "bytes_per_second",
        Unit::PerSecond => "per_second",
        Unit::Seconds => "seconds",
        Unit::Cpus => "cpus",
        Unit::Number => "",
    }
}

impl Family {
    /// A gauge with a name of its own.
    pub(super) fn gauge(name: &str, unit: &'static str, help: &str, values: Values) -> Self {
        Self {
            name: name.to_owned(),
            kind: Kind::Gauge,
            unit,
            help: help.to_owned(),
            values,
        }
    }

    /// A gauge of a metric: `xen_<what>_<metric>_<unit>`, with the metric's own meaning.
    pub(super) fn of(what: &str, metric: Metric, values: Values) -> Self {
        let unit = unit_name(metric.unit());
        let name = match unit {
            "" => format!("xen_{what}_{}", metric.name()),
            unit => format!("xen_{what}_{}_{unit}", metric.name()),
        };
        Self::gauge(&name, unit, metric.meaning(), values)
    }

    /// The text; empty when there is no value. `budget` is how many samples the page may still have.
    pub(super) fn text(
        &self,
        page: &Page,
        labels: &Labels,
        format: Format,
        budget: &mut u64,
        left_out: &mut LeftOut,
    ) -> String {
        let mut lines = Lines {
            family: self,
            text: String::new(),
            budget,
            left_out,
        };
        let measured = &page.measured;
        match &self.values {
            Values::Hosts(value) => {
                for (host, labels) in measured.hosts.iter().zip(&labels.hosts) {
                    lines.put(&[labels], value(host, page));
                }
            }
            Values::Vms(value) => {
                for (vm, labels) in measured.vms.iter().zip(&labels.vms) {
                    lines.put(&[labels], value(vm, page));
                }
            }
            Values::HostState(state) => {
                for (host, labels) in measured.hosts.iter().zip(&labels.hosts) {
                    lines.state(labels, state(host));
                }
            }
            Values::VmState(state) => {
                for (vm, labels) in measured.vms.iter().zip(&labels.vms) {
                    lines.state(labels, state(vm));
                }
            }
            Values::HostParts(which, metric) => {
                for (host, labels) in measured.hosts.iter().zip(&labels.hosts) {
                    lines.parts(labels, &host.parts, *which, *metric);
                }
            }
            Values::VmParts(which, metric) => {
                for (vm, labels) in measured.vms.iter().zip(&labels.vms) {
                    lines.parts(labels, &vm.parts, *which, *metric);
                }
            }
            Values::Own(values) => {
                for (with, value) in measured.own.iter().flat_map(|own| values(own, page)) {
                    let mut labels = String::new();
                    if let Some((name, of)) = with {
                        label(&mut labels, name, &of);
                    }
                    lines.put(&[&labels], Some(value));
                }
            }
        }
        if lines.text.is_empty() {
            return String::new();
        }
        let mut text = String::with_capacity(lines.text.len() + 256);
        format.head(&mut text, &self.name, self.kind, self.unit, &self.help);
        text.push_str(&lines.text);
        text
    }
}

struct Lines<'a> {
    family: &'a Family,
    text: String,
    budget: &'a mut u64,
    left_out: &'a mut LeftOut,
}

impl Lines<'_> {
    fn put(&mut self, labels: &[&str], value: Option<f64>) {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return;
        };
        match self.budget.checked_sub(1) {
            Some(left) => *self.budget = left,
            None => {
                self.left_out.series += 1;
                return;
            }
        }
        sample(&mut self.text, &self.family.name, self.family.kind, labels, value);
    }

    fn state(&mut self, labels: &str, (name, state): (&str, &str)) {
        let mut more = String::new();
        label(&mut more, name, state);
        self.put(&[labels, &more], Some(1.0));
    }

    fn parts(&mut self, labels: &str, parts: &[PartSample], which: OfPart, metric: Metric) {
        for part in parts {
            let value = part
                .values
                .iter()
                .find(|(known, _)| *known == metric)
                .map(|(_, value)| *value);
            if let (Some((name, of)), Some(value)) = (which(&part.part), value) {
                let mut more = String::new();
                label(&mut more, name, cut(&of, self.left_out));
                self.put(&[labels, &more], Some(f64::from(value)));
            }
        }
    }
}
