//! Measurements: `rrd_updates`, whole archives, and data sources. Nothing is recorded: every value follows from the object's own load
//! curve, so any window of the past can be told at any time.

mod archive;
mod sources;

use std::fmt::Write;
use std::time::Duration;

use super::failure::Failure;
use super::value::{Ref, Value};
use super::world::World;
use sources::{Source, of_host, of_vm};

/// Archives: seconds per row, rows.
const ARCHIVES: [(i64, i64); 4] = [(5, 120), (60, 120), (3600, 168), (86_400, 366)];

/// What is asked of `rrd_updates`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// Seconds since 1970; negative counts from now.
    pub(super) start: i64,
    /// The coarsest step that will do, in seconds.
    pub(super) interval: i64,
    /// The host's own sources too.
    pub(super) host: bool,
    /// Only these VMs; all when empty.
    pub(super) vms: Vec<String>,
    /// `AVERAGE` where nothing is said.
    pub(super) function: Option<String>,
}

/// A window of measurements.
pub(super) struct Window {
    start: i64,
    step: i64,
    end: i64,
    sources: Vec<Source>,
    /// Seconds since 1970 at the world's time zero.
    epoch: f64,
}

impl Window {
    /// What `rrd_updates` of a host tells.
    pub(super) fn of(world: &World, host: Ref, query: &Query) -> Self {
        let now = world.unix() as i64;
        let start = if query.start < 0 {
            now + query.start
        } else {
            query.start
        };
        let fits = ARCHIVES.iter().filter(|(step, _)| *step >= query.interval);
        let (step, rows) = fits
            .clone()
            .find(|(step, rows)| start >= now - step * rows)
            .or_else(|| fits.clone().next_back())
            .or_else(|| ARCHIVES.last())
            .copied()
            .unwrap_or((5, 120));
        let end = now / step * step;
        let first = (start.div_euclid(step) * step + step).max(end - step * (rows - 1));
        let mut sources = Vec::new();
        let function = query.function.as_deref().unwrap_or("AVERAGE");
        for vm in world.db.get("host", host, "resident_VMs").refs() {
            let uuid = world.db.text("VM", vm, "uuid");
            if query.vms.is_empty() || query.vms.iter().any(|wanted| wanted == uuid) {
                sources.extend(of_vm(world, vm, function));
            }
        }
        if query.host {
            sources.extend(of_host(world, host, function));
        }
        Self {
            start: first.min(end),
            step,
            end,
            sources,
            epoch: world.epoch,
        }
    }

    /// Times of the rows, the newest first.
    fn times(&self) -> impl Iterator<Item = i64> + '_ {
        let count = (self.end - self.start) / self.step + 1;
        (0..count.max(0)).map(|n| self.end - n * self.step)
    }

    fn value(&self, source: &Source, at: i64) -> f64 {
        let end = at as f64 - self.epoch;
        let begin = end - self.step as f64;
        if begin < source.since.as_secs_f64() {
            return f64::NAN;
        }
        let (begin, end) = (
            Duration::from_secs_f64(begin.max(0.0)),
            Duration::from_secs_f64(end.max(0.0)),
        );
        source.base + source.scale * source.curve.integral(begin, end) / self.step as f64
    }

    /// As JSON: values are texts.
    pub(super) fn json(&self) -> String {
        let mut out = String::new();
        let rows = self.times().count();
        let _ = write!(
            out,
            r#"{{"meta":{{"start":{},"step":{},"end":{},"rows":{rows},"columns":{},"legend":["#,
            self.start,
            self.step,
            self.end,
            self.sources.len()
        );
        for (n, source) in self.sources.iter().enumerate() {
            let comma = if n > 0 { "," } else { "" };
            let _ = write!(out, "{comma}\"{}\"", source.legend);
        }
        out.push_str("]},\"data\":[");
        for (n, at) in self.times().enumerate() {
            let comma = if n > 0 { "," } else { "" };
            let _ = write!(out, "{comma}{{\"t\":{at},\"values\":[");
            for (n, source) in self.sources.iter().enumerate() {
                let comma = if n > 0 { "," } else { "" };
                let _ = write!(out, "{comma}\"{}\"", written(self.value(source, at)));
            }
            out.push_str("]}");
        }
        out.push_str("]}");
        out
    }

    /// As XML.
    pub(super) fn xml(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\"?><xport><meta>");
        let rows = self.times().count();
        let _ = write!(
            out,
            "<start>{}</start><step>{}</step><end>{}</end><rows>{rows}</rows><columns>{}</columns><legend>",
            self.start,
            self.step,
            self.end,
            self.sources.len()
        );
        for source in &self.sources {
            let _ = write!(out, "<entry>{}</entry>", source.legend);
        }
        out.push_str("</legend></meta><data>");
        for at in self.times() {
            let _ = write!(out, "<row><t>{at}</t>");
            for source in &self.sources {
                let _ = write!(out, "<v>{}</v>", written(self.value(source, at)));
            }
            out.push_str("</row>");
        }
        out.push_str("</data></xport>");
        out
    }
}

/// What a whole archive is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As rrdtool dumps it.
    Xml,
    Json,
}

/// The whole archive of a VM.
pub(super) fn vm_archive(world: &World, vm: Ref, form: Form) -> String {
    archive(world, of_vm(world, vm, "AVERAGE"), form)
}

/// The whole archive of a host.
pub(super) fn host_archive(world: &World, host: Ref, form: Form) -> String {
    archive(world, of_host(world, host, "AVERAGE"), form)
}

fn archive(world: &World, sources: Vec<Source>, form: Form) -> String {
    match form {
        Form::Xml => archive_xml(world, sources),
        Form::Json => archive::json(world, sources),
    }
}

