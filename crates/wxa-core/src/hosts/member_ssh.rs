//! How the members of a pool are reached over SSH, for the consoles that XAPI does not offer (decision 0034): one account for
//! all of them, and the host key of each as a person confirmed it.
use super::{
    check,
    credential::{self, Of},
    members::PoolMember,
    registry::explain,
};
use crate::{
    AuditTarget, Core, Credential, Ctx, Error, HostKey, MemberAccess, hosts::registry::other_key,
    seal::SealingKey,
};
use futures::future::join_all;
use tokio::time::timeout;
use uuid::Uuid;
use wxa_model::{HostId, Refusal, RefusalCode, Transport};
use wxa_store::{HostRecord, MemberSshRecord};

/// What is known of the way to a pool's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSsh {
    /// Account, port and kind of credential; none where nothing was set up.
    pub account: Option<(String, u16, SignIn)>,
    /// The members, by name.
    pub members: Vec<MemberSshEntry>,
}

/// How we sign in, without the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// With a password.
    Password,
    /// With a private key.
    Key,
    /// With the agent in the server's environment.
    Agent,
}

/// A member, its key, and how it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSshEntry {
    /// Which.
    pub host: HostId,
    /// As its pool calls it.
    pub name: String,
    /// Its management address.
    pub address: String,
    /// The pinned key.
    pub pinned: Option<String>,
    /// The key that it shows, or why it shows none; none where nobody looked.
    pub shown: Option<Result<HostKey, String>>,
    /// Whether it lets us in and has what consoles need, or why not; none where that was not tried: nothing is sent to a
    /// member whose key is not the pinned one.
    pub usable: Option<Result<(), String>>,
}

/// What to keep.
#[derive(Clone, Debug)]
pub struct NewMemberSsh {
    /// Account on the members.
    pub user: String,
    /// SSH port; 0 takes the usual one.
    pub port: u16,
    /// How to sign in; none keeps what is stored.
    pub credential: Option<Credential>,
    /// The confirmed keys, by member. Members without one are not connected to.
    pub keys: Vec<(HostId, String)>,
}

impl Core {
    /// How a pool's members are reached over SSH; connects to none.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] when it is no pool.
    pub async fn member_ssh(&self, ctx: &Ctx, id: HostId) -> Result<MemberSsh, Error> {
        let pool = self.pool_record(ctx, id).await?;
        self.known(&pool).await
    }

    /// The same, with the keys that the members show at that port (0: the one that is kept, else the usual one) and
    /// whether they let us in.
    ///
    /// # Errors
    /// As for [`Core::member_ssh`].
    pub async fn member_ssh_look(&self, ctx: &Ctx, id: HostId, port: u16) -> Result<MemberSsh, Error> {
        let pool = self.pool_record(ctx, id).await?;
        let core = self.clone();
        let target = AuditTarget::new(id, &pool.name);
        self.audited(ctx, "pool_ssh_look", target, async move {
            let mut known = core.known(&pool).await?;
            let access = stored_access(&core.inner.sealing_key, &pool)?;
            let port = match (port, &access) {
                (0, Some(access)) => access.port,
                (port, _) => usual(port),
            };
            let access = access.filter(|access| access.port == port);
            let looks = known.members.iter_mut();
            join_all(looks.map(|member| core.look_at(member, port, access.as_ref()))).await;
            Ok(known)
        })
        .await
    }

    async fn look_at(&self, member: &mut MemberSshEntry, port: u16, access: Option<&MemberAccess>) {
        let shown = self.shown_key(Transport::Ssh, &member.address, port, None).await;
        let shown = shown.map_err(words);
        if let (Some(access), Some(pinned), Ok(key)) = (access, &member.pinned, &shown)
            && key.fingerprint == *pinned
        {
            let tried = self.sign_in(access, &member.address, pinned).await;
            member.usable = Some(tried.map_err(words));
        }
        member.shown = Some(shown);
    }

