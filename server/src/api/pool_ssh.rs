//! How the members of a pool are reached over SSH.
use wxa_core::{Error, MemberSsh, MemberSshEntry, NewMemberSsh, SignIn};
use wxa_wire::{PoolSshAccount, PoolSshMember, PoolSshView, SignInWay, operation as op};

use super::{Call, host::credential};

pub(super) async fn pool_ssh_get(call: Call<op::PoolSshGet>) -> Result<PoolSshView, Error> {
    call.app.core.member_ssh(&call.ctx, call.id).await.map(view)
}

pub(super) async fn pool_ssh_look(call: Call<op::PoolSshLook>) -> Result<PoolSshView, Error> {
    let core = &call.app.core;
    core.member_ssh_look(&call.ctx, call.id, call.params.port)
        .await
        .map(view)
}

pub(super) async fn pool_ssh_set(call: Call<op::PoolSshSet>) -> Result<(), Error> {
    let keys = call.params.keys.into_iter();
    let new = NewMemberSsh {
        user: call.params.user,
        port: call.params.port,
        credential: call.params.credential.map(credential),
        keys: keys.map(|key| (key.host, key.fingerprint)).collect(),
    };
    call.app.core.member_ssh_set(&call.ctx, call.id, new).await
}

pub(super) async fn pool_ssh_remove(call: Call<op::PoolSshRemove>) -> Result<(), Error> {
    call.app.core.member_ssh_remove(&call.ctx, call.id).await
}

fn view(known: MemberSsh) -> PoolSshView {
    let account = known.account.map(|(user, port, sign_in)| PoolSshAccount {
        user,
        port,
        sign_in: match sign_in {
            SignIn::Password => SignInWay::Password,
            SignIn::Key => SignInWay::Key,
            SignIn::Agent => SignInWay::Agent,
        },
    });
    PoolSshView {
        account,
        members: known.members.into_iter().map(member).collect(),
    }
}

fn member(entry: MemberSshEntry) -> PoolSshMember {
    let (key, unseen) = match entry.shown {
        Some(Ok(key)) => (Some(key), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    let usable = entry.usable.as_ref().map(Result::is_ok);
    PoolSshMember {
        host: entry.host,
        name: entry.name,
        address: entry.address,
        pinned: entry.pinned,
        algorithm: key.as_ref().map(|key| key.algorithm.clone()),
        shown: key.map(|key| key.fingerprint),
        usable,
        problem: unseen.or_else(|| entry.usable.and_then(Result::err)),
    }
}
