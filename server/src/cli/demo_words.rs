//! What people would have said about the demo's fleet: tags, notes and a saved filter.
use std::time::Duration;
use tokio::time::timeout;
use wxa_core::{Core, Ctx, NewFilter, NotesChange, TagChange};
use wxa_model::{FilterPage, FilterShare, Host, HostId, Object, Vm};

/// How long the hosts may take to list their guests; what is not listed then stays without words.
const LISTED: Duration = Duration::from_secs(20);

/// Tags by what a guest's name begins with.
const TAGS: &[(&str, &[&str])] = &[
    ("web", &["prod", "web"]),
    ("proxy", &["prod", "web"]),
    ("db", &["db", "prod"]),
    ("build", &["lab"]),
    ("mon", &["ops"]),
    ("backup", &["ops"]),
];

/// Says it, once the hosts `added` have listed their guests. Words from an earlier run stay as they are.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn say(core: &Core, ctx: &Ctx, added: &[HostId]) -> anyhow::Result<()> {
    // Not in time is fine: the demo works without.
    let _ = timeout(LISTED, listed(core, ctx, added)).await;
    for object in core.inventory_view(ctx).objects {
        match object {
            Object::Vm(vm) => about_vm(core, ctx, &vm).await?,
            Object::Host(host) => about_host(core, ctx, &host).await?,
            Object::Site(_) | Object::Task(_) | Object::PoolTask(_) => {}
        }
    }
    let filter = NewFilter {
        name: "Production, not running".into(),
        page: FilterPage::Vms,
        query: "tag:prod !state:running".into(),
        share: FilterShare::Everybody,
    };
    match core.filter_save(ctx, filter).await {
        // It is there from an earlier run.
        Ok(_) | Err(wxa_core::Error::Invalid { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn listed(core: &Core, ctx: &Ctx, added: &[HostId]) {
    let mut feed = core.inventory_feed(ctx, None);
    while feed.next().await.is_some() {
        let objects = core.inventory_view(ctx).objects;
        let up = |id: &HostId| {
            objects
                .iter()
                .any(|object| matches!(object, Object::Host(host) if host.id == *id && host.link.is_up()))
        };
        if added.iter().all(up) {
            return;
        }
    }
}

async fn about_vm(core: &Core, ctx: &Ctx, vm: &Vm) -> Result<(), wxa_core::Error> {
    let role = vm.name.split('-').next().unwrap_or_default();
    let tags = TAGS.iter().find(|(name, _)| *name == role).map(|(_, tags)| *tags);
    if let Some(tags) = tags.filter(|_| vm.tags.is_empty()) {
        let change = TagChange {
            add: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            remove: Vec::new(),
        };
        core.vm_set_tags(ctx, vm.id, change).await?;
    }
    if vm.name == "db-01" && vm.notes.is_empty() {
        let change = NotesChange {
            notes: "Primary of the shop's database.\nBefore a reboot: fail over to db-02, and tell the shop team.".into(),
            was: String::new(),
        };
        core.vm_set_notes(ctx, vm.id, change).await?;
    }
    Ok(())
}

async fn about_host(core: &Core, ctx: &Ctx, host: &Host) -> Result<(), wxa_core::Error> {
    if host.name != "xen-1" || !host.tags.is_empty() || !host.notes.is_empty() {
        return Ok(());
    }
    let tags = TagChange {
        add: vec!["rack-4".into()],
        remove: Vec::new(),
    };
    core.host_set_tags(ctx, host.id, tags).await?;
    let notes = NotesChange {
        notes: "Rack 4, units 12 to 13. Remote hands know it as “the old one”.".into(),
        was: String::new(),
    };
    core.host_set_notes(ctx, host.id, notes).await
}
