//! Telling how far something has come to whoever waits for it.
use std::sync::OnceLock;
use tokio::sync::watch;

/// Tells a number that grows. It takes room once somebody listens: a channel is 450 bytes, and nearly no guest of ten thousand has
/// anybody who waits for what it prints.
#[derive(Debug, Default)]
pub(super) struct Told(OnceLock<watch::Sender<u64>>);

impl Told {
    /// Listens from `now` on. To be called, as [`Told::tell`], while the number is locked: else it might grow unheard in between.
    pub(super) fn listen(&self, now: u64) -> watch::Receiver<u64> {
        self.0.get_or_init(|| watch::Sender::new(now)).subscribe()
    }

    /// The number is this now.
    pub(super) fn tell(&self, now: u64) {
        if let Some(told) = self.0.get() {
            told.send_replace(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[tokio::test]
    async fn who_listens_hears_what_is_told_from_then_on() {
        let told = Told::default();
        told.tell(1);
        let mut first = told.listen(2);
        assert_eq!(*first.borrow_and_update(), 2);
        told.tell(3);
        let mut second = told.listen(3);
        assert!(first.changed().await.is_ok());
        assert_eq!((*first.borrow_and_update(), *second.borrow_and_update()), (3, 3));
        drop(first);
        told.tell(4);
        assert!(second.changed().await.is_ok());
        assert_eq!(*second.borrow(), 4);
    }
}
