//! Measurements over time, and what VMs used.
use wxa_core::{DayUsed, Error, MetricsAsk, MetricsFrom, MetricsOf, MetricsRange, Parts, RangeSeries};
use wxa_model::Metric;
use wxa_store::{Quantity, Stat};
use wxa_wire::{
    MetricSeries, MetricSum, MetricsQuery, MetricsView, Resolution, UsageAmount, UsageDayView, UsageOf,
    UsageView, operation as op,
};

use super::Call;

pub(super) async fn metrics_get(call: Call<op::MetricsGet>) -> Result<MetricsView, Error> {
    let ask = ask(&call.params)?;
    let range = call.app.core.metrics_get(&call.ctx, &ask).await?;
    Ok(view(range))
}

pub(super) async fn usage_get(call: Call<op::UsageGet>) -> Result<UsageView, Error> {
    let MetricsOf::Vm(vm) = of(&call.params.of)? else {
        return Err(Error::Invalid {
            field: "of",
            why: "it is vm:ID".into(),
        });
    };
    let (from, to) = (call.params.from, call.params.to);
    let days = call.app.core.usage_get(&call.ctx, vm, from, to).await?;
    Ok(UsageView {
        days: days.into_iter().map(day).collect(),
    })
}

fn ask(query: &MetricsQuery) -> Result<MetricsAsk, Error> {
    let names = query
        .metrics
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let metric = |name: &str| {
        Metric::from_name(name).ok_or_else(|| {
            let known: Vec<_> = Metric::ALL.into_iter().map(Metric::name).collect();
            Error::Invalid {
                field: "metrics",
                why: format!("each is one of {}", known.join(", ")),
            }
        })
    };
    Ok(MetricsAsk {
        of: of(&query.of)?,
        metrics: names.map(metric).collect::<Result<_, _>>()?,
        parts: if query.parts { Parts::With } else { Parts::Without },
        from: query.from,
        to: query.to,
        points: query.points,
    })
}

fn of(text: &str) -> Result<MetricsOf, Error> {
    let read = text.split_once(':').and_then(|(kind, id)| match kind {
        "vm" => Some(MetricsOf::Vm(id.parse().ok()?)),
        "host" => Some(MetricsOf::Host(id.parse().ok()?)),
        "site" => Some(MetricsOf::Site(id.parse().ok()?)),
        _ => None,
    });
    read.ok_or_else(|| Error::Invalid {
        field: "of",
        why: "it is vm:ID, host:ID or site:ID".into(),
    })
}

/// A range as it travels.
fn view(range: MetricsRange) -> MetricsView {
    MetricsView {
        from: range.grid.from,
        step: range.grid.step,
        count: range.grid.count,
        resolution: match range.from {
            MetricsFrom::Raw => Resolution::Raw,
            MetricsFrom::Minutes => Resolution::Minute,
            MetricsFrom::Hours => Resolution::Hour,
        },
        series: range.series.into_iter().map(series).collect(),
        sum: range.sum.map(|(hosts, known)| MetricSum { hosts, known }),
    }
}

fn series(series: RangeSeries) -> MetricSeries {
    let is_single = |stat: &Stat| stat.min == stat.avg && stat.max == stat.avg;
    let is_plain = series.points.iter().flatten().all(is_single);
    let column = |of: fn(Stat) -> f32| series.points.iter().map(|point| point.map(of)).collect();
    let beside = |of| if is_plain { Vec::new() } else { column(of) };
    MetricSeries {
        min: beside(|stat| stat.min),
        avg: column(|stat| stat.avg),
        max: beside(|stat| stat.max),
        metric: series.metric,
        part: series.part,
    }
}

fn day(used: DayUsed) -> UsageDayView {
    let amount = |(quantity, (amount, known_ms))| UsageAmount {
        what: what(quantity),
        amount,
        known_ms,
    };
    UsageDayView {
        day: used.day,
        unknown_ms: used.unknown_ms,
        amounts: used.amounts.into_iter().map(amount).collect(),
    }
}

fn what(quantity: Quantity) -> UsageOf {
    match quantity {
        Quantity::Cpu => UsageOf::CpuSeconds,
        Quantity::Memory => UsageOf::MemoryByteSeconds,
        Quantity::Storage => UsageOf::StorageByteSeconds,
        Quantity::DiskRead => UsageOf::DiskReadBytes,
        Quantity::DiskWrite => UsageOf::DiskWriteBytes,
        Quantity::DiskReadOps => UsageOf::DiskReadOps,
        Quantity::DiskWriteOps => UsageOf::DiskWriteOps,
        Quantity::NetRx => UsageOf::NetRxBytes,
        Quantity::NetTx => UsageOf::NetTxBytes,
    }
}
