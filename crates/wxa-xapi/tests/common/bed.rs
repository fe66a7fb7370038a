//! A simulated pool and how to reach it.
use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;
use wxa_driver::{
    Driver,
    conformance::{Bench, Broken, HostShell},
};
use wxa_model::{GuestType, HostId, PowerState, SiteId, Trust, Vm};
use wxa_sim::xapi::{PoolConfig, SimPool};
use wxa_xapi::{XapiConfig, XapiDriver};

/// Long enough for anything that is waited for; only a failure takes it all.
pub const SOON: Duration = Duration::from_secs(30);

pub const SITE: SiteId = SiteId(Uuid::from_u128(1));
pub const POOL: HostId = HostId(Uuid::from_u128(2));

pub struct Bed {
    pub pool: SimPool,
}

impl Bed {
    /// Starts a quiet pool as `change` makes it.
    pub async fn start(change: impl FnOnce(&mut PoolConfig)) -> Result<Self, Broken> {
        let mut config = PoolConfig::new("lab", 7);
        change(&mut config);
        let pool = SimPool::start(config).await;
        Ok(Self {
            pool: pool.map_err(|error| Broken(error.to_string()))?,
        })
    }

    /// How it is reached by its n-th host.
    pub fn config(&self, n: usize) -> XapiConfig {
        let address = self.pool.tls_address(n).expect("a host");
        XapiConfig {
            site: SITE,
            host: POOL,
            address: address.ip().to_string(),
            port: address.port(),
            user: "root".to_owned(),
            password: SecretString::from("xen"),
            fingerprint: self.pool.fingerprint_of(n).expect("a host").to_owned(),
            trust: Trust::Pin,
            uuid: None,
            members: Vec::new(),
            shell: None,
        }
    }

    /// A driver that reaches it by its first host.
    pub fn driver(&self) -> Arc<dyn Driver> {
        XapiDriver::new(self.config(0))
    }

    /// Somebody else, who calls XAPI at the n-th host.
    pub async fn other(&self, n: usize) -> Other {
        let mut other = Other {
            address: self.pool.http_address(n).expect("a host").to_string(),
            session: json!(null),
        };
        other.session = other
            .raw("session.login_with_password", json!(["root", "xen"]))
            .await;
        other
    }
}

/// Another client of the pool.
pub struct Other {
    address: String,
    session: Value,
}

impl Other {
    /// Calls with the session put first; what fails is null.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        let mut all = vec![self.session.clone()];
        all.extend(params.as_array().cloned().unwrap_or_default());
        self.raw(method, json!(all)).await
    }

    /// The reference of the VM with that name.
    pub async fn vm(&self, name: &str) -> Value {
        self.call("VM.get_by_name_label", json!([name])).await[0].clone()
    }

    async fn raw(&self, method: &str, params: Value) -> Value {
        let body = json!({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).to_string();
        let request = format!(
            "POST /jsonrpc HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(&self.address).await.expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("an answer");
        let (_, body) = text.split_once("\r\n\r\n").expect("a body");
        let answer: Value = serde_json::from_str(body).expect("JSON");
        answer.get("result").cloned().unwrap_or(Value::Null)
    }
}

/// The suite's administrator types `xl pause NAME`: another client of the pool does it.
#[async_trait]
impl HostShell for Other {
    async fn run(&self, command: &str) -> Result<String, Broken> {
        let mut words = command.split_whitespace().skip(1);
        let (verb, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let vm = self.vm(name).await;
        match self.call(&format!("VM.{verb}"), json!([vm])).await {
            Value::Null => Err(Broken(format!("{command} failed"))),
            _ => Ok(String::new()),
        }
    }
}

/// A VM of one of the kinds, with that power state.
pub fn find(bench: &Bench, kinds: &[GuestType], power: PowerState) -> Result<Vm, Broken> {
    let found = bench.view().vms.into_values().find(|vm| {
        vm.power == power
            && vm.role == wxa_model::VmRole::Guest
            && !vm.name.starts_with("vm-")
            && vm.guest_type.is_some_and(|kind| kinds.contains(&kind))
    });
    found.ok_or_else(|| Broken(format!("no {power:?} VM of {kinds:?}")))
}
