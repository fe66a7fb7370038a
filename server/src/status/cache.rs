//! Rendered pages, kept as they are sent, in bounded memory, and made by a few at once.
//!
//! The key holds everything that a page depends on besides its view: the door it was opened by, form, language and zone. So no
//! two links, and no two ways of reading one, are ever answered with each other's bytes. Whoever asks for one page in very many
//! ways pushes out that page's own, and takes no more than a part of the processors.
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::available_parallelism,
};
use tokio::sync::Semaphore;

use super::render::Rendered;

/// The most memory that bodies take, in bytes.
const MOST_BYTES: usize = 32 << 20;
/// The most pages, however small.
const MOST: usize = 1024;
/// The most ways of reading what is behind one door: each form and every page of a wall screen in both languages.
const MOST_OF_DOOR: usize = 32;

/// What a page is kept under.
pub(super) trait PageKey: Clone + Eq + Hash {
    /// What readers cannot choose.
    type Door: Clone + Eq + Hash;

    /// The door.
    fn door(&self) -> Self::Door;
}

/// Rendered pages by key, each of one revision of its view.
pub(super) struct Cache<K: PageKey> {
    state: Mutex<State<K>>,
    /// Held by who renders.
    turns: Semaphore,
}

struct State<K: PageKey> {
    pages: HashMap<K, Page>,
    /// By when they were used, the longest ago first.
    order: BTreeMap<u64, K>,
    /// The same for each door.
    doors: HashMap<K::Door, BTreeSet<u64>>,
    bytes: usize,
    /// Counts uses.
    uses: u64,
}

struct Page {
    revision: u64,
    used: u64,
    body: Arc<Rendered>,
}

impl<K: PageKey> Default for Cache<K> {
    fn default() -> Self {
        // Half of them, so that what is kept is always given out.
        let turns = available_parallelism().map_or(1, |all| all.get().div_ceil(2));
        Self {
            state: Mutex::new(State {
                pages: HashMap::new(),
                order: BTreeMap::new(),
                doors: HashMap::new(),
                bytes: 0,
                uses: 0,
            }),
            turns: Semaphore::new(turns),
        }
    }
}

