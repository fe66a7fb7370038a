//! Password hashes: argon2id, a bounded number at a time, with the same effort whether or not the account exists.
use crate::Error;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{Error as HashError, phc::PasswordHash},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// 19 MiB, two passes, one lane: the first recommendation of OWASP's list.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many hashes are computed at a time, and how many callers may wait for their turn.
const PARALLEL: usize = 2;
const WAITING: usize = 16;
const RETRY_AFTER_S: u64 = 2;

/// Computes and checks password hashes.
#[derive(Debug)]
pub(crate) struct Passwords {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(PARALLEL + WAITING)),
            running: Arc::new(Semaphore::new(PARALLEL)),
        }
    }

    /// The hash to keep, as a PHC string.
    pub(crate) async fn hash(&self, password: &SecretString) -> Result<String, Error> {
        let password = password.clone();
        self.compute(move || hash(&password)).await
    }

    /// Whether `password` fits `hash`; without a hash it never does, after the same effort.
    pub(crate) async fn verify(&self, password: &SecretString, known: Option<String>) -> Result<bool, Error> {
        let password = password.clone();
        self.compute(move || match known {
            Some(known) => verify(&password, &known),
            None => hash(&password).map(|_| false),
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let too_many = |_| Error::TooMany {
            retry_after_s: RETRY_AFTER_S,
        };
        let admitted = self.admitted.clone().try_acquire_owned().map_err(too_many)?;
        let running = self
            .running
            .clone()
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        // The permits go with the work: it goes on when its caller is gone.
        spawn_blocking(move || {
            let _held = (admitted, running);
            work()
        })
        .await
        .map_err(Error::internal)?
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &SecretString) -> Result<String, Error> {
    let hash = argon2()?
        .hash_password(password.expose_secret().as_bytes())
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash.to_string())
}

fn verify(password: &SecretString, known: &str) -> Result<bool, Error> {
    let known = PasswordHash::new(known).map_err(|error| Error::internal(error.to_string()))?;
    match argon2()?.verify_password(password.expose_secret().as_bytes(), &known) {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(error) => Err(Error::internal(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_fits() {
        let passwords = Passwords::new();
        let right = SecretString::from("correct horse battery");
        let hash = passwords.hash(&right).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(&right, Some(hash.clone())).await.unwrap());
        assert!(
            !passwords
                .verify(&SecretString::from("correct horse batterz"), Some(hash))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(&right, None).await.unwrap());
    }

    #[tokio::test]
    async fn the_queue_is_bounded() {
        let passwords = Passwords::new();
        let _all = passwords.admitted.clone().acquire_many_owned(18).await.unwrap();
        let refused = passwords.hash(&SecretString::from("x")).await;
        assert!(matches!(refused, Err(Error::TooMany { .. })));
    }
}
