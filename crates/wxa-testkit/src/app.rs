//! A whole application, listening on a free port.
use axum::Router;
use server::AppState;
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};
use std::{io, net::SocketAddr, sync::Arc};
use tempfile::TempDir;
use tokio::{runtime::Handle, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use wxa_core::{AuditEntry, AuditFilter, Core, Ctx, NewToken, UserRecord};
use wxa_model::{Grant, HostId, Object, PowerState, Role, Scope, Vm, VmId};
use wxa_sim::{SimHost, SimHostConfig};

use crate::{Builder, Client, SetClock, wait_until};

/// A running application. Tests that use it need the multi-thread runtime: dropping it waits for its end, and checks
/// that no audit row stayed open and no worker failed.
#[derive(Debug)]
pub struct TestApp {
    /// Where it listens.
    pub address: SocketAddr,
    pub(crate) router: Router,
    pub(crate) state: AppState,
    pub(crate) hosts: Vec<(SimHost, HostId)>,
    pub(crate) stop: CancellationToken,
    pub(crate) serving: Option<JoinHandle<io::Result<()>>>,
    pub(crate) data: TempDir,
    pub(crate) clock: Arc<SetClock>,
}

impl TestApp {
    /// Says what the application is to have.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Without any host.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// With one simulated host.
    pub async fn with_host(host: SimHostConfig) -> Self {
        Self::builder().with_host(host).start().await
    }

    /// All operations, as the command line has them.
    pub fn core(&self) -> &Core {
        &self.state.core
    }

    /// The clock it goes by.
    pub fn clock(&self) -> &SetClock {
        &self.clock
    }

    /// How many sockets are open.
    pub fn open_sockets(&self) -> usize {
        self.state.sockets.count()
    }

    /// The simulated host that was given as number `n`.
    pub fn host(&self, n: usize) -> (&SimHost, HostId) {
        let (host, id) = self.hosts.get(n).expect("a host of that number");
        (host, *id)
    }

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client::new(self.address, self.router.clone(), None)
    }

    /// Signed in as an administrator of everything.
    pub async fn admin(&self) -> Client {
        self.signed_in("admin", Role::Admin, Scope::Everything).await
    }

    /// Signed in as somebody who sees everything and may do nothing.
    pub async fn viewer(&self) -> Client {
        self.signed_in("viewer", Role::Viewer, Scope::Everything).await
    }

    /// Signed in as an operator of one host.
    pub async fn operator_on(&self, host: HostId) -> Client {
        self.signed_in(&format!("operator.{host}"), Role::Operator, Scope::Host(host))
            .await
    }

    /// Signed in as `name`, an account that is made when it is not there.
    pub async fn signed_in(&self, name: &str, role: Role, scope: Scope) -> Client {
        let ctx = Ctx::command_line();
        let users = self.core().user_list(&ctx).await.expect("accounts");
        if !users.iter().any(|user| user.name == name) {
            let made = self
                .core()
                .user_create(&ctx, name, None, &[Grant { role, scope }])
                .await;
            made.expect("an account");
        }
        let token = self.core().login_link_create(&ctx, name).await.expect("a link");
        let anonymous = Ctx::anonymous("127.0.0.1", "test");
        let session = self
            .core()
            .session_create_by_link(&anonymous, &token)
            .await
            .expect("a session");
        Client::new(self.address, self.router.clone(), Some(session.token))
    }

    /// A script with a new API token of the account called `owner`.
    pub async fn script_of(&self, owner: &str, role: Role, scope: Scope) -> Client {
        let new = NewToken {
            name: format!("{} for a test", role.name()),
            grant: Grant { role, scope },
            days: 1,
        };
        let made = self
            .core()
            .user_token_create(&Ctx::command_line(), owner, new)
            .await;
        let (_, secret) = made.expect("a token");
        self.anonymous().with_api_token(secret)
    }

    /// The account of that name.
    pub async fn user(&self, name: &str) -> UserRecord {
        let users = self
            .core()
            .user_list(&Ctx::command_line())
            .await
            .expect("accounts");
        let found = users.into_iter().find(|user| user.name == name);
        found.unwrap_or_else(|| panic!("there is no account {name}"))
    }

    /// The VM of that name, as the inventory has it now.
    pub fn vm(&self, name: &str) -> Vm {
        let objects = self.core().inventory_view(&Ctx::command_line()).objects;
        let found = objects.into_iter().find_map(|object| match object {
            Object::Vm(vm) if vm.name == name => Some(vm),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("there is no VM {name}"))
    }

    /// Its id.
    pub fn vm_id(&self, name: &str) -> VmId {
        self.vm(name).id
    }

    /// Waits until the VM of that name is in that state.
    pub async fn powered(&self, name: &str, power: PowerState) {
        wait_until(&format!("{name} is {power:?}"), || async {
            let now = self.vm(name).power;
            if now == power { Ok(()) } else { Err(now) }
        })
        .await;
    }

    /// Changes the database beside the program, as somebody with its file can.
    pub async fn past_the_program(&self, sql: &'static str) {
        let options = SqliteConnectOptions::new().filename(self.data.path().join("webxenadmin.db"));
        let pool = SqlitePool::connect_with(options).await.expect("the database");
        sqlx::query(sql).execute(&pool).await.expect("changed");
        pool.close().await;
    }

    /// The audit log, newest first.
    pub async fn audit(&self) -> Vec<AuditEntry> {
        let filter = AuditFilter {
            limit: Some(1000),
            ..AuditFilter::default()
        };
        self.core()
            .audit_list(&Ctx::command_line(), filter)
            .await
            .expect("the audit log")
    }

    /// The newest row of the audit log about `what`, once it has ended.
    pub async fn ended_row(&self, what: &str) -> AuditEntry {
        wait_until(&format!("a row about {what} has ended"), || async {
            let row = self.audit().await.into_iter().find(|row| row.what == what);
            row.clone().filter(|row| row.ended_at.is_some()).ok_or(row)
        })
        .await
    }

    /// Stops the server as SIGTERM does, and waits for its end.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            serving.await.expect("the server ends").expect("and well");
        }
    }

    async fn check_and_stop(&mut self) {
        if self.serving.is_none() {
            return;
        }
        wait_until("every audit row is closed", || async {
            let open: Vec<_> = self
                .audit()
                .await
                .into_iter()
                .filter(|row| row.ended_at.is_none())
                .collect();
            if open.is_empty() { Ok(()) } else { Err(open) }
        })
        .await;
        let readiness = self.core().readiness().await;
        assert!(readiness.ready, "something failed: {readiness:?}");
        self.stop().await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        tokio::task::block_in_place(|| Handle::current().block_on(self.check_and_stop()));
    }
}
