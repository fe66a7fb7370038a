//! Bytes from hosts: what their tools print, and their files.
use wxa_xl::{
    foreign::{Refusal, answered, played},
    parse::{
        cfg, cfg_device,
        counters::Devices,
        cpus, definition, files, image, lvm, printable, stderr, vbd, watch_line, xenconsoled,
        xentop::{self, Line},
        xl_info, xl_list, xl_list_long, xl_uptime, xl_vm_list,
    },
};

use super::lossy;
use crate::{Target, seeds};

pub const TARGETS: &[Target] = &[
    Target {
        name: "xl_list",
        reads: "`xl list`",
        run: xl_list,
        seeds: seeds::XL_LIST,
    },
    Target {
        name: "xl_list_long",
        reads: "`xl list -l`",
        run: xl_list_long,
        seeds: seeds::XL_LIST_LONG,
    },
    Target {
        name: "xl_info",
        reads: "`xl info`",
        run: xl_info,
        seeds: seeds::XL_INFO,
    },
    Target {
        name: "xl_uptime",
        reads: "`xl uptime`",
        run: xl_uptime,
        seeds: seeds::XL_UPTIME,
    },
    Target {
        name: "xenconsoled",
        reads: "how xenconsoled was started",
        run: xenconsoled,
        seeds: seeds::XENCONSOLED,
    },
    Target {
        name: "xl_vm_list",
        reads: "`xl vm-list`",
        run: xl_vm_list,
        seeds: seeds::XL_VM_LIST,
    },
    Target {
        name: "xentop",
        reads: "`xentop -b`",
        run: xentop,
        seeds: seeds::XENTOP,
    },
    Target {
        name: "vcpus",
        reads: "`xl vcpu-list`",
        run: vcpus,
        seeds: seeds::VCPUS,
    },
    Target {
        name: "counters",
        reads: "`find` and `head` over /sys",
        run: counters,
        seeds: seeds::COUNTERS,
    },
    Target {
        name: "watch_line",
        reads: "`xenstore-watch`",
        run: watch_line,
        seeds: seeds::WATCH,
    },
    Target {
        name: "files",
        reads: "`find` and `head` over definition files",
        run: files,
        seeds: seeds::FILES,
    },
    Target {
        name: "disk_sizes",
        reads: "`lvs`, `find` and `head` over disks",
        run: disk_sizes,
        seeds: seeds::DISK_SIZES,
    },
    Target {
        name: "definition",
        reads: "guests' definition files",
        run: definition,
        seeds: seeds::CFG,
    },
    Target {
        name: "devices",
        reads: "disks and network cards in definitions",
        run: devices,
        seeds: seeds::DEVICES,
    },
    Target {
        name: "stderr",
        reads: "tools' complaints",
        run: stderr,
        seeds: seeds::STDERR,
    },
    Target {
        name: "logs",
        reads: "what a host answers about its guests' logs: which there are, and pieces of them",
        run: logs,
        seeds: seeds::LOGS,
    },
    Target {
        name: "screen_door",
        reads: "a screen's side of the handshake with the driver, password included",
        run: screen_door,
        seeds: seeds::RFB_SCREEN,
    },
    Target {
        name: "held",
        reads: "what `xl console` says itself before a guest does",
        run: held,
        seeds: seeds::HELD,
    },
];

/// What cuts the answers here; one that no guest knows in the product.
const MARK: &str = "5f3a9c01e27b48d6ac9041f7d38b6e2f";

fn logs(bytes: &[u8]) {
    let told = answered(MARK, bytes);
    assert!(told.names.len() <= bytes.split(|byte| *byte == 0).count());
    assert!(told.names.iter().all(|name| name.starts_with("guest-")));
    let length: usize = told.pieces.iter().map(|(_, piece)| piece.len()).sum();
    assert!(length <= bytes.len(), "more than there was");
    let has = |piece: &[u8]| piece.windows(MARK.len()).any(|window| window == MARK.as_bytes());
    for (place, piece) in &told.pieces {
        assert!(*place < 10 && !has(piece), "piece {place} is cut wrong");
    }
    if has(bytes) {
        return;
    }
    // A guest that does not know the mark prints this: it is told as it is.
    let answer = [
        format!("{MARK}3\n").as_bytes(),
        bytes,
        format!("{MARK}.").as_bytes(),
    ]
    .concat();
    assert_eq!(answered(MARK, &answer).pieces, [(3, bytes.to_vec())]);
}

