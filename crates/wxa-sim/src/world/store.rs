//! The simulated xenstore: a tree of paths, and watches that fire for a path and everything below it.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

/// How many events a slow watcher may have waiting before further ones are dropped.
const WATCH_QUEUE: usize = 4096;

/// A tree of xenstore nodes. Paths are absolute and without a trailing slash.
#[derive(Debug, Default)]
pub(crate) struct Store {
    nodes: BTreeMap<String, String>,
    watches: Vec<Watch>,
}

#[derive(Debug)]
struct Watch {
    path: String,
    events: mpsc::Sender<String>,
}

impl Store {
    /// Writes a node, making parents as needed, and tells the watchers.
    pub(crate) fn write(&mut self, path: &str, value: impl Into<String>) {
        let mut end = 0;
        while let Some(at) = path.get(end + 1..).and_then(|rest| rest.find('/')) {
            end += at + 1;
            if let Some(parent) = path.get(..end) {
                self.nodes.entry(parent.to_owned()).or_default();
            }
        }
        self.nodes.insert(path.to_owned(), value.into());
        self.fire(path);
    }

    /// Removes a node with everything below it. Watches below hear their own path, as the real store does it.
    pub(crate) fn remove(&mut self, path: &str) -> bool {
        let below = format!("{path}/");
        let known = self.nodes.len();
        self.nodes
            .retain(|node, _| node != path && !node.starts_with(&below));
        if self.nodes.len() == known {
            return false;
        }
        self.fire(path);
        self.watches.retain(|watch| {
            !watch.path.starts_with(&below) || watch.events.try_send(watch.path.clone()).is_ok()
        });
        true
    }

    /// The value of a node.
    pub(crate) fn read(&self, path: &str) -> Option<&str> {
        self.nodes.get(path).map(String::as_str)
    }

    /// The nodes below `path` (not itself), in order, with their whole paths.
    pub(crate) fn below<'a>(&'a self, path: &str) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let prefix = if path == "/" {
            "/".to_owned()
        } else {
            format!("{path}/")
        };
        let end = prefix.clone();
        self.nodes
            .range(prefix..)
            .take_while(move |(node, _)| node.starts_with(&end))
            .map(|(node, value)| (node.as_str(), value.as_str()))
    }

    /// Watches a path or a special name such as `@introduceDomain`; fires once at once.
    pub(crate) fn watch(&mut self, paths: &[String]) -> mpsc::Receiver<String> {
        let (events, queue) = mpsc::channel(WATCH_QUEUE);
        for path in paths {
            let _ = events.try_send(path.clone());
            self.watches.push(Watch {
                path: path.clone(),
                events: events.clone(),
            });
        }
        queue
    }

    /// Whether no watcher has much waiting.
    pub(crate) fn has_room(&self) -> bool {
        self.watches
            .iter()
            .all(|watch| watch.events.is_closed() || watch.events.capacity() > WATCH_QUEUE / 2)
    }

    /// Tells everybody who watches `path` or a parent of it.
    pub(crate) fn fire(&mut self, path: &str) {
        self.watches.retain(|watch| {
            let concerned = watch.path == path
                || watch.path == "/"
                || (path.starts_with(&watch.path) && path.as_bytes().get(watch.path.len()) == Some(&b'/'));
            if concerned {
                // A watcher that never reads loses events rather than filling the host's memory.
                let _ = watch.events.try_send(path.to_owned());
            }
            !watch.events.is_closed()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_hears_itself_once_and_then_all_below() {
        let mut store = Store::default();
        let mut events = store.watch(&["/local/domain".into()]);
        store.write("/local/domain/3/name", "x");
        store.write("/local/domainless", "x");
        store.write("/vm/1", "x");
        assert!(store.remove("/local/domain/3"));
        let heard: Vec<String> = std::iter::from_fn(|| events.try_recv().ok()).collect();
        assert_eq!(
            heard,
            ["/local/domain", "/local/domain/3/name", "/local/domain/3"]
        );
        assert_eq!(store.read("/local"), Some(""));
        assert_eq!(store.read("/local/domain/3"), None);
    }
}
