//! How domains come to be: from a definition to a domain that boots.

use std::time::Duration;

use super::cfg::Cfg;
use super::console::Console;
use super::domain::{Disk, Display, Domain, DomainConfig, Nic, Phase, Usage};
use super::{Event, World};
use crate::config::{ConsoleLogs, GuestType};
use crate::dice::{Curve, Dice};
use crate::guest::{GuestFacts, GuestOs};
use crate::sentinels::Behaviour;

/// Whether a domain is new or has been up for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settle {
    Now,
    LongAgo,
}

/// Why `xl create` failed: what it prints, and its status.
#[derive(Debug)]
pub(crate) struct CreateError {
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

impl World {
    /// Reads a definition. `shown` is the path in messages.
    pub(crate) fn read_definition(&mut self, text: &str, shown: &str) -> Result<DomainConfig, CreateError> {
        let fail = |stderr: String| CreateError { stderr, status: 1 };
        let cfg = Cfg::parse(text).map_err(|error| {
            fail(format!(
                "{shown}:{error}\nFailed to parse config: Invalid argument\n"
            ))
        })?;
        let name = cfg
            .text("name")
            .ok_or_else(|| fail("Domain name must be specified.\n".into()))?;
        let guest_type = match (cfg.text("type").as_deref(), cfg.text("builder").as_deref()) {
            (Some("pvh"), _) => GuestType::Pvh,
            (Some("hvm"), _) | (None, Some("hvm")) => GuestType::Hvm,
            (Some("pv"), _) | (None, _) => GuestType::Pv,
            (Some(other), _) => return Err(fail(format!("Invalid domain type {other}.\n"))),
        };
        let memory_mib = cfg
            .number("memory")
            .and_then(|mib| u64::try_from(mib).ok())
            .unwrap_or(128);
        let mut dice = Dice::new(self.config.seed, &format!("mac {name}"));
        let uuid = match cfg.text("uuid") {
            Some(text) => text
                .parse()
                .map_err(|_| fail(format!("Failed to parse UUID: {text}\n")))?,
            None => self.dice.uuid(),
        };
        let count = |key: &str| {
            cfg.number(key)
                .and_then(|count| u32::try_from(count).ok())
                .map(|count| count.clamp(1, 512))
        };
        let mut cmdline = cfg.text("cmdline").unwrap_or_default();
        if let Some(extra) = cfg.text("extra") {
            cmdline = if cmdline.is_empty() {
                extra
            } else {
                format!("{cmdline} {extra}")
            };
        }
        Ok(DomainConfig {
            path: shown.to_owned(),
            uuid,
            guest_type,
            memory_mib,
            max_memory_mib: cfg
                .number("maxmem")
                .and_then(|mib| u64::try_from(mib).ok())
                .unwrap_or(memory_mib)
                .max(memory_mib),
            vcpus: count("vcpus").unwrap_or(1),
            max_vcpus: count("maxvcpus").max(count("vcpus")),
            kernel: cfg.text("kernel"),
            ramdisk: cfg.text("ramdisk"),
            cmdline,
            disks: cfg.list("disk").iter().map(|text| disk(text)).collect(),
            nics: cfg.list("vif").iter().map(|text| nic(text, &mut dice)).collect(),
            display: display(&cfg, guest_type),
            on_reboot: cfg.text("on_reboot").unwrap_or_else(|| "restart".into()),
            on_crash: cfg.text("on_crash").unwrap_or_else(|| "destroy".into()),
            on_poweroff: cfg.text("on_poweroff").unwrap_or_else(|| "destroy".into()),
            name,
        })
    }

    /// Starts a domain that has been read; it is in the list at once and built a little later.
    pub(crate) fn create(&mut self, config: DomainConfig) -> Result<u32, CreateError> {
        if let Some(error) = self.refusal(&config) {
            return Err(CreateError {
                stderr: error,
                status: 3,
            });
        }
        Ok(self.introduce(config, Settle::Now))
    }

    /// Starts a guest with the host.
    pub(crate) fn create_at_boot(&mut self, path: &str, settle: Settle) -> Result<u32, CreateError> {
        let text = self
            .files
            .get(path)
            .map(|file| String::from_utf8_lossy(&file.content).into_owned())
            .unwrap_or_default();
        let config = self.read_definition(&text, path)?;
        if let Some(stderr) = self.refusal(&config) {
            return Err(CreateError { stderr, status: 3 });
        }
        Ok(self.introduce(config, settle))
    }

