//! The report for people, in Markdown.

use std::fmt::{self, Write as _};

use crate::aims::short;
use crate::browser_sums::{BrowserPage, Painted};
use crate::options::{Effort, thousands};
use crate::report::{Hosts, Report};
use crate::stats::{Quantiles, Range, Spread};

/// Functions of a profile that are told; the JSON has more.
const TOP: usize = 10;

/// What a row tells, and how it is had of what a column stands for.
type Row<T> = (&'static str, fn(&T) -> String);

/// Writes all of it.
///
/// # Errors
/// Never: text takes everything.
pub fn write(report: &Report) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let out = &mut text;
    writeln!(out, "# Bench\n")?;
    let effort = match report.effort {
        Effort::Quick => "quick: few repeats",
        Effort::Full => "full",
    };
    writeln!(
        out,
        "{} build, {} processors, {effort}. Repeats are min / median / max, quantiles p50 / p95 / p99 / worst (samples).\n",
        report.profile, report.processors
    )?;
    for (when, moment) in [("before", &report.before), ("after", &report.after)] {
        if let Some(moment) = moment {
            writeln!(out, "- {when}: {moment}")?;
        }
    }
    aims(out, report)?;
    growth(out, report)?;
    pages(out, report)?;
    servers(out, report)?;
    metrics(out, report)?;
    viewers(out, report)?;
    if let Some(sizes) = &report.sizes {
        block(out, "What browsers download, in bytes", sizes)?;
    }
    if let Some(hosts) = &report.hosts {
        plain(out, hosts)?;
    }
    if let Some(console) = &report.console {
        block(out, "Console: echo of a typed byte", console)?;
    }
    if let Some(flood) = &report.flood {
        block(out, "Console: throughput of a guest that floods", flood)?;
    }
    if let Some(recorded) = &report.recorded {
        block(out, "Consoles: guests that are recorded", recorded)?;
    }
    if let Some(watched) = &report.watched {
        block(out, "Consoles: what those cost that somebody looks at", watched)?;
    }
    if let Some(real) = &report.real {
        block(out, "Real Xen in emulation: echo of a typed byte", &real.console)?;
        block(
            out,
            "Real Xen in emulation: `xl pause` to the delta",
            &real.events,
        )?;
    }
    if !report.problems.is_empty() {
        writeln!(out, "\n## Not measured\n")?;
        for problem in &report.problems {
            writeln!(out, "- {problem}")?;
        }
    }
    Ok(text)
}

fn block(out: &mut String, title: &str, what: &dyn fmt::Display) -> fmt::Result {
    writeln!(out, "\n## {title}\n\n```\n{what}\n```")
}

fn aims(out: &mut String, report: &Report) -> fmt::Result {
    if report.aims.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n## Aims\n\n| what | VMs | aim | measured | |\n|---|---|---|---|---|"
    )?;
    report.aims.iter().try_for_each(|aim| writeln!(out, "{aim}"))
}

fn growth(out: &mut String, report: &Report) -> fmt::Result {
    if report.growth.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n## Growth from 1,000 to 10,000 VMs\n\n| cost | 1,000 | 10,000 | |\n|---|---|---|---|"
    )?;
    report.growth.iter().try_for_each(|cost| writeln!(out, "{cost}"))
}

