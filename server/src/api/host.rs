//! Adding and keeping hosts.
use secrecy::SecretString;
use wxa_core::{Credential, Error, HostProbe, HostSettings, JumpHost, KeyOf, NewHost, details::Age};
use wxa_model::HostFacts;
use wxa_wire::{
    CredentialParams, DetailsAge, HostAddParams, HostAdded, HostDetailsView, HostKeyView, HostTrustView,
    HostWaysView, JumpParams, KeyOwner, operation as op,
};

use super::Call;

pub(super) async fn host_ways(call: Call<op::HostWays>) -> Result<HostWaysView, Error> {
    let local = call.app.core.runs_on_a_host(&call.ctx)?;
    Ok(HostWaysView { local })
}

pub(super) async fn host_probe(call: Call<op::HostProbe>) -> Result<HostKeyView, Error> {
    let probe = HostProbe {
        transport: call.params.transport,
        address: call.params.address,
        port: call.params.port,
        jump: call.params.jump.map(jump_host),
        known_hosts: call.params.known_hosts,
    };
    let probed = call.app.core.host_probe(&call.ctx, probe).await?;
    Ok(HostKeyView {
        fingerprint: probed.key.fingerprint,
        algorithm: probed.key.algorithm,
        known: probed.known,
    })
}

pub(super) async fn host_test(call: Call<op::HostTest>) -> Result<HostFacts, Error> {
    call.app.core.host_test(&call.ctx, new_host(call.params)).await
}

pub(super) async fn host_add(call: Call<op::HostAdd>) -> Result<HostAdded, Error> {
    let (host, facts) = call.app.core.host_add(&call.ctx, new_host(call.params)).await?;
    Ok(HostAdded { host, facts })
}

pub(super) async fn host_remove(call: Call<op::HostRemove>) -> Result<(), Error> {
    call.app.core.host_remove(&call.ctx, call.id).await
}

pub(super) async fn host_trust_key(call: Call<op::HostTrustKey>) -> Result<(), Error> {
    let (core, ctx, params) = (&call.app.core, &call.ctx, call.params);
    if let Some(pool) = params.pool {
        return core.host_trust_pool(ctx, call.id, pool).await;
    }
    if !params.trust.is_pin() {
        if !params.fingerprint.is_empty() {
            return Err(Error::Invalid {
                field: "fingerprint",
                why: "an authority vouches for the certificate: leave the fingerprint empty".into(),
            });
        }
        return core.host_trust_authority(ctx, call.id, params.trust).await;
    }
    let of = match params.of {
        KeyOwner::Host => KeyOf::Host,
        KeyOwner::Jump => KeyOf::Jump,
    };
    core.host_trust_key(ctx, call.id, of, &params.fingerprint).await
}

pub(super) async fn host_trust_get(call: Call<op::HostTrustGet>) -> Result<HostTrustView, Error> {
    let known = call.app.core.host_trust(&call.ctx, call.id).await?;
    Ok(HostTrustView {
        trust: known.trust,
        fingerprint: known.fingerprint,
        pool: known.pool,
        members: known.members,
    })
}

pub(super) async fn host_set_credential(call: Call<op::HostSetCredential>) -> Result<(), Error> {
    call.app
        .core
        .host_set_credential(&call.ctx, call.id, credential(call.params))
        .await
}

pub(super) async fn host_set_jump_credential(call: Call<op::HostSetJumpCredential>) -> Result<(), Error> {
    call.app
        .core
        .host_set_jump_credential(&call.ctx, call.id, credential(call.params))
        .await
}

pub(super) async fn host_set(call: Call<op::HostSet>) -> Result<(), Error> {
    let settings = HostSettings {
        name: call.params.name,
        site: call.params.site,
        config_dir: call.params.config_dir,
    };
    call.app.core.host_set(&call.ctx, call.id, settings).await
}

pub(super) async fn host_details(call: Call<op::HostDetailsGet>) -> Result<HostDetailsView, Error> {
    let age = match call.params.age.unwrap_or_default() {
        DetailsAge::Known => Age::Known,
        DetailsAge::Minute => Age::Minute,
        DetailsAge::Now => Age::Now,
    };
    let details = call.app.core.host_details(&call.ctx, call.id, age).await?;
    Ok(HostDetailsView {
        known: details.known,
        problem: details.problem,
    })
}

fn new_host(params: HostAddParams) -> NewHost {
    NewHost {
        name: params.name,
        site: params.site,
        transport: params.transport,
        address: params.address,
        port: params.port,
        user: params.user,
        credential: credential(params.credential),
        fingerprint: params.fingerprint,
        trust: params.trust,
        jump: params.jump.map(jump_host),
        config_dir: params.config_dir,
    }
}

fn jump_host(params: JumpParams) -> JumpHost {
    JumpHost {
        address: params.address,
        port: params.port,
        user: params.user,
        credential: credential(params.credential),
        fingerprint: params.fingerprint,
    }
}

pub(super) fn credential(params: CredentialParams) -> Credential {
    match params {
        CredentialParams::Password { password } => Credential::Password(password.0.into()),
        CredentialParams::Key {
            private_key,
            passphrase,
        } => Credential::Key {
            private_key: private_key.0.into(),
            passphrase: (!passphrase.0.is_empty()).then(|| SecretString::from(passphrase.0)),
        },
        CredentialParams::Agent {} => Credential::Agent,
    }
}
