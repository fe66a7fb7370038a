//! A close look at a host: a dozen commands that only read, three at a time. One that fails leaves the others.
use crate::{
    driver::Host,
    parse::{clock, cpus, df, dmesg, links, lvm, machine, packages, stderr, xl_info_long},
    transport::{Connection, Effect, Limits, Output},
    watch,
};
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use wxa_driver::{Error, ErrorKind};
use wxa_model::{
    HostDetails, Told, VmId,
    host_details::{NetLink, Skew},
};

/// How long one command may take: a dead network file system must not hold up the rest.
const TIME: Duration = Duration::from_secs(12);

/// Looks closely at the host.
///
/// # Errors
/// When it cannot be reached, or the connection is lost in the middle.
pub(crate) async fn details(host: &Host) -> Result<HostDetails, Error> {
    let connection = host.connection().await?;
    let asker = Asker {
        connection: &connection,
    };
    // Three lanes: sessions on a connection are few, and consoles and acts need some.
    let hypervisor = async {
        let xen = asker
            .ask(&["xl", "info", "-n"], 256 << 10, xl_info_long::parse)
            .await?;
        let vcpus = asker.ask(&["xl", "vcpu-list"], 2 << 20, cpus::vcpus).await?;
        let pools = asker.pools().await?;
        let complaints = asker.ask(&["xl", "dmesg"], 2 << 20, dmesg::parse).await?;
        Ok::<_, Error>((xen, vcpus, pools, complaints))
    };
    let storage = async {
        let groups = asker
            .ask(&lvm::words("vgs", GROUP_COLUMNS), 1 << 20, lvm::groups)
            .await?;
        let volumes = asker
            .ask(&lvm::words("lvs", VOLUME_COLUMNS), 4 << 20, lvm::volumes)
            .await?;
        let filesystems = asker.ask(&["df", "-P", "-k", "-T"], 512 << 10, df::parse).await?;
        Ok::<_, Error>((groups, volumes, filesystems))
    };
    let system = async {
        let machine = asker.machine().await?;
        let links = asker.links().await?;
        let packages = asker.packages().await?;
        let skew = asker.skew().await?;
        Ok::<_, Error>((machine, links, packages, skew))
    };
    let (hypervisor, storage, system) = tokio::join!(hypervisor, storage, system);
    let (xen, vcpus, pools, complaints) = hypervisor?;
    let (groups, volumes, filesystems) = storage?;
    let (machine, links, packages, skew) = system?;
    Ok(HostDetails {
        xen,
        machine,
        packages,
        pools,
        vcpus,
        groups,
        volumes,
        filesystems,
        links: with_guests(links, host),
        complaints,
        skew,
        pool: None,
    })
}

const GROUP_COLUMNS: &str = "vg_name,vg_size,vg_free,lv_count,pv_count";
const VOLUME_COLUMNS: &str = "vg_name,lv_name,lv_attr,lv_size,pool_lv,origin,data_percent";

/// Puts the VM at the other end of each guest's link: domain numbers stay in here.
fn with_guests(links: Told<Vec<links::Link>>, host: &Host) -> Told<Vec<NetLink>> {
    let links = match links {
        Told::Told(links) => links,
        Told::Untold(why) => return Told::Untold(why),
    };
    let world = host.world();
    let vms: HashMap<u32, VmId> = world
        .iter()
        .filter_map(|sighting| Some((sighting.domid?, sighting.vm.id)))
        .collect();
    let link = |link: links::Link| NetLink {
        vm: link.domid.and_then(|domid| vms.get(&domid).copied()),
        name: link.name,
        kind: link.kind,
        up: link.up,
        mac: link.mac,
        mtu: link.mtu,
        master: link.master,
    };
    Told::Told(links.into_iter().map(link).collect())
}

/// Asks one thing after the other.
struct Asker<'a> {
    connection: &'a Connection,
}

/// What became of a command; none of it is the connection's fault.
type Answer = Result<Output, String>;

