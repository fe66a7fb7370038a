//! Whether and how much of consoles is kept: asking and changing it.
use super::{
    api::{first_kind, right_at},
    recorder::RecorderState,
    settings::{BOOT_MOST, DAYS, RecordingSettings, RecordingWay, TAGS, TOTAL, VmRecording, WINDOW},
};
use crate::{AuditTarget, Core, Ctx, Error};
use std::time::Duration;
use tokio::time::timeout;
use wxa_driver::{ErrorKind, Switch};
use wxa_model::{
    ConsoleKind, HostId, HostKind, Key, Permission, PowerState, Refusal, RefusalCode, UnixMillis, Vm, VmId,
    VmRole, tag,
};
use wxa_store::{TapeKey, consoles::ConsoleFacts, metrics::Renamed};

/// A guest that is recorded by staying attached is not attached.
const UNATTACHED: &str = "Its console could not be attached (yet).";
/// A guest of a pool that has no console of its own.
const NOT_OFFERED: &str =
    "A pool offers text consoles of PV guests only: the output of others is not recorded.";

/// An HVM guest's serial port where the host's log is followed.
pub(super) const IN_NO_LOG: &str = "Its emulated serial port is in no log of the host: recorded is what it prints while somebody looks. Where all consoles of the host stay \
     attached, which the host's page offers, it is recorded too.";
/// A control domain of a plain host.
const NO_CONSOLE: &str = "It runs the host itself and has no console here that could be recorded.";

/// How long a host may take to say whether it logs.
const ASKS: Duration = Duration::from_secs(10);
/// How long it may take to switch that over.
const SETS: Duration = Duration::from_secs(60);

/// How one guest is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VmRecordingFacts {
    /// What differs from the settings of all.
    pub own: VmRecording,
    /// The settings of all.
    pub common: RecordingSettings,
    /// Why it is not recorded, a sentence; none when it is.
    pub not_recorded: Option<String>,
    /// Bytes that are kept.
    pub bytes: u64,
    /// When the oldest of them was printed.
    pub since: Option<UnixMillis>,
}

/// How a host's guests are recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostRecordingFacts {
    /// As chosen.
    pub way: RecordingWay,
    /// Whether the host itself logs its guests' consoles; none where it cannot be asked, or is a pool.
    pub logs: Option<bool>,
    /// What switching that over would change; empty where that is not offered.
    pub change: Vec<String>,
    /// Guests that are recorded now.
    pub recorded: u32,
    /// Why recording does not work now, a sentence.
    pub trouble: Option<String>,
}

impl Core {
    /// What is kept of each guest, and how much that is now.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation.
    pub async fn recording_get(&self, ctx: &Ctx) -> Result<(RecordingSettings, ConsoleFacts), Error> {
        ctx.require_installation(Permission::Administer)?;
        let tapes = self.live().consoles.tapes();
        let facts = match tapes.store() {
            Some(store) => store.facts().await?,
            None => ConsoleFacts::default(),
        };
        Ok((tapes.recording().common(), facts))
    }

    /// Changes what is kept of each guest.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation, [`Error::Invalid`] for what is out of bounds.
    pub async fn recording_set(&self, ctx: &Ctx, settings: RecordingSettings) -> Result<(), Error> {
        ctx.require_installation(Permission::Administer)?;
        let settings = checked(settings)?;
        let core = self.clone();
        self.audited(ctx, "recording_set", AuditTarget::installation(), async move {
            let tapes = core.live().consoles.tapes();
            tapes.recording().set_common(&core.inner.store, settings).await?;
            // Nothing that comes after the answer is kept against it.
            tapes.keep_as_told(&core.live().inventory.now());
            Ok(())
        })
        .await
    }

    /// Gives what is kept of VMs, and how they are recorded, to their new ids.
    pub(crate) async fn move_consoles(&self, renamed: &Renamed) -> Result<(), Error> {
        let vms: Vec<_> = renamed.vms.iter().map(|(from, to)| (*from, *to)).collect();
        let hosts: Vec<_> = renamed.hosts.iter().map(|(from, to)| (*from, *to)).collect();
        let tapes = self.live().consoles.tapes();
        tapes.recording().rename(&self.inner.store, &vms, &hosts).await?;
        tapes.rename(&vms, &hosts).await?;
        Ok(())
    }

    /// How a guest is recorded.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::Forbidden`] when it may not open its consoles.
    pub async fn vm_recording_get(&self, ctx: &Ctx, vm: VmId) -> Result<VmRecordingFacts, Error> {
        self.recorded_vm(ctx, vm, Permission::Console)?;
        let tapes = self.live().consoles.tapes();
        let (mut bytes, mut since) = (0, None);
        if let Some(store) = tapes.store() {
            for kind in [ConsoleKind::Pv, ConsoleKind::Serial] {
                let (kept, oldest) = store.kept(TapeKey { vm, kind }).await?;
                bytes += kept;
                since = since.into_iter().chain(oldest).min();
            }
        }
        let kind = self.first_console(vm);
        Ok(VmRecordingFacts {
            own: tapes.recording().own(vm),
            common: tapes.recording().common(),
            not_recorded: self.not_recorded(vm, kind),
            bytes,
            since,
        })
    }

