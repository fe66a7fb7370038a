//! What the control domain's kernel says of its machine: a few files of /proc and /etc, read with one command.
use super::{files, printable};
use wxa_model::{Bytes, host_details::Machine};

/// The files, in the order in which they are read. Those that are not there are left out by the host.
pub const FILES: [&str; 7] = [
    "/proc/cpuinfo",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/meminfo",
    "/etc/os-release",
    "/run/reboot-required",
    "/run/reboot-required.pkgs",
];
/// What is read of each: the model's name stands at the very beginning of a long /proc/cpuinfo.
pub const BYTES_OF_EACH: usize = 4096;
/// Packages that are named at most.
const MOST_PACKAGES: usize = 20;

/// Parses what `head -v -c 4096 -- FILES` prints; none when nothing of it could be read.
pub fn parse(output: &[u8]) -> Option<Machine> {
    let paths = FILES.map(str::to_owned);
    let texts: Vec<Option<String>> = files::contents(output, &paths)
        .into_iter()
        .map(|text| text.map(|text| String::from_utf8_lossy(text).into_owned()))
        .collect();
    let [cpuinfo, loadavg, uptime, meminfo, os, reboot, packages] = texts.try_into().ok()?;
    if [&cpuinfo, &loadavg, &uptime, &meminfo]
        .iter()
        .all(|text| text.is_none())
    {
        return None;
    }
    let memory = |key: &str| kib(meminfo.as_deref()?, key);
    let packages = packages.unwrap_or_default();
    Some(Machine {
        cpu_model: cpuinfo.as_deref().and_then(model).unwrap_or_default(),
        system: os.as_deref().and_then(pretty_name).unwrap_or_default(),
        load: loadavg.as_deref().and_then(load),
        up_seconds: uptime.as_deref().and_then(seconds),
        memory: memory("MemTotal"),
        memory_available: memory("MemAvailable"),
        swap: memory("SwapTotal"),
        swap_free: memory("SwapFree"),
        wants_reboot: reboot.is_some(),
        reboot_for: packages
            .lines()
            .map(|line| printable(line.trim()))
            .filter(|line| !line.is_empty())
            .take(MOST_PACKAGES)
            .collect(),
    })
}

fn model(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    let (_, name) = line.split_once(':')?;
    Some(printable(&name.split_whitespace().collect::<Vec<_>>().join(" ")))
}

fn pretty_name(text: &str) -> Option<String> {
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(printable(name.trim().trim_matches('"')))
}

fn load(text: &str) -> Option<[f32; 3]> {
    let mut values = text
        .split_whitespace()
        .map(|word| word.parse::<f32>().ok().filter(|n| n.is_finite()));
    Some([values.next()??, values.next()??, values.next()??])
}

fn seconds(text: &str) -> Option<u64> {
    let first = text.split_whitespace().next()?;
    first.split('.').next()?.parse().ok()
}

fn kib(text: &str, key: &str) -> Option<Bytes> {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    value.split_whitespace().next()?.parse().ok().map(Bytes::kib)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_files_of_a_host_are_read() {
        let output = "==> /proc/cpuinfo <==\nprocessor\t: 0\nmodel name\t: AMD EPYC  7763 64-Core Processor\nflags\t: fpu v\
            \n==> /proc/loadavg <==\n0.14 0.09 0.05 1/234 5678\n\n==> /proc/uptime <==\n799.12 1200.00\n\
            \n==> /proc/meminfo <==\nMemTotal:        1000000 kB\nMemFree: 1 kB\nMemAvailable:     400000 kB\n\
            \n==> /etc/os-release <==\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n\
            \n==> /run/reboot-required.pkgs <==\nlibc6\nxen-hypervisor-4.17-amd64\n";
        let machine = parse(output.as_bytes()).unwrap();
        assert_eq!(machine.cpu_model, "AMD EPYC 7763 64-Core Processor");
        assert_eq!(machine.system, "Debian GNU/Linux 12 (bookworm)");
        assert_eq!(machine.load, Some([0.14, 0.09, 0.05]));
        assert_eq!(machine.up_seconds, Some(799));
        assert_eq!(machine.memory, Some(Bytes::kib(1_000_000)));
        assert_eq!(machine.memory_available, Some(Bytes::kib(400_000)));
        assert_eq!((machine.swap, machine.wants_reboot), (None, false));
        assert_eq!(machine.reboot_for.len(), 2);
    }

    #[test]
    fn a_real_host_is_read() {
        let machine = parse(include_bytes!("../../tests/captures/head-machine.txt")).unwrap();
        assert_eq!(machine.cpu_model, "QEMU Virtual CPU version 2.5+");
        assert_eq!(machine.system, "Debian GNU/Linux 12 (bookworm)");
        assert_eq!(machine.memory, Some(Bytes::kib(912_332)));
        assert!(
            machine.load.is_some() && machine.up_seconds > Some(100),
            "{machine:?}"
        );
        assert!(!machine.wants_reboot && machine.reboot_for.is_empty());
    }

    #[test]
    fn nothing_read_is_nothing_told() {
        assert_eq!(parse(b""), None);
        assert_eq!(parse(b"==> /etc/os-release <==\nID=x\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(text in "(==> /proc/(cpuinfo|loadavg|uptime|meminfo) <==\n.{0,60}\n){0,4}.{0,40}") {
            parse(text.as_bytes());
        }
    }
}
