//! Adding and keeping hosts.
use secrecy::SecretString;
use wxa_core::{Credential, Error, NewHost};
use wxa_model::HostFacts;
use wxa_wire::{CredentialParams, HostAddParams, HostAdded, HostKeyView, operation as op};

use super::Call;

pub(super) async fn host_probe(call: Call<op::HostProbe>) -> Result<HostKeyView, Error> {
    let key = call
        .app
        .core
        .host_probe(&call.ctx, &call.params.address, call.params.port)
        .await?;
    Ok(HostKeyView {
        fingerprint: key.fingerprint,
        algorithm: key.algorithm,
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
    call.app
        .core
        .host_trust_key(&call.ctx, call.id, &call.params.fingerprint)
        .await
}

pub(super) async fn host_set_credential(call: Call<op::HostSetCredential>) -> Result<(), Error> {
    call.app
        .core
        .host_set_credential(&call.ctx, call.id, credential(call.params))
        .await
}

fn new_host(params: HostAddParams) -> NewHost {
    NewHost {
        name: params.name,
        site: params.site,
        address: params.address,
        port: params.port,
        user: params.user,
        credential: credential(params.credential),
        fingerprint: params.fingerprint,
        config_dir: params.config_dir,
    }
}

fn credential(params: CredentialParams) -> Credential {
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
