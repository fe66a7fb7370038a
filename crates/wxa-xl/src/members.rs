//! Serial consoles on the members of a pool, over SSH: what the pool's own API does not offer for HVM guests.
//!
//! Nothing of the plain driver but its console code is used: a member is watched and acted on through its pool. Run there
//! are `id -u`, `xl vm-list`, `xenstore-read` and `xl console`, and what the console code itself needs.
use crate::{
    config::{Credential, Reach, SshTarget},
    console::{self, Kind, Line, Lines},
    parse::{stderr, xl_vm_list},
    transport::{Connection, Limits},
};
use async_trait::async_trait;
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::task::JoinSet;
use uuid::Uuid;
use wxa_driver::{ConsoleIo, Error, ErrorKind, MemberDomain, MemberShell};

/// What `xl vm-list` may print.
const LIST: usize = 1 << 20;

/// How the members of a pool are reached over SSH: all of them alike.
#[derive(Clone, Debug)]
pub struct MemberAccess {
    /// Account. Anyone but root goes through `sudo -n`.
    pub user: String,
    /// SSH port.
    pub port: u16,
    /// What proves that we are that account.
    pub credential: Credential,
    /// The confirmed host keys (`SHA256:…`), by the members' UUIDs. A member without one is not connected to.
    pub keys: Vec<(Uuid, String)>,
}

impl MemberAccess {
    fn target(&self, address: &str, pinned_key: &str) -> Reach {
        Reach::Ssh(SshTarget {
            address: address.to_owned(),
            port: self.port,
            user: self.user.clone(),
            credential: self.credential.clone(),
            pinned_key: pinned_key.to_owned(),
            jump: None,
        })
    }
}

/// Signs in at a member, and looks whether `xl` can be used there; nothing stays open.
///
/// # Errors
/// Whatever connecting and signing in can meet; what `xl` said.
pub async fn try_member(access: &MemberAccess, address: &str, pinned_key: &str) -> Result<(), Error> {
    let connection = Connection::open(&access.target(address, pinned_key)).await?;
    let listed = connection.read(&["xl", "vm-list"], LIST).await?;
    // Any UUID will do: it is only looked at whether that is such a list.
    xl_vm_list::find(&listed, Uuid::nil())
        .map(drop)
        .ok_or_else(no_list)
}

/// The consoles on the members of one pool. Connections are opened when a console is, and close with the last one on them.
#[derive(Debug)]
pub struct MemberConsoles {
    access: MemberAccess,
    /// The lines that consoles use, by member and address.
    lines: Mutex<HashMap<(Uuid, String), Arc<Lines>>>,
    /// Consoles' pumps: they end with this.
    pumps: Mutex<JoinSet<()>>,
}

impl MemberConsoles {
    /// Nothing is connected before a console is opened.
    pub fn new(access: MemberAccess) -> Arc<Self> {
        Arc::new(Self {
            access,
            lines: Mutex::default(),
            pumps: Mutex::new(JoinSet::new()),
        })
    }

    fn key(&self, member: Uuid) -> Option<&str> {
        let mut keys = self.access.keys.iter();
        keys.find(|(known, _)| *known == member)
            .map(|(_, key)| key.as_str())
    }

    async fn line(&self, of: &MemberDomain) -> Result<Line, Error> {
        let key = self.key(of.member).ok_or_else(|| {
            Error::new(
                ErrorKind::PermissionDenied,
                format!(
                    "The SSH host key of {} was not confirmed yet: an administrator can do that in the pool's settings.",
                    of.member_name
                ),
            )
        })?;
        let lines = {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            // A member that has moved is another place.
            lines.retain(|(member, address), _| *member != of.member || *address == of.address);
            lines.entry((of.member, of.address.clone())).or_default().clone()
        };
        lines.take(&self.access.target(&of.address, key)).await
    }

    fn pump(&self, pump: impl Future<Output = ()> + Send + 'static) {
        let mut pumps = self.pumps.lock().unwrap_or_else(PoisonError::into_inner);
        while pumps.try_join_next().is_some() {}
        pumps.spawn(pump);
    }
}

#[async_trait]
impl MemberShell for MemberConsoles {
    fn reaches(&self, member: Uuid) -> bool {
        self.key(member).is_some()
    }

    async fn serial(&self, of: &MemberDomain) -> Result<ConsoleIo, Error> {
        let line = self.line(of).await?;
        let domid = domain(line.connection(), of).await?;
        let (io, pump) = console::start(line, Kind::Serial, domid).await?;
        self.pump(pump);
        Ok(io)
    }
}

/// The VM's domain on the member, as Xen and the member's toolstack both tell it: a console of another VM is never opened
/// in its place.
async fn domain(connection: &Connection, of: &MemberDomain) -> Result<u32, Error> {
    let listed = connection.read(&["xl", "vm-list"], LIST).await?;
    let domid = match xl_vm_list::find(&listed, of.vm).ok_or_else(no_list)? {
        xl_vm_list::Found::At(domid) => domid,
        xl_vm_list::Found::Nowhere => return Err(moved(of)),
        xl_vm_list::Found::Ambiguous => return Err(unclear(of)),
    };
    let node = format!("/local/domain/{domid}/vm");
    let told = connection
        .run(&["xenstore-read", &node], Limits::read(4096))
        .await?;
    if told.status != Some(0) {
        // It went away this very moment, or the account may not read.
        return match told.stderr.contains("couldn't read") {
            true => Err(moved(of)),
            false => Err(stderr::to_error(
                "Reading which VM a domain is",
                told.status,
                &told.stderr,
            )),
        };
    }
    let text = told.text();
    let seen = text
        .trim()
        .strip_prefix("/vm/")
        .and_then(|uuid| Uuid::try_parse(uuid).ok());
    match seen == Some(of.vm) {
        true => Ok(domid),
        false => Err(unclear(of)),
    }
}

fn moved(of: &MemberDomain) -> Error {
    Error::new(
        ErrorKind::Refused {
            code: "moved".to_owned(),
        },
        format!(
            "{} is not on {} any more: it moves to another host, or stops.",
            of.vm_name, of.member_name
        ),
    )
}

fn unclear(of: &MemberDomain) -> Error {
    Error::new(
        ErrorKind::Malformed,
        format!(
            "{} does not tell clearly which of its domains is {}: no console is opened.",
            of.member_name, of.vm_name
        ),
    )
}

fn no_list() -> Error {
    Error::new(
        ErrorKind::Malformed,
        "`xl vm-list` printed nothing that makes sense.",
    )
}
