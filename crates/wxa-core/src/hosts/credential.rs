//! Credentials at rest: sealed, and bound to the host they are for.
use crate::{Credential, Error, seal::SealingKey};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use wxa_model::HostId;
use zeroize::{Zeroize, Zeroizing};

/// The form that is sealed.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Plain {
    Password {
        password: String,
    },
    Key {
        private_key: String,
        passphrase: Option<String>,
    },
    Agent,
}

impl Drop for Plain {
    fn drop(&mut self) {
        match self {
            Self::Password { password } => password.zeroize(),
            Self::Key {
                private_key,
                passphrase,
            } => {
                private_key.zeroize();
                passphrase.zeroize();
            }
            Self::Agent => {}
        }
    }
}

/// Whose credential it is: a sealed one opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of {
    /// The host's.
    Host(HostId),
    /// That of the jump host on the way to this host.
    Jump(HostId),
    /// That for the members of this pool, over SSH.
    Members(HostId),
}

impl Of {
    fn place(self) -> String {
        match self {
            Self::Host(host) => format!("webxenadmin/host/{host}/credential"),
            Self::Jump(host) => format!("webxenadmin/host/{host}/jump-credential"),
            Self::Members(host) => format!("webxenadmin/host/{host}/member-ssh-credential"),
        }
    }
}

/// Seals a credential.
pub(crate) fn seal(key: &SealingKey, of: Of, credential: &Credential) -> Result<Vec<u8>, Error> {
    let text = |secret: &SecretString| secret.expose_secret().to_owned();
    let plain = match credential {
        Credential::Password(password) => Plain::Password {
            password: text(password),
        },
        Credential::Key {
            private_key,
            passphrase,
        } => Plain::Key {
            private_key: text(private_key),
            passphrase: passphrase.as_ref().map(text),
        },
        Credential::Agent => Plain::Agent,
    };
    let json = Zeroizing::new(serde_json::to_vec(&plain).map_err(Error::internal)?);
    key.seal(&of.place(), &json).map_err(Error::internal)
}

/// Opens a credential.
pub(crate) fn open(key: &SealingKey, of: Of, sealed: &[u8]) -> Result<Credential, Error> {
    let json = key.open(&of.place(), sealed).map_err(Error::internal)?;
    let mut plain: Plain =
        serde_json::from_slice(&json).map_err(|_| Error::internal("a credential of no known form"))?;
    Ok(match &mut plain {
        Plain::Password { password } => Credential::Password(std::mem::take(password).into()),
        Plain::Key {
            private_key,
            passphrase,
        } => Credential::Key {
            private_key: std::mem::take(private_key).into(),
            passphrase: passphrase.take().map(SecretString::from),
        },
        Plain::Agent => Credential::Agent,
    })
}