fn screen_door(bytes: &[u8]) {
    let (said, entered) = played(bytes).unwrap_or_else(|| panic!("it waits for a server that is silent"));
    assert!(said.is_empty() || said.starts_with(b"RFB 003.00"));
    assert!(said.len() <= 12 + 1 + 16, "{said:?}");
    match entered {
        Ok(()) => assert!(bytes.starts_with(b"RFB 00"), "no such server"),
        Err(error) => {
            assert!(
                !error.message.chars().any(char::is_control),
                "{:?}",
                error.message
            );
            assert!(error.message.len() < 16 * 1024 && !error.message.contains("sesame"));
        }
    }
}

fn held(bytes: &[u8]) {
    let size = bytes.first().map_or(1, |byte| usize::from(*byte) + 1);
    for status in [None, Some(0), Some(1)] {
        let mut refusal = Refusal::default();
        let mut passed = Vec::new();
        for piece in bytes.chunks(size) {
            passed.extend(refusal.pass(piece.to_vec().into()).unwrap_or_default());
        }
        match refusal.end(status) {
            (rest, None) => {
                passed.extend(rest.unwrap_or_default());
                assert_eq!(passed, bytes, "what a guest printed is lost");
            }
            (_, Some(words)) => {
                assert!(
                    status == Some(1) && passed.is_empty(),
                    "a guest is taken for the tool"
                );
                assert!(!words.chars().any(|c| c.is_control() && c != '\n'), "{words:?}");
            }
        }
    }
}

fn xl_list(bytes: &[u8]) {
    let text = lossy(bytes);
    let domains = xl_list::parse(&text).unwrap_or_default();
    assert!(domains.len() <= text.lines().count());
    for domain in domains {
        assert!(text.contains(&domain.name), "a name that was not there");
        assert!(domain.cpu_seconds.is_finite());
    }
}

fn xl_list_long(bytes: &[u8]) {
    for domain in xl_list_long::parse(&lossy(bytes)).into_iter().flatten() {
        assert!(domain.disks.len() + domain.nics.len() <= bytes.len());
        assert!(domain.uuid.is_none_or(|uuid| !uuid.is_nil()));
    }
}

fn xl_info(bytes: &[u8]) {
    if let Some(facts) = xl_info::parse(&lossy(bytes)) {
        for text in [facts.hostname, facts.xen_version, facts.kernel, facts.scheduler] {
            assert!(!text.chars().any(char::is_control), "{text:?}");
        }
    }
}

fn xl_uptime(bytes: &[u8]) {
    let text = lossy(bytes);
    assert!(xl_uptime::parse(&text).len() <= text.lines().count());
}

fn xenconsoled(bytes: &[u8]) {
    if let Some(daemon) = xenconsoled::parse(&lossy(bytes)) {
        assert!(daemon.folder.starts_with('/'), "{daemon:?}");
    }
}

fn xl_vm_list(bytes: &[u8]) {
    let text = lossy(bytes);
    if let Some(xl_vm_list::Found::At(domid)) = xl_vm_list::find(&text, uuid::Uuid::from_u128(1)) {
        assert!(domid > 0, "the control domain is never meant");
        assert!(text.contains(&domid.to_string()), "a number that was not there");
    }
}

fn xentop(bytes: &[u8]) {
    for line in lossy(bytes).lines() {
        match xentop::parse(line) {
            Line::Row(row) => {
                assert!(line.contains(&row.name), "a name that was not there");
                assert!(row.cpu_percent.is_finite() && row.cpu_percent >= 0.0);
            }
            Line::Disk(disk) => assert!(vbd::name(disk.device).len() < 20),
            Line::Nic(_) | Line::Header(_) | Line::Other => {}
        }
    }
}

