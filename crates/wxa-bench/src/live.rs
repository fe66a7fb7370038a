//! A tab on the live socket, and how sockets are opened.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};
use wxa_model::{Change, HostId, Key, Link, Object, PowerState, Vm, VmId, VmRole};
use wxa_wire::operation::{LiveOpen, NoId};
use wxa_wire::{LiveForm, LiveFrame, LiveRequest, Operation, SampleWish};

use crate::server::Server;

/// A WebSocket on loopback.
pub type Socket = WebSocketStream<TcpStream>;

/// Opens a socket of the server as a page of the server would, without Nagle's delay: as browsers do.
///
/// # Errors
/// When the server refuses.
pub async fn socket(server: &Server, path: &str) -> Result<Socket> {
    socket_as(server, &server.cookie, path).await
}

/// The same in the session of that cookie.
///
/// # Errors
/// When the server refuses.
pub async fn socket_as(server: &Server, cookie: &str, path: &str) -> Result<Socket> {
    let mut request = format!("ws://{}{path}", server.address).into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("origin", format!("http://{}", server.address).parse()?);
    headers.insert("cookie", cookie.parse()?);
    let stream = TcpStream::connect(server.address).await?;
    stream.set_nodelay(true)?;
    let opened = tokio_tungstenite::client_async(request, stream).await;
    Ok(opened.with_context(|| format!("opening {path}"))?.0)
}

/// Opens the live socket as a tab does that shows these VMs and has nothing yet, in the session of that cookie.
///
/// # Errors
/// When the server refuses.
pub async fn tab(server: &Server, cookie: &str, shown: &[VmId]) -> Result<Socket> {
    open(server, cookie, LiveForm::Index, shown).await
}

async fn open(server: &Server, cookie: &str, form: LiveForm, shown: &[VmId]) -> Result<Socket> {
    let mut socket = socket_as(server, cookie, &LiveOpen::ROW.path_for(&NoId)).await?;
    let hello = LiveRequest::Hello {
        epoch: 0,
        revision: 0,
        form,
    };
    let mut asked = vec![hello];
    if !shown.is_empty() {
        let wish = SampleWish::Shown {
            vms: shown.to_vec(),
            hosts: Vec::new(),
            rank: None,
        };
        asked.push(LiveRequest::Samples { wish });
        asked.push(LiveRequest::Watch { vms: shown.to_vec() });
    }
    for request in asked {
        socket
            .send(Message::text(serde_json::to_string(&request)?))
            .await?;
    }
    Ok(socket)
}

/// What a tab knows.
#[derive(Debug)]
pub struct Live {
    socket: Socket,
    objects: BTreeMap<Key, Object>,
}

impl Live {
    /// Opens the live socket, with nothing yet.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn open(server: &Server) -> Result<Live> {
        Ok(Live {
            socket: open(server, &server.cookie, LiveForm::Objects, &[]).await?,
            objects: BTreeMap::new(),
        })
    }

    /// The first VMs of a list by name: what a tab's window shows.
    pub fn first_vms(&self, most: usize) -> Vec<VmId> {
        let vms = self.objects.values().filter_map(|object| match object {
            Object::Vm(vm) if vm.role == VmRole::Guest => Some(vm),
            _ => None,
        });
        let mut named: Vec<_> = vms.map(|vm| (vm.name.clone(), vm.id)).collect();
        named.sort();
        named.into_iter().take(most).map(|(_, id)| id).collect()
    }

    /// Applies frames until `cond` holds. Returns when the frame came that made it so.
    ///
    /// # Errors
    /// When the socket ends, or `cond` doesn't hold in time.
    pub async fn until(
        &mut self,
        what: &str,
        within: Duration,
        cond: impl Fn(&Live) -> bool,
    ) -> Result<Instant> {
        let reading = async {
            let mut came = Instant::now();
            while !cond(self) {
                came = self.read().await?;
            }
            Ok(came)
        };
        timeout(within, reading)
            .await
            .with_context(|| format!("waited {within:?} in vain until {what}"))?
    }

    /// Whether a host is connected and current.
    pub fn is_up(&self, host: HostId) -> bool {
        matches!(self.objects.get(&Key::Host(host)), Some(Object::Host(host)) if host.link == Link::Up)
    }

    /// How many guests are listed.
    pub fn guests(&self) -> usize {
        let objects = self.objects.values();
        objects
            .filter(|object| matches!(object, Object::Vm(vm) if vm.role == VmRole::Guest))
            .count()
    }

    /// The VM of that name.
    pub fn vm(&self, name: &str) -> Option<&Vm> {
        self.objects.values().find_map(|object| match object {
            Object::Vm(vm) if vm.name == name => Some(vm),
            _ => None,
        })
    }

    /// What a VM is doing.
    pub fn power(&self, vm: VmId) -> Option<PowerState> {
        match self.objects.get(&Key::Vm(vm)) {
            Some(Object::Vm(vm)) => Some(vm.power),
            _ => None,
        }
    }

    async fn read(&mut self) -> Result<Instant> {
        loop {
            let message = self.socket.next().await.context("the live socket ended")??;
            let came = Instant::now();
            match message {
                Message::Text(text) => {
                    self.apply(serde_json::from_str(&text)?);
                    return Ok(came);
                }
                Message::Close(frame) => bail!("the live socket was closed: {frame:?}"),
                _ => {}
            }
        }
    }

    fn apply(&mut self, frame: LiveFrame) {
        match frame {
            LiveFrame::Snapshot { objects, .. } => {
                self.objects = objects.into_iter().map(|object| (object.key(), object)).collect();
            }
            LiveFrame::Delta { changes, .. } => {
                for change in changes {
                    match change {
                        Change::Put { object } => drop(self.objects.insert(object.key(), object)),
                        Change::Gone { key } => drop(self.objects.remove(&key)),
                    }
                }
            }
            LiveFrame::Welcome { .. } | LiveFrame::Tick { .. } => {}
        }
    }
}
