//! Who points at an object.
use crate::reference::Ref;
use std::collections::HashMap;

/// From an object to those that point at it, in no order.
#[derive(Debug, Default)]
pub(super) struct Index(HashMap<Ref, Vec<Ref>>);

impl Index {
    pub(super) fn add(&mut self, target: &Ref, from: &Ref) {
        if !target.is_null() {
            self.0.entry(target.clone()).or_default().push(from.clone());
        }
    }

    pub(super) fn remove(&mut self, target: &Ref, from: &Ref) {
        if let Some(pointing) = self.0.get_mut(target) {
            pointing.retain(|one| one != from);
            if pointing.is_empty() {
                self.0.remove(target);
            }
        }
    }

    pub(super) fn of(&self, target: &Ref) -> impl Iterator<Item = &Ref> {
        self.0.get(target).into_iter().flatten()
    }
}
