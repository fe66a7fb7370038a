//! `xentop -b`: a table of all domains, streamed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::wrappers::seconds;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};
use crate::world::World;
use crate::world::domain::{Activity, Disk, Domain, Phase, Reason};

const HEADER: &str = "      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) NETRX(k) VBDS   VBD_OO   VBD_RD   VBD_WR  VBD_RSECT  VBD_WSECT SSID\n";

#[derive(Debug, Clone, Default)]
struct Options {
    flags: String,
    rounds: Option<u64>,
    delay: Option<Duration>,
}

/// Runs the program.
pub(crate) async fn run(env: &Env, args: &[String], io: &Io) -> Outcome {
    let mut options = Options::default();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let value = |rest: &mut std::slice::Iter<'_, String>, long: &str| match arg.strip_prefix(long) {
            Some(value) if !value.is_empty() => value.trim_start_matches('=').to_owned(),
            _ => rest.next().cloned().unwrap_or_default(),
        };
        match arg.as_str() {
            "--batch" => options.flags.push('b'),
            "--full-name" => options.flags.push('f'),
            "--networks" => options.flags.push('n'),
            "--vbds" => options.flags.push('x'),
            "--vcpus" => options.flags.push('v'),
            text if text.starts_with("--delay") => options.delay = seconds(&value(&mut rest, "--delay")),
            text if text.starts_with("--iterations") => {
                options.rounds = value(&mut rest, "--iterations").parse().ok()
            }
            text if text.starts_with("-d") => options.delay = seconds(&value(&mut rest, "-d")),
            text if text.starts_with("-i") => options.rounds = value(&mut rest, "-i").parse().ok(),
            text if text.starts_with('-') => options.flags.extend(text.chars().skip(1)),
            _ => {}
        }
    }
    if !env.is_root() {
        return io.fail("xentop: Failed to open /dev/xen/privcmd: Permission denied\nFailed to initialize xenstat library\n", 1).await;
    }
    if !options.flags.contains('b') && env.tty.is_none() {
        return io.fail("Error opening terminal: unknown.\n", 1).await;
    }
    let delay = options
        .delay
        .unwrap_or(Duration::from_secs(3))
        .max(Duration::from_millis(10));
    let mut before: BTreeMap<u32, f64> = BTreeMap::new();
    let mut sampled_at = None;
    let mut round = 0;
    let mut next = tokio::time::Instant::now();
    loop {
        let (flags, last) = (options.flags.clone(), std::mem::take(&mut before));
        let (table, cpu, now) = env
            .world
            .ask(move |world| {
                world.accrue();
                let elapsed = sampled_at
                    .map(|at: Duration| world.now.saturating_sub(at).as_secs_f64())
                    .filter(|secs| *secs > 0.0);
                let (table, cpu) = sample(world, &flags, &last, elapsed);
                (table, cpu, world.now)
            })
            .await?;
        before = cpu;
        sampled_at = Some(now);
        io.stdout.print(table).await?;
        round += 1;
        if options.rounds.is_some_and(|rounds| round >= rounds) {
            return Ok(0);
        }
        next += delay;
        tokio::time::sleep_until(next).await;
    }
}

