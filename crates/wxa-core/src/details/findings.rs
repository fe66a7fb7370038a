//! What the last close looks found, of all hosts: from what is kept. Plain hosts are not asked for it; pools are, as they answer
//! from memory.
use super::{Age, FRESH_MS, lock};
use crate::{Core, Ctx};
use futures::future::join_all;
use std::time::Duration;
use tokio::time::timeout;
use wxa_model::{
    Host, HostDetails, HostId, HostKind, Permission, UnixMillis,
    health::{Finding, Level, findings},
    pool_details::Repository,
};

/// Findings of one host that are told: an overview names the worst.
const MOST: usize = 5;
/// Of a pool so many repositories are told: a pool with more of them in trouble has its own page.
const REPOSITORIES: usize = 16;
/// Pools answer from memory. One that does not is waited for no longer, and not again within a minute: the first page waits for it.
const POOL_BOUND: Duration = Duration::from_secs(2);
/// What is not nearly full is no trouble: from this percentage on it may be.
const MAY_BE_FULL: u64 = 85;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// By host, in the order of ids.
    pub hosts: Vec<FoundOn>,
    /// How many hosts and pools were not looked at since the start.
    pub unseen: u32,
}

/// What was found on one host or pool.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundOn {
    /// Which.
    pub host: HostId,
    /// When.
    pub at: UnixMillis,
    /// Of a plain host: what is wrong, worst first.
    pub findings: Vec<Finding>,
    /// Of a pool: repositories that may be trouble.
    pub repositories: Vec<Repository>,
}

impl Core {
    /// What the last close looks at hosts found, as far as the caller may look at them. Pools are looked at for it, because
    /// their drivers know all of it and ask nobody. VMs are left out: what is wrong with those everybody sees.
    pub async fn findings(&self, ctx: &Ctx) -> Found {
        let pools: Vec<HostId> = {
            let published = self.live().inventory.now();
            let pools = published
                .hosts()
                .filter(|host| host.kind == HostKind::Pool && host.link.is_up());
            pools.map(|pool| pool.id).collect()
        };
        // At the same time: one that hangs holds up none of the others.
        join_all(pools.into_iter().map(|pool| self.look_briefly(ctx, pool))).await;
        self.found(ctx)
    }

    async fn look_briefly(&self, ctx: &Ctx, pool: HostId) {
        let details = &self.inner.details;
        let was_late = details.of(pool).and_then(|slot| lock(&slot.told).late);
        if was_late.is_some_and(|at| self.now().since(at) < FRESH_MS) {
            return;
        }
        // Whether the caller may look is asked there; what cannot be told now is told next time.
        let look = timeout(POOL_BOUND, self.host_details(ctx, pool, Age::Minute)).await;
        if let (Err(_), Some(slot)) = (look, details.of(pool)) {
            lock(&slot.told).late = Some(self.now());
        }
    }

    fn found(&self, ctx: &Ctx) -> Found {
        let published = self.live().inventory.now();
        let may_look = |id: HostId| {
            let (host, place) = published.host(id)?;
            let is_own = host.kind.pool().is_none();
            (is_own && ctx.may(Permission::View, &place.target())).then_some(host)
        };
        let mut found = Found::default();
        for (id, slot) in self.inner.details.all() {
            let Some(host) = may_look(id) else { continue };
            let told = lock(&slot.told);
            if let Some(known) = &told.details.known {
                found.hosts.push(found_on(host, known.at, &known.details));
            }
        }
        let all = published
            .hosts()
            .filter(|host| may_look(host.id).is_some())
            .count();
        let unseen = all.saturating_sub(found.hosts.len());
        found.unseen = u32::try_from(unseen).unwrap_or(u32::MAX);
        found
    }
}

fn found_on(host: &Host, at: UnixMillis, details: &HostDetails) -> FoundOn {
    let mut found = FoundOn {
        host: host.id,
        at,
        findings: Vec::new(),
        repositories: Vec::new(),
    };
    match host.kind {
        HostKind::Plain => {
            let all = findings(host, Some(details), &[]).into_iter();
            let wrong = all.filter(|finding| finding.level != Level::Note);
            found.findings = wrong.take(MOST).collect();
        }
        HostKind::Pool => {
            let pool = details.pool.as_ref();
            let all = pool
                .and_then(|pool| pool.repositories.get())
                .into_iter()
                .flatten();
            let some = all.filter(|one| may_be_trouble(one)).take(REPOSITORIES);
            found.repositories = some.map(brief).collect();
        }
        HostKind::Member { .. } => {}
    }
    found
}

fn may_be_trouble(one: &Repository) -> bool {
    let is_full = one.used.0.saturating_mul(100) >= one.size.0.saturating_mul(MAY_BE_FULL);
    let holds_disks = one.size.0 > 0 && !one.iso;
    !one.detached.is_empty() || holds_disks && (is_full || one.promised > one.size)
}

