//! Which certificates are accepted at which address: the one that was confirmed, and what the pool itself told, through a
//! connection that was trusted already, about its other members; or, where an authority vouches, those that it vouches for.
use crate::{
    config::XapiConfig,
    fingerprint,
    tls::{Accept, Authority},
};
use std::collections::HashMap;
use wxa_driver::Error;
use wxa_model::KnownMember;

/// Members that are remembered.
const MOST: usize = 256;

/// What a pool told of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// What it is called besides its address.
    pub(crate) names: Vec<String>,
    /// Of its certificates; none where the pool did not tell.
    pub(crate) fingerprints: Vec<String>,
}

/// Addresses and their certificates.
#[derive(Debug)]
pub(super) struct Trust {
    address: String,
    pinned: String,
    /// Who vouches; none where the certificate is pinned.
    authority: Option<Authority>,
    /// The other members, as the pool told them.
    members: HashMap<String, Told>,
    /// Whether they were told since we are here, or before.
    is_told: bool,
    /// Certificates of coordinators that members told on the way there.
    introduced: HashMap<String, Vec<String>>,
    /// Who coordinated the pool when it was last heard.
    coordinator: Option<String>,
}

impl Trust {
    pub(super) fn new(config: &XapiConfig) -> Self {
        let read = |print: &String| fingerprint::read(print);
        let kept = config.members.iter().take(MOST).map(|member| {
            let told = Told {
                names: member.names.clone(),
                fingerprints: member.fingerprints.iter().filter_map(read).collect(),
            };
            (member.address.clone(), told)
        });
        Self {
            address: config.address.clone(),
            // One that is none matches no certificate: nothing is sent.
            pinned: fingerprint::read(&config.fingerprint).unwrap_or_else(|| config.fingerprint.clone()),
            authority: Authority::of(&config.trust),
            members: kept.collect(),
            is_told: false,
            introduced: HashMap::new(),
            coordinator: None,
        }
    }

    /// Whose certificate is accepted at an address.
    ///
    /// # Errors
    /// `Refused` where nobody told which it must be.
    pub(super) fn accept(&self, address: &str) -> Result<Accept, Error> {
        match &self.authority {
            Some(authority) => Ok(Accept::Vouched {
                authority: authority.clone(),
                names: self
                    .members
                    .get(address)
                    .map(|told| told.names.clone())
                    .unwrap_or_default(),
            }),
            None => self.pins(address).map(Accept::Pins),
        }
    }

    fn pins(&self, address: &str) -> Result<Vec<String>, Error> {
        if address == self.address {
            // What an administrator confirmed stands above what the pool tells.
            return Ok(vec![self.pinned.clone()]);
        }
        let told = self.members.get(address);
        let introduced = self.introduced.get(address);
        let mut pins: Vec<String> = told.map(|told| told.fingerprints.clone()).unwrap_or_default();
        pins.extend(introduced.into_iter().flatten().cloned());
        if told.is_some() || introduced.is_some() {
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
    pub(super) fn learn(&mut self, members: HashMap<String, Told>) {
        self.members = members.into_iter().take(MOST).collect();
        self.introduced.clear();
        self.is_told = true;
    }

    /// The members as the pool told them; none before it did.
    pub(super) fn told(&self) -> Option<Vec<KnownMember>> {
        self.is_told.then(|| {
            let known = |(address, told): (&String, &Told)| KnownMember {
                address: address.clone(),
                names: told.names.clone(),
                fingerprints: told.fingerprints.clone(),
            };
            let mut members: Vec<KnownMember> = self.members.iter().map(known).collect();
            members.sort_unstable();
            members
        })
    }

    /// A member that is trusted has told the coordinator's certificate.
    pub(super) fn introduce(&mut self, address: &str, print: String) {
        if self.introduced.len() >= MOST {
            self.introduced.clear();
        }
        let prints = self.introduced.entry(address.to_owned()).or_default();
        if !prints.contains(&print) && prints.len() < MOST {
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
        let all = self
            .members
            .keys()
            .chain(self.introduced.keys())
            .chain([&self.address]);
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
            trust: wxa_model::Trust::Pin,
            uuid: None,
            members: vec![KnownMember {
                address: "10.0.0.9".into(),
                names: vec!["xcp-9".into()],
                fingerprints: vec![fingerprint::of(b"nine"), "nonsense".into()],
            }],
            shell: None,
        })
    }

    fn told(prints: &[String]) -> Told {
        Told {
            names: Vec::new(),
            fingerprints: prints.to_vec(),
        }
    }

    #[test]
    fn members_that_were_kept_are_asked_too_until_the_pool_tells_others() {
        let mut trust = trust();
        assert_eq!(trust.others(), ["10.0.0.9"]);
        let pins = trust.pins("10.0.0.9").unwrap_or_default();
        assert!(
            pins.contains(&fingerprint::of(b"nine")) && pins.len() == 2,
            "{pins:?}"
        );
        assert_eq!(trust.told(), None, "what is kept is not told again");
        trust.learn(HashMap::from([("10.0.0.2".into(), told(&[]))]));
        assert!(trust.pins("10.0.0.9").is_err(), "it has left the pool");
        let addresses: Vec<String> = trust
            .told()
            .unwrap_or_default()
            .into_iter()
            .map(|member| member.address)
            .collect();
        assert_eq!(addresses, ["10.0.0.2"]);
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
            ("10.0.0.1".into(), told(&[two])),
            ("10.0.0.3".into(), told(&[])),
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
            ("10.0.0.2".into(), told(&[])),
            ("10.0.0.3".into(), told(&[])),
        ]));
        assert_eq!(trust.first(), "10.0.0.1");
        trust.found("10.0.0.3");
        assert_eq!(
            (trust.first(), trust.others()),
            ("10.0.0.3".into(), vec!["10.0.0.1".to_owned(), "10.0.0.2".into()])
        );
    }
}
