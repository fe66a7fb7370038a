//! `xl info -n`: the hypervisor and the machine as it sees it, NUMA nodes included.
use super::printable;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use wxa_model::{
    Bytes,
    host_details::{NumaNode, Xen},
};

/// Nodes and CPUs that are kept at most.
const MOST_ROWS: usize = 4096;

/// Tables in the middle of the `key : value` lines.
enum Table {
    None,
    Cpus,
    Nodes,
}

/// Parses the text; none when it is not what `xl info` prints.
pub fn parse(text: &str) -> Option<Xen> {
    let mut values: HashMap<&str, &str> = HashMap::new();
    let mut sockets: BTreeSet<u64> = BTreeSet::new();
    let mut cpus_of: BTreeMap<u64, u32> = BTreeMap::new();
    let mut nodes: Vec<NumaNode> = Vec::new();
    let mut table = Table::None;
    for line in text.lines() {
        let Some((key, rest)) = line.split_once(':') else {
            continue;
        };
        let (key, rest) = (key.trim(), rest.trim());
        match (key.parse::<u32>(), &table) {
            (Ok(_), Table::Cpus) => {
                if let [_core, socket, node] = numbers(rest)[..] {
                    sockets.insert(socket);
                    *cpus_of.entry(node).or_default() += 1;
                }
            }
            (Ok(id), Table::Nodes) if nodes.len() < MOST_ROWS => {
                if let [memory, free, ..] = numbers(rest)[..] {
                    nodes.push(NumaNode {
                        id,
                        memory: Bytes::mib(memory),
                        free: Bytes::mib(free),
                        cpus: cpus_of.get(&u64::from(id)).copied().unwrap_or(0),
                    });
                }
            }
            (Ok(_), _) => {}
            (Err(_), _) => match key {
                "cpu_topology" => table = Table::Cpus,
                "numa_info" => table = Table::Nodes,
                "cpu" | "node" => {}
                _ => {
                    table = Table::None;
                    values.insert(key, rest);
                }
            },
        }
    }
    let said = |key: &str| values.get(key).map(|value| printable(value)).unwrap_or_default();
    let words = |key: &str| -> Vec<String> { said(key).split_whitespace().map(str::to_owned).collect() };
    let number = |key: &str| values.get(key).and_then(|value| value.parse::<u64>().ok());
    let small = |key: &str| number(key).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let (cores_per_socket, threads_per_core) = (small("cores_per_socket"), small("threads_per_core"));
    let cpus = u32::try_from(number("nr_cpus")?).ok()?;
    let counted = cpus.checked_div(cores_per_socket.saturating_mul(threads_per_core));
    Some(Xen {
        version: said("xen_version"),
        command_line: said("xen_commandline"),
        compiler: said("cc_compiler"),
        built_by: joined(&said("cc_compile_by"), &said("cc_compile_domain")),
        built_at: said("cc_compile_date"),
        build_id: said("build_id"),
        changeset: said("xen_changeset"),
        guest_kinds: words("xen_caps"),
        capabilities: words("virt_caps"),
        scheduler: said("xen_scheduler"),
        kernel: said("release"),
        kernel_build: said("version"),
        architecture: said("machine"),
        cpus,
        // Told where the topology is; else counted, where it comes out even.
        sockets: match sockets.len() {
            0 => counted.filter(|n| *n > 0).unwrap_or(0),
            n => u32::try_from(n).unwrap_or(0),
        },
        cores_per_socket,
        threads_per_core,
        cpu_mhz: values
            .get("cpu_mhz")
            .and_then(|mhz| mhz.parse::<f64>().ok())
            .map_or(0, |mhz| mhz.clamp(0.0, 1e6) as u32),
        memory_total: Bytes::mib(number("total_memory")?),
        memory_free: Bytes::mib(number("free_memory").unwrap_or(0)),
        memory_claimed: Bytes::mib(number("outstanding_claims").unwrap_or(0)),
        nodes,
    })
}

fn numbers(text: &str) -> Vec<u64> {
    text.split_whitespace()
        .map_while(|word| word.parse().ok())
        .take(64)
        .collect()
}

fn joined(who: &str, domain: &str) -> String {
    match (who, domain) {
        (who, "") => who.to_owned(),
        ("", domain) => domain.to_owned(),
        (who, domain) => format!("{who}@{domain}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_real_host_is_read() {
        let xen = parse(include_str!("../../tests/captures/xl-info-n.txt")).unwrap();
        assert_eq!(xen.version, "4.17.7");
        assert!(xen.command_line.starts_with("console=com1 ") && xen.command_line.ends_with("xpti=no"));
        assert_eq!(xen.built_by, "pkg-xen-devel@lists.alioth.debian.org");
        assert_eq!(xen.built_at, "Wed Nov  4 16:52:28 UTC 2026");
        assert_eq!(xen.capabilities, ["pv", "hvm", "hap", "gnttab-v1", "gnttab-v2"]);
        assert_eq!(xen.guest_kinds.len(), 4);
        assert_eq!(
            (xen.cpus, xen.sockets, xen.cores_per_socket, xen.cpu_mhz),
            (1, 1, 1, 2445)
        );
        assert_eq!(xen.memory_total, Bytes::mib(2559));
        let node = NumaNode {
            id: 0,
            memory: Bytes::mib(2559),
            free: Bytes::mib(992),
            cpus: 0,
        };
        assert_eq!(xen.nodes, [node]);
    }

    #[test]
    fn sockets_and_nodes_are_counted_where_the_topology_is_told() {
        let text = "nr_cpus : 4\ncores_per_socket : 2\nthreads_per_core : 1\ntotal_memory : 8\ncpu_topology :\n\
            cpu:    core    socket     node\n  0:  0 0 0\n  1: 1 0 0\n  2: 0 1 1\n  3: 1 1 1\nnuma_info :\n\
            node:    memsize    memfree    distances\n   0:  4 1 10,20\n   1: 4 2 20,10\nxen_major : 4\nxen_version : 4.19.1\n";
        let xen = parse(text).unwrap();
        assert_eq!((xen.sockets, xen.version.as_str()), (2, "4.19.1"));
        let nodes: Vec<_> = xen
            .nodes
            .iter()
            .map(|node| (node.id, node.free, node.cpus))
            .collect();
        assert_eq!(nodes, [(0, Bytes::mib(1), 2), (1, Bytes::mib(2), 2)]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(nr_cpus|total_memory|cpu_topology|numa_info|[0-9]{1,12})? ?:.{0,40}\n([0-9 ]{0,12}:[0-9 ]{0,40}\n){0,4}.{0,60}") {
            parse(&text);
        }
    }
}