    /// What libxl would print if it cannot start this.
    fn refusal(&mut self, config: &DomainConfig) -> Option<String> {
        let duplicate = self.by_name(&config.name).is_some();
        let too_big = config.max_memory_mib > self.free_memory_mib();
        let behaviour = Behaviour::of(&config.name);
        if !(duplicate || too_big || behaviour == Behaviour::RefusesStart) {
            return None;
        }
        let domid = self.take_domid();
        let why = if duplicate {
            format!(
                "libxl: error: libxl_domain.c:81:libxl__domain_rename: Domain {domid}:Domain with name \"{}\" already exists.\n\
                 libxl: error: libxl_create.c:1296:initiate_domain_create: Domain {domid}:cannot make domain: -6\n",
                config.name
            )
        } else if behaviour == Behaviour::RefusesStart {
            let missing = Disk {
                target: "/dev/vg0/missing".into(),
                vdev: "xvda".into(),
                format: "raw",
                writable: true,
            };
            let disk = config.disks.first().unwrap_or(&missing);
            format!(
                "libxl: error: libxl_device.c:455:libxl__device_disk_set_backend: Disk vdev={} failed to stat: {}: No such file or directory\n\
                 libxl: error: libxl_create.c:1318:initiate_domain_create: Domain {domid}:Unable to set disk defaults for disk 0\n",
                disk.vdev, disk.target
            )
        } else {
            format!(
                "xc: error: panic: xg_dom_boot.c:119: xc_dom_boot_mem_init: can't allocate low memory for domain: Out of memory\n\
                 libxl: error: libxl_dom.c:586:libxl__build_dom: xc_dom_boot_mem_init failed: Cannot allocate memory\n\
                 libxl: error: libxl_create.c:1640:domcreate_rebuild_done: Domain {domid}:cannot (re-)build domain: -3\n"
            )
        };
        Some(why + &gone(domid))
    }

    /// The lowest port for screens that no emulator listens at.
    fn free_vnc_port(&self) -> u16 {
        let is_free = |port: &u16| self.domains.values().all(|domain| domain.vnc_port != Some(*port));
        (5900..=u16::MAX).find(is_free).unwrap_or(u16::MAX)
    }

    /// Puts a domain into the list.
    pub(crate) fn introduce(&mut self, config: DomainConfig, settle: Settle) -> u32 {
        let domid = self.take_domid();
        let name = config.name.clone();
        let behaviour = Behaviour::of(&name);
        let past = if settle == Settle::LongAgo {
            3600.0 * (2.0 + self.dice.unit() * 300.0)
        } else {
            0.0
        };
        let mut dice = Dice::new(self.config.seed, &format!("{name} {domid}"));
        let facts = GuestFacts {
            name: name.clone(),
            guest_type: config.guest_type,
            memory_mib: config.memory_mib,
            vcpus: config.vcpus,
            behaviour,
            pace: self.config.pace,
            epoch: self.wall() - past,
        };
        let log_path = (self.config.console_logs == ConsoleLogs::PerGuest)
            .then(|| format!("{}/guest-{name}.log", super::console::LOGS));
        let tty = self.free_tty();
        let mut usage = Usage::new(Curve::new(&mut dice, self.load_of(&name)), self.now);
        if past > 0.0 {
            usage.backdate(past);
        }
        let domain = Domain {
            domid,
            name,
            phase: Phase::Building,
            created_at: self.now,
            clock_set: self.clock_set,
            paused_at: None,
            clock_behind: self.now,
            os: GuestOs::booting(facts, dice),
            console: Console::new(tty, log_path.clone()),
            vnc_port: config.display.is_some().then(|| self.free_vnc_port()),
            xl_pid: self.take_pid(),
            usage,
            wake_at: None,
            config,
        };
        let log = format!("/var/log/xen/xl-{}.log", domain.name);
        let line = format!(
            "Waiting for domain {} (domid {domid}) to die [pid {}]\n",
            domain.name, domain.xl_pid
        );
        self.write_nodes(&domain);
        self.domains.insert(domid, domain);
        self.append_file(&log, line.as_bytes());
        if let Some(path) = log_path {
            self.append_file(&path, b"");
        }
        self.store.fire("@introduceDomain");
        if settle == Settle::LongAgo {
            self.built_long_ago(domid, Duration::from_secs_f64(past));
        } else {
            let time = if behaviour == Behaviour::SlowStart {
                Duration::from_secs(20)
            } else {
                Duration::from_millis(600)
            };
            self.plan(self.now + self.paced(time), Event::Built(domid));
        }
        self.changed();
        domid
    }

    /// `xl create` is through: the guest runs, unless it was to stay paused.
    pub(crate) fn built(&mut self, domid: u32) {
        let now = self.now;
        let Some(domain) = self
            .domains
            .get_mut(&domid)
            .filter(|domain| domain.phase == Phase::Building)
        else {
            return;
        };
        domain.phase = Phase::Live;
        domain.clock_behind = now;
        if domain.paused_at.is_some() {
            domain.paused_at = Some(now);
        }
        domain.usage.skip(now);
        if domain.os.facts.behaviour == Behaviour::LockHeld {
            domain.console.hold();
        }
        self.plan_wake(domid);
        self.changed();
    }

