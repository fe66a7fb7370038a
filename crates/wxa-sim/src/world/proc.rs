//! Files of /proc and /sys that say something else each time they are read.

use std::time::Duration;

use super::World;
use crate::ails::Ail;

impl World {
    /// Writes them as they are now.
    pub(crate) fn refresh_proc(&mut self) {
        let up = self.now.saturating_sub(self.booted_at).as_secs_f64();
        let ails = |ail| self.config.ails.contains(&ail);
        let vcpus = self.config.cpus.min(4);
        let load = if ails(Ail::Overloaded) {
            "14.20 11.75 9.03 9/412 5678\n".to_owned()
        } else {
            let mean = |seconds| self.dom0_mean(Duration::from_secs(seconds)) + 0.02;
            format!("{:.2} {:.2} {:.2} 1/234 5678\n", mean(60), mean(300), mean(900))
        };
        let total = self.config.dom0_memory_mib * 1024 * 95 / 100;
        let available = if ails(Ail::LittleMemory) {
            total / 40
        } else {
            total * 7 / 10
        };
        let cpuinfo: String = (0..vcpus)
            .map(|cpu| {
                format!(
                    "processor\t: {cpu}\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7443P 24-Core Processor\nstepping\t: 1\ncpu MHz\t\t: 2445.405\n\n"
                )
            })
            .collect();
        let meminfo = format!(
            "MemTotal:       {total:>8} kB\nMemFree:        {:>8} kB\nMemAvailable:   {available:>8} kB\nSwapTotal:       2097148 kB\nSwapFree:        2097148 kB\n",
            available / 2
        );
        let now = self.now;
        self.files.write("/proc/cpuinfo", cpuinfo, now);
        self.files.write("/proc/loadavg", load, now);
        self.files.write(
            "/proc/uptime",
            format!("{up:.2} {:.2}\n", up * f64::from(vcpus) * 0.9),
            now,
        );
        self.files.write("/proc/meminfo", meminfo, now);
        self.refresh_devices();
    }

    /// Two cards and a disk, which count with what the control domain does.
    fn refresh_devices(&mut self) {
        let (now, busy) = (self.now, self.dom0_cpu());
        let counted = |per_second: f64| (busy * per_second) as u64;
        for (n, share) in [1.0, 0.25].into_iter().enumerate() {
            let nic = format!("/sys/class/net/eth{n}");
            self.files.write(&format!("{nic}/device"), "", now);
            let (rx, tx) = (counted(21e6 * share), counted(34e6 * share));
            self.files
                .write(&format!("{nic}/statistics/rx_bytes"), format!("{rx}\n"), now);
            self.files
                .write(&format!("{nic}/statistics/tx_bytes"), format!("{tx}\n"), now);
        }
        self.files.make_folder("/sys/class/net/xenbr0");
        self.files.make_folder("/sys/block/dm-0");
        self.files.write("/sys/block/sda/device", "", now);
        let (reads, writes) = (counted(240.0), counted(410.0));
        let stat = format!(
            "{reads:>8} {:>8} {:>8} {:>8} {writes:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}        0        0        0        0        0        0\n",
            reads / 9,
            reads * 48,
            reads * 2,
            writes / 3,
            writes * 24,
            writes * 3,
            0,
            counted(300.0),
            reads * 2 + writes * 3,
        );
        self.files.write("/sys/block/sda/stat", stat, now);
    }
}
