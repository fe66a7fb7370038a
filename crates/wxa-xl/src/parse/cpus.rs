//! `xl cpupool-list` and `xl vcpu-list`: which CPUs there are for whom.
use super::{printable, words_from_right};
use wxa_model::host_details::{CpuPool, DomainVcpus};

/// Rows that are looked at, at most.
const MOST: usize = 20_000;

/// Parses `xl cpupool-list`, with the CPUs of `xl cpupool-list -c` where that was told; none when it is no such table.
pub fn pools(table: &str, lists: &str) -> Option<Vec<CpuPool>> {
    let mut lines = table.lines();
    lines
        .next()
        .filter(|head| head.starts_with("Name") && head.contains("Sched"))?;
    let pool = |line: &str| {
        let (name, words) = words_from_right(line, 4)?;
        let [cpus, scheduler, _active, domains] = words[..] else {
            return None;
        };
        let list = lists
            .lines()
            .skip(1)
            .find_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with(' ')));
        Some(CpuPool {
            name: printable(name),
            cpus: cpus.parse().ok()?,
            list: list.map(|list| ranges(list.trim())).unwrap_or_default(),
            scheduler: printable(scheduler),
            domains: domains.parse().ok()?,
        })
    };
    Some(lines.take(MOST).filter_map(pool).collect())
}

/// `0,1,2,5` as `0-2,5`; what is no such list stays as it is.
fn ranges(list: &str) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for part in list.split(',') {
        let Ok(cpu) = part.trim().parse::<u32>() else {
            return printable(list);
        };
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(cpu) => *last = cpu,
            _ => runs.push((cpu, cpu)),
        }
    }
    let shown: Vec<String> = runs
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        })
        .collect();
    shown.join(",")
}

/// Parses `xl vcpu-list`, one entry for each domain in the order of the table; none when it is no such table.
pub fn vcpus(table: &str) -> Option<Vec<DomainVcpus>> {
    let mut lines = table.lines();
    lines
        .next()
        .filter(|head| head.starts_with("Name") && head.contains("VCPU"))?;
    let mut domains: Vec<(u32, DomainVcpus)> = Vec::new();
    for line in lines.take(MOST) {
        let Some((name, domid, online, may_run_on)) = vcpu(line) else {
            continue;
        };
        if domains.last().is_none_or(|(last, _)| *last != domid) {
            let domain = DomainVcpus {
                name: printable(name),
                online: 0,
                all: 0,
                may_run_on: Vec::new(),
            };
            domains.push((domid, domain));
        }
        if let Some((_, domain)) = domains.last_mut() {
            domain.all += 1;
            domain.online += u32::from(online);
            if !domain.may_run_on.iter().any(|known| known == may_run_on) {
                domain.may_run_on.push(printable(may_run_on));
            }
        }
    }
    Some(domains.into_iter().map(|(_, domain)| domain).collect())
}

/// CPU time of one virtual CPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VcpuTime {
    /// Xen's number of the domain.
    pub domid: u32,
    /// Which of its CPUs, from 0.
    pub vcpu: u16,
    /// Tenths of a second since the domain's start: that is how finely `xl vcpu-list` tells it.
    pub tenths: u64,
}

/// Parses the CPU times of `xl vcpu-list`; those of CPUs that are not in use are left out.
pub fn times(table: &str) -> Vec<VcpuTime> {
    let time = |line: &str| {
        let (_, words) = words_from_right(line, 8)?;
        let [domid, vcpu, cpu, _state, time, _hard, "/", _soft] = words[..] else {
            return None;
        };
        let (seconds, tenths) = time.split_once('.')?;
        let seconds: u64 = seconds.parse().ok()?;
        let tenths: u64 = tenths.parse().ok().filter(|tenths| *tenths < 10)?;
        let time = VcpuTime {
            domid: domid.parse().ok()?,
            vcpu: vcpu.parse().ok()?,
            tenths: seconds.saturating_mul(10).saturating_add(tenths),
        };
        (cpu != "-").then_some(time)
    };
    table.lines().skip(1).take(MOST).filter_map(time).collect()
}

/// `NAME ID VCPU CPU STATE TIME HARD / SOFT`: name, id, whether it is in use, hard affinity.
fn vcpu(line: &str) -> Option<(&str, u32, bool, &str)> {
    let (name, words) = words_from_right(line, 8)?;
    let [domid, _vcpu, cpu, _state, _time, hard, "/", _soft] = words[..] else {
        return None;
    };
    Some((name, domid.parse().ok()?, cpu != "-", hard))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_pools_are_read() {
        let pools = pools(
            include_str!("../../tests/captures/xl-cpupool-list.txt"),
            include_str!("../../tests/captures/xl-cpupool-list-c.txt"),
        );
        let pool = CpuPool {
            name: "Pool-0".into(),
            cpus: 1,
            list: "0".into(),
            scheduler: "credit2".into(),
            domains: 5,
        };
        assert_eq!(pools, Some(vec![pool]));
        assert_eq!(super::pools("command not found", ""), None);
    }

    #[test]
    fn long_lists_of_cpus_become_ranges() {
        assert_eq!(ranges("0,1,2,5,7,8"), "0-2,5,7-8");
        assert_eq!(ranges("0-3"), "0-3");
        assert_eq!(ranges(""), "");
    }

    #[test]
    fn real_vcpus_are_counted_by_domain() {
        let domains = vcpus(include_str!("../../tests/captures/xl-vcpu-list.txt")).unwrap();
        let seen: Vec<_> = domains
            .iter()
            .map(|one| (one.name.as_str(), one.online, one.all, one.may_run_on.join(" ")))
            .collect();
        let all = || "all".to_owned();
        assert_eq!(
            seen,
            [
                ("Domain-0", 1, 1, all()),
                ("tiny", 1, 2, all()),
                ("net", 1, 1, all()),
                ("pvh", 1, 1, all()),
                ("lvm", 1, 1, all()),
            ]
        );
    }

    #[test]
    fn times_of_cpus_in_use_are_read() {
        let times = times(include_str!("../../tests/captures/xl-vcpu-list.txt"));
        let seen: Vec<_> = times
            .iter()
            .map(|one| (one.domid, one.vcpu, one.tenths))
            .collect();
        assert_eq!(
            seen,
            [(0, 0, 3924), (8, 0, 113), (9, 0, 109), (10, 0, 169), (11, 0, 76)]
        );
    }

    #[test]
    fn pinned_and_oddly_named_domains_are_told() {
        let text = "Name                                ID  VCPU   CPU State   Time(s) Affinity (Hard / Soft)\n\
            my web 1                             3     0    4   -b-      11.3  4-5 / all\n\
            my web 1                             3     1    6   -b-      11.3  6 / all\n";
        let domains = vcpus(text).unwrap();
        assert_eq!(
            (domains[0].name.as_str(), domains[0].may_run_on.join(" ")),
            ("my web 1", "4-5 6".into())
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "Name VCPU Sched\n([a-z]{0,4} [0-9]{0,12} [0-9 /a-z-]{0,30}\n){0,4}.{0,40}", list in "[0-9,é -]{0,20}") {
            pools(&text, &text);
            vcpus(&text);
            times(&text);
            ranges(&list);
        }
    }
}
