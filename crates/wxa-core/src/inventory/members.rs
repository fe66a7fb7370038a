//! The members of pools: hosts that are known and reached through their pool, whose link is theirs.
use super::host_state::{HostState, with_last_word};
use super::published::Entry;
use std::collections::BTreeMap;
use wxa_driver::Member;
use wxa_model::{Host, HostId, HostKind, Link, UnixMillis};
use wxa_store::OwnRecord;

/// All members of all pools.
#[derive(Default)]
pub(super) struct Members {
    members: BTreeMap<HostId, MemberState>,
}

struct MemberState {
    pool: HostId,
    said: Member,
    /// Since when its pool does not hear from it.
    silent_since: Option<UnixMillis>,
}

impl Members {
    /// A pool says this of its member. A host that has moved to another pool is where it was reported last.
    pub fn put(&mut self, pool: HostId, at: UnixMillis, said: Member) {
        let before = self.members.get(&said.id).filter(|known| known.pool == pool);
        let silent_since = match (said.live, before.and_then(|known| known.silent_since)) {
            (true, _) => None,
            (false, since) => Some(since.unwrap_or(at)),
        };
        let state = MemberState {
            pool,
            said,
            silent_since,
        };
        self.members.insert(state.said.id, state);
    }

    /// A member is no longer there.
    pub fn remove(&mut self, member: HostId) {
        self.members.remove(&member);
    }

    /// The pool that it is in.
    pub fn pool_of(&self, member: HostId) -> Option<HostId> {
        self.members.get(&member).map(|member| member.pool)
    }

    /// All of a pool.
    pub fn of(&self, pool: HostId) -> impl Iterator<Item = HostId> {
        let members = self.members.iter();
        members
            .filter(move |(_, member)| member.pool == pool)
            .map(|(id, _)| *id)
    }

    /// As it is to be published: equal to `old` when nothing but the last word differs.
    pub fn shown(&self, id: HostId, pool: &HostState, own: OwnRecord, old: Option<&Entry>) -> Option<Host> {
        let member = self.members.get(&id)?;
        let (link, heard) = match (member.silent_since, &pool.host.link) {
            (Some(since), Link::Up) => (unheard(since), Some(since)),
            (silent_since, link) => (link.clone(), silent_since.or(pool.heard)),
        };
        let mut host = Host {
            id,
            site: pool.host.site,
            kind: HostKind::Member { pool: member.pool },
            name: member.said.name.clone(),
            address: member.said.address.clone(),
            link,
            last_word: None,
            facts: Some(member.said.facts.clone()),
            config_dir: String::new(),
            tags: own.tags,
            notes: own.notes,
        };
        with_last_word(&mut host, heard, old);
        Some(host)
    }
}

/// The link of a member that its pool has lost: no attempt of ours would change that.
fn unheard(since: UnixMillis) -> Link {
    Link::Down {
        since,
        why: "Its pool does not hear from it.".into(),
        retry_at: UnixMillis(0),
    }
}
