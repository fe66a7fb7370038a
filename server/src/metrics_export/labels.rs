//! Labels, made once for each object and bounded.
use axum::body::Bytes;
use std::fmt::Write as _;
use wxa_core::{MeasuredHost, MeasuredNow, MeasuredVm, Whereabouts};
use wxa_model::{PowerState, VmRole};

use super::text::{Format, Kind, label, sample};

/// Tags of an object that are told.
const MOST_TAGS: usize = 10;
/// Letters of a label's value.
const MOST_LETTERS: usize = 120;

/// What was left out to stay within bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    pub(super) tags: u64,
    pub(super) letters: u64,
    pub(super) series: u64,
}

/// The labels of every host and VM, in the order of the page.
#[derive(Debug, Default)]
pub(super) struct Labels {
    pub(super) hosts: Vec<String>,
    pub(super) vms: Vec<String>,
}

impl Labels {
    pub(super) fn new(measured: &MeasuredNow, left_out: &mut LeftOut) -> Self {
        Self {
            hosts: measured
                .hosts
                .iter()
                .map(|host| of_host(host, left_out))
                .collect(),
            vms: measured.vms.iter().map(|vm| of_vm(vm, left_out)).collect(),
        }
    }
}

impl LeftOut {
    /// The families that tell it.
    pub(super) fn text(self, format: Format) -> Bytes {
        let mut text = String::new();
        let told = [
            ("tags", self.tags),
            ("label_values_cut", self.letters),
            ("series", self.series),
        ];
        let name = "webxenadmin_metrics_left_out";
        let help = "What this page left out to stay within its bounds.";
        format.head(&mut text, name, Kind::Gauge, "", help);
        for (what, count) in told {
            let mut labels = String::new();
            label(&mut labels, "what", what);
            sample(&mut text, name, Kind::Gauge, &[&labels], count as f64);
        }
        text.into()
    }
}

fn of_host(host: &MeasuredHost, left_out: &mut LeftOut) -> String {
    let mut text = String::new();
    label(&mut text, "id", &host.id.to_string());
    // Xen Orchestra's names, so that its dashboards find theirs.
    if let Some(uuid) = host.uuid {
        label(&mut text, "uuid", &uuid.to_string());
    }
    place(&mut text, &host.at, left_out);
    text
}

fn of_vm(vm: &MeasuredVm, left_out: &mut LeftOut) -> String {
    let mut text = String::new();
    label(&mut text, "id", &vm.id.to_string());
    if let Some(uuid) = vm.uuid {
        label(&mut text, "uuid", &uuid.to_string());
    }
    label(&mut text, "vm_name", cut(&vm.name, left_out));
    let is_control_domain = match vm.role {
        VmRole::Guest => "false",
        VmRole::ControlDomain => "true",
    };
    label(&mut text, "is_control_domain", is_control_domain);
    place(&mut text, &vm.at, left_out);
    text
}

fn place(text: &mut String, at: &Whereabouts, left_out: &mut LeftOut) {
    if !at.host.is_empty() {
        label(text, "host_name", cut(&at.host, left_out));
    }
    if let Some((id, name)) = &at.pool {
        label(text, "pool_id", &id.to_string());
        label(text, "pool_name", cut(name, left_out));
    }
    label(text, "site", cut(&at.site, left_out));
    if at.tags.is_empty() {
        return;
    }
    // With a comma at both ends: `tags=~".*,web,.*"` finds a whole tag.
    let mut tags = String::from(",");
    for tag in at.tags.iter().take(MOST_TAGS) {
        let _ = write!(tags, "{},", cut(tag, left_out));
    }
    left_out.tags += at.tags.len().saturating_sub(MOST_TAGS) as u64;
    label(text, "tags", &tags);
}

/// At most so many letters of it.
pub(super) fn cut<'a>(value: &'a str, left_out: &mut LeftOut) -> &'a str {
    match value.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => {
            left_out.letters += 1;
            value.get(..end).unwrap_or_default()
        }
        None => value,
    }
}

/// As XAPI, and so Xen Orchestra, spells it; what XAPI does not know as we do.
pub(super) fn power_state(power: PowerState) -> &'static str {
    match power {
        PowerState::Running => "Running",
        PowerState::Paused => "Paused",
        PowerState::Suspended => "Suspended",
        PowerState::Halted => "Halted",
        PowerState::Crashed => "Crashed",
        PowerState::Stopping => "Stopping",
    }
}