    /// Keeps how the members are reached, after each one whose key is given has shown that key and let us in. One that
    /// does not answer keeps the key that it had.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] when it is no pool; [`Error::Invalid`] for whatever a
    /// member does not accept; [`Error::HostUnavailable`] for one with a new key that does not answer.
    pub async fn member_ssh_set(&self, ctx: &Ctx, id: HostId, new: NewMemberSsh) -> Result<(), Error> {
        let pool = self.pool_record(ctx, id).await?;
        let new = checked(new)?;
        let core = self.clone();
        let target = AuditTarget::new(id, &pool.name);
        self.audited(ctx, "pool_ssh_set", target, async move {
            let record = core.tried(&pool, new).await?;
            if !core.inner.store.host_set_member_ssh(id, &record).await? {
                return Err(Error::NotFound);
            }
            core.inner.keeper.settled().await;
            Ok(())
        })
        .await
    }

    async fn tried(&self, pool: &HostRecord, new: NewMemberSsh) -> Result<MemberSshRecord, Error> {
        let stored = stored_access(&self.inner.sealing_key, pool)?;
        let credential = match (&new.credential, &stored) {
            (Some(credential), _) => credential.clone(),
            (None, Some(stored)) => stored.credential.clone(),
            (None, None) => return Err(invalid("credential", "nothing is stored yet: give one")),
        };
        let members = self.pool_members(pool).await?;
        let mut keys = Vec::new();
        for (host, fingerprint) in &new.keys {
            let member = members.iter().find(|member| member.id == *host);
            let member = member.ok_or_else(|| invalid("keys", "there is no such host in the pool"))?;
            keys.push((member, fingerprint.clone()));
        }
        let access = MemberAccess {
            user: new.user,
            port: new.port,
            credential,
            keys: keys
                .iter()
                .map(|(member, fingerprint)| (member.uuid, fingerprint.clone()))
                .collect(),
        };
        let trials = keys
            .iter()
            .map(|(member, fingerprint)| self.try_key(&access, stored.as_ref(), member, fingerprint));
        for trial in join_all(trials).await {
            trial?;
        }
        Ok(MemberSshRecord {
            credential: credential::seal(&self.inner.sealing_key, Of::Members(pool.id), &access.credential)?,
            user: access.user,
            port: access.port,
            keys: access.keys,
        })
    }

    async fn try_key(
        &self,
        access: &MemberAccess,
        stored: Option<&MemberAccess>,
        member: &PoolMember,
        fingerprint: &str,
    ) -> Result<(), Error> {
        let name = &member.name;
        let shown = self
            .shown_key(Transport::Ssh, &member.address, access.port, None)
            .await;
        let shown = match shown {
            Ok(shown) => shown,
            // What was confirmed before stays so while the member is away.
            Err(Error::HostUnavailable { .. }) if is_pinned(stored, member.uuid, fingerprint) => {
                return Ok(());
            }
            Err(error) => return Err(at(name, error)),
        };
        if shown.fingerprint != fingerprint {
            return Err(at(name, other_key("keys", &shown.fingerprint)));
        }
        let tried = self.sign_in(access, &member.address, fingerprint).await;
        tried.map_err(|error| at(name, error))
    }

    async fn sign_in(&self, access: &MemberAccess, address: &str, fingerprint: &str) -> Result<(), Error> {
        let trying = self.inner.connect.try_member(access, address, fingerprint);
        match timeout(super::registry::PROBE_BOUND, trying).await {
            Ok(tried) => tried.map_err(explain),
            Err(_) => Err(super::registry::no_answer()),
        }
    }

    /// Forgets how a pool's members are reached, with the credential and the confirmed keys. Their consoles over SSH end.
    ///
    /// # Errors
    /// As for [`Core::member_ssh`].
    pub async fn member_ssh_remove(&self, ctx: &Ctx, id: HostId) -> Result<(), Error> {
        let pool = self.pool_record(ctx, id).await?;
        let core = self.clone();
        let target = AuditTarget::new(id, &pool.name);
        self.audited(ctx, "pool_ssh_remove", target, async move {
            core.inner.store.host_delete_member_ssh(id).await?;
            core.inner.keeper.settled().await;
            Ok(())
        })
        .await
    }

