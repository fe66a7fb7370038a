//! Small maps that are read once and then kept, by the ten thousand: pairs in the order of their keys.

/// A map from texts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Map<T>(Box<[(Box<str>, T)]>);

impl<T> Map<T> {
    /// Where a key comes twice, the later one counts.
    pub(crate) fn new(mut pairs: Vec<(Box<str>, T)>) -> Self {
        pairs.reverse();
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        pairs.dedup_by(|(later, _), (first, _)| later == first);
        Self(pairs.into())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        let place = self
            .0
            .binary_search_by(|(known, _)| known.as_ref().cmp(key))
            .ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Box::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_comes_twice_is_what_it_was_last() {
        let map = Map::new(vec![("b".into(), 1), ("a".into(), 2), ("b".into(), 3)]);
        assert_eq!(map.iter().collect::<Vec<_>>(), [("a", &2), ("b", &3)]);
        assert_eq!(
            (map.get("b"), map.get("c"), map.contains_key("a")),
            (Some(&3), None, true)
        );
        assert!(Map::<i64>::default().is_empty());
    }
}
