//! What a pool reports (XAPI's class `message`, its alerts): the newest of it. A pool keeps thousands, with bodies of any
//! length.
use super::World;
use crate::{raw, reference::Ref, text};
use std::collections::HashMap;
use uuid::Uuid;
use wxa_model::{
    HostId,
    pool_details::{MessageAbout, PoolMessage},
};

/// How many are kept, and told.
const KEPT: usize = 100;
/// So many more may come before the oldest are dropped.
const SLACK: usize = 100;
/// Characters of a body that are kept, and of a name.
const BODY: usize = 2000;
const NAME: usize = 100;

/// The newest messages.
#[derive(Debug, Default)]
pub(super) struct Messages {
    known: HashMap<Ref, raw::Message>,
}

impl Messages {
    pub(super) fn put(&mut self, reference: Ref, mut new: raw::Message) {
        new.body = shortened(&new.body, BODY);
        new.name = shortened(&new.name, NAME);
        self.known.insert(reference, new);
        if self.known.len() > KEPT + SLACK {
            let mut all: Vec<(Option<i64>, Ref)> = self
                .known
                .iter()
                .map(|(reference, message)| (text::seconds(&message.timestamp), reference.clone()))
                .collect();
            all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            for (_, oldest) in all.drain(KEPT..) {
                self.known.remove(&oldest);
            }
        }
    }

    pub(super) fn remove(&mut self, reference: &Ref) {
        self.known.remove(reference);
    }
}

impl World {
    /// What the pool reported, the newest first.
    pub(super) fn reported(&self) -> Vec<PoolMessage> {
        let mut told: Vec<PoolMessage> = self
            .messages
            .known
            .values()
            .map(|message| PoolMessage {
                name: text::printable(&message.name),
                body: text::printable(message.body.trim()),
                priority: u8::try_from(message.priority.clamp(0, 255)).unwrap_or(u8::MAX),
                about: self.about(message),
                at: text::seconds(&message.timestamp).and_then(|seconds| self.by_our_clock(seconds)),
            })
            .collect();
        told.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.name.cmp(&b.name)));
        told.truncate(KEPT);
        told
    }

    fn about(&self, message: &raw::Message) -> MessageAbout {
        let uuid = Uuid::try_parse(&message.obj_uuid).ok();
        match message.cls.to_lowercase().as_str() {
            "vm" => match self.vm_by_uuid(&message.obj_uuid) {
                Some(vm) => MessageAbout::Vm(vm),
                None => MessageAbout::Other("VM".to_owned()),
            },
            "host" => {
                let host = self.hosts.values().any(|host| host.uuid == message.obj_uuid);
                match uuid.filter(|_| host) {
                    Some(uuid) => MessageAbout::Host(HostId::of_member(self.ours.site, uuid)),
                    None => MessageAbout::Other("Host".to_owned()),
                }
            }
            "pool" => MessageAbout::Pool,
            _ => MessageAbout::Other(text::printable(&shortened(&message.cls, NAME))),
        }
    }
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(n: usize) -> (Ref, raw::Message) {
        let message = raw::Message {
            name: "VM_STARTED".into(),
            timestamp: format!("20260101T00:{:02}:{:02}Z", n / 60, n % 60),
            body: "x".repeat(5000),
            ..raw::Message::default()
        };
        (Ref::read(&format!("OpaqueRef:{n}")), message)
    }

    #[test]
    fn only_the_newest_are_kept_and_no_body_is_endless() {
        let mut messages = Messages::default();
        for n in (0..1000).rev() {
            let (reference, message) = message(n);
            messages.put(reference, message);
        }
        assert!(messages.known.len() <= KEPT + SLACK);
        assert!(
            messages.known.contains_key(&message(999).0),
            "the newest is there"
        );
        assert!(messages.known.values().all(|message| message.body.len() <= BODY));
    }
}
