//! Files of /proc that say something else each time they are read.

use super::World;
use crate::ails::Ail;

impl World {
    /// Writes them as they are now.
    pub(crate) fn refresh_proc(&mut self) {
        let up = self.now.saturating_sub(self.booted_at).as_secs_f64();
        let ails = |ail| self.config.ails.contains(&ail);
        let vcpus = self.config.cpus.min(4);
        let load = if ails(Ail::Overloaded) {
            "14.20 11.75 9.03 9/412 5678\n"
        } else {
            "0.14 0.09 0.05 1/234 5678\n"
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
    }
}
