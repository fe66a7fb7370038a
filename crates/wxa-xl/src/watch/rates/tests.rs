//! From tables to rates: what is not known is none.
use super::*;
use crate::watch::Sizes;
use crate::{
    parse::xentop::{Line, parse},
    world::{Identities, Runs, Sources, merge},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};
use uuid::Uuid;
use wxa_model::{HostId, SiteId};

fn table(text: &str) -> Vec<Domain> {
    let mut domains: Vec<Domain> = Vec::new();
    for line in text.lines() {
        match (parse(line), domains.last_mut()) {
            (Line::Row(row), _) => domains.push(Domain::new(row)),
            (Line::Nic(nic), Some(domain)) => domain.nic(nic),
            (Line::Disk(disk), Some(domain)) => domain.disk(disk),
            _ => {}
        }
    }
    domains
}

/// Domain-0 and guests of these names, by the long list with one disk and one card each, served by whom it may be.
fn world(names: &[&str]) -> World {
    let mut text = "Name ID Mem VCPUs\tState\tTime(s)\nDomain-0 0 1024 1 r----- 9.9\n".to_owned();
    let mut long = HashMap::new();
    for (domid, name) in (1..).zip(names) {
        text += &format!("{name} {domid} 128 1 -b---- 4.0\n");
        let json = serde_json::json!([{"domid": domid, "config": {
            "c_info": {"name": name, "type": "pvh"},
            "b_info": {},
            "disks": [{"pdev_path": "/x", "vdev": "xvda", "format": "qcow2", "readwrite": 1}],
            "nics": [{"mac": "00:16:3e:00:00:50", "bridge": "xenbr0"}],
        }}]);
        let one = crate::parse::xl_list_long::parse(&json.to_string()).unwrap();
        long.extend(one.into_iter().map(|long| (long.domid, long)));
    }
    let domains = crate::parse::xl_list::parse(&text).unwrap();
    merge(
        Sources {
            site: SiteId(Uuid::from_u128(1)),
            host: HostId(Uuid::from_u128(2)),
            domains: &domains,
            long: &long,
            definitions: &BTreeMap::new(),
            autostart: &HashSet::new(),
            started: &HashMap::new(),
            sizes: &Sizes::default(),
            runs: &Runs::default(),
            steady_ms: 0,
        },
        &mut Identities::default(),
    )
}

struct Watched {
    rates: Rates,
    world: World,
    start: Instant,
}

impl Watched {
    fn new(names: &[&str]) -> Self {
        Self {
            rates: Rates::default(),
            world: world(names),
            start: Instant::now(),
        }
    }

    fn at(&mut self, seconds: u64, text: &str) -> SampleBatch {
        let at = self.start + Duration::from_secs(seconds);
        self.rates
            .batch(table(text), at, UnixMillis(0), &self.world, None)
    }

    fn of(&self, batch: &SampleBatch, name: &str) -> VmSample {
        let id = self.world.running(name).unwrap().vm.id;
        batch.vms.iter().find(|(vm, _)| *vm == id).unwrap().1
    }
}

/// A row of the guest `web`: CPU seconds, percent, disks, requests and sectors read, and KiB that it received.
fn web(cpu: u32, percent: &str, disks: u32, reads: u32, sectors: u32, rx: u32) -> String {
    format!(
        "  web --b---  {cpu}  {percent}  131072  4.0  131072  4.0  1  1  {rx}  0  {disks}  0  {reads}  0  {sectors}  0  0\n"
    )
}

#[test]
fn the_first_table_knows_no_rates_and_the_next_does() {
    let mut watched = Watched::new(&["web"]);
    let first = watched.at(0, &web(10, "0.0", 1, 100, 1000, 5));
    assert_eq!(
        watched.of(&first, "web"),
        VmSample {
            memory: Some(Bytes::mib(128)),
            ..VmSample::default()
        }
    );
    let second = watched.at(2, &web(11, "50.0", 1, 110, 1004, 7));
    let sample = watched.of(&second, "web");
    assert_eq!(
        (sample.cpu, sample.net_rx, sample.net_tx),
        (Some(0.5), Some(1024.0), Some(0.0))
    );
    assert_eq!(
        (
            sample.disk_read,
            sample.disk_read_ops,
            sample.disk_write_ops,
            sample.disk_latency
        ),
        (Some(1024.0), Some(5.0), Some(0.0), None)
    );
    let later = watched.at(99, &web(12, "10.0", 1, 999, 9999, 9));
    assert_eq!(watched.of(&later, "web").cpu, None, "after a long gap");
}