/// One table, and the CPU seconds it was made from.
fn sample(
    world: &World,
    flags: &str,
    last: &BTreeMap<u32, f64>,
    elapsed: Option<f64>,
) -> (String, BTreeMap<u32, f64>) {
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut cpu = BTreeMap::new();
    let total_kib = world.config.total_memory_mib * 1024;
    let dom0_cpu = world.dom0_cpu();
    let dom0_kib = world.config.dom0_memory_mib * 1024;
    let percent = |domid: u32, now: f64| match (last.get(&domid), elapsed) {
        (Some(then), Some(elapsed)) => ((now - then) / elapsed * 100.0).max(0.0),
        _ => 0.0,
    };
    cpu.insert(0, dom0_cpu);
    let dom0 = Row {
        name: "Domain-0",
        state: "-----r".into(),
        cpu: dom0_cpu,
        cpu_percent: percent(0, dom0_cpu),
        mem_kib: dom0_kib,
        max_kib: dom0_kib,
        total_kib,
        vcpus: world.config.cpus.min(4),
        online: world.config.cpus.min(4),
        counters: [0; 8],
    };
    rows.push(("Domain-0".into(), dom0.line(flags) + &dom0.vcpu_line(flags)));
    for domain in world.domains.values() {
        cpu.insert(domain.domid, domain.usage.cpu_secs);
        let count = |value: f64| value as u64;
        let usage = &domain.usage;
        // Only blkback's disks are counted: an image file served by qemu shows up nowhere here.
        let disks: Vec<&Disk> = domain
            .config
            .disks
            .iter()
            .filter(|disk| disk.backend() == "vbd")
            .collect();
        let (reads, writes) = if disks.is_empty() {
            (0, 0)
        } else {
            (count(usage.disk_reads), count(usage.disk_writes))
        };
        // NETTX is what the host sends: the guest receives it.
        let (tx, rx) = if domain.config.nics.is_empty() {
            (0, 0)
        } else {
            (count(usage.net_rx_bytes), count(usage.net_tx_bytes))
        };
        let mem_kib = domain.config.memory_mib * 1024;
        let row = Row {
            name: &domain.name,
            state: state(domain, world.now),
            cpu: usage.cpu_secs,
            cpu_percent: percent(domain.domid, usage.cpu_secs),
            mem_kib,
            max_kib: domain.config.max_memory_mib * 1024 + 1024,
            total_kib,
            vcpus: domain.config.all_vcpus(),
            online: domain.config.vcpus,
            counters: [
                domain.config.nics.len() as u64,
                tx / 1024,
                rx / 1024,
                disks.len() as u64,
                reads,
                writes,
                reads * 48,
                writes * 24,
            ],
        };
        let mut text = row.line(flags) + &row.vcpu_line(flags);
        if flags.contains('n') {
            for (index, _) in domain.config.nics.iter().enumerate() {
                let (rx, tx, none) = (
                    rx.checked_shr(index as u32).unwrap_or(0),
                    tx.checked_shr(index as u32).unwrap_or(0),
                    0,
                );
                text += &format!(
                    "Net{index} RX: {rx:>8}bytes {:>8}pkts {none:>8}err {none:>8}drop  TX: {tx:>8}bytes {:>8}pkts {none:>8}err {none:>8}drop\n",
                    rx / 700,
                    tx / 700
                );
            }
        }
        if flags.contains('x') {
            for (index, disk) in disks.iter().enumerate() {
                text += &vbd_line(disk, if index == 0 { (reads, writes) } else { (0, 0) });
            }
        }
        rows.push((domain.name.clone(), text));
    }
    rows.sort();
    let body: String = rows.into_iter().map(|(_, text)| text).collect();
    (format!("{HEADER}{body}"), cpu)
}

fn vbd_line(disk: &Disk, (reads, writes): (u64, u64)) -> String {
    let devid = disk.devid();
    format!(
        "VBD BlkBack {devid} [ca: 0]  OO: {:>8}   RD: {reads:>8}   WR: {writes:>8}   RSECT: {:>10}   WSECT: {:>10}\n",
        0,
        reads * 48,
        writes * 24
    )
}

struct Row<'a> {
    name: &'a str,
    state: String,
    cpu: f64,
    cpu_percent: f64,
    mem_kib: u64,
    max_kib: u64,
    total_kib: u64,
    vcpus: u32,
    online: u32,
    /// Interfaces, sent and received KiB, disks, reads, writes, sectors read and written.
    counters: [u64; 8],
}

impl Row<'_> {
    fn line(&self, flags: &str) -> String {
        let name: String = if flags.contains('f') {
            self.name.to_owned()
        } else {
            self.name.chars().take(10).collect()
        };
        let share = |kib: u64| kib as f64 / self.total_kib.max(1) as f64 * 100.0;
        let [nets, tx, rx, vbds, reads, writes, read_sectors, write_sectors] = self.counters;
        format!(
            "{name:>10} {:>6} {:>10} {:>6.1} {:>10} {:>6.1} {:>10} {:>9.1} {:>5} {nets:>4} {tx:>8} {rx:>8} {vbds:>4} {:>8} {reads:>8} {writes:>8} {read_sectors:>10} {write_sectors:>10} {:>4}\n",
            self.state,
            self.cpu as u64,
            self.cpu_percent,
            self.mem_kib,
            share(self.mem_kib),
            self.max_kib,
            share(self.max_kib),
            self.vcpus,
            0,
            0,
        )
    }

    fn vcpu_line(&self, flags: &str) -> String {
        if !flags.contains('v') {
            return String::new();
        }
        let each = self.cpu / f64::from(self.online.max(1));
        let cells: Vec<String> = (0..self.online)
            .map(|index| format!(" {index:>2}: {:>10}s", each as u64))
            .collect();
        cells
            .chunks(4)
            .enumerate()
            .map(|(row, cells)| {
                format!(
                    "{}{}\n",
                    if row == 0 { "VCPUs(sec): " } else { "            " },
                    cells.concat()
                )
            })
            .collect()
    }
}

/// xentop's order: dying, shutdown, blocked, crashed, paused, running.
fn state(domain: &Domain, now: Duration) -> String {
    let flag = |on: bool, letter: char| if on { letter } else { '-' };
    let activity = domain.activity(now);
    let shutdown = matches!(domain.phase, Phase::Shutdown(_));
    [
        '-',
        flag(shutdown && domain.phase != Phase::Shutdown(Reason::Crash), 's'),
        flag(activity == Activity::Blocked, 'b'),
        flag(domain.phase == Phase::Shutdown(Reason::Crash), 'c'),
        flag(domain.paused_at.is_some(), 'p'),
        flag(activity == Activity::Running, 'r'),
    ]
    .iter()
    .collect()
}