    async fn known(&self, pool: &HostRecord) -> Result<MemberSsh, Error> {
        let access = stored_access(&self.inner.sealing_key, pool)?;
        let pinned = |uuid: Uuid| {
            let keys = access
                .as_ref()
                .map(|access| access.keys.iter())?
                .find(|(of, _)| *of == uuid);
            keys.map(|(_, key)| key.clone())
        };
        let members = self.pool_members(pool).await?.into_iter();
        let members = members.map(|member| MemberSshEntry {
            host: member.id,
            pinned: pinned(member.uuid),
            name: member.name,
            address: member.address,
            shown: None,
            usable: None,
        });
        let members = members.collect();
        Ok(MemberSsh {
            account: access.map(|access| (access.user, access.port, kind(&access.credential))),
            members,
        })
    }

    async fn pool_record(&self, ctx: &Ctx, id: HostId) -> Result<HostRecord, Error> {
        let host = self.host_record(ctx, id).await?;
        match host.transport {
            Transport::Xapi => Ok(host),
            Transport::Ssh | Transport::Local => Err(Error::Conflict(Refusal::new(
                RefusalCode::NotSupported,
                format!("{} is no pool: it is reached directly.", host.name),
            ))),
        }
    }
}

/// How the members of a stored pool are reached; none where nobody set that up.
///
/// # Errors
/// When the stored credential cannot be read.
pub(super) fn stored_access(key: &SealingKey, pool: &HostRecord) -> Result<Option<MemberAccess>, Error> {
    let Some(ssh) = &pool.member_ssh else {
        return Ok(None);
    };
    Ok(Some(MemberAccess {
        user: ssh.user.clone(),
        port: ssh.port,
        credential: credential::open(key, Of::Members(pool.id), &ssh.credential)?,
        keys: ssh.keys.clone(),
    }))
}

fn checked(mut new: NewMemberSsh) -> Result<NewMemberSsh, Error> {
    new.user = new.user.trim().to_owned();
    new.port = usual(new.port);
    check::check_user(&check::MEMBERS, &new.user)?;
    for (_, fingerprint) in &mut new.keys {
        *fingerprint = fingerprint.trim().to_owned();
        check::check_fingerprint(&check::MEMBERS, fingerprint)?;
    }
    match new.keys.is_empty() {
        true => Err(invalid("keys", "confirm the key of at least one host")),
        false => Ok(new),
    }
}

fn usual(port: u16) -> u16 {
    match port {
        0 => check::usual_port(Transport::Ssh),
        port => port,
    }
}

fn is_pinned(stored: Option<&MemberAccess>, member: Uuid, fingerprint: &str) -> bool {
    let mut keys = stored.into_iter().flat_map(|access| &access.keys);
    keys.any(|(of, key)| *of == member && key == fingerprint)
}

fn kind(credential: &Credential) -> SignIn {
    match credential {
        Credential::Password(_) => SignIn::Password,
        Credential::Key { .. } => SignIn::Key,
        Credential::Agent => SignIn::Agent,
    }
}

/// What went wrong, for people.
fn words(error: Error) -> String {
    match error {
        Error::Invalid { why, .. } => why,
        other => other.to_string(),
    }
}

/// What went wrong, and at which member.
fn at(name: &str, error: Error) -> Error {
    match error {
        // `explain` speaks of the fields of a host.
        Error::Invalid { field, why } => Error::Invalid {
            field: if field == "fingerprint" { "keys" } else { field },
            why: format!("{name}: {why}"),
        },
        Error::HostUnavailable { why, since } => Error::HostUnavailable {
            why: format!("{name}: {why}"),
            since,
        },
        other => other,
    }
}

fn invalid(field: &'static str, why: &str) -> Error {
    Error::Invalid {
        field,
        why: why.into(),
    }
}