/// A window over a whole archive.
fn whole(window: &mut Window, now: i64, step: i64, rows: i64) {
    (window.step, window.end) = (step, now / step * step);
    window.start = window.end - step * (rows - 1);
}

fn archive_xml(world: &World, sources: Vec<Source>) -> String {
    let now = world.unix() as i64;
    let mut out = String::from("<?xml version=\"1.0\"?><rrd><version>0003</version><step>5</step>");
    let _ = write!(out, "<lastupdate>{now}</lastupdate>");
    for source in &sources {
        let name = source.name();
        let _ = write!(
            out,
            "<ds><name>{name}</name><type>GAUGE</type><minimal_heartbeat>300.0000</minimal_heartbeat><min>0.0</min>\
             <max>Infinity</max><last_ds>0.0</last_ds><value>0.0</value><unknown_sec>0</unknown_sec></ds>"
        );
    }
    let mut window = Window {
        start: 0,
        step: 5,
        end: 0,
        sources,
        epoch: world.epoch,
    };
    for (step, rows) in ARCHIVES {
        whole(&mut window, now, step, rows);
        let _ = write!(
            out,
            "<rra><cf>AVERAGE</cf><pdp_per_row>{}</pdp_per_row><params><xff>0.5</xff></params><cdp_prep>",
            step / 5
        );
        for _ in &window.sources {
            out.push_str(
                "<ds><primary_value>0.0</primary_value><secondary_value>0.0</secondary_value><value>0.0</value>\
                 <unknown_datapoints>0</unknown_datapoints></ds>",
            );
        }
        out.push_str("</cdp_prep><database>");
        let mut times: Vec<i64> = window.times().collect();
        times.reverse();
        for at in times {
            out.push_str("<row>");
            for source in &window.sources {
                let _ = write!(out, "<v>{}</v>", written(window.value(source, at)));
            }
            out.push_str("</row>");
        }
        out.push_str("</database></rra>");
    }
    out.push_str("</rrd>");
    out
}

/// As xapi writes numbers: `NaN` for what is not known.
fn written(value: f64) -> String {
    match value {
        v if v.is_nan() => "NaN".to_owned(),
        0.0 => "0.0".to_owned(),
        v => format!("{v}"),
    }
}

/// A VM's data sources as records.
pub(super) fn data_sources(world: &World, vm: Ref) -> Value {
    records(world, of_vm(world, vm, "AVERAGE"))
}

/// A host's data sources as records.
pub(super) fn host_data_sources(world: &World, host: Ref) -> Value {
    records(world, of_host(world, host, "AVERAGE"))
}

/// A VM's source now.
///
/// # Errors
/// `INVALID_VALUE` for one that is not there.
pub(super) fn query(world: &World, vm: Ref, name: &str) -> Result<Value, Failure> {
    now(world, of_vm(world, vm, "AVERAGE"), name)
}

/// A host's source now.
///
/// # Errors
/// `INVALID_VALUE` for one that is not there.
pub(super) fn query_host(world: &World, host: Ref, name: &str) -> Result<Value, Failure> {
    now(world, of_host(world, host, "AVERAGE"), name)
}

fn latest(world: &World, sources: Vec<Source>) -> Window {
    let end = world.unix() as i64 / 5 * 5;
    Window {
        start: end,
        step: 5,
        end,
        sources,
        epoch: world.epoch,
    }
}

fn now(world: &World, sources: Vec<Source>, name: &str) -> Result<Value, Failure> {
    let window = latest(world, sources);
    let source = window.sources.iter().find(|source| source.name() == name);
    let source = source.ok_or_else(|| Failure::invalid("data_source", name))?;
    Ok(Value::Float(window.value(source, window.end)))
}

fn records(world: &World, sources: Vec<Source>) -> Value {
    let window = latest(world, sources);
    let records = window.sources.iter().map(|source| {
        let value = window.value(source, window.end);
        Value::map([
            ("name_label", Value::from(source.name())),
            ("name_description", "".into()),
            ("enabled", true.into()),
            ("standard", true.into()),
            ("units", "".into()),
            ("min", 0.0.into()),
            ("max", 1.0.into()),
            ("value", if value.is_finite() { value } else { 0.0 }.into()),
        ])
    });
    Value::Set(std::sync::Arc::new(records.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xapi::config::PoolConfig;
    use crate::xapi::fleet;

    fn window(query: &Query) -> Window {
        let world = fleet::populate(PoolConfig::new("lab", 3), 1_795_000_000.0);
        Window::of(&world, world.coordinator(), query)
    }

    #[test]
    fn rows_are_newest_first_and_as_many_as_said() {
        let window = window(&Query {
            start: -60,
            interval: 5,
            host: true,
            ..Query::default()
        });
        let json: serde_json::Value = serde_json::from_str(&window.json()).expect("JSON");
        let rows = json["data"].as_array().expect("rows");
        assert_eq!(json["meta"]["rows"], rows.len());
        assert!((11..=13).contains(&rows.len()), "{}", rows.len());
        let times: Vec<i64> = rows.iter().filter_map(|row| row["t"].as_i64()).collect();
        assert!(times.is_sorted_by(|a, b| a > b));
        assert_eq!(
            json["meta"]["columns"],
            json["meta"]["legend"].as_array().map_or(0, Vec::len)
        );
        assert!(rows.iter().all(|row| row["values"][0].is_string()));
    }

    #[test]
    fn an_old_start_gets_a_coarser_step() {
        let step = |start: i64| {
            let query = Query {
                start,
                interval: 5,
                ..Query::default()
            };
            window(&query).step
        };
        assert_eq!(
            [step(-60), step(-3600), step(-86_400), step(-864_000)],
            [5, 60, 3600, 86_400]
        );
    }
}