    /// Changes how a guest is recorded.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::Forbidden`] when it does not administer it,
    /// [`Error::Invalid`] for what is out of bounds.
    pub async fn vm_recording_set(&self, ctx: &Ctx, vm: VmId, own: VmRecording) -> Result<(), Error> {
        let name = self.recorded_vm(ctx, vm, Permission::Administer)?;
        check_bounds(own.boot_bytes, own.window_bytes, own.days)?;
        let core = self.clone();
        self.audited(ctx, "vm_recording_set", AuditTarget::new(vm, name), async move {
            let tapes = core.live().consoles.tapes();
            tapes.recording().set_own(&core.inner.store, vm, own).await?;
            tapes.keep_as_told(&core.live().inventory.now());
            Ok(())
        })
        .await
    }

    /// By which way the consoles of a host's guests are recorded. The host is asked whether it logs them itself.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation, [`Error::NotFound`].
    pub async fn host_recording_get(&self, ctx: &Ctx, host: HostId) -> Result<HostRecordingFacts, Error> {
        self.recorded_host(ctx, host)?;
        let live = self.live();
        let mut facts = HostRecordingFacts {
            way: live.consoles.tapes().recording().way(host),
            recorded: self.recorded_guests(host),
            ..HostRecordingFacts::default()
        };
        match live.consoles.recorders().state(host) {
            Some(RecorderState::Unheard(why) | RecorderState::Trouble(why)) => facts.trouble = Some(why),
            Some(RecorderState::NoLogs(why)) if facts.way == RecordingWay::Logs => facts.trouble = Some(why),
            _ => {}
        }
        let Some(driver) = live.hosts.driver(host) else {
            return Ok(facts);
        };
        match timeout(ASKS, driver.logging()).await {
            Ok(Ok(logging)) => {
                facts.logs = Some(logging.on);
                facts.change = logging.change;
            }
            // A pool, where staying attached is the way and locks nobody out.
            Ok(Err(error)) if matches!(error.kind, ErrorKind::NotSupported { .. }) => {
                if facts.recorded > 0 {
                    facts.trouble = None;
                }
            }
            Ok(Err(error)) => facts.trouble = Some(error.message),
            Err(_) => facts.trouble = Some("The host takes too long to answer.".to_owned()),
        }
        Ok(facts)
    }

    /// Changes by which way the consoles of a host's guests are recorded.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation, [`Error::NotFound`].
    pub async fn host_recording_set(&self, ctx: &Ctx, host: HostId, way: RecordingWay) -> Result<(), Error> {
        let name = self.recorded_host(ctx, host)?;
        let core = self.clone();
        self.audited(
            ctx,
            "host_recording_set",
            AuditTarget::new(host, name),
            async move {
                let recording = core.live().consoles.tapes().recording();
                recording.set_way(&core.inner.store, host, way).await?;
                // Nothing that comes after the answer is kept against it.
                core.live()
                    .consoles
                    .tapes()
                    .keep_as_told(&core.live().inventory.now());
                Ok(())
            },
        )
        .await
    }

    /// Switches on or off that a host itself logs its guests' consoles.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the caller administers the installation, [`Error::NotFound`], [`Error::Conflict`] where there is
    /// no such setting, [`Error::HostUnavailable`].
    pub async fn host_logging_set(&self, ctx: &Ctx, host: HostId, switch: Switch) -> Result<(), Error> {
        let name = self.recorded_host(ctx, host)?;
        let core = self.clone();
        self.audited(
            ctx,
            "host_logging_set",
            AuditTarget::new(host, name),
            async move {
                let driver = core.live().hosts.driver(host).ok_or(Error::NotFound)?;
                let set = timeout(SETS, driver.set_logging(switch)).await;
                let set = set.map_err(|_| Error::OutcomeUnknown { task: None })?;
                if let Err(error) = set {
                    return Err(match error.kind {
                        ErrorKind::NotSupported { .. } => {
                            Error::Conflict(Refusal::new(RefusalCode::NotSupported, error.message))
                        }
                        _ => error.into(),
                    });
                }
                core.live().consoles.recorders().try_again();
                Ok(())
            },
        )
        .await
    }