#[test]
fn a_reboot_between_two_tables_is_a_gap_and_no_spike() {
    let mut watched = Watched::new(&["web"]);
    watched.at(0, &web(500, "1.0", 1, 100, 1000, 5));
    let sample = |watched: &mut Watched, at, text: &str| {
        let batch = watched.at(at, text);
        watched.of(&batch, "web")
    };
    // It has read more while booting than in its life before.
    let after = sample(&mut watched, 1, &web(2, "0.0", 1, 90_000, 900_000, 7));
    assert_eq!(
        (after.cpu, after.disk_read, after.disk_read_ops, after.net_rx),
        (None, None, None, None)
    );
    let next = sample(&mut watched, 2, &web(3, "70.0", 1, 90_002, 900_000, 7));
    assert_eq!((next.cpu, next.disk_read_ops), (Some(0.7), Some(2.0)));
}

#[test]
fn what_xentop_does_not_count_is_no_zero() {
    let mut watched = Watched::new(&["web"]);
    let control = |cpu: &str| {
        format!(
            "  Domain-0 -----r  423  {cpu}  1048576  40.0  1048576  40.0  1  0  0  0  0  0  0  0  0  0  0\n"
        )
    };
    watched.at(0, &(control("0.0") + &web(10, "0.0", 0, 0, 0, 5)));
    let batch = watched.at(1, &(control("16.0") + &web(10, "4.0", 0, 0, 0, 5)));
    let (dom0, web) = (watched.of(&batch, "Domain-0"), watched.of(&batch, "web"));
    assert_eq!((dom0.cpu, dom0.disk_read, dom0.net_rx), (Some(0.16), None, None));
    assert_eq!(
        (web.disk_read, web.disk_read_ops),
        (None, None),
        "its disk is served by a QEMU"
    );
    assert_eq!(web.net_rx, Some(0.0));
    assert!(
        batch.host.cpu.is_some_and(|cpu| (0.19..0.21).contains(&cpu)),
        "without its disks it is whole"
    );
}

#[test]
fn devices_are_parts_of_their_domain_by_the_guests_names() {
    let mut watched = Watched::new(&["lvm", "net", "tiny", "pvh"]);
    let text = include_str!("../../../tests/captures/xentop-b-vnx.txt");
    let second = text.rfind("      NAME").unwrap();
    assert!(
        watched.at(0, &text[..second]).parts.is_empty(),
        "rates need two tables"
    );
    let batch = watched.at(1, &text[second..]);
    let lvm = watched.world.running("lvm").unwrap().vm.id;
    let of_lvm: Vec<_> = batch.parts.iter().filter(|part| part.vm == Some(lvm)).collect();
    assert_eq!(
        of_lvm.iter().map(|part| &part.part).collect::<Vec<_>>(),
        [&Part::Nic("0".into()), &Part::Disk("xvda".into())]
    );
    assert_eq!(of_lvm[0].values, [(Metric::NetRx, 70.0), (Metric::NetTx, 0.0)]);
    assert_eq!(
        of_lvm[1].values,
        [
            (Metric::DiskRead, 480.0 * 512.0),
            (Metric::DiskWrite, 0.0),
            (Metric::DiskReadOps, 4.0),
            (Metric::DiskWriteOps, 0.0)
        ]
    );
}

#[test]
fn a_disk_that_is_plugged_in_begins_with_its_second_table() {
    let mut watched = Watched::new(&["web"]);
    let disk = |number: u32, reads: u32| {
        format!("VBD BlkBack {number} [ca: 0]  OO: 0   RD: {reads}   WR: 0   RSECT: 0   WSECT: 0\n")
    };
    let names =
        |batch: &SampleBatch| -> Vec<Part> { batch.parts.iter().map(|part| part.part.clone()).collect() };
    watched.at(0, &(web(1, "1.0", 1, 0, 0, 0) + &disk(51_712, 7)));
    let row = web(1, "1.0", 2, 50, 0, 0);
    let plugged = watched.at(1, &(row.clone() + &disk(51_712, 9) + &disk(51_728, 41)));
    assert_eq!(names(&plugged), [Part::Disk("xvda".into())]);
    let next = watched.at(2, &(row + &disk(51_712, 9) + &disk(51_728, 41)));
    assert_eq!(
        names(&next),
        [Part::Disk("xvda".into()), Part::Disk("xvdb".into())]
    );
}
