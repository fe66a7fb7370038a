//! `xl info`, `dmesg`, `claims`, `cpupool-list`, `sched-credit2`.

use super::has;
use super::list::state;
use crate::ails::Ail;
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};
use crate::world::World;

/// `xl info [-n]`.
pub(crate) async fn info(env: &Env, args: &[String], io: &Io) -> Outcome {
    let numa = has(args, 'n', "--numa");
    let text = env.world.ask(move |world| facts(world, numa)).await?;
    io.done(text).await
}

fn facts(world: &World, numa: bool) -> String {
    let config = &world.config;
    let (major, minor, patch) = config.xen_version;
    let (total, free) = (config.total_memory_mib, world.free_memory_mib());
    let mut lines: Vec<(&str, String)> = vec![
        ("host", config.name.clone()),
        ("release", "6.1.0-28-amd64".into()),
        (
            "version",
            "#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)".into(),
        ),
        ("machine", "x86_64".into()),
        ("nr_cpus", config.cpus.to_string()),
        ("max_cpu_id", config.cpus.saturating_sub(1).to_string()),
        ("nr_nodes", "1".into()),
        ("cores_per_socket", config.cpus.to_string()),
        ("threads_per_core", "1".into()),
        ("cpu_mhz", "2445.405".into()),
        (
            "hw_caps",
            "178bf3ff:76f8320b:2e500800:244037ff:0000000f:219c91a9:00400004:00000780".into(),
        ),
        (
            "virt_caps",
            "pv hvm hvm_directio pv_directio hap shadow gnttab-v1 gnttab-v2".into(),
        ),
        ("total_memory", total.to_string()),
        ("free_memory", free.to_string()),
        ("sharing_freed_memory", "0".into()),
        ("sharing_used_memory", "0".into()),
        ("outstanding_claims", "0".into()),
        ("free_cpus", "0".into()),
    ];
    if numa {
        lines.push(("cpu_topology", String::new()));
    }
    let mut out: String = lines
        .drain(..)
        .map(|(key, value)| format!("{key:<23}: {value}\n"))
        .collect();
    if numa {
        out += "cpu:    core    socket     node\n";
        out += &(0..config.cpus)
            .map(|cpu| format!("{cpu:>3}:    {cpu:>4} {:>9} {:>8}\n", 0, 0))
            .collect::<String>();
        out += "device topology        :\ndevice           node\nNo device topology data available\nnuma_info              :\nnode:    memsize    memfree    distances\n";
        out += &format!("   0: {total:>9} {free:>10}      10\n");
    }
    let lines: Vec<(&str, String)> = vec![
        ("xen_major", major.to_string()),
        ("xen_minor", minor.to_string()),
        ("xen_extra", format!(".{patch}")),
        ("xen_version", format!("{major}.{minor}.{patch}")),
        (
            "xen_caps",
            "xen-3.0-x86_64 hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64 ".into(),
        ),
        ("xen_scheduler", "credit2".into()),
        ("xen_pagesize", "4096".into()),
        ("platform_params", "virt_start=0xffff800000000000".into()),
        ("xen_changeset", String::new()),
        (
            "xen_commandline",
            format!(
                "placeholder dom0_mem={0}M,max:{0}M dom0_max_vcpus=4 ",
                config.dom0_memory_mib
            ),
        ),
        (
            "cc_compiler",
            "x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0".into(),
        ),
        ("cc_compile_by", "pkg-xen-devel".into()),
        ("cc_compile_domain", "lists.alioth.debian.org".into()),
        ("cc_compile_date", "Wed Nov  4 16:52:28 UTC 2026".into()),
        ("build_id", "9d3c1f0e5a7b42d8c6e19f30a4b5d6e7f8091a2b".into()),
        ("xend_config_format", "4".into()),
    ];
    out + &lines
        .into_iter()
        .map(|(key, value)| format!("{key:<23}: {value}\n"))
        .collect::<String>()
}

/// `xl dmesg`.
pub(crate) async fn dmesg(env: &Env, io: &Io) -> Outcome {
    let text = env
        .world
        .ask(|world| {
            let (major, minor, patch) = world.config.xen_version;
            let mib = world.config.total_memory_mib;
            let mut out = format!(
                "(XEN) Xen version {major}.{minor}.{patch} (Debian {major}.{minor}.{patch}) (x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0) debug=n\n\
                 (XEN) Bootloader: GRUB 2.06\n(XEN) Command line: placeholder dom0_mem={0}M,max:{0}M dom0_max_vcpus=4\n\
                 (XEN) Xen image load base address: 0\n(XEN) System RAM: {mib}MB ({1}kB)\n(XEN) Using scheduler: SMP Credit Scheduler rev2 (credit2)\n",
                world.config.dom0_memory_mib,
                mib * 1024
            );
            out += &format!("(XEN) Brought up {} CPUs\n(XEN) Dom0 has maximum 856 PIRQs\n", world.config.cpus);
            if world.config.ails.contains(&Ail::Complains) {
                out += "(XEN) AMD-Vi: IO_PAGE_FAULT: 0000:03:00.0 d0 addr 00000000fdf80000 flags 0x8 I\n(XEN) mce.c:1142: MCE: Fatal error happened on CPU 3\n";
            }
            for domain in world.domains.values() {
                out += &format!("(XEN) d{}: guest {} built\n", domain.domid, domain.config.guest_type.word());
            }
            out
        })
        .await?;
    io.done(text).await
}

/// `xl claims`, `xl cpupool-list [-c]`, `xl sched-credit2`.
pub(crate) async fn pools(env: &Env, sub: &str, args: &[String], io: &Io) -> Outcome {
    let (sub, cpus) = (sub.to_owned(), has(args, 'c', "--cpus"));
    let text = env
        .world
        .ask(move |world| {
            world.accrue();
            let dom0 = ("Domain-0".to_owned(), 0, world.config.dom0_memory_mib, world.config.cpus.min(4), "r-----".to_owned(), world.dom0_cpu());
            let guests = world.domains.values().map(|d| (d.name.clone(), d.domid, d.config.memory_mib, d.config.vcpus, state(d, world), d.usage.cpu_secs));
            let all: Vec<_> = std::iter::once(dom0).chain(guests).collect();
            let count = world.config.cpus;
            match (sub.as_str(), cpus) {
                ("claims", _) => {
                    let head = "Name                                        ID   Mem VCPUs\tState\tTime(s)  Claimed\n".to_owned();
                    let rows = all.iter().map(|(name, id, mib, vcpus, state, cpu)| format!("{name:<40} {id:>5} {mib:>5} {vcpus:>5}     {state}  {cpu:>8.1} {:>5}\n", 0));
                    head + &rows.collect::<String>()
                }
                ("sched-credit2", _) => {
                    let head = "Cpupool Pool-0: ratelimit=1000us\nName                                ID Weight  Cap\n".to_owned();
                    head + &all.iter().map(|(name, id, ..)| format!("{name:<33} {id:>4} {:>6} {:>4}\n", 256, 0)).collect::<String>()
                }
                (_, true) => {
                    let list: Vec<String> = (0..count).map(|cpu| cpu.to_string()).collect();
                    format!("Name               CPU list\nPool-0             {}\n", list.join(","))
                }
                _ => format!("Name               CPUs   Sched     Active   Domain count\nPool-0           {count:>5}   credit2       y      {:>5}\n", all.len()),
            }
        })
        .await?;
    io.done(text).await
}