    /// Guests of a connection that run and are recorded now.
    fn recorded_guests(&self, host: HostId) -> u32 {
        let published = self.live().inventory.now();
        let is_recorded = |vm: &&Vm| {
            let is_here = published
                .place(Key::Vm(vm.id))
                .is_some_and(|place| place.reached_through() == Some(host));
            let runs = matches!(vm.power, PowerState::Running | PowerState::Paused);
            vm.role == VmRole::Guest && is_here && runs && self.not_recorded(vm.id, first_kind(vm)).is_none()
        };
        u32::try_from(published.vms().filter(is_recorded).count()).unwrap_or(u32::MAX)
    }

    fn recorded_host(&self, ctx: &Ctx, host: HostId) -> Result<String, Error> {
        ctx.require_installation(Permission::Administer)?;
        let published = self.live().inventory.now();
        let (host, _) = published.host(host).ok_or(Error::NotFound)?;
        if host.kind.pool().is_some() {
            return Err(Error::NotFound);
        }
        Ok(host.name.clone())
    }

    /// Why what a guest prints is not kept now: a sentence; none when it is.
    pub(super) fn not_recorded(&self, vm: VmId, kind: ConsoleKind) -> Option<String> {
        let (published, live) = (self.live().inventory.now(), self.live());
        let (shown, place) = published.vm(vm)?;
        if shown.role == VmRole::ControlDomain && !shown.has_text_console() {
            return Some(NO_CONSOLE.to_owned());
        }
        let recording = live.consoles.tapes().recording();
        let through = place.reached_through();
        if let Some(why) = recording.refusal_on(through, vm, place.tags.iter()) {
            return Some(why);
        }
        let through = through?;
        if live.consoles.is_attached(vm, kind) {
            return None;
        }
        if !matches!(shown.power, PowerState::Running | PowerState::Paused) {
            return None;
        }
        match recording.way(through) {
            RecordingWay::Attached | RecordingWay::Off => Some(UNATTACHED.to_owned()),
            RecordingWay::Logs
                if published
                    .host(through)
                    .is_some_and(|(host, _)| host.kind == HostKind::Pool) =>
            {
                let is_offered = kind == ConsoleKind::Pv && shown.has_text_console();
                Some(if is_offered { UNATTACHED } else { NOT_OFFERED }.to_owned())
            }
            RecordingWay::Logs => match live.consoles.recorders().state(through)? {
                RecorderState::NoLogs(why) => Some(why),
                RecorderState::Unheard(why) | RecorderState::Trouble(why) => Some(why),
                // `xl console` on the host takes an HVM guest's serial port: attaching to it must be chosen.
                _ if kind == ConsoleKind::Serial => Some(IN_NO_LOG.to_owned()),
                RecorderState::Following | RecorderState::Starting | RecorderState::Off => None,
            },
        }
    }

    fn first_console(&self, vm: VmId) -> ConsoleKind {
        let published = self.live().inventory.now();
        published.vm(vm).map_or(ConsoleKind::Pv, |(vm, _)| first_kind(vm))
    }

    fn recorded_vm(&self, ctx: &Ctx, vm: VmId, permission: Permission) -> Result<String, Error> {
        let published = self.live().inventory.now();
        let (shown, place) = published.vm(vm).ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, Key::Vm(vm)) {
            return Err(Error::NotFound);
        }
        let may = match shown.role {
            VmRole::Guest => ctx.may(permission, &place.target()),
            // A host's own console is its administrators', and so is what is kept of it.
            VmRole::ControlDomain => right_at(ctx, &published, shown, place).is_some(),
        };
        if !may {
            return Err(Error::Forbidden);
        }
        Ok(shown.name.clone())
    }
}

fn checked(settings: RecordingSettings) -> Result<RecordingSettings, Error> {
    check_bounds(
        Some(settings.boot_bytes),
        Some(settings.window_bytes),
        Some(settings.days),
    )?;
    within("total_bytes", settings.total_bytes, TOTAL)?;
    if settings.off_tags.len() > TAGS {
        return Err(Error::Invalid {
            field: "off_tags",
            why: format!("there can be at most {TAGS} of them"),
        });
    }
    let tags = settings.off_tags.iter().map(|text| {
        tag::tag(text).map_err(|why| Error::Invalid {
            field: "off_tags",
            why,
        })
    });
    Ok(RecordingSettings {
        off_tags: tags.collect::<Result<_, _>>()?,
        ..settings
    })
}

fn check_bounds(boot: Option<u64>, window: Option<u64>, days: Option<u32>) -> Result<(), Error> {
    if let Some(boot) = boot {
        within("boot_bytes", boot, (0, BOOT_MOST))?;
    }
    if let Some(window) = window {
        within("window_bytes", window, WINDOW)?;
    }
    if let Some(days) = days {
        within("days", u64::from(days), (u64::from(DAYS.0), u64::from(DAYS.1)))?;
    }
    Ok(())
}

fn within(field: &'static str, number: u64, (least, most): (u64, u64)) -> Result<(), Error> {
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(Error::Invalid {
        field,
        why: format!("it must be from {least} to {most}"),
    })
}