impl<K: PageKey> Cache<K> {
    /// What is kept of that revision, else what `make` makes, which is kept then.
    pub(super) async fn get(&self, key: &K, revision: u64, make: impl FnOnce() -> Rendered) -> Arc<Rendered> {
        if let Some(body) = self.state().kept(key, revision) {
            return body;
        }
        // It is never closed.
        let _turn = self.turns.acquire().await;
        // Somebody may have made it meanwhile.
        if let Some(body) = self.state().kept(key, revision) {
            return body;
        }
        let body = Arc::new(make());
        self.state().keep(key.clone(), revision, &body);
        body
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: PageKey> State<K> {
    fn kept(&mut self, key: &K, revision: u64) -> Option<Arc<Rendered>> {
        let kept = self.pages.get(key).filter(|page| page.revision == revision)?;
        let body = kept.body.clone();
        // As the one that was used last.
        self.forget(key);
        self.put(key.clone(), revision, body.clone());
        Some(body)
    }

    fn keep(&mut self, key: K, revision: u64, body: &Arc<Rendered>) {
        self.forget(&key);
        if body.size() > MOST_BYTES {
            return;
        }
        while let Some(of_door) = self.doors.get(&key.door())
            && of_door.len() >= MOST_OF_DOOR
        {
            let oldest = of_door.first().copied();
            self.forget_used(oldest);
        }
        while !self.pages.is_empty() && (self.bytes + body.size() > MOST_BYTES || self.pages.len() >= MOST) {
            let oldest = self.order.keys().next().copied();
            self.forget_used(oldest);
        }
        self.put(key, revision, body.clone());
    }

    fn put(&mut self, key: K, revision: u64, body: Arc<Rendered>) {
        self.uses += 1;
        let used = self.uses;
        self.bytes += body.size();
        self.order.insert(used, key.clone());
        self.doors.entry(key.door()).or_default().insert(used);
        let page = Page { revision, used, body };
        self.pages.insert(key, page);
    }

    fn forget_used(&mut self, used: Option<u64>) {
        if let Some(key) = used.and_then(|used| self.order.get(&used)).cloned() {
            self.forget(&key);
        }
    }

    fn forget(&mut self, key: &K) {
        let Some(page) = self.pages.remove(key) else {
            return;
        };
        self.bytes -= page.body.size();
        self.order.remove(&page.used);
        if let Some(of_door) = self.doors.get_mut(&key.door()) {
            of_door.remove(&page.used);
            if of_door.is_empty() {
                self.doors.remove(&key.door());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A door by the thousands, and one of the ways it is read.
    impl PageKey for u32 {
        type Door = u32;

        fn door(&self) -> u32 {
            self / 1000
        }
    }

    fn page(text: &str, size: usize) -> Rendered {
        Rendered {
            plain: format!("{text}{}", " ".repeat(size)).into(),
            gzip: None,
            etag: String::new(),
            refresh: None,
        }
    }

    async fn said(cache: &Cache<u32>, key: u32, revision: u64, text: &str) -> String {
        let body = cache.get(&key, revision, || page(text, 0)).await;
        String::from_utf8_lossy(&body.plain).into_owned()
    }

    #[tokio::test]
    async fn a_page_is_made_once_for_each_key_and_revision() {
        let cache = Cache::default();
        assert_eq!(said(&cache, 1, 1, "first").await, "first");
        assert_eq!(said(&cache, 1, 1, "again").await, "first");
        assert_eq!(said(&cache, 2, 1, "other").await, "other");
        assert_eq!(said(&cache, 1, 2, "changed").await, "changed");
        assert_eq!(said(&cache, 1, 2, "again").await, "changed");
        assert_eq!(said(&cache, 1, 1, "an older view").await, "an older view");
    }

    #[tokio::test]
    async fn memory_is_bounded_and_what_is_read_stays() {
        let cache = Cache::default();
        let size = MOST_BYTES / 8;
        for key in 0..20 {
            let _made = cache.get(&key, 1, || page("x", size)).await;
            // One that everybody reads.
            let _kept = cache.get(&0, 1, || page("made again", size)).await;
        }
        {
            let state = cache.state();
            assert!(
                state.bytes <= MOST_BYTES && state.pages.len() == 7,
                "{}",
                state.bytes
            );
            let zero = state.pages.get(&0);
            assert!(zero.is_some_and(|page| page.body.plain.starts_with(b"x")));
        }
        let _too_large = cache.get(&99, 1, || page("x", MOST_BYTES + 1)).await;
        assert!(cache.state().bytes <= MOST_BYTES);
        for key in 0..3000 {
            let _made = cache.get(&(key * 1000), 2, || page("x", 0)).await;
        }
        let state = cache.state();
        assert_eq!(state.pages.len(), MOST);
        assert_eq!((state.order.len(), state.doors.len()), (MOST, MOST));
    }

    #[tokio::test]
    async fn one_page_read_in_very_many_ways_pushes_out_no_other() {
        let cache = Cache::default();
        assert_eq!(said(&cache, 1000, 1, "another page").await, "another page");
        for way in 0..900 {
            let _made = cache.get(&way, 1, || page("x", 0)).await;
        }
        assert_eq!(cache.state().pages.len(), MOST_OF_DOOR + 1);
        assert_eq!(said(&cache, 899, 1, "again").await, "x");
        assert_eq!(said(&cache, 1000, 1, "again").await, "another page");
    }

    #[tokio::test]
    async fn many_who_come_at_once_have_it_made_once() {
        let cache = Cache::default();
        let made = std::sync::atomic::AtomicUsize::new(0);
        let turns = cache.turns.available_permits();
        // As if others were rendering.
        let others = cache.turns.acquire_many(u32::try_from(turns).expect("few")).await;
        let read = || async {
            let body = cache.get(&1, 1, || {
                made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                page("x", 0)
            });
            body.await
        };
        let (first, second, ()) = tokio::join!(read(), read(), async { drop(others) });
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(made.into_inner(), 1);
    }
}
