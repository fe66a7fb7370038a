//! Signing in: keys with and without passphrase, and by an SSH agent.
use super::{
    bed::{Sim, reach},
    failed,
};
use futures::stream;
use russh::keys::{PrivateKey, agent};
use secrecy::SecretString;
use std::path::Path;
use tempfile::TempDir;
use tokio::{net::UnixListener, task::JoinSet};
use wxa_driver::{ErrorKind, conformance::Broken};
use wxa_xl::{Credential, Reach, SshTarget};

/// (private, public) keys of these tests; all but `other` are encrypted with [`PASSPHRASE`].
const KEYS: [(&str, &str); 3] = [
    (
        include_str!("../keys/ed25519"),
        include_str!("../keys/ed25519.pub"),
    ),
    (
        include_str!("../keys/rsa-pem"),
        include_str!("../keys/rsa-pem.pub"),
    ),
    (include_str!("../keys/ecdsa"), include_str!("../keys/ecdsa.pub")),
];
const OTHER: &str = include_str!("../keys/other");
const PASSPHRASE: &str = "right horse";

async fn host(public: &str) -> Result<Sim, Broken> {
    Sim::start(|config| {
        config.password = String::new();
        config.authorized_key = Some(public.trim().to_owned());
    })
    .await
}

fn key(pem: &str, passphrase: Option<&str>) -> Credential {
    Credential::Key {
        pem: SecretString::from(pem),
        passphrase: passphrase.map(SecretString::from),
    }
}

async fn sign_in(sim: &Sim, credential: Credential) -> Result<(), wxa_driver::Error> {
    let target = SshTarget {
        credential,
        ..sim.target()
    };
    reach(Reach::Ssh(target)).probe().await.map(drop)
}

#[tokio::test]
async fn an_encrypted_key_opens_with_its_passphrase_only() -> Result<(), Broken> {
    for (private, public) in KEYS {
        let sim = host(public).await?;
        sign_in(&sim, key(private, Some(PASSPHRASE))).await?;
        for (passphrase, words) in [
            (Some("wrong horse"), "passphrase is wrong"),
            (None, "needs its passphrase"),
        ] {
            let error = failed(sign_in(&sim, key(private, passphrase)).await)?;
            assert_eq!(error.kind, ErrorKind::Unauthenticated, "{error}");
            assert!(error.message.contains(words), "{error}");
            assert!(!error.message.contains("horse"), "{error}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_the_host_does_not_know_or_that_is_none_is_refused() -> Result<(), Broken> {
    let [(_, public), ..] = KEYS;
    let sim = host(public).await?;
    for (pem, words) in [
        (OTHER, "refuses the key of root"),
        ("not a key at all", "cannot be read"),
    ] {
        let error = failed(sign_in(&sim, key(pem, None)).await)?;
        assert_eq!(error.kind, ErrorKind::Unauthenticated, "{error}");
        assert!(error.message.contains(words), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_is_told_as_the_hosts_refusal() -> Result<(), Broken> {
    let sim = Sim::start(|_| {}).await?;
    let error = failed(sign_in(&sim, Credential::Password(SecretString::from("not it"))).await)?;
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert_eq!(error.message, "The host refuses the password of root.");
    Ok(())
}

/// An agent that holds these keys, in their order.
async fn agent_with(keys: &[&str], folder: &Path) -> Result<(Credential, JoinSet<()>), Broken> {
    let broken = |error: &dyn std::fmt::Display| Broken(error.to_string());
    let socket = folder.join("agent");
    let listener = UnixListener::bind(&socket).map_err(|error| broken(&error))?;
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let accepted = stream::unfold(listener, |listener| async move {
            Some((listener.accept().await.map(|(stream, _)| stream), listener))
        });
        let _ = agent::server::serve(Box::pin(accepted), ()).await;
    });
    let mut client = agent::client::AgentClient::connect_uds(&socket)
        .await
        .map_err(|error| broken(&error))?;
    for pem in keys {
        let key: PrivateKey =
            russh::keys::decode_secret_key(pem, Some(PASSPHRASE)).map_err(|error| broken(&error))?;
        client
            .add_identity(&key, &[])
            .await
            .map_err(|error| broken(&error))?;
    }
    Ok((Credential::Agent { socket: Some(socket) }, tasks))
}

fn folder() -> Result<TempDir, Broken> {
    tempfile::tempdir().map_err(|error| Broken(error.to_string()))
}

#[tokio::test]
async fn an_agent_signs_in_with_whichever_of_its_keys_the_host_knows() -> Result<(), Broken> {
    for (_, public) in KEYS {
        let folder = folder()?;
        let all = [KEYS[0].0, KEYS[1].0, KEYS[2].0];
        let (credential, _agent) = agent_with(&all, folder.path()).await?;
        sign_in(&host(public).await?, credential).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_agent_without_the_right_key_or_that_is_not_there_is_told() -> Result<(), Broken> {
    let folder = folder()?;
    let [(_, public), (another, _), ..] = KEYS;
    let sim = host(public).await?;
    let (credential, _agent) = agent_with(&[another], folder.path()).await?;
    let error = failed(sign_in(&sim, credential).await)?;
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert!(error.message.contains("every key of the SSH agent"), "{error}");
    let nobody = Credential::Agent {
        socket: Some(folder.path().join("nobody")),
    };
    let error = failed(sign_in(&sim, nobody).await)?;
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert!(error.message.contains("SSH agent cannot be used"), "{error}");
    Ok(())
}
