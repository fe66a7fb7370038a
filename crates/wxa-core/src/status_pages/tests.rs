//! Status pages over a real core: a host with three guests that is told about by hand, accounts, pages, links.
mod members;
mod notices;
mod opening;
mod password;
mod rights;
mod view;

use super::*;
use crate::{
    Core, Ctx, Error, TagChange, TokenCaller,
    core::test_core::{TestCore, stranger},
    inventory::InventoryCmd,
    test_driver::{HOST, SITE, record, vm, vm_id},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use wxa_driver::DriverEvent;
use wxa_model::{
    Grant, HostId, Link, PowerState, Role, Scope, Site, StatusPageId, TokenId, UnixMillis, UserId,
    status::{Audience, Language, Members, Rule, Shown, Standing, Watched, view::StatusView},
};

const READER: &str = "192.0.2.1";

/// Derefs to the core.
struct Bench(TestCore);

impl std::ops::Deref for Bench {
    type Target = Core;
    fn deref(&self) -> &Core {
        &self.0.core
    }
}

impl Bench {
    /// With `vm-1` and `vm-3` running and `vm-2` halted on `xen-1`; `vm-3` is tagged `prod`.
    async fn start() -> Self {
        let bench = Self(TestCore::start().await);
        bench.registered().await;
        bench.listed(&[1, 2, 3]).await;
        // There must be one, or nobody's rights can be taken.
        bench.user("root", Role::Admin, Scope::Everything).await;
        let change = TagChange {
            add: vec!["prod".into()],
            remove: vec![],
        };
        bench
            .vm_set_tags(&Ctx::command_line(), vm_id(3), change)
            .await
            .unwrap();
        bench
    }

    /// Site and host are known, as they are from the start.
    async fn registered(&self) {
        let inventory = &self.live().inventory;
        inventory
            .put_site(Site {
                id: SITE,
                name: "Home".into(),
            })
            .await;
        inventory.send(InventoryCmd::PutHost(record(HOST))).await;
        inventory.settled().await;
    }

    /// The host lists these guests and no others; every second one does not run.
    async fn listed(&self, guests: &[u128]) {
        let power = |n: u128| match n % 2 {
            0 => PowerState::Halted,
            _ => PowerState::Running,
        };
        let listed = guests.iter().map(|n| DriverEvent::Listed(vm(*n, power(*n))));
        let events = [DriverEvent::ResyncBegin]
            .into_iter()
            .chain(listed)
            .chain([DriverEvent::ResyncEnd]);
        for event in events {
            let said = InventoryCmd::Driver {
                host: HOST,
                at: self.now(),
                event,
            };
            self.live().inventory.send(said).await;
        }
        self.live().inventory.settled().await;
    }

    /// Nothing is heard of the host any more.
    async fn lost(&self) {
        let link = Link::Down {
            since: self.now(),
            why: "it was unplugged".into(),
            retry_at: self.now(),
        };
        let command = InventoryCmd::Link {
            host: HOST,
            link,
            heard: Some(self.now()),
        };
        self.live().inventory.send(command).await;
        self.live().inventory.settled().await;
    }

    async fn restarted(self) -> Self {
        let bench = Self(self.0.restarted().await);
        bench.registered().await;
        bench
    }

    async fn user(&self, name: &str, role: Role, scope: Scope) -> Ctx {
        let grants = [Grant { role, scope }];
        let user = self.user_create(&Ctx::command_line(), name, None, &grants).await;
        signed_in(user.unwrap(), name, &grants)
    }

    async fn operator(&self) -> Ctx {
        self.user("olga", Role::Operator, Scope::Everything).await
    }

    async fn page(&self, ctx: &Ctx, page: NewStatusPage) -> StatusPageId {
        self.status_page_create(ctx, page).await.unwrap().page.id
    }

    async fn link(&self, ctx: &Ctx, page: StatusPageId) -> SecretString {
        self.status_link_create(ctx, page, a_link()).await.unwrap().1
    }

    async fn open(&self, token: &SecretString) -> Result<Opened, Shut> {
        self.open_from(token, READER, None).await
    }

    async fn open_from(
        &self,
        token: &SecretString,
        from: &str,
        unlocked: Option<&str>,
    ) -> Result<Opened, Shut> {
        let door = Door::Link {
            token: token.expose_secret(),
            from: from.parse().unwrap(),
            unlocked,
        };
        self.status_open(&stranger(), door).await
    }

    async fn services(&self, token: &SecretString) -> Vec<String> {
        let opened = self.open(token).await.unwrap();
        let services = opened.view.services.iter();
        services.map(|service| service.name.clone()).collect()
    }

    /// Until all of the page's services stand like that.
    async fn until(&self, page: StatusPageId, standing: Standing) {
        let page = self.status_picture().await.unwrap().pages[&page].clone();
        let mut changes = self.inner.status.changes();
        let all = |standings: &crate::Standings| {
            let mut services = page.services.iter();
            services.all(|service| standings.of(Watched::Service(service.id)).standing == standing)
        };
        while !all(&changes.borrow_and_update().clone()) {
            tokio::time::timeout(crate::test_driver::SOON, changes.changed())
                .await
                .expect("they are judged soon")
                .unwrap();
        }
    }

    /// For as long as a view may be shown unchanged. What the worker is just finding by what was known before is done then.
    async fn a_second_later(&self) {
        drop(self.members_turn().await.unwrap());
        self.0.clock.advance(std::time::Duration::from_millis(1001));
    }
}

fn signed_in(user: UserId, name: &str, grants: &[Grant]) -> Ctx {
    Ctx {
        user: Some(user),
        session: Some(uuid::Uuid::nil()),
        name: name.into(),
        grants: Arc::from(grants),
        ..stranger()
    }
}

/// The same account by an API token.
fn script(ctx: &Ctx, role: Role) -> Ctx {
    Ctx {
        session: None,
        token: Some(TokenCaller {
            id: TokenId(uuid::Uuid::nil()),
            name: "ci".into(),
        }),
        grants: Arc::from([Grant {
            role,
            scope: Scope::Everything,
        }]),
        ..ctx.clone()
    }
}

fn a_page(services: Vec<NewService>) -> NewStatusPage {
    NewStatusPage {
        title: "Example Ltd".into(),
        about: String::new(),
        slug: String::new(),
        audience: Audience::Links,
        shown: Shown::default(),
        language: Language::En,
        time_zone: String::new(),
        services,
    }
}

fn a_service(name: &str, members: Members) -> NewService {
    NewService {
        id: None,
        name: name.into(),
        about: String::new(),
        members,
        rule: Rule::All,
        checks: vec![],
    }
}

fn picked(guests: &[u128]) -> Members {
    Members::Picked {
        vms: guests.iter().map(|n| vm_id(*n)).collect(),
        hosts: vec![],
    }
}

fn filter(text: &str) -> Members {
    Members::Filter(text.into())
}

fn a_link() -> NewStatusLink {
    NewStatusLink {
        label: "Board".into(),
        expires_at: None,
        password: None,
        addresses: vec![],
        language: None,
        time_zone: None,
    }
}

/// Which field is wrong.
#[track_caller]
fn wrong<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result.unwrap_err() {
        Error::Invalid { field, .. } => field,
        other => panic!("{other:?}"),
    }
}
