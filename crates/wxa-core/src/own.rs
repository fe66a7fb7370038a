//! What people say about hosts and VMs: tags and notes. Kept by us, part of the inventory.
use crate::{AuditTarget, Core, Ctx, Error};
use std::collections::BTreeSet;
use wxa_model::{HostId, Key, Permission, Refusal, RefusalCode, VmId, tag};
use wxa_store::OwnKey;

use crate::inventory::{InventoryCmd, Place};

/// Tags to give and to take away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagChange {
    /// To give.
    pub add: Vec<String>,
    /// To take away.
    pub remove: Vec<String>,
}

/// New notes, and those that were read before they were changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotesChange {
    /// As they are to be.
    pub notes: String,
    /// As they were.
    pub was: String,
}

/// An object that the caller may act on.
struct Subject {
    label: String,
    place: Place,
    tags: Vec<String>,
}

impl Core {
    /// Gives tags to a VM and takes tags from it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller cannot see such a VM, [`Error::Forbidden`] when it may not act on it,
    /// [`Error::Invalid`] for what is no tag, [`Error::Conflict`] for a tag that only who administers it may change.
    pub async fn vm_set_tags(&self, ctx: &Ctx, vm: VmId, change: TagChange) -> Result<(), Error> {
        self.set_tags(ctx, "vm_set_tags", OwnKey::Vm(vm), change).await
    }

    /// Gives tags to a host and takes tags from it.
    ///
    /// # Errors
    /// As for [`Core::vm_set_tags`].
    pub async fn host_set_tags(&self, ctx: &Ctx, host: HostId, change: TagChange) -> Result<(), Error> {
        self.set_tags(ctx, "host_set_tags", OwnKey::Host(host), change)
            .await
    }

    /// Replaces the notes on a VM.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for what is no plain text or too long,
    /// [`Error::Conflict`] when somebody else wrote meanwhile.
    pub async fn vm_set_notes(&self, ctx: &Ctx, vm: VmId, change: NotesChange) -> Result<(), Error> {
        self.set_notes(ctx, "vm_set_notes", OwnKey::Vm(vm), change).await
    }

    /// Replaces the notes on a host.
    ///
    /// # Errors
    /// As for [`Core::vm_set_notes`].
    pub async fn host_set_notes(&self, ctx: &Ctx, host: HostId, change: NotesChange) -> Result<(), Error> {
        self.set_notes(ctx, "host_set_notes", OwnKey::Host(host), change)
            .await
    }

    async fn set_tags(
        &self,
        ctx: &Ctx,
        what: &'static str,
        on: OwnKey,
        change: TagChange,
    ) -> Result<(), Error> {
        let subject = self.subject(ctx, on)?;
        let add = tags("add", &change.add)?;
        // What is to be taken away need not be what may be given today.
        let remove: BTreeSet<String> = change
            .remove
            .iter()
            .map(|tag| tag.trim().to_lowercase())
            .collect();
        let kept = &subject.tags;
        let differ = |tag: &&String| add.contains(*tag) != kept.contains(*tag);
        let differing: Vec<&String> = add.iter().chain(&remove).filter(differ).collect();
        if !ctx.may(Permission::Administer, &subject.place.target()) {
            self.refuse_granted(&differing).await?;
        }
        let detail = told(&differing, &add);
        let (add, remove) = (Vec::from_iter(add), Vec::from_iter(remove));
        let core = self.clone();
        let target = AuditTarget::new(id_of(on), subject.label);
        let ctx = ctx.clone();
        self.to_the_end(what, async move {
            let row = core.audit_begin(&ctx, what, target).await?;
            let result = core.change_tags(on, &add, &remove).await;
            match &result {
                Ok(()) => row.done(&detail).await,
                Err(_) => row.conclude(&result).await,
            }
            result
        })
        .await
    }

    async fn change_tags(&self, on: OwnKey, add: &[String], remove: &[String]) -> Result<(), Error> {
        let changed = self
            .inner
            .store
            .tags_change(on, add, remove, tag::TAGS_MOST)
            .await?;
        if changed.is_none() {
            return Err(Error::Invalid {
                field: "add",
                why: format!("it would have more than {} tags", tag::TAGS_MOST),
            });
        }
        self.publish_own(on).await
    }

