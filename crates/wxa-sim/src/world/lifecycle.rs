//! How domains stop, restart, pause and die.

use std::time::Duration;

use super::domain::{Phase, Reason};
use super::{Event, World, create};
use crate::config::Pace;
use crate::guest::{Signal, boot};
use crate::sentinels::Behaviour;

impl World {
    /// One planned thing happens.
    pub(crate) fn happen(&mut self, event: Event) {
        match event {
            Event::Wake(domid) => self.wake(domid),
            Event::Built(domid) => self.built(domid),
            Event::Acknowledged(domid, signal) => self.acknowledge(domid, signal),
            Event::Sysrq(domid) => self.take_sysrq(domid),
            Event::Reap(domid) => self.reap(domid),
        }
    }

    /// A scripted duration at the host's pace.
    pub(crate) fn paced(&self, duration: Duration) -> Duration {
        boot::paced(self.config.pace, duration)
    }

    /// Pauses; false when there is no such domain.
    pub(crate) fn pause(&mut self, domid: u32) -> bool {
        self.accrue();
        let now = self.now;
        let Some(domain) = self.domains.get_mut(&domid) else {
            return false;
        };
        if domain.paused_at.is_none() {
            domain.paused_at = Some(now);
        }
        self.changed();
        true
    }

    /// Unpauses; false when there is no such domain.
    pub(crate) fn unpause(&mut self, domid: u32) -> bool {
        self.accrue();
        let now = self.now;
        let Some(domain) = self.domains.get_mut(&domid) else {
            return false;
        };
        if let Some(since) = domain.paused_at.take() {
            domain.clock_behind += now.saturating_sub(since);
            domain.wake_at = None;
            self.plan_wake(domid);
            self.type_held_back(domid);
            self.take_sysrq(domid);
            self.changed();
        }
        true
    }

    /// Writes the request into xenstore; the guest answers soon, or never.
    pub(crate) fn request_stop(&mut self, domid: u32, signal: Signal) {
        let word = if signal == Signal::Reboot {
            "reboot"
        } else {
            "poweroff"
        };
        self.store
            .write(&format!("/local/domain/{domid}/control/shutdown"), word);
        let Some(domain) = self.domains.get(&domid) else {
            return;
        };
        let answers = domain.runs() && domain.os.facts.behaviour != Behaviour::IgnoresShutdown;
        if answers {
            self.plan(
                self.now + Duration::from_millis(30),
                Event::Acknowledged(domid, signal),
            );
        }
    }

    /// How long `xl shutdown` waits for the guest's answer.
    pub(crate) fn patience(&self) -> Duration {
        match self.config.pace {
            Pace::Lifelike => Duration::from_secs(60),
            Pace::Quick => Duration::from_secs(3),
        }
    }

    fn acknowledge(&mut self, domid: u32, signal: Signal) {
        let now = self.now;
        let path = format!("/local/domain/{domid}/control/shutdown");
        let Some(domain) = self.domains.get_mut(&domid).filter(|domain| domain.runs()) else {
            return;
        };
        let time = domain.guest_time(now);
        domain.os.stop(signal, time);
        self.store.write(&path, "");
        self.plan_wake(domid);
        self.changed();
    }

    /// A guest's CPUs have stopped for a reason.
    pub(crate) fn guest_ended(&mut self, domid: u32, signal: Signal) {
        self.accrue();
        let reason = match signal {
            Signal::PowerOff => Reason::PowerOff,
            Signal::Reboot => Reason::Reboot,
            Signal::Crash => Reason::Crash,
        };
        let Some(domain) = self.domains.get_mut(&domid) else {
            return;
        };
        domain.phase = Phase::Shutdown(reason);
        let stuck = reason == Reason::Reboot && domain.os.facts.behaviour == Behaviour::StuckReboot;
        let log = format!("/var/log/xen/xl-{}.log", domain.name);
        let code = reason.code();
        self.append_file(
            &log,
            format!("Domain {domid} has shut down, reason code {code} 0x{code:x}\n").as_bytes(),
        );
        if !stuck {
            self.plan(self.now + Duration::from_millis(150), Event::Reap(domid));
        }
        self.store.fire("@releaseDomain");
        self.changed();
    }

    fn reap(&mut self, domid: u32) {
        let Some(domain) = self.domains.get(&domid) else {
            return;
        };
        let Phase::Shutdown(reason) = domain.phase else {
            return;
        };
        let config = domain.config.clone();
        let name = domain.name.clone();
        let action = match reason {
            Reason::PowerOff => config.on_poweroff.as_str(),
            Reason::Reboot => config.on_reboot.as_str(),
            Reason::Crash => config.on_crash.as_str(),
        };
        let log = format!("/var/log/xen/xl-{name}.log");
        match action {
            "preserve" => self.append_file(&log, b"Action for shutdown: preserve\n"),
            "restart" => {
                self.append_file(&log, b"Action for shutdown: restart\nDomain will be restarted\n");
                self.forget(domid);
                self.store.fire("@releaseDomain");
                let config = create::renamed(config, name);
                self.introduce(config, create::Settle::Now);
            }
            _ => {
                self.append_file(
                    &log,
                    b"Domain needs to be cleaned up: destroying the domain\nDone. Exiting now\n",
                );
                self.forget(domid);
                self.store.fire("@releaseDomain");
            }
        }
        self.changed();
    }

    /// `xl destroy`; false when there is no such domain.
    pub(crate) fn destroy(&mut self, domid: u32) -> bool {
        let Some(domain) = self.domains.get(&domid) else {
            return false;
        };
        let log = format!("/var/log/xen/xl-{}.log", domain.name);
        self.append_file(&log, format!("Domain {domid} has been destroyed.\n").as_bytes());
        self.forget(domid);
        self.store.fire("@releaseDomain");
        self.changed();
        true
    }

    /// Renames; the error is another domain with that name.
    pub(crate) fn rename(&mut self, domid: u32, name: &str) -> Result<(), ()> {
        if self.by_name(name).is_some_and(|other| other.domid != domid) {
            return Err(());
        }
        let Some(domain) = self.domains.get_mut(&domid) else {
            return Ok(());
        };
        domain.name = name.to_owned();
        let uuid = domain.config.uuid;
        self.store.write(&format!("/local/domain/{domid}/name"), name);
        self.store.write(&format!("/vm/{uuid}/name"), name);
        self.changed();
        Ok(())
    }

    /// Sets the memory target in MiB; the error is the maximum in MiB.
    pub(crate) fn set_memory(&mut self, domid: u32, mib: u64) -> Result<(), u64> {
        let Some(domain) = self.domains.get_mut(&domid) else {
            return Ok(());
        };
        if mib > domain.config.max_memory_mib {
            return Err(domain.config.max_memory_mib);
        }
        domain.config.memory_mib = mib;
        self.store.write(
            &format!("/local/domain/{domid}/memory/target"),
            (mib * 1024).to_string(),
        );
        self.changed();
        Ok(())
    }

    /// Brings all counters up to now.
    pub(crate) fn accrue(&mut self) {
        let now = self.now;
        for domain in self.domains.values_mut() {
            if domain.runs() {
                domain.usage.accrue(now)
            } else {
                domain.usage.skip(now)
            }
        }
    }

    /// Takes a domain out of the list and of xenstore.
    pub(crate) fn forget(&mut self, domid: u32) {
        let Some(domain) = self.domains.remove(&domid) else {
            return;
        };
        self.remove_nodes(&domain);
    }
}
