//! `vgs` and `lvs`: one volume group with the volumes that definitions name.

use std::collections::BTreeMap;

use crate::ails::Ail;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};
use crate::world::World;

const GIB: u64 = 1 << 30;
/// LVM gives space in pieces of 4 MiB.
const EXTENT: u64 = 4 << 20;

/// What both programs print when no columns are asked for.
const GROUP_COLUMNS: &str = "vg_name,pv_count,lv_count,snap_count,vg_attr,vg_size,vg_free";
const VOLUME_COLUMNS: &str = "lv_name,vg_name,lv_attr,lv_size,pool_lv,origin,data_percent,metadata_percent,move_pv,mirror_log,copy_percent,convert_lv";

/// How sizes are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Units {
    Human,
    Bytes { suffix: bool },
}

/// Runs `vgs` or `lvs`, which know `--reportformat json`, `--units b`, `--nosuffix` and `-o`.
pub(crate) async fn run(env: &Env, name: &str, args: &[String], io: &Io) -> Outcome {
    if !env.is_root() {
        return io
            .fail(
                "  WARNING: Running as a non-root user. Functionality may be unavailable.\n  /run/lock/lvm/P_global:aux: open failed: Permission denied\n",
                5,
            )
            .await;
    }
    let after = |option: &str| {
        let at = args.iter().position(|arg| arg == option)?;
        args.get(at + 1).cloned()
    };
    if after("--reportformat").as_deref() != Some("json") {
        return io
            .fail("  this simulated host prints LVM's reports as JSON only\n", 3)
            .await;
    }
    let units = match after("--units").as_deref() {
        Some("b") => Units::Bytes {
            suffix: !args.iter().any(|arg| arg == "--nosuffix"),
        },
        _ => Units::Human,
    };
    let (what, usual) = match name {
        "vgs" => ("vg", GROUP_COLUMNS),
        _ => ("lv", VOLUME_COLUMNS),
    };
    let columns: Vec<String> = after("-o")
        .unwrap_or_else(|| usual.to_owned())
        .split(',')
        .map(str::to_owned)
        .collect();
    let text = env
        .world
        .ask(move |world| {
            let rows = if what == "vg" {
                vec![group(world, units)]
            } else {
                volumes(world, units)
            };
            report(what, &columns, &rows)
        })
        .await?;
    io.done(text).await
}

type Cells = BTreeMap<&'static str, String>;

fn group(world: &World, units: Units) -> Cells {
    let names = names(world);
    // The last extent of the disk is lost to metadata.
    let size = 2048 * GIB - EXTENT;
    let used: u64 =
        names.iter().map(|name| size_of(name)).sum::<u64>() + pool(world).map_or(0, |_| 500 * GIB);
    let count = names.len() + usize::from(pool(world).is_some());
    [
        ("vg_name", "vg0".to_owned()),
        ("pv_count", "1".into()),
        ("lv_count", count.to_string()),
        ("snap_count", "0".into()),
        ("vg_attr", "wz--n-".into()),
        ("vg_size", printed(size, units)),
        ("vg_free", printed(size.saturating_sub(used), units)),
    ]
    .into()
}

fn volumes(world: &World, units: Units) -> Vec<Cells> {
    let volume = |name: &str, attributes: String, size: u64, percent: &str| -> Cells {
        [
            ("lv_name", name.to_owned()),
            ("vg_name", "vg0".into()),
            ("lv_attr", attributes),
            ("lv_size", printed(size, units)),
            ("data_percent", percent.to_owned()),
        ]
        .into()
    };
    let mut rows: Vec<Cells> = names(world)
        .iter()
        .map(|name| {
            let path = format!("/dev/vg0/{name}");
            let open = world
                .domains
                .values()
                .any(|domain| domain.config.disks.iter().any(|disk| disk.target == path));
            volume(
                name,
                format!("-wi-a{}----", if open { 'o' } else { '-' }),
                size_of(name),
                "",
            )
        })
        .collect();
    rows.extend(pool(world).map(|percent| volume("thin", "twi-aotz--".into(), 500 * GIB, percent)));
    rows
}

fn pool(world: &World) -> Option<&'static str> {
    world.config.ails.contains(&Ail::FullPool).then_some("96.31")
}

/// Volumes of the group that definitions name; one that a sentinel says is missing is missing.
fn names(world: &World) -> Vec<String> {
    let disks = world.config.guests.iter().flat_map(|guest| &guest.disks);
    let running = world
        .domains
        .values()
        .flat_map(|domain| &domain.config.disks)
        .map(|disk| disk.target.as_str());
    let mut names: Vec<String> = disks
        .filter_map(|disk| disk.strip_prefix("phy:")?.split(',').next())
        .chain(running)
        .filter_map(|path| path.strip_prefix("/dev/vg0/"))
        .filter(|name| *name != "nope")
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Sizes of 8 to 40 GiB that follow from the name.
fn size_of(name: &str) -> u64 {
    (name.bytes().map(u64::from).sum::<u64>() % 5 + 1) * 8 * GIB
}

fn printed(size: u64, units: Units) -> String {
    match units {
        Units::Bytes { suffix: true } => format!("{size}B"),
        Units::Bytes { suffix: false } => size.to_string(),
        Units::Human => {
            let (unit, letter) = [(1u64 << 40, 't'), (GIB, 'g'), (1 << 20, 'm')]
                .into_iter()
                .find(|(unit, _)| size >= unit - unit / 100)
                .unwrap_or((1 << 10, 'k'));
            let exact = size as f64 / unit as f64;
            let shown = (exact * 100.0).round() / 100.0;
            format!("{}{shown:.2}{letter}", if shown > exact { "<" } else { "" })
        }
    }
}

fn report(what: &str, columns: &[String], rows: &[Cells]) -> String {
    let row = |cells: &Cells| {
        let cells = columns.iter().map(|column| {
            let value = cells.get(column.as_str()).map_or("", String::as_str);
            format!("\"{column}\":\"{value}\"")
        });
        format!("                  {{{}}}", cells.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!(
        "  {{\n      \"report\": [\n          {{\n              \"{what}\": [\n{}\n              ]\n          }}\n      ]\n  }}\n",
        rows.join(",\n")
    )
}