/// A table whose columns are sizes.
fn table<'a, T: 'a>(
    out: &mut String,
    columns: impl Iterator<Item = (String, &'a T)> + Clone,
    rows: &[Row<T>],
) -> fmt::Result {
    let heads: Vec<String> = columns.clone().map(|(head, _)| head).collect();
    writeln!(
        out,
        "| | {} |\n|---{}|",
        heads.join(" | "),
        "|---".repeat(heads.len())
    )?;
    for (what, of) in rows {
        let cells: Vec<String> = columns.clone().map(|(_, column)| of(column)).collect();
        writeln!(out, "| {what} | {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn pages(out: &mut String, report: &Report) -> fmt::Result {
    let Some(first) = report.page.values().next() else {
        return Ok(());
    };
    writeln!(
        out,
        "\n## The page of {} in Chromium {}\n\nTimes in ms, from the last click of signing in with an empty cache.\n",
        first.product, first.chromium
    )?;
    let columns = report
        .page
        .iter()
        .map(|(vms, page)| (format!("{} VMs", thousands(*vms)), page));
    table(out, columns, PAGE)?;
    for (vms, page) in &report.page {
        profiles(out, *vms, page)?;
    }
    Ok(())
}

const PAGE: &[Row<BrowserPage>] = &[
    ("first VM row painted", |page| range(&page.row_ms)),
    ("interactive", |page| range(&page.interactive_ms)),
    ("longest main-thread block", |page| range(&page.longest_block_ms)),
    ("… its processor time", |page| {
        page.longest_block_cpu_ms.as_ref().map_or_else(none, range)
    }),
    ("all tasks over 50 ms", |page| range(&page.long_tasks_ms)),
    ("heap: JS + WASM, MB", |page| mega(&page.heap_bytes)),
    ("… JS, MB", |page| mega(&page.js_bytes)),
    ("… WASM, MB", |page| mega(&page.wasm_bytes)),
    ("heap after the storm, MB", |page| {
        page.heap_after_storm_bytes
            .map_or_else(none, |bytes| short(bytes / 1e6))
    }),
    ("nodes in the document", |page| range(&page.nodes)),
    ("… elements", |page| range(&page.elements)),
    ("… as DevTools counts", |page| range(&page.nodes_counted)),
    ("requests, sign-in page included", |page| range(&page.requests)),
    ("kB on the wire, sign-in page included", |page| kilo(&page.bytes)),
    ("… of the sign-in page", |page| {
        kilo(&page.bytes_of_sign_in_page)
    }),
    ("kB through sockets, unpacked", |page| kilo(&page.socket_bytes)),
    ("filter: key → rows settled", |page| quantiles(&page.filter_ms)),
    ("filter: key → next paint", |page| {
        quantiles(&page.filter_next_paint_ms)
    }),
    ("filter: main thread at work", |page| {
        quantiles(&page.filter_busy_ms)
    }),
    ("scroll: between frames", |page| quantiles(&page.scroll_frames_ms)),
    ("event → pixel, quiet", |page| painted(&page.event_quiet)),
    ("event → pixel, 1,000 changes/s", |page| {
        painted(&page.event_storm)
    }),
    ("between frames, 1,000 changes/s", |page| {
        quantiles(&page.storm_frames_ms)
    }),
];

fn profiles(out: &mut String, vms: usize, page: &BrowserPage) -> fmt::Result {
    if !page.longest_block.is_empty() {
        let parts: Vec<String> = page
            .longest_block
            .iter()
            .map(|part| format!("{} {} ms", part.what, short(part.ms)))
            .collect();
        writeln!(
            out,
            "\nThe longest block at {} VMs, as far as Chromium names it: {}.",
            thousands(vms),
            parts.join(", ")
        )?;
    }
    for (what, profile) in &page.profiles {
        writeln!(
            out,
            "\nMain thread at {} VMs, `{what}`: {} of {} ms at work; own time:\n",
            thousands(vms),
            short(profile.busy_ms),
            short(profile.whole_ms)
        )?;
        for time in profile.top.iter().take(TOP) {
            writeln!(out, "- {} ms {}", short(time.ms), time.what)?;
        }
    }
    Ok(())
}

fn servers(out: &mut String, report: &Report) -> fmt::Result {
    if report.server.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## The server with one pool\n")?;
    let columns = report
        .server
        .iter()
        .map(|scale| (format!("{} VMs", thousands(scale.vms)), scale));
    table(
        out,
        columns,
        &[
            ("pool added until its last row is live, ms", |scale| {
                short(scale.added_ms)
            }),
            ("memory at rest, MB (anonymous)", |scale| {
                let own = scale.at_rest.anonymous_kib as f64 * 1024.0 / 1e6;
                format!("{} ({})", short(scale.at_rest.rss_mb()), short(own))
            }),
            ("memory after all, MB", |scale| short(scale.after_work.rss_mb())),
            ("processor, idle", |scale| percent(scale.idle_processor)),
            ("processor, 1,000 changes/s, one tab", |scale| {
                percent(scale.storm_processor)
            }),
            ("calls a minute, idle", |scale| short(scale.idle_calls)),
            ("rendered list, ms", |scale| spread(&scale.page.time)),
            ("… on the wire, kB", |scale| {
                format!(
                    "{} ({})",
                    short(scale.page.bytes as f64 / 1e3),
                    scale.page.encoding
                )
            }),
            ("change → delta, quiet, ms", |scale| spread(&scale.quiet.delta)),
            ("… the host alone", |scale| spread(&scale.quiet.host_alone)),
            ("change → delta, 1,000 changes/s, ms", |scale| {
                spread(&scale.storm.delta)
            }),
            ("… the host alone", |scale| spread(&scale.storm.host_alone)),
            ("… p99 beyond the host's median", |scale| {
                short(scale.storm.added_p99_ms())
            }),
        ],
    )
}

fn metrics(out: &mut String, report: &Report) -> fmt::Result {
    if report.metrics.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n## Measurements\n\nAn hour of one every 5 s, eight values for each VM, by the server's own code without a server around it.\n"
    )?;
    let columns = report.metrics.iter();
    let columns = columns.map(|metrics| (format!("{} VMs", thousands(metrics.vms)), metrics));
    table(
        out,
        columns,
        &[
            ("taken in, samples/s", |metrics| short(metrics.ingest_per_s)),
            ("rolled up, samples/s", |metrics| short(metrics.rolled_up_per_s)),
            ("writing a minute of all, ms", |metrics| {
                let longest = short(metrics.longest_minute_ms);
                format!("{} (longest {longest})", short(metrics.minute_ms))
            }),
            ("packing an hour of all, ms", |metrics| short(metrics.hour_ms)),
            ("file after an hour, MB", |metrics| {
                short(metrics.file_bytes as f64 / 1e6)
            }),
            ("memory of all of it, MB", |metrics| {
                short(metrics.resident_bytes as f64 / 1e6)
            }),
            ("a year of one host, ms", |metrics| short(metrics.year_of_host_ms)),
            ("a year of all hosts, ms", |metrics| {
                short(metrics.year_of_site_ms)
            }),
        ],
    )
}

fn viewers(out: &mut String, report: &Report) -> fmt::Result {
    if report.viewers.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n## Many viewers\n\nThe server may use one processor; clients and pool have what is left. Each tenth never reads.\n"
    )?;
    let columns = report.viewers.iter().map(|viewers| {
        let head = format!("{} at {} VMs", thousands(viewers.viewers), thousands(viewers.vms));
        (head, viewers)
    });
    table(
        out,
        columns,
        &[
            ("idle, kB/s each", |viewers| {
                short(viewers.idle_bytes_per_second / 1e3)
            }),
            ("idle, processor", |viewers| percent(viewers.idle_processor)),
            ("idle, KiB each", |viewers| short(viewers.kib_each)),
            ("storm: change → delta, ms", |viewers| spread(&viewers.delta)),
            ("storm: not told in time", |viewers| viewers.missed.to_string()),
            ("storm: kB/s each", |viewers| {
                short(viewers.storm_bytes_per_second / 1e3)
            }),
            ("storm: processor", |viewers| percent(viewers.storm_processor)),
            ("storm: KiB each", |viewers| short(viewers.kib_each_storm)),
            ("readers cut off", |viewers| viewers.cut_off.to_string()),
        ],
    )
}

fn plain(out: &mut String, hosts: &Hosts) -> fmt::Result {
    if let Some(page) = &hosts.first_page {
        block(
            out,
            "First page of a plain fleet, empty cache, until it is live",
            page,
        )?;
    }
    for (what, fleet) in [
        ("2 plain hosts, 42 VMs", &hosts.demo),
        ("4 plain hosts, 1,000 VMs", &hosts.large),
    ] {
        let text = format!(
            "{}\n  at rest    {}\n  after work {}",
            fleet.page, fleet.at_rest, fleet.after_work
        );
        block(out, what, &text)?;
    }
    block(out, "`xl pause` to the delta, simulated host", &hosts.events)
}

fn none() -> String {
    "–".to_owned()
}

fn range(range: &Range) -> String {
    [range.min, range.median, range.max].map(short).join(" / ")
}

fn scaled(of: &Range, by: f64) -> String {
    range(&Range {
        min: of.min / by,
        median: of.median / by,
        max: of.max / by,
    })
}

fn mega(range: &Range) -> String {
    scaled(range, 1e6)
}

fn kilo(range: &Range) -> String {
    scaled(range, 1e3)
}

fn quantiles(found: &Option<Quantiles>) -> String {
    found.map_or_else(none, |found| found.to_string())
}

fn painted(found: &Option<Painted>) -> String {
    found.as_ref().map_or_else(none, |found| match found.lost {
        0 => quantiles(&found.ms),
        lost => format!("{}, of these {lost} not seen in 15 s", quantiles(&found.ms)),
    })
}

fn percent(part: f64) -> String {
    format!("{} %", short(part * 100.0))
}

fn spread(found: &Spread) -> String {
    format!(
        "p50 {} p99 {} (rounds' p50 {})",
        short(found.p50_ms),
        short(found.p99_ms),
        range(&found.p50_of_rounds_ms)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_has_no_section() -> fmt::Result {
        let text = write(&Report::new("release", Effort::Full, 2))?;
        assert!(text.starts_with("# Bench\n") && !text.contains("\n## "), "{text}");
        Ok(())
    }

    #[test]
    fn columns_are_sizes_and_rows_are_costs() -> fmt::Result {
        let mut text = String::new();
        let sizes = [1_usize, 20];
        let columns = sizes.iter().map(|size| (thousands(*size), size));
        table(
            &mut text,
            columns,
            &[("twice", |size: &usize| (size * 2).to_string())],
        )?;
        assert_eq!(text, "| | 1 | 20 |\n|---|---|---|\n| twice | 2 | 40 |\n");
        Ok(())
    }
}
