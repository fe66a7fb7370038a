//! Who points at an object.
use crate::reference::Ref;
use std::collections::BTreeSet;

/// From an object to those that point at it: pairs in order, because most objects have one, and a list for each of a hundred thousand
/// would be most of what this takes.
#[derive(Debug, Default)]
pub(super) struct Index(BTreeSet<(Ref, Ref)>);

impl Index {
    pub(super) fn add(&mut self, target: &Ref, from: &Ref) {
        if !target.is_null() {
            self.0.insert((target.clone(), from.clone()));
        }
    }

    pub(super) fn remove(&mut self, target: &Ref, from: &Ref) {
        self.0.remove(&(target.clone(), from.clone()));
    }

    pub(super) fn of<'a>(&'a self, target: &'a Ref) -> impl Iterator<Item = &'a Ref> {
        // Nothing comes before a reference to nothing.
        let all = self.0.range((target.clone(), Ref::Null)..);
        all.take_while(move |(to, _)| to == target).map(|(_, from)| from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_point_at_an_object_are_found_and_no_others() {
        let mut index = Index::default();
        let one = |n: u8| Ref::read(&format!("OpaqueRef:{n:08x}-0101-0101-0101-010101010101"));
        for (target, from) in [(1, 11), (2, 21), (2, 22), (3, 31)] {
            index.add(&one(target), &one(from));
        }
        index.add(&Ref::Null, &one(41));
        let of = |index: &Index, target: Ref| index.of(&target).cloned().collect::<Vec<_>>();
        assert_eq!(of(&index, one(2)), [one(21), one(22)]);
        assert_eq!(of(&index, Ref::Null), []);
        index.remove(&one(2), &one(21));
        assert_eq!(of(&index, one(2)), [one(22)]);
        assert_eq!(of(&index, one(4)), []);
    }
}