fn vcpus(bytes: &[u8]) {
    let text = lossy(bytes);
    assert!(cpus::times(&text).len() <= text.lines().count());
    let _ = cpus::vcpus(&text);
}

fn counters(bytes: &[u8]) {
    let devices = Devices::parse(&lossy(bytes));
    for path in devices.files() {
        let own = path.starts_with("/sys/") || path.starts_with("/proc/");
        assert!(own && !path.contains("/../") && !path.contains('\n'), "{path:?}");
    }
    let known = Devices {
        nics: vec!["eth0".into()],
        disks: vec!["vda".into()],
    };
    let read = known.counters(bytes);
    assert!(read.load.is_none_or(|load| load.is_finite() && load >= 0.0));
}

fn disk_sizes(bytes: &[u8]) {
    let text = lossy(bytes);
    let _ = lvm::groups(&text);
    let _ = lvm::volumes(&text);
    assert!(image::file_sizes(bytes).len() <= bytes.split(|byte| *byte == 0).count());
    assert!(image::qcow2_size(bytes).is_none() || bytes.len() >= image::HEAD);
}

fn watch_line(bytes: &[u8]) {
    for line in lossy(bytes).lines() {
        if watch_line::is_news(line) {
            let line = line.trim();
            assert!(line.len() < 64 || line.starts_with("/local/domain/"), "{line}");
            assert!(!line.starts_with("/local/domain/0/"), "the host's own");
        }
    }
}

fn files(bytes: &[u8]) {
    let Some(listing) = files::listing(bytes, "/etc/xen") else {
        return;
    };
    for (path, found) in &listing.definitions {
        assert!(
            path == &found.path && path.starts_with("/etc/xen/") && path.ends_with(".cfg"),
            "{path:?}"
        );
        assert!(
            !path["/etc/xen/".len()..].contains('/'),
            "out of the folder: {path:?}"
        );
    }
    for path in &listing.autostart {
        assert!(listing.definitions.contains_key(path));
    }
    let paths: Vec<String> = listing.definitions.into_keys().take(4).collect();
    let texts = files::contents(bytes, &paths);
    assert_eq!(texts.len(), paths.len());
    let read: usize = texts.into_iter().flatten().map(<[u8]>::len).sum();
    assert!(read <= bytes.len(), "more than there was");
}

fn definition(bytes: &[u8]) {
    let text = lossy(bytes);
    let lines = text.matches('\n').count() + 1;
    let settings = cfg::parse(&text);
    match definition::parse(&text) {
        Ok(definition) => {
            assert!(settings.is_ok(), "read, though it is not in the language");
            assert!(!definition.name.is_empty() && definition.memory_mib > 0 && definition.vcpus > 0);
            assert!(definition.max_memory_mib >= definition.memory_mib);
        }
        Err(problem) => {
            assert!(
                (1..=lines).contains(&problem.line),
                "line {} of {lines}",
                problem.line
            );
            assert!(!problem.what.is_empty());
            assert!(!problem.to_string().chars().any(char::is_control), "{problem:?}");
        }
    }
}

fn devices(bytes: &[u8]) {
    let text = lossy(bytes);
    let disk = cfg_device::disk(&text);
    assert!(disk.target.len() <= text.len() && disk.device.len() <= text.len());
    assert!(!disk.format.is_empty());
    // Lower case may be longer, by a few bytes for a letter.
    assert!(cfg_device::nic(&text).mac.len() <= 3 * text.len());
}

fn stderr(bytes: &[u8]) {
    let text = lossy(bytes);
    let tidy = stderr::tidy(&text);
    assert!(tidy.len() < 8 * 1024, "{} bytes", tidy.len());
    assert!(!tidy.chars().any(|c| c.is_control() && c != '\n'), "{tidy:?}");
    for status in [None, Some(0), Some(1), Some(126), Some(127)] {
        let error = stderr::to_error("Starting x", status, &text);
        assert!(!error.message.is_empty() && error.message.len() < 16 * 1024);
        assert!(
            !error.message.chars().any(|c| c.is_control() && c != '\n'),
            "{:?}",
            error.message
        );
    }
    let _either = stderr::tells_failure(&text);
    assert!(!printable(&text).chars().any(char::is_control));
}
