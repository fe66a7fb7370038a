//! Proving who we are.
use super::handler::Client;
use crate::config::{Credential, SshTarget};
use russh::{
    client::{AuthResult, Handle, KeyboardInteractiveAuthResponse},
    keys::{self, PrivateKey, PrivateKeyWithHashAlg, agent::client::AgentClient, decode_secret_key},
};
use secrecy::{ExposeSecret, SecretString};
use std::{path::Path, sync::Arc};
use wxa_driver::{Error, ErrorKind};

/// How many keys of an agent are tried: servers cut off after a few.
const AGENT_KEYS: usize = 5;
/// How often a server may ask before we give up.
const QUESTIONS: usize = 3;

/// Signs in.
///
/// # Errors
/// `Unauthenticated` with what was tried.
pub(super) async fn sign_in(handle: &mut Handle<Client>, target: &SshTarget) -> Result<(), Error> {
    let user = &target.user;
    let accepted = match &target.credential {
        Credential::Password(password) => {
            let result = handle
                .authenticate_password(user, password.expose_secret())
                .await
                .map_err(broken)?;
            result.success()
                || asks_for_password(&result)
                    && answer_questions(handle, user, password.expose_secret()).await?
        }
        Credential::Key { pem, passphrase } => {
            let key = read_key(pem, passphrase.as_ref())?;
            let hash = handle.best_supported_rsa_hash().await.map_err(broken)?.flatten();
            let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
            handle
                .authenticate_publickey(user, key)
                .await
                .map_err(broken)?
                .success()
        }
        Credential::Agent { socket } => with_agent(handle, user, socket.as_deref()).await?,
    };
    if accepted {
        return Ok(());
    }
    let what = match &target.credential {
        Credential::Password(_) => "the password",
        Credential::Key { .. } => "the key",
        Credential::Agent { .. } => "every key of the SSH agent",
    };
    Err(refused(format!("The host refuses {what} of {user}.")))
}

/// Reads a stored key; the error says which of key and passphrase is wrong.
fn read_key(pem: &SecretString, passphrase: Option<&SecretString>) -> Result<PrivateKey, Error> {
    let decode = |passphrase| decode_secret_key(pem.expose_secret(), passphrase);
    let encrypted = || matches!(decode(None), Err(keys::Error::KeyIsEncrypted));
    let why = match (decode(passphrase.map(ExposeSecret::expose_secret)), passphrase) {
        (Ok(key), _) => return Ok(key),
        (Err(keys::Error::KeyIsEncrypted), None) => "it is encrypted and needs its passphrase".to_owned(),
        (Err(_), Some(_)) if encrypted() => "its passphrase is wrong".to_owned(),
        (Err(error), _) => error.to_string(),
    };
    Err(refused(format!("The stored private key cannot be read: {why}.")))
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::Unauthenticated, message)
}

fn broken(error: russh::Error) -> Error {
    Error::new(
        ErrorKind::Unreachable,
        format!("The connection broke while signing in: {error}."),
    )
    .with_source(error)
}

fn asks_for_password(result: &AuthResult) -> bool {
    match result {
        AuthResult::Success => false,
        AuthResult::Failure {
            remaining_methods, ..
        } => remaining_methods.contains(&russh::MethodKind::KeyboardInteractive),
    }
}

/// Some servers ask for the password in a dialogue.
async fn answer_questions(handle: &mut Handle<Client>, user: &str, password: &str) -> Result<bool, Error> {
    let mut said = handle
        .authenticate_keyboard_interactive_start(user, None)
        .await
        .map_err(broken)?;
    for _ in 0..QUESTIONS {
        let answers = match said {
            KeyboardInteractiveAuthResponse::Success => return Ok(true),
            KeyboardInteractiveAuthResponse::Failure { .. } => return Ok(false),
            // The password answers hidden questions only, and only one at a time.
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => match prompts.as_slice() {
                [] => Vec::new(),
                [prompt] if !prompt.echo => vec![password.to_owned()],
                _ => return Ok(false),
            },
        };
        said = handle
            .authenticate_keyboard_interactive_respond(answers)
            .await
            .map_err(broken)?;
    }
    Ok(matches!(said, KeyboardInteractiveAuthResponse::Success))
}

async fn with_agent(handle: &mut Handle<Client>, user: &str, socket: Option<&Path>) -> Result<bool, Error> {
    let no_agent = |error| refused(format!("The SSH agent cannot be used: {error}."));
    let mut agent = match socket {
        Some(socket) => AgentClient::connect_uds(socket).await,
        None => AgentClient::connect_env().await,
    }
    .map_err(no_agent)?;
    let keys = agent.request_identities().await.map_err(no_agent)?;
    let hash = handle.best_supported_rsa_hash().await.map_err(broken)?.flatten();
    for identity in keys.iter().take(AGENT_KEYS) {
        let key = identity.public_key().into_owned();
        let hash = key.algorithm().is_rsa().then_some(hash).flatten();
        let result = handle
            .authenticate_publickey_with(user, key, hash, &mut agent)
            .await
            .map_err(|error| refused(format!("The SSH agent failed: {error}.")))?;
        if result.success() {
            return Ok(true);
        }
    }
    Ok(false)
}