/// Without what no finding tells.
fn brief(one: &Repository) -> Repository {
    Repository {
        description: String::new(),
        attached: Vec::new(),
        ..one.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        core::test_core::{TestCore, stranger},
        details::Slot,
        inventory::HostRecord,
        test_driver::{HOST, SITE, Script, Watching, record, until},
    };
    use std::sync::Arc;
    use wxa_model::{
        Bytes, PoolDetails, Site,
        host_details::{FileSystem, Told},
    };

    const POOL: HostId = HostId(uuid::Uuid::from_u128(77));

    /// A host that told of one full file system, or, where it is a pool, of its repositories.
    fn details(repositories: Option<Vec<Repository>>) -> HostDetails {
        fn untold<T>() -> Told<T> {
            Told::Untold("not asked".into())
        }
        HostDetails {
            xen: untold(),
            machine: untold(),
            packages: untold(),
            pools: untold(),
            vcpus: untold(),
            groups: untold(),
            volumes: untold(),
            links: untold(),
            complaints: untold(),
            skew: untold(),
            pool: repositories.map(|repositories| PoolDetails {
                repositories: Told::Told(repositories),
                networks: untold(),
                templates: untold(),
                default_templates: Vec::new(),
                snapshots: untold(),
                messages: Vec::new(),
            }),
            filesystems: Told::Told(vec![FileSystem {
                source: "/dev/sda1".into(),
                kind: "ext4".into(),
                mount: "/".into(),
                size: Bytes(100 << 30),
                used: Bytes(99 << 30),
                available: Bytes(1 << 30),
            }]),
        }
    }

    fn repository(name: &str, used: u64) -> Repository {
        Repository {
            name: name.into(),
            size: Bytes(100),
            used: Bytes(used),
            ..Repository::default()
        }
    }

    /// A host or pool that is up.
    async fn attach(core: &Core, id: HostId, kind: HostKind) -> (Script, Watching) {
        let mut script = Script::new();
        let record = HostRecord {
            id,
            kind,
            ..record(HOST)
        };
        core.live().hosts.attach(record, script.driver.clone()).await;
        let watching = script.listed(Vec::new()).await;
        (script, watching)
    }

    async fn put_site(core: &Core) {
        let site = Site {
            id: SITE,
            name: "Home".into(),
        };
        core.live().inventory.put_site(site).await;
    }

    #[tokio::test]
    async fn a_pool_that_hangs_holds_up_no_other_and_the_first_page_once() {
        let core = TestCore::start().await;
        put_site(&core).await;
        let (hangs, answers) = (POOL, HostId(uuid::Uuid::from_u128(78)));
        let _hosts = [
            attach(&core, hangs, HostKind::Pool).await,
            attach(&core, answers, HostKind::Pool).await,
        ];
        until(&core.live().inventory, |now| {
            now.hosts().filter(|host| host.link.is_up()).count() == 2
        })
        .await;
        // Somebody asks it and has no answer yet.
        let slot = core.inner.details.slot(hangs, |_| true);
        let asking = slot.turn.acquire().await.unwrap();
        let waited = async || {
            let begun = tokio::time::Instant::now();
            core.findings(&Ctx::command_line()).await;
            begun.elapsed().as_secs()
        };
        tokio::time::pause();
        assert_eq!(waited().await, POOL_BOUND.as_secs());
        let other = core.inner.details.of(answers).unwrap();
        assert!(
            lock(&other.told).asked.is_some(),
            "it is behind the one that hangs"
        );
        assert_eq!(waited().await, 0, "each page waits for it");
        core.clock.advance(Duration::from_millis(FRESH_MS));
        drop(asking);
        assert_eq!(waited().await, 0);
        tokio::time::resume();
        assert!(lock(&slot.told).asked.is_some(), "it is never asked again");
        core.stop().await;
    }

    #[tokio::test]
    async fn every_host_that_was_looked_at_is_told_of_and_none_is_asked() {
        let core = TestCore::start().await;
        let live = core.live();
        put_site(&core).await;
        let mut hosts = Vec::new();
        let mut ids = Vec::new();
        for n in 0..40u128 {
            let id = if n == 0 {
                POOL
            } else {
                HostId(uuid::Uuid::from_u128(1000 + n))
            };
            let kind = if n == 0 { HostKind::Pool } else { HostKind::Plain };
            hosts.push(attach(&core, id, kind).await);
            ids.push(id);
        }
        until(&live.inventory, |now| now.hosts().count() == 40).await;
        let looked_at = |id: HostId, details: HostDetails| {
            let slot: Arc<Slot> = core.inner.details.slot(id, |_| true);
            slot.take(Ok(details), core.now());
        };
        for id in &ids[1..39] {
            looked_at(*id, details(None));
        }
        let repositories = vec![repository("full", 95), repository("half", 50)];
        looked_at(POOL, details(Some(repositories)));
        let found = core.findings(&Ctx::command_line()).await;
        assert_eq!((found.hosts.len(), found.unseen), (39, 1));
        let pool = found.hosts.iter().find(|one| one.host == POOL).unwrap();
        let names: Vec<_> = pool.repositories.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["full"]);
        let plain = found.hosts.iter().find(|one| one.host == ids[38]).unwrap();
        assert!(!plain.findings.is_empty(), "the last of them, too");
        assert_eq!(core.findings(&stranger()).await, Found::default());
        core.stop().await;
    }
}
