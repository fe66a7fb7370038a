//! A domain's configuration as `xl list -l` and `xl create -n` show it.

use super::json::Json;
use crate::config::GuestType;
use crate::world::World;
use crate::world::domain::DomainConfig;

/// Whether the domain runs (libxl then knows more) or was only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Running,
    DryRun,
}

fn text(value: &str) -> Json {
    Json::Text(value.to_owned())
}

/// Domain-0's entry.
pub(crate) fn dom0(world: &World) -> Json {
    let kib = world.config.dom0_memory_mib * 1024;
    let b_info = Json::Object(vec![
        ("max_memkb", Json::Number(kib)),
        ("target_memkb", Json::Number(kib - 1)),
        ("sched_params", sched()),
        ("type.pv", Json::Object(Vec::new())),
        ("arch_arm", Json::Object(Vec::new())),
        ("arch_x86", Json::Object(Vec::new())),
    ]);
    let c_info = Json::Object(vec![("type", text("pv")), ("name", text("Domain-0"))]);
    entry(0, Json::Object(vec![("c_info", c_info), ("b_info", b_info)]))
}

/// One entry of the list.
pub(crate) fn entry(domid: u32, config: Json) -> Json {
    Json::Object(vec![("domid", Json::Number(domid.into())), ("config", config)])
}

fn sched() -> Json {
    Json::Object(vec![
        ("sched", text("credit2")),
        ("weight", Json::Number(256)),
        ("cap", Json::Number(0)),
    ])
}

/// A guest's configuration under its present name.
pub(crate) fn config(config: &DomainConfig, name: &str, origin: Origin) -> Json {
    let running = origin == Origin::Running;
    let mut c_info = vec![("type", text(config.guest_type.word())), ("name", text(name))];
    if running {
        c_info.push(("domid", Json::Number(u32::MAX.into())));
    }
    c_info.push(("uuid", Json::Text(config.uuid.to_string())));
    c_info.push(("run_hotplug_scripts", Json::flag("True")));
    let mut out = vec![
        ("c_info", Json::Object(c_info)),
        ("b_info", Json::Object(build_info(config, running))),
    ];
    if !config.disks.is_empty() {
        out.push((
            "disks",
            Json::List(
                config
                    .disks
                    .iter()
                    .map(|disk| {
                        let mut fields = vec![
                            ("pdev_path", text(&disk.target)),
                            ("vdev", text(&disk.vdev)),
                            ("format", text(disk.format)),
                        ];
                        if disk.writable {
                            fields.push(("readwrite", Json::Number(1)));
                        }
                        if running {
                            fields.push(("colo_restore_enable", Json::flag("False")));
                        }
                        Json::Object(fields)
                    })
                    .collect(),
            ),
        ));
    }
    if !config.nics.is_empty() {
        out.push((
            "nics",
            Json::List(
                (0..)
                    .zip(&config.nics)
                    .map(|(index, nic)| {
                        let mut fields = vec![
                            ("devid", Json::Number(index)),
                            ("mac", text(&nic.mac)),
                            ("bridge", text(&nic.bridge)),
                        ];
                        if running {
                            fields.push((
                                "nictype",
                                text(if config.guest_type == GuestType::Hvm {
                                    "vif_ioemu"
                                } else {
                                    "vif"
                                }),
                            ));
                        }
                        Json::Object(fields)
                    })
                    .collect(),
            ),
        ));
    }
    if config.guest_type != GuestType::Hvm && config.display.is_some() {
        let vfb = Json::Object(vec![("devid", Json::Number(0)), ("vnc", vnc(config))]);
        out.push(("vfbs", Json::List(vec![vfb])));
    }
    out.push(("on_reboot", text(&config.on_reboot)));
    if config.on_crash != "destroy" {
        out.push(("on_crash", text(&config.on_crash)));
    }
    out.push(("on_soft_reset", text("soft_reset")));
    Json::Object(out)
}

fn vnc(config: &DomainConfig) -> Json {
    let Some(display) = &config.display else {
        return Json::Object(vec![("enable", Json::flag("False"))]);
    };
    let mut vnc = vec![("enable", Json::flag("True")), ("listen", text(&display.listen))];
    if !display.password.is_empty() {
        vnc.push(("passwd", text(&display.password)));
    }
    Json::Object(vnc)
}

fn build_info(config: &DomainConfig, running: bool) -> Vec<(&'static str, Json)> {
    let cpus = (0..u64::from(config.vcpus)).map(Json::Number).collect();
    let mut out = Vec::new();
    if let Some(max) = config.max_vcpus {
        out.extend([
            ("max_vcpus", Json::Number(max.into())),
            ("avail_vcpus", Json::List(cpus)),
        ]);
    }
    out.extend([
        ("max_memkb", Json::Number(config.max_memory_mib * 1024)),
        ("target_memkb", Json::Number(config.memory_mib * 1024)),
    ]);
    if running {
        out.push((
            "video_memkb",
            Json::Number(if config.guest_type == GuestType::Hvm {
                8192
            } else {
                0
            }),
        ));
    }
    out.push((
        "sched_params",
        if running {
            sched()
        } else {
            Json::Object(Vec::new())
        },
    ));
    out.push(("claim_mode", Json::flag("True")));
    if let Some(kernel) = &config.kernel {
        out.push(("kernel", text(kernel)));
    }
    if !config.cmdline.is_empty() {
        out.push(("cmdline", text(&config.cmdline)));
    }
    if let Some(ramdisk) = &config.ramdisk {
        out.push(("ramdisk", text(ramdisk)));
    }
    out.push(match config.guest_type {
        GuestType::Pv => ("type.pv", Json::Object(Vec::new())),
        GuestType::Pvh => ("type.pvh", Json::Object(Vec::new())),
        GuestType::Hvm => {
            let vnc = vnc(config);
            (
                "type.hvm",
                Json::Object(vec![
                    ("bios", text("seabios")),
                    ("vnc", vnc),
                    ("serial", text("pty")),
                    ("boot", text("c")),
                ]),
            )
        }
    });
    out.push(("arch_arm", Json::Object(Vec::new())));
    out.push((
        "arch_x86",
        Json::Object(if running {
            vec![("msr_relaxed", Json::flag("False"))]
        } else {
            Vec::new()
        }),
    ));
    out
}
