//! Tapes of VMs that are gone: when nothing that was printed is kept any more, their marks and places go too.
use super::Tapes;
use crate::inventory::Published;
use std::sync::Arc;
use wxa_model::{Link, UnixMillis, VmId};
use wxa_store::{Error, TapeKey};

const DAY_MS: u64 = 86_400_000;

impl Tapes {
    /// Forgets those of which nothing is left but marks that are older than what is kept. While a host has yet to say which VMs it has,
    /// none counts as gone: with a tape goes the place up to which its host's own record was read.
    pub(super) async fn forget_gone(&self, picture: &Published) -> Result<(), Error> {
        let mut hosts = picture.hosts().peekable();
        // Without any host nothing was read yet, or nobody is left to be asked.
        let is_known = hosts.peek().is_some()
            && hosts.all(|host| host.last_word.is_some() && host.link != Link::Connecting);
        if is_known {
            self.forget(|vm| picture.vm(vm).is_none()).await?;
        }
        Ok(())
    }

    async fn forget(&self, is_gone: impl Fn(VmId) -> bool) -> Result<(), Error> {
        let Some(store) = self.store() else { return Ok(()) };
        let now = self.shared.clock.now();
        let keys: Vec<TapeKey> = self.all().keys().copied().collect();
        for key in keys.into_iter().filter(|key| is_gone(key.vm)) {
            let days = u64::from(self.recording().of(key.vm).days);
            let since = UnixMillis(now.0.saturating_sub(days * DAY_MS));
            // What was understood of it takes memory, and its marks say it again, should it come back.
            if self.is_idle(key) {
                self.understanding().forget(key.vm, key.kind);
            }
            if self.is_idle(key) && store.forget_empty(key, since).await? && self.is_idle(key) {
                self.all().remove(&key);
            }
        }
        Ok(())
    }

    /// Whether nobody has it in hand, and all of it is written.
    fn is_idle(&self, key: TapeKey) -> bool {
        let all = self.all();
        all.get(&key)
            .is_some_and(|tape| Arc::strong_count(tape) == 1 && tape.unwritten(0, u64::MAX).is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        console::{tapes::TapesParts, understanding::recall_past},
        testing::ManualClock,
    };
    use std::time::Duration;
    use uuid::Uuid;
    use wxa_model::{ConsoleKind, HostId, console::GuestPhase};
    use wxa_store::{ConsoleStore, consoles::Keep};

    const HOST: HostId = HostId(Uuid::from_u128(2));

    fn key(n: u128) -> TapeKey {
        TapeKey {
            vm: VmId(Uuid::from_u128(n)),
            kind: ConsoleKind::Pv,
        }
    }

    #[tokio::test]
    async fn what_was_understood_of_a_vm_that_is_gone_is_forgotten_and_comes_back_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = ConsoleStore::open(&folder.path().join("consoles.db"))
            .await
            .unwrap()
            .0;
        let tapes = Tapes::new(TapesParts {
            store: Some(store),
            known: Vec::new(),
            recording: Default::default(),
            clock: Arc::new(ManualClock::at(UnixMillis(DAY_MS))),
        });
        let key = key(1);
        tapes.tape(key.vm, key.kind).seen(HOST, b"web login: ");
        tapes.flush().await.unwrap();
        let phase = || tapes.understanding().understood(key.vm).map(|told| told.phase);
        assert_eq!(phase(), Some(GuestPhase::Login));
        tapes.forget(|_| false).await.unwrap();
        assert_eq!(phase(), Some(GuestPhase::Login), "it is there");
        tapes.forget(|_| true).await.unwrap();
        assert_eq!(phase(), None);
        assert!(tapes.known(key).is_some(), "its bytes are kept");
        recall_past(&tapes, key, 11).await;
        assert_eq!(phase(), Some(GuestPhase::Login));
    }

    #[tokio::test]
    async fn what_is_left_of_a_vm_that_is_gone_goes_when_nothing_of_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = ConsoleStore::open(&folder.path().join("consoles.db"))
            .await
            .unwrap()
            .0;
        let clock = Arc::new(ManualClock::at(UnixMillis(DAY_MS)));
        let tapes = Tapes::new(TapesParts {
            store: Some(store.clone()),
            known: Vec::new(),
            recording: Default::default(),
            clock: clock.clone(),
        });
        for n in [1, 2] {
            tapes.tape(key(n).vm, key(n).kind).seen(HOST, b"text");
        }
        tapes.flush().await.unwrap();
        let is_gone = |vm| vm == key(1).vm;
        tapes.forget(is_gone).await.unwrap();
        assert!(tapes.known(key(1)).is_some(), "its bytes are kept");

        clock.advance(Duration::from_secs(400 * 86_400));
        let keep = Keep {
            boot_bytes: 0,
            window_bytes: 0,
            since: UnixMillis(300 * DAY_MS),
        };
        for n in [1, 2] {
            while store.prune_some(key(n), keep).await.unwrap() {}
        }
        let held = tapes.known(key(1));
        tapes.forget(is_gone).await.unwrap();
        assert!(tapes.known(key(1)).is_some(), "somebody has it in hand");
        drop(held);
        tapes.forget(is_gone).await.unwrap();
        let left: Vec<TapeKey> = tapes.ends().into_iter().map(|(key, _)| key).collect();
        assert_eq!(left, [key(2)]);
        let left = store.tapes().await.unwrap();
        assert_eq!(
            left.into_iter().map(|tape| tape.key).collect::<Vec<_>>(),
            [key(2)]
        );
    }
}