impl Asker<'_> {
    /// Runs a command. Only the loss of the connection is an error.
    async fn run(&self, words: &[&str], stdout: usize) -> Result<Answer, Error> {
        let limits = Limits {
            time: TIME,
            stdout,
            effect: Effect::None,
        };
        match self.connection.run(words, limits).await {
            Ok(output) => Ok(Ok(output)),
            Err(error) if self.connection.is_closed() || error.kind == ErrorKind::Unreachable => Err(error),
            Err(error) => Ok(Err(error.message)),
        }
    }

    /// Runs a command and reads what it printed, whatever its exit status: some tell most of it and complain as well.
    async fn ask<T>(
        &self,
        words: &[&str],
        stdout: usize,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Told<T>, Error> {
        let answer = self.run(words, stdout).await?;
        Ok(match answer {
            Err(why) => Told::Untold(why),
            Ok(output) => match parse(&output.text()) {
                Some(told) => Told::Told(told),
                None => Told::Untold(complaint(words, &output)),
            },
        })
    }

    async fn pools(&self) -> Result<Told<Vec<wxa_model::host_details::CpuPool>>, Error> {
        let words = ["xl", "cpupool-list", "-c"];
        let lists = match self.run(&words, 256 << 10).await? {
            Ok(output) => output.text(),
            Err(_) => String::new(),
        };
        self.ask(&["xl", "cpupool-list"], 256 << 10, |table| {
            cpus::pools(table, &lists)
        })
        .await
    }

    /// The files of the control domain's kernel. Some are usually missing, so the exit status says nothing.
    async fn machine(&self) -> Result<Told<wxa_model::host_details::Machine>, Error> {
        let most = machine::BYTES_OF_EACH.to_string();
        let mut words = vec!["head", "-v", "-c", &most, "--"];
        words.extend(machine::FILES);
        Ok(match self.run(&words, 128 << 10).await? {
            Err(why) => Told::Untold(why),
            Ok(output) => match machine::parse(&output.stdout) {
                Some(machine) => Told::Told(machine),
                None => Told::Untold(complaint(&["head", "/proc/…"], &output)),
            },
        })
    }

    /// `ip`, or `brctl` where `ip` is missing or prints no JSON.
    async fn links(&self) -> Result<Told<Vec<links::Link>>, Error> {
        let links = self
            .ask(&["ip", "-j", "-d", "link"], 4 << 20, links::parse)
            .await?;
        if links.get().is_some() {
            return Ok(links);
        }
        let older = self.ask(&["brctl", "show"], 1 << 20, links::parse_brctl).await?;
        Ok(if older.get().is_some() { older } else { links })
    }

    async fn packages(&self) -> Result<Told<Vec<wxa_model::host_details::Package>>, Error> {
        let words = [
            "dpkg-query",
            "-W",
            "-f",
            packages::FORMAT,
            "xen-hypervisor-*",
            "xen-utils-*",
            "linux-image-*",
        ];
        // It complains of each pattern that fits nothing, and prints the rest.
        let some = |text: &str| Some(packages::parse(text)).filter(|all| !all.is_empty());
        self.ask(&words, 256 << 10, some).await
    }

    async fn skew(&self) -> Result<Told<Skew>, Error> {
        let (began, at) = (Instant::now(), watch::now());
        let told = self.ask(&["date", "+%s.%N"], 256, clock::parse).await?;
        let way = began.elapsed().as_millis();
        let half = u64::try_from(way / 2).unwrap_or(u64::MAX);
        Ok(match told {
            Told::Untold(why) => Told::Untold(why),
            Told::Told((theirs, exact)) => {
                let ours = i64::try_from(at.0.saturating_add(half)).unwrap_or(i64::MAX);
                Told::Told(Skew {
                    ahead_ms: theirs.saturating_sub(ours),
                    within_ms: half.saturating_add(exact),
                })
            }
        })
    }
}

/// Why there is no answer, in words for an administrator.
fn complaint(words: &[&str], output: &Output) -> String {
    let program = words.first().copied().unwrap_or_default();
    let said = stderr::tidy(&output.stderr);
    let is_missing = output.status == Some(127) || said.contains("command not found");
    match (is_missing, said.is_empty()) {
        (true, _) => format!("The host has no program `{program}`."),
        (false, true) => format!("`{}` printed nothing that is understood here.", words.join(" ")),
        (false, false) => format!("`{}` did not tell: {said}", words.join(" ")),
    }
}
