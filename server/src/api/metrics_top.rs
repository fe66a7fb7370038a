//! Top lists.
use wxa_core::Error;
use wxa_model::TopBy;
use wxa_wire::{TopEntry, TopList, TopView, operation as op};

use super::Call;

/// How long a list is when nothing is said, and at most.
const USUAL: u32 = 10;
const MOST: u32 = 100;

pub(super) async fn metrics_top(call: Call<op::MetricsTop>) -> Result<TopView, Error> {
    let by = ranked_by(&call.params.by)?;
    let most = call.params.n.unwrap_or(USUAL).min(MOST) as usize;
    let top = call.app.core.metrics_top(&call.ctx, &by, most);
    let lists = top.lists.into_iter().map(|(by, vms)| TopList {
        by,
        entries: vms
            .into_iter()
            .map(|row| TopEntry {
                vm: row.vm,
                name: row.name,
                host: row.host,
                value: row.value,
                most: row.most,
            })
            .collect(),
    });
    Ok(TopView {
        at: top.at,
        lists: lists.collect(),
    })
}

/// What is asked for; the same thing twice is asked for once.
fn ranked_by(names: &str) -> Result<Vec<TopBy>, Error> {
    if names.is_empty() {
        return Ok(TopBy::ALL.to_vec());
    }
    let mut all = Vec::new();
    for name in names.split(',') {
        let by = TopBy::from_name(name).ok_or_else(|| Error::Invalid {
            field: "by",
            why: "it is one or several of cpu, memory, disk, disk_ops, disk_latency, network".into(),
        })?;
        if !all.contains(&by) {
            all.push(by);
        }
    }
    Ok(all)
}
