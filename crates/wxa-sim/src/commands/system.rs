//! `df`, `dpkg-query` and `service`: what is mounted, what is installed, and Xen's daemons.

use crate::ails::Ail;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};
use crate::world::World;

/// The kernel's package version that runs; another one is installed where the host wants a reboot.
const KERNEL: &str = "6.1.119-1";
const NEWER_KERNEL: &str = "6.1.124-1";

/// `df -P -k -T`: the only form there is.
pub(crate) async fn df(env: &Env, args: &[String], io: &Io) -> Outcome {
    if args != ["-P", "-k", "-T"] {
        return io
            .fail("df: this simulated host knows `df -P -k -T` only\n", 1)
            .await;
    }
    let text = env.world.ask(mounted).await?;
    io.done(text).await
}

fn mounted(world: &mut World) -> String {
    let images = match world.config.ails.contains(&Ail::FullDisk) {
        true => 97,
        false => 61,
    };
    let row = |source: &str, kind: &str, size: u64, percent: u64, mount: &str| {
        let used = size / 100 * percent;
        [
            source.to_owned(),
            kind.to_owned(),
            size.to_string(),
            used.to_string(),
            (size - used).to_string(),
            format!("{percent}%"),
            mount.to_owned(),
        ]
    };
    let head = [
        "Filesystem",
        "Type",
        "1024-blocks",
        "Used",
        "Available",
        "Capacity",
        "Mounted on",
    ]
    .map(str::to_owned);
    let rows = [
        head,
        row("udev", "devtmpfs", 1_994_048, 0, "/dev"),
        row("tmpfs", "tmpfs", 402_300, 1, "/run"),
        row("/dev/mapper/dom0-root", "ext4", 30_787_492, 23, "/"),
        row("/dev/sdb1", "xfs", 1_073_217_536, images, "/srv/xen"),
    ];
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(String::len)
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..7).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let [source, kind, numbers @ .., mount] = row;
        let mut line = format!("{source:<0$} {kind:<1$}", widths[0].max(14), widths[1]);
        for (number, width) in numbers.iter().zip(widths.iter().skip(2)) {
            line += &format!(" {number:>width$}");
        }
        out += &format!("{line} {mount}\n");
    }
    out
}

/// `service xen restart`: xenconsoled begins anew, as its settings say.
pub(crate) async fn service(env: &Env, args: &[String], io: &Io) -> Outcome {
    let [name, verb] = args else {
        return io
            .fail(
                "Usage: service < option > | --status-all | [ service_name [ command ] ]\n",
                1,
            )
            .await;
    };
    if name != "xen" || verb != "restart" {
        return io.fail(format!("{name}: unrecognized service\n"), 1).await;
    }
    if !env.is_root() {
        return io.fail("Failed to restart xen.service: Access denied\n", 4).await;
    }
    env.world.ask(World::restart_console_daemon).await?;
    Ok(0)
}

/// `dpkg-query -W -f FORMAT PATTERN…`: packages of Xen and kernels, in the one format that is asked for.
pub(crate) async fn dpkg_query(env: &Env, args: &[String], io: &Io) -> Outcome {
    let [show, _, format, patterns @ ..] = args else {
        return io.fail("dpkg-query: error: need an action option\n", 2).await;
    };
    if show != "-W" || format != r"${db:Status-Abbrev} ${Package} ${Version}\n" {
        return io
            .fail("dpkg-query: this simulated host knows one format only\n", 2)
            .await;
    }
    let ((major, minor, patch), wants_reboot) = env
        .world
        .ask(|world| {
            (
                world.config.xen_version,
                world.config.ails.contains(&Ail::WantsReboot),
            )
        })
        .await?;
    let xen = format!("{major}.{minor}.{patch}-1");
    let kernel = if wants_reboot { NEWER_KERNEL } else { KERNEL };
    let all = [
        ("linux-image-6.1.0-28-amd64".to_owned(), kernel),
        ("linux-image-amd64".to_owned(), kernel),
        (format!("xen-hypervisor-{major}.{minor}-amd64"), xen.as_str()),
        (format!("xen-utils-{major}.{minor}"), xen.as_str()),
        ("xen-utils-common".to_owned(), xen.as_str()),
    ];
    let (mut out, mut err) = (String::new(), String::new());
    for pattern in patterns {
        let start = pattern.trim_end_matches('*');
        let before = out.len();
        for (name, version) in all.iter().filter(|(name, _)| name.starts_with(start)) {
            out += &format!("ii  {name} {version}\n");
        }
        if out.len() == before {
            err += &format!("dpkg-query: no packages found matching {pattern}\n");
        }
    }
    io.stdout.print(out).await?;
    let status = i32::from(!err.is_empty());
    io.stderr.print(err).await?;
    Ok(status)
}
