//! A whole archive as JSON: every value is a text, rows are the oldest first.
use super::{ARCHIVES, Source, Window, whole, written};
use crate::xapi::world::World;
use serde_json::{Value, json};

/// The archive of these sources.
pub(super) fn json(world: &World, sources: Vec<Source>) -> String {
    let now = world.unix() as i64;
    let told: Vec<Value> = sources
        .iter()
        .map(|source| {
            json!({
                "name": source.name(),
                "type": "GAUGE",
                "minimal_heartbeat": "300.0000",
                "min": "0.0",
                "max": "Infinity",
                "last_ds": "0.0",
                "value": "0.0",
                "unknown_sec": "0.0",
            })
        })
        .collect();
    let prepared = json!({
        "primary_value": "0.0",
        "secondary_value": "0.0",
        "value": "0.0",
        "unknown_datapoints": "0",
    });
    let prepared = vec![prepared; sources.len()];
    let mut window = Window {
        start: 0,
        step: 5,
        end: 0,
        sources,
        epoch: world.epoch,
    };
    let archives = ARCHIVES.map(|(step, rows)| {
        whole(&mut window, now, step, rows);
        let mut times: Vec<i64> = window.times().collect();
        times.reverse();
        let row = |at: i64| -> Vec<String> {
            let value = |source| written(window.value(source, at));
            window.sources.iter().map(value).collect()
        };
        let database: Vec<Vec<String>> = times.into_iter().map(row).collect();
        json!({
            "cf": "AVERAGE",
            "pdp_per_row": (step / 5).to_string(),
            "params": {"xff": "0.5"},
            "cdp_prep": {"ds": prepared},
            "database": database,
        })
    });
    json!({
        "version": "0003",
        "step": "5",
        "lastupdate": now.to_string(),
        "ds": told,
        "rra": archives,
    })
    .to_string()
}
