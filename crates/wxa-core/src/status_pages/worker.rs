//! The worker behind status pages: tells the recorder what services consist of, keeps that over restarts, writes who opened
//! which link, and lets go of what is old.
use super::members::Known;
use crate::{
    Core, Error, ServiceSpec,
    supervisor::{Restart, WorkerError},
};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use wxa_model::UnixMillis;

/// The inventory changes all the time: what services consist of follows so often.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
/// The command line may have changed an account.
const LOOK_EVERY: u64 = 3;
/// What waits is written so often, in times of following.
const WRITE_EVERY: u64 = 20;
/// Old things go so often.
const PRUNE_EVERY: u64 = 3600;
/// Who opened a link is known for so long; so is a link that has ended.
const KEPT_MS: u64 = 90 * 24 * 60 * 60 * 1000;
/// The clock may differ so much from the time that passed between two prunings; else it was set, and nothing is deleted by it.
const STEADY_MS: u64 = 300_000;

impl Core {
    /// Reads what is kept, and follows it for as long as the server runs.
    pub(crate) async fn keep_status_pages(&self) -> Result<(), wxa_store::Error> {
        let members = self.inner.store.status_member_list().await?;
        *self.inner.status_pages.known() = Known::restore(members);
        // The rest of the server is worth more than its status pages: it goes on, and whoever reads one tries again.
        let _ = self.status_picture().await;
        let core = self.clone();
        let supervisor = self.inner.supervisor.clone();
        supervisor.spawn("status pages", Restart::OnFailure, move |stop| {
            run(core.clone(), stop)
        });
        Ok(())
    }
}

async fn run(core: Core, stop: CancellationToken) -> Result<(), WorkerError> {
    let mut picture = core.inner.status_pages.watch();
    let mut ticks = interval(FOLLOW_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watched: Option<Vec<ServiceSpec>> = None;
    let mut pruned = (Instant::now(), core.now());
    let mut count = 0u64;
    loop {
        tokio::select! {
            _ = ticks.tick() => count = count.wrapping_add(1),
            changed = picture.changed() => if changed.is_err() { return Ok(()) },
            () = stop.cancelled() => {
                core.write_status_pages().await;
                return Ok(());
            }
        }
        picture.mark_unchanged();
        if count.is_multiple_of(LOOK_EVERY)
            && let Err(error) = core.status_read_creators().await
        {
            tracing::warn!(%error, "creators of status pages could not be looked at");
        }
        core.follow(&mut watched).await;
        if count.is_multiple_of(WRITE_EVERY) {
            core.write_status_pages().await;
        }
        if count.is_multiple_of(PRUNE_EVERY) {
            core.prune_status_pages(pruned).await;
            pruned = (Instant::now(), core.now());
        }
    }
}

impl Core {
    /// Tells the recorder what it is to judge, when that is something else than before.
    async fn follow(&self, watched: &mut Option<Vec<ServiceSpec>>) {
        // While pages cannot be read, what was watched before still is.
        let Ok(picture) = self.status_picture().await else {
            return;
        };
        let resolved = match self.status_resolved(&picture).await {
            Ok(resolved) => resolved,
            Err(error) => return tracing::error!(%error, "what services consist of could not be found"),
        };
        let specs = resolved.specs(&picture);
        if watched.as_ref() != Some(&specs) {
            self.inner.status.watch_services(specs.clone());
            *watched = Some(specs);
        }
    }

    async fn write_status_pages(&self) {
        if let Err(error) = self.status_opens_write().await {
            tracing::warn!(%error, "who opened links could not be written");
        }
        if let Err(error) = self.write_members().await {
            tracing::warn!(%error, "what services consist of could not be written");
        }
    }

    async fn write_members(&self) -> Result<(), Error> {
        let kept = &self.inner.status_pages;
        let turn = self.members_turn().await?;
        let changed = kept.known().take_changed();
        drop(turn);
        let written = self.inner.store.status_member_set(&changed).await;
        if written.is_err() {
            let _turn = self.members_turn().await?;
            let services = changed.iter().map(|(service, _)| *service);
            kept.known().not_kept(services);
        }
        Ok(written?)
    }

    async fn prune_status_pages(&self, (then, wall): (Instant, UnixMillis)) {
        let passed = u64::try_from(then.elapsed().as_millis()).unwrap_or(u64::MAX);
        let now = self.now();
        if now.since(wall).abs_diff(passed) > STEADY_MS {
            return;
        }
        let before = UnixMillis(now.0.saturating_sub(KEPT_MS));
        let store = &self.inner.store;
        let pruned = async {
            store.status_open_prune(before).await?;
            store.status_link_prune(before).await
        };
        match pruned.await {
            Ok(0) => {}
            Ok(_) => self.status_changed().await,
            Err(error) => tracing::warn!(%error, "old links could not be let go"),
        }
    }
}
