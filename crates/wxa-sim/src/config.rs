//! What a simulated plain Xen host is made of: the host, its way in, and the guests defined on it.

use std::net::{Ipv4Addr, SocketAddr};

use crate::ails::Ail;

/// One simulated plain Xen host.
#[derive(Debug, Clone)]
pub struct SimHostConfig {
    /// The host's name, as `hostname` and `xl info` say it.
    pub name: String,
    /// Everything that looks random comes from here: host key, UUIDs, MAC addresses, load.
    pub seed: u64,
    /// Where the SSH server listens. Port 0 takes a free port; it is then kept over `refuse`/`accept` and `reboot`.
    pub listen: SocketAddr,
    /// The only user that may log in.
    pub user: String,
    /// Their password; an empty one switches password login off. It protects nothing but a simulation.
    pub password: String,
    /// A public key in OpenSSH's one-line format that may log in.
    pub authorized_key: Option<String>,
    /// What `sudo -n` does for a user other than root.
    pub sudo: SudoPolicy,
    /// sshd's `MaxSessions`: how many sessions fit on one connection.
    pub max_sessions: usize,
    /// Whether xenconsoled writes `/var/log/xen/console/guest-NAME.log`.
    pub console_logs: ConsoleLogs,
    /// Xen's version as three numbers.
    pub xen_version: (u16, u16, u16),
    /// Physical memory in MiB.
    pub total_memory_mib: u64,
    /// Memory of Domain-0 in MiB.
    pub dom0_memory_mib: u64,
    /// Physical CPUs.
    pub cpus: u32,
    /// Guests with a definition in /etc/xen.
    pub guests: Vec<GuestSpec>,
    /// How quickly guests boot and stop.
    pub pace: Pace,
    /// Further files, as (absolute path, content).
    pub extra_files: Vec<(String, String)>,
    /// What is wrong with the host itself.
    pub ails: Vec<Ail>,
    /// Whether its SSH server connects on to other hosts, as a jump host does.
    pub forwarding: Forwarding,
}

impl SimHostConfig {
    /// A host with 64 GiB, 16 CPUs, user `root`, password `xen`, console logs on, and no guest.
    pub fn new(name: impl Into<String>, seed: u64) -> Self {
        Self {
            name: name.into(),
            seed,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            user: "root".into(),
            password: "xen".into(),
            authorized_key: None,
            sudo: SudoPolicy::PasswordNeeded,
            max_sessions: 10,
            console_logs: ConsoleLogs::PerGuest,
            xen_version: (4, 17, 7),
            total_memory_mib: 65_536,
            dom0_memory_mib: 4_096,
            cpus: 16,
            guests: Vec::new(),
            pace: Pace::Lifelike,
            extra_files: Vec::new(),
            ails: Vec::new(),
            forwarding: Forwarding::Allowed,
        }
    }
}

/// sshd's `AllowTcpForwarding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forwarding {
    /// As it is by default.
    Allowed,
    /// Asked to connect on, it says that this is prohibited.
    Refused,
}

/// What `sudo -n` answers to a user other than root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SudoPolicy {
    /// `NOPASSWD`: every command runs as root.
    Allowed,
    /// "sudo: a password is required", status 1.
    PasswordNeeded,
}

/// Whether xenconsoled logs its guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsoleLogs {
    /// `xenconsoled --log=guest`: one file for each guest name.
    PerGuest,
    /// No logs; the folder is absent.
    Off,
}

/// How quickly scripted things happen: boots, shutdowns, creation, the 60 s wait of an ignored shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As a person would see it: a boot takes about 6 s.
    Lifelike,
    /// Twenty times quicker, for tests on a real clock.
    Quick,
}

/// Kind of virtualisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuestType {
    /// Paravirtualised.
    Pv,
    /// PV drivers in a hardware container.
    Pvh,
    /// Fully virtualised, with a device model.
    Hvm,
}

impl GuestType {
    /// The word used in `type=`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pv => "pv",
            Self::Pvh => "pvh",
            Self::Hvm => "hvm",
        }
    }
}

/// What a guest does when the simulated host comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtStart {
    /// It has been running for a while and shows a login prompt.
    Running,
    /// It starts booting with the host.
    Booting,
    /// Only its definition exists.
    Halted,
}

/// One guest defined in /etc/xen. Names starting with a sentinel of [`crate::sentinels`] misbehave accordingly.
#[derive(Debug, Clone)]
pub struct GuestSpec {
    /// Name, also of the file `/etc/xen/NAME.cfg`.
    pub name: String,
    /// Kind of virtualisation.
    pub guest_type: GuestType,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// `uuid=` of the definition; without it each start brings a new UUID.
    pub uuid: Option<uuid::Uuid>,
    /// Disks in xl's syntax, such as `phy:/dev/vg0/web-01,xvda,w`.
    pub disks: Vec<String>,
    /// Network interfaces in xl's syntax, such as `mac=00:16:3e:00:00:01,bridge=xenbr0`.
    pub vifs: Vec<String>,
    /// Whether the guest runs at first; also decides the link in /etc/xen/auto.
    pub at_start: AtStart,
    /// Mean load in CPUs.
    pub load: f64,
    /// Replaces the generated definition, for broken ones.
    pub raw_config: Option<String>,
}

impl GuestSpec {
    /// A PVH guest with one disk, one interface and a light load, running at first.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            disks: vec![format!("phy:/dev/vg0/{name},xvda,w")],
            vifs: vec!["bridge=xenbr0".into()],
            name,
            guest_type: GuestType::Pvh,
            memory_mib: 1024,
            vcpus: 1,
            uuid: None,
            at_start: AtStart::Running,
            load: 0.08,
            raw_config: None,
        }
    }

    /// The same guest, not running at first.
    pub fn halted(mut self) -> Self {
        self.at_start = AtStart::Halted;
        self
    }

    /// The text of its definition file.
    pub fn config_text(&self) -> String {
        if let Some(raw) = &self.raw_config {
            return raw.clone();
        }
        let name = self
            .name
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        let mut out = format!("# {name}: managed by hand\nname = \"{name}\"\n");
        if let Some(uuid) = self.uuid {
            out += &format!("uuid = \"{uuid}\"\n");
        }
        out += &format!(
            "type = \"{}\"\nmemory = {}\nvcpus = {}\n",
            self.guest_type.word(),
            self.memory_mib,
            self.vcpus
        );
        match self.guest_type {
            GuestType::Hvm => {
                out +=
                    "builder = \"hvm\"\nboot = \"c\"\nvnc = 1\nvnclisten = \"127.0.0.1\"\nserial = \"pty\"\n"
            }
            GuestType::Pv | GuestType::Pvh => {
                out += "kernel = \"/boot/guest/vmlinuz\"\nramdisk = \"/boot/guest/initrd.img\"\nextra = \"root=/dev/xvda1 ro console=hvc0\"\n";
            }
        }
        out += &list("disk", &self.disks);
        out += &list("vif", &self.vifs);
        let on_crash = if self.name.starts_with("vm-crashes-kept") {
            "preserve"
        } else {
            "destroy"
        };
        out + &format!("\non_poweroff = 'destroy'\non_reboot   = 'restart'\non_crash    = '{on_crash}'\n")
    }
}

fn list(key: &str, items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = items.iter().map(|item| format!("    '{item}',\n")).collect();
    format!("{key} = [\n{}]\n", lines.concat())
}
