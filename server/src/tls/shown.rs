//! The certificate that is shown now, and what became of the latest attempt to replace it.
use std::sync::{Arc, PoisonError, RwLock};
use tokio_rustls::rustls::{
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::{Pair, Problems, Source};

/// Shared by the listener, which shows the certificate, and the keeper, which replaces it.
pub struct Shown {
    now: RwLock<Now>,
    self_signed: bool,
}

struct Now {
    pair: Pair,
    problems: Option<Problems>,
}

impl Shown {
    /// Shows `pair`, which comes from `source`.
    pub fn new(pair: Pair, source: &Source) -> Arc<Self> {
        Arc::new(Self {
            self_signed: source.is_self_signed(),
            now: RwLock::new(Now { pair, problems: None }),
        })
    }

    /// New connections get this one; those that are open go on.
    pub fn replace(&self, pair: Pair) {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        *now = Now { pair, problems: None };
    }

    /// The new one cannot be used: the old one stays.
    pub fn keep_despite(&self, problems: Problems) {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        now.problems = Some(problems);
    }

    /// Whether it is one of our own making.
    pub fn is_self_signed(&self) -> bool {
        self.self_signed
    }

    /// The certificate that is shown.
    pub fn pair(&self) -> Pair {
        self.now
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .pair
            .clone()
    }

    /// Why the files' present content is not used; none when it is.
    pub fn problems(&self) -> Option<Problems> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        now.problems.clone()
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.pair().key)
    }
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown")
            .field("fingerprint", &self.pair().fingerprint)
            .finish()
    }
}