    /// A tag that grants reach by is a right: who gives or takes it needs to administer the object.
    async fn refuse_granted(&self, differing: &[&String]) -> Result<(), Error> {
        let granted = self.inner.store.granted_tags().await?;
        match differing
            .iter()
            .find(|one| granted.iter().any(|granted| tag::same(granted, one)))
        {
            None => Ok(()),
            Some(one) => Err(Error::Conflict(Refusal::new(
                RefusalCode::NotAllowed,
                format!("Rights hang on the tag “{one}”: only an administrator may give or take it."),
            ))),
        }
    }

    async fn set_notes(
        &self,
        ctx: &Ctx,
        what: &'static str,
        on: OwnKey,
        change: NotesChange,
    ) -> Result<(), Error> {
        let subject = self.subject(ctx, on)?;
        let notes = tag::notes(&change.notes).map_err(|why| Error::Invalid { field: "notes", why })?;
        let core = self.clone();
        self.audited(ctx, what, AuditTarget::new(id_of(on), subject.label), async move {
            if !core.inner.store.notes_replace(on, &change.was, &notes).await? {
                return Err(Error::Conflict(Refusal::new(
                    RefusalCode::Busy,
                    "Somebody else changed these notes meanwhile: nothing was saved. Read theirs, then save yours again.",
                )));
            }
            core.publish_own(on).await
        })
        .await
    }

    fn subject(&self, ctx: &Ctx, on: OwnKey) -> Result<Subject, Error> {
        let published = self.live().inventory.now();
        let (key, found) = match on {
            OwnKey::Vm(id) => {
                let found = published.vm(id);
                (Key::Vm(id), found.map(|(vm, place)| (&vm.name, &vm.tags, place)))
            }
            OwnKey::Host(id) => {
                let found = published.host(id);
                (
                    Key::Host(id),
                    found.map(|(host, place)| (&host.name, &host.tags, place)),
                )
            }
        };
        let (name, tags, place) = found.ok_or(Error::NotFound)?;
        if !published.sees(&ctx.grants, key) {
            return Err(Error::NotFound);
        }
        if !ctx.may(Permission::Operate, &place.target()) {
            return Err(Error::Forbidden);
        }
        Ok(Subject {
            label: name.clone(),
            place: place.clone(),
            tags: tags.clone(),
        })
    }

    /// Brings what is kept into the inventory, and waits until it is shown.
    pub(crate) async fn publish_own(&self, on: OwnKey) -> Result<(), Error> {
        // In turns: what was read last must be what is told last.
        let _turn = self.inner.own_turn.acquire().await;
        let own = self.inner.store.own_get(on).await?;
        let inventory = &self.live().inventory;
        inventory.send(InventoryCmd::PutOwn(on, own)).await;
        inventory.settled().await;
        Ok(())
    }

    /// Brings all that is kept into the inventory, before any host is attached.
    pub(crate) async fn restore_own(&self) -> Result<(), wxa_store::Error> {
        for (on, own) in self.inner.store.own_list().await? {
            self.live().inventory.send(InventoryCmd::PutOwn(on, own)).await;
        }
        Ok(())
    }
}

fn id_of(on: OwnKey) -> String {
    match on {
        OwnKey::Host(id) => id.to_string(),
        OwnKey::Vm(id) => id.to_string(),
    }
}

fn tags(field: &'static str, all: &[String]) -> Result<BTreeSet<String>, Error> {
    all.iter()
        .map(|text| tag::tag(text).map_err(|why| Error::Invalid { field, why }))
        .collect()
}

/// What changed, for the audit log: `+prod -lab`.
fn told(differing: &[&String], add: &BTreeSet<String>) -> String {
    let sign = |tag: &&String| format!("{}{tag}", if add.contains(*tag) { '+' } else { '-' });
    differing.iter().map(sign).collect::<Vec<_>>().join(" ")
}
