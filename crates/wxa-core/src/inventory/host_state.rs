//! What the writer knows of a registered host, and how it is published.
use super::{
    HostRecord,
    published::{Entry, Shown},
};
use std::collections::HashSet;
use wxa_model::{Host, HostId, Link, TaskId, UnixMillis, VmId};
use wxa_store::OwnRecord;

/// A registered host: it has a connection of its own.
pub(super) struct HostState {
    /// As it is published, but for `last_word`.
    pub host: Host,
    /// Newer than the published `last_word`: that one is brought up to date only with another change of the host.
    pub heard: Option<UnixMillis>,
    /// What was named since `ResyncBegin`; none outside a resync.
    pub listed: Option<Listed>,
}

/// What a resync has named so far.
#[derive(Default)]
pub(super) struct Listed {
    pub vms: HashSet<VmId>,
    pub members: HashSet<HostId>,
    pub tasks: HashSet<TaskId>,
}

impl HostState {
    /// What is known of the host, under its present record.
    pub fn new(record: HostRecord, known: Option<Self>, own: OwnRecord) -> Self {
        let (link, heard, last_word, facts, listed) = match known {
            Some(old) => (
                old.host.link,
                old.heard,
                old.host.last_word,
                old.host.facts,
                old.listed,
            ),
            None => (Link::Connecting, None, None, None, None),
        };
        let host = Host {
            id: record.id,
            site: record.site,
            kind: record.kind,
            name: record.name,
            address: record.address,
            link,
            last_word,
            facts,
            config_dir: record.config_dir,
            tags: own.tags,
            notes: own.notes,
        };
        Self { host, heard, listed }
    }

    /// As it is to be published: equal to `old` when nothing but the last word differs.
    pub fn shown(&self, old: Option<&Entry>) -> Host {
        let mut host = self.host.clone();
        with_last_word(&mut host, self.heard, old);
        host
    }
}

/// A new last word alone changes nothing: nobody reads it while the link is up, and a heartbeat is not worth a revision.
pub(super) fn with_last_word(host: &mut Host, heard: Option<UnixMillis>, old: Option<&Entry>) {
    if let Some(Shown::Host(old)) = old.map(|entry| &entry.shown) {
        host.last_word = old.last_word;
        if *host == **old {
            return;
        }
    }
    host.last_word = heard.or(host.last_word);
}