    fn built_long_ago(&mut self, domid: u32, past: Duration) {
        self.built(domid);
        let now = self.now;
        let Some(domain) = self.domains.get_mut(&domid) else {
            return;
        };
        domain.created_at = now.saturating_sub(past);
        domain.clock_behind = domain.created_at;
        let time = domain.guest_time(now);
        let shown = domain.os.settle(time);
        self.print(domid, &shown);
        self.plan_wake(domid);
    }

    fn free_tty(&self) -> String {
        let used = |path: &String| self.domains.values().any(|domain| &domain.console.tty == path);
        (0..)
            .map(|number| format!("/dev/pts/{number}"))
            .find(|path| !used(path))
            .unwrap_or_default()
    }
}

/// The screen: of HVM guests unless it is switched off, of others as `vfb` says.
fn display(cfg: &Cfg, guest_type: GuestType) -> Option<Display> {
    let vfb = cfg.list("vfb");
    let options = vfb.first().map(String::as_str).unwrap_or_default();
    let option = |key: &str| {
        let mut pairs = options.split(',').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(name, _)| name.trim() == key)
            .map(|(_, value)| value.trim().to_owned())
    };
    let said = |key: &str| match guest_type {
        GuestType::Hvm => cfg.text(key),
        GuestType::Pv | GuestType::Pvh => option(key),
    };
    let has_one = guest_type == GuestType::Hvm || !vfb.is_empty();
    (has_one && said("vnc").as_deref() != Some("0")).then(|| Display {
        listen: said("vnclisten").unwrap_or_else(|| "127.0.0.1".into()),
        password: said("vncpasswd").unwrap_or_default(),
    })
}

/// The same definition under the name the domain has now.
pub(crate) fn renamed(config: DomainConfig, name: String) -> DomainConfig {
    DomainConfig { name, ..config }
}

/// The three lines with which libxl clears away a domain that never was.
pub(crate) fn gone(domid: u32) -> String {
    format!(
        "libxl: error: libxl_domain.c:1183:libxl__destroy_domid: Domain {domid}:Non-existant domain\n\
         libxl: error: libxl_domain.c:1137:domain_destroy_callback: Domain {domid}:Unable to destroy guest\n\
         libxl: error: libxl_domain.c:1064:domain_destroy_cb: Domain {domid}:Destruction of domain failed\n"
    )
}

/// Both of xl's ways to write a disk: positional (`phy:/dev/x,xvda,w`, `/x,raw,xvda,w`) and `key=value`.
fn disk(text: &str) -> Disk {
    let mut disk = Disk {
        target: String::new(),
        vdev: "xvda".into(),
        format: "raw",
        writable: true,
    };
    for (index, part) in text.split(',').map(str::trim).enumerate() {
        match part.split_once('=') {
            Some(("target", value)) => disk.target = value.to_owned(),
            Some(("vdev", value)) => disk.vdev = value.to_owned(),
            Some(("format", value)) => disk.format = format_of(value),
            Some(("access", value)) => disk.writable = value != "ro" && value != "r",
            Some(_) => {}
            None if index == 0 => {
                let (kind, target) = part
                    .split_once(':')
                    .filter(|(kind, _)| !kind.contains('/'))
                    .unwrap_or(("", part));
                disk.format = format_of(kind);
                disk.target = target.to_owned();
            }
            None if matches!(part, "raw" | "qcow2" | "vhd") => disk.format = format_of(part),
            None if part.starts_with("xvd") || part.starts_with("hd") || part.starts_with("sd") => {
                disk.vdev = part.to_owned()
            }
            None => disk.writable = !matches!(part, "r" | "ro"),
        }
    }
    disk
}

fn format_of(word: &str) -> &'static str {
    match word {
        "qcow2" | "tap:qcow2" => "qcow2",
        "vhd" => "vhd",
        _ => "raw",
    }
}

fn nic(text: &str, dice: &mut Dice) -> Nic {
    let value = |key: &str| {
        text.split(',')
            .filter_map(|part| part.trim().split_once('='))
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.to_owned())
    };
    let random = dice.next().to_be_bytes();
    let mac = format!(
        "00:16:3e:{:02x}:{:02x}:{:02x}",
        random[0] & 0x7f,
        random[1],
        random[2]
    );
    Nic {
        mac: value("mac").unwrap_or(mac),
        bridge: value("bridge").unwrap_or_else(|| "xenbr0".into()),
    }
}
