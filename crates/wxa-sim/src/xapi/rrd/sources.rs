//! What is measured of VMs and hosts, by xapi's names and in its units, each with the load curve its values follow.

use std::time::Duration;

use crate::dice::{Curve, Dice};
use crate::xapi::placement;
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::{PAST, World};

/// One line of measurements: where it belongs, and its curve.
pub(super) struct Source {
    pub(super) legend: String,
    pub(super) curve: Curve,
    /// The value of one unit of load.
    pub(super) scale: f64,
    /// Constant, whatever the load.
    pub(super) base: f64,
    /// Nothing is known before this.
    pub(super) since: Duration,
}

impl Source {
    /// Its name, without whose it is.
    pub(super) fn name(&self) -> &str {
        self.legend.rsplit(':').next().unwrap_or_default()
    }
}

struct Maker<'a> {
    world: &'a World,
    prefix: String,
    uuid: &'a str,
    since: Duration,
    sources: Vec<Source>,
}

impl Maker<'_> {
    fn add(&mut self, name: &str, load: f64, scale: f64, base: f64) {
        let mut dice = Dice::new(self.world.config.seed, &format!("{} {name}", self.uuid));
        self.sources.push(Source {
            legend: format!("{}:{name}", self.prefix),
            curve: Curve::new(&mut dice, load),
            scale,
            base,
            since: self.since,
        });
    }
}

/// A VM's sources.
pub(super) fn of_vm(world: &World, vm: Ref, function: &str) -> Vec<Source> {
    let db = &world.db;
    let uuid = db.text("VM", vm, "uuid");
    let metrics = db.reference("VM", vm, "metrics");
    let since = match db.get("VM_metrics", metrics, "start_time") {
        Value::Date(at) => Duration::try_from_secs_f64(*at as f64 - world.epoch).unwrap_or_default(),
        _ => Duration::ZERO,
    };
    // VMs of the first moment have been up for long.
    let since = if since <= PAST + Duration::from_secs(1) {
        Duration::ZERO
    } else {
        since
    };
    let mut maker = Maker {
        world,
        prefix: format!("{function}:vm:{uuid}"),
        uuid,
        since,
        sources: Vec::new(),
    };
    let level = 0.05 + Dice::new(world.config.seed, uuid).unit() * 0.5;
    let memory = db.get("VM", vm, "memory_dynamic_max").int() as f64;
    for cpu in 0..db.get("VM", vm, "VCPUs_at_startup").int() {
        maker.add(&format!("cpu{cpu}"), level, 1.0, 0.0);
    }
    maker.add("cpu_usage", level, 1.0, 0.0);
    maker.add("memory", 0.0, 0.0, memory);
    maker.add("memory_target", 0.0, 0.0, memory);
    if !db.reference("VM", vm, "guest_metrics").is_null() {
        maker.add("memory_internal_free", 0.2, memory / 1024.0, memory / 4096.0);
    }
    for vbd in db.get("VM", vm, "VBDs").refs() {
        // What serves disks measures those that are plugged in and hold something.
        let is = |field: &str| db.get("VBD", vbd, field).is_true();
        if is("empty") || !is("currently_attached") {
            continue;
        }
        let device = db.text("VBD", vbd, "device");
        maker.add(&format!("vbd_{device}_read"), level, 4e6, 0.0);
        maker.add(&format!("vbd_{device}_write"), level, 2e6, 0.0);
        maker.add(&format!("vbd_{device}_iops_read"), level, 300.0, 0.0);
        maker.add(&format!("vbd_{device}_iops_write"), level, 200.0, 0.0);
        maker.add(&format!("vbd_{device}_read_latency"), level, 900.0, 200.0);
        maker.add(&format!("vbd_{device}_write_latency"), level, 1500.0, 300.0);
    }
    for vif in db.get("VM", vm, "VIFs").refs() {
        let device = db.text("VIF", vif, "device");
        maker.add(&format!("vif_{device}_rx"), level, 1.5e6, 0.0);
        maker.add(&format!("vif_{device}_tx"), level, 2.5e6, 0.0);
    }
    maker.sources
}

/// A host's sources.
pub(super) fn of_host(world: &World, host: Ref, function: &str) -> Vec<Source> {
    let db = &world.db;
    let uuid = db.text("host", host, "uuid");
    let mut maker = Maker {
        world,
        prefix: format!("{function}:host:{uuid}"),
        uuid,
        since: Duration::ZERO,
        sources: Vec::new(),
    };
    let metrics = db.reference("host", host, "metrics");
    let total = db.get("host_metrics", metrics, "memory_total").int() as f64;
    let free = placement::free_memory(world, host) as f64;
    for cpu in 0..8 {
        maker.add(&format!("cpu{cpu}"), 0.3, 1.0, 0.0);
    }
    maker.add("cpu_avg", 0.3, 1.0, 0.0);
    maker.add("loadavg", 0.8, 1.0, 0.1);
    maker.add("memory_total_kib", 0.0, 0.0, total / 1024.0);
    maker.add("memory_free_kib", 0.0, 0.0, free / 1024.0);
    for device in ["aggr", "eth0", "eth1"] {
        maker.add(&format!("pif_{device}_rx"), 0.4, 3e7, 0.0);
        maker.add(&format!("pif_{device}_tx"), 0.4, 5e7, 0.0);
    }
    for pbd in db.get("host", host, "PBDs").refs() {
        let sr = db.reference("PBD", pbd, "SR");
        let short: String = db.text("SR", sr, "uuid").chars().take(8).collect();
        maker.add(&format!("io_throughput_read_{short}"), 0.3, 40.0, 0.0);
        maker.add(&format!("io_throughput_write_{short}"), 0.3, 25.0, 0.0);
        maker.add(&format!("iops_read_{short}"), 0.3, 2000.0, 0.0);
        maker.add(&format!("iops_write_{short}"), 0.3, 1200.0, 0.0);
        maker.add(&format!("iowait_{short}"), 0.3, 3.0, 0.0);
        maker.add(&format!("read_latency_{short}"), 0.3, 800.0, 300.0);
        maker.add(&format!("write_latency_{short}"), 0.3, 1200.0, 400.0);
    }
    maker.sources
}
