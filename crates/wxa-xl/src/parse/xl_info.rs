//! `xl info`: what the host says about itself.
use std::collections::HashMap;
use wxa_model::{Bytes, HostFacts};

/// Parses `key : value` lines. `None` when it is not what `xl info` prints. Boot time and logging are not in it.
pub fn parse(text: &str) -> Option<HostFacts> {
    let values: HashMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect();
    let text = |key: &str| {
        values
            .get(key)
            .map(|value| super::printable(value))
            .unwrap_or_default()
    };
    let number = |key: &str| values.get(key).and_then(|value| value.parse::<u64>().ok());
    Some(HostFacts {
        hostname: text("host"),
        xen_version: text("xen_version"),
        kernel: text("release"),
        cpus: u32::try_from(number("nr_cpus")?).ok()?,
        threads_per_core: number("threads_per_core")
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(0),
        cpu_mhz: values
            .get("cpu_mhz")
            .and_then(|mhz| mhz.parse::<f64>().ok())
            .map_or(0, |mhz| mhz.clamp(0.0, 1e6) as u32),
        memory_total: Bytes::mib(number("total_memory")?),
        memory_free: Bytes::mib(number("free_memory")?),
        scheduler: text("xen_scheduler"),
        ..HostFacts::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_real_host_is_read() {
        let facts = parse(include_str!("../../tests/captures/xl-info.txt")).unwrap();
        assert_eq!(facts.hostname, "A");
        assert_eq!(facts.xen_version, "4.17.7");
        assert_eq!(facts.kernel, "6.1.0-56-amd64");
        assert_eq!((facts.cpus, facts.threads_per_core, facts.cpu_mhz), (1, 1, 2445));
        assert_eq!(facts.memory_total, Bytes::mib(2559));
        assert_eq!(facts.memory_free, Bytes::mib(992));
        assert_eq!(facts.scheduler, "credit2");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(nr_cpus|total_memory|free_memory|cpu_mhz)? ?:.{0,60}\n.{0,100}") {
            parse(&text);
        }
    }
}
