//! Which certificates are accepted at which address: the one that was confirmed, and what the pool itself told, through a
//! connection that was trusted already, about its other members.
use crate::{config::XapiConfig, fingerprint};
use std::collections::HashMap;
use wxa_driver::Error;

/// Members that are remembered.
const MOST: usize = 256;

/// Addresses and their certificates.
#[derive(Debug)]
pub(super) struct Trust {
    address: String,
    pinned: String,
    /// The other members; those without a fingerprint have a certificate that their pool did not tell.
    members: HashMap<String, Vec<String>>,
    /// Who coordinated the pool when it was last heard.
    coordinator: Option<String>,
}

impl Trust {
    pub(super) fn new(config: &XapiConfig) -> Self {
        Self {
            address: config.address.clone(),
            // One that is none matches no certificate: nothing is sent.
            pinned: fingerprint::read(&config.fingerprint).unwrap_or_else(|| config.fingerprint.clone()),
            members: HashMap::new(),
            coordinator: None,
        }
    }

    /// The certificates accepted at an address.
    ///
    /// # Errors
    /// `Refused` where nobody told which it must be.
    pub(super) fn pins(&self, address: &str) -> Result<Vec<String>, Error> {
        let mut pins = self.members.get(address).cloned().unwrap_or_default();
        if address == self.address {
            // What an administrator confirmed stands above what the pool tells.
            return Ok(vec![self.pinned.clone()]);
        }
        if self.members.contains_key(address) {
            // One certificate for all members is one that was confirmed.
            pins.push(self.pinned.clone());
        }
        pins.sort_unstable();
        pins.dedup();
        match pins.is_empty() {
            false => Ok(pins),
            true => Err(super::calls::unknown_certificate(format!(
                "The pool's coordinator is {address}, whose certificate nobody has confirmed. Add the pool by that address."
            ))),
        }
    }

    /// The pool has told its members.
    pub(super) fn learn(&mut self, members: HashMap<String, Vec<String>>) {
        self.members = members.into_iter().take(MOST).collect();
    }

    /// A member that is trusted has told the coordinator's certificate.
    pub(super) fn introduce(&mut self, address: &str, print: String) {
        let prints = self.members.entry(address.to_owned()).or_default();
        if !prints.contains(&print) {
            prints.push(print);
        }
    }

    /// Where the pool is looked for first.
    pub(super) fn first(&self) -> String {
        self.coordinator.clone().unwrap_or_else(|| self.address.clone())
    }

    /// Everywhere else it may be.
    pub(super) fn others(&self) -> Vec<String> {
        let first = self.first();
        let all = self.members.keys().chain([&self.address]);
        let mut others: Vec<String> = all.filter(|address| **address != first).cloned().collect();
        others.sort_unstable();
        others.dedup();
        others
    }

    pub(super) fn found(&mut self, coordinator: &str) {
        self.coordinator = Some(coordinator.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;
    use uuid::Uuid;
    use wxa_model::{HostId, SiteId};

    fn trust() -> Trust {
        Trust::new(&XapiConfig {
            site: SiteId(Uuid::nil()),
            host: HostId(Uuid::nil()),
            address: "10.0.0.1".into(),
            port: 443,
            user: "root".into(),
            password: SecretString::from("x"),
            fingerprint: fingerprint::of(b"one").to_lowercase(),
            shell: None,
        })
    }

    #[test]
    fn only_confirmed_and_told_certificates_are_accepted() {
        let mut trust = trust();
        let (one, two) = (fingerprint::of(b"one"), fingerprint::of(b"two"));
        assert_eq!(trust.pins("10.0.0.1").ok(), Some(vec![one.clone()]));
        assert!(trust.pins("10.0.0.2").is_err());
        trust.introduce("10.0.0.2", two.clone());
        assert!(trust.pins("10.0.0.2").is_ok_and(|pins| pins.contains(&two)));
        trust.learn(HashMap::from([
            ("10.0.0.1".into(), vec![two]),
            ("10.0.0.3".into(), vec![]),
        ]));
        assert_eq!(
            trust.pins("10.0.0.1").ok(),
            Some(vec![one.clone()]),
            "the pool cannot change what was confirmed"
        );
        assert_eq!(trust.pins("10.0.0.3").ok(), Some(vec![one]));
        assert!(trust.pins("10.0.0.2").is_err(), "it has left the pool");
    }

    #[test]
    fn the_last_coordinator_is_asked_first() {
        let mut trust = trust();
        trust.learn(HashMap::from([
            ("10.0.0.2".into(), vec![]),
            ("10.0.0.3".into(), vec![]),
        ]));
        assert_eq!(trust.first(), "10.0.0.1");
        trust.found("10.0.0.3");
        assert_eq!(
            (trust.first(), trust.others()),
            ("10.0.0.3".into(), vec!["10.0.0.1".to_owned(), "10.0.0.2".into()])
        );
    }
}
