//! What every component may ask for: one context with everything shared.
use crate::{
    boot::Boot,
    bulk::Bulk,
    clock::Clock,
    filters::{self, Filters},
    live::Live,
    nav::Nav,
    prefs::Prefs,
    ui::Ui,
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wxa_model::{ConsoleKind, Grant, HostId, Permission, Target, Vm, VmId, VmRole, grants::allows};

/// Handles on everything shared; cheap to copy.
#[derive(Clone, Copy)]
pub struct Cx {
    /// The first paint's data.
    pub boot: StoredValue<Boot>,
    /// The live picture.
    pub live: Live,
    /// The address.
    pub nav: Nav,
    /// The time.
    pub clock: Clock,
    /// What is open, said and selected.
    pub ui: Ui,
    /// The account's saved filters.
    pub filters: Filters,
    /// How the account likes its pages.
    pub prefs: Prefs,
    /// The act on several VMs that is under way.
    pub bulk: Bulk,
    grants: StoredValue<Vec<Grant>>,
}

/// The context. Every component is below [`crate::App`], which provides it.
pub fn cx() -> Cx {
    expect_context()
}

impl Cx {
    /// From the first paint's data.
    pub fn new(boot: Boot, nav: Nav) -> Self {
        let mut boot = boot;
        let live = Live::new(boot.inventory.take(), &boot.samples)
            .with_index(&std::mem::take(&mut boot.index), boot.outline.take());
        let saved = boot.replies.remove(filters::URL);
        let saved = saved.and_then(|saved| serde_json::from_str(saved.get()).ok());
        let grants = boot.session.as_ref().map(|session| session.grants.clone());
        Self {
            clock: Clock::new(boot.now),
            live,
            nav,
            ui: Ui::new(),
            filters: Filters::new(saved.unwrap_or_default()),
            bulk: Bulk::new(),
            prefs: Prefs::new(boot.preferences.clone(), boot.session.is_some()),
            grants: StoredValue::new(grants.unwrap_or_default()),
            boot: StoredValue::new(boot),
        }
    }

    /// A prefetched reply, once: a later visit of the page asks anew.
    pub fn prefetched<T: DeserializeOwned>(&self, url: &str) -> Option<T> {
        let reply = self.boot.try_update_value(|boot| boot.replies.remove(url))??;
        serde_json::from_str(reply.get()).ok()
    }

    /// The signed-in account's name.
    pub fn user(&self) -> String {
        self.boot
            .with_value(|boot| boot.session.as_ref().map(|session| session.name.clone()))
            .unwrap_or_default()
    }

    /// What the signed-in account may do where.
    pub fn grants(&self) -> Vec<Grant> {
        self.grants.get_value()
    }

    /// The address of an icon.
    pub fn icon(&self, name: &str) -> String {
        self.boot.with_value(|boot| {
            let sprite = boot.vendor.get("icons").map_or("/icons.svg", String::as_str);
            format!("{sprite}#{name}")
        })
    }

    /// Whether the account may administer the installation.
    pub fn may_administer(&self) -> bool {
        self.grants
            .with_value(|grants| allows(grants, Permission::Administer, &Target::INSTALLATION))
    }

    /// The control domain whose console is a member's own; none where there is none or the account may not open it.
    pub fn own_console(&self, member: HostId) -> Option<VmId> {
        let domain = self.live.control_domain(member)?;
        let has = domain.consoles.contains(&ConsoleKind::Pv);
        (has && self.may_open_console(&domain)).then_some(domain.id)
    }

    /// Whether the account may administer a host.
    pub fn may_administer_host(&self, host: HostId) -> bool {
        self.may_on_host(Permission::Administer, host)
    }

    /// Whether the account has `permission` on a host.
    pub fn may_on_host(&self, permission: Permission, host: HostId) -> bool {
        self.may_at(permission, host, &[])
    }

    /// Whether the account has `permission` on a VM.
    pub fn may(&self, permission: Permission, vm: &Vm) -> bool {
        self.may_at(permission, vm.host, &vm.tags)
    }

    /// Whether the account may open the console of a VM, be it to watch only. That of a control domain is its host's own: it takes
    /// who administers the host.
    pub fn may_open_console(&self, vm: &Vm) -> bool {
        match vm.role {
            VmRole::Guest => self.may(Permission::View, vm),
            VmRole::ControlDomain => self.may_administer_host(vm.host),
        }
    }

    /// Rights on a pool, and on its tags, hold for its members and what is on them.
    fn may_at(&self, permission: Permission, place: HostId, own_tags: &[String]) -> bool {
        let host = self.live.host(place);
        let pool = host.as_ref().and_then(|host| self.live.pool_of(host));
        let mut tags = own_tags.to_vec();
        for host in host.iter().chain(pool.iter()) {
            tags.extend(host.tags.iter().cloned());
        }
        let target = Target {
            site: host.as_ref().map(|host| host.site),
            host: Some(place),
            pool: host.as_ref().and_then(|host| host.kind.pool()),
            tags: &tags,
        };
        self.grants
            .with_value(|grants| allows(grants, permission, &target))
    }
}
