//! VMs marked for acting on several: one by one, a range, or all that a list shows.
use leptos::prelude::*;
use std::collections::HashSet;
use wxa_model::VmId;

/// The marks; they stay while one goes from page to page.
#[derive(Clone, Copy)]
pub struct Marks {
    /// The marked VMs, in the order in which they were marked.
    pub now: RwSignal<Vec<VmId>>,
    /// Where a range begins: what was marked, or taken out, last.
    anchor: StoredValue<Option<VmId>>,
}

impl Marks {
    /// None.
    pub fn new() -> Self {
        Self {
            now: RwSignal::default(),
            anchor: StoredValue::new(None),
        }
    }

    /// Marks `vm`, or takes its mark away.
    pub fn toggle(self, vm: VmId) {
        self.anchor.set_value(Some(vm));
        self.now.update(|marked| {
            if marked.contains(&vm) {
                marked.retain(|other| *other != vm);
            } else {
                marked.push(vm);
            }
        });
    }

    /// Marks everything from what was marked last to `vm`, in the order of `shown`.
    pub fn range(self, vm: VmId, shown: &[VmId]) {
        let anchor = self.anchor.get_value();
        let more = between(anchor, vm, shown);
        self.anchor.set_value(Some(vm));
        self.now.update(|marked| add(marked, &more));
    }

    /// Marks all of `shown`; where all of them are marked already, takes their marks away.
    pub fn all(self, shown: &[VmId]) {
        self.now.update(|marked| {
            if are_all(marked, shown) {
                let shown: HashSet<&VmId> = shown.iter().collect();
                marked.retain(|vm| !shown.contains(vm));
            } else {
                add(marked, shown);
            }
        });
    }

    /// Takes all marks away.
    pub fn clear(self) {
        self.anchor.set_value(None);
        self.now.set(Vec::new());
    }
}

/// Whether all of `shown` are marked. There may be ten thousand of both.
pub fn are_all(marked: &[VmId], shown: &[VmId]) -> bool {
    let marked: HashSet<&VmId> = marked.iter().collect();
    shown.iter().all(|vm| marked.contains(vm))
}

fn add(marked: &mut Vec<VmId>, more: &[VmId]) {
    let known: HashSet<VmId> = marked.iter().copied().collect();
    marked.extend(more.iter().filter(|vm| !known.contains(vm)));
}

/// Everything between two VMs of a list, both included; the second alone where the first is not in it.
fn between(anchor: Option<VmId>, vm: VmId, shown: &[VmId]) -> Vec<VmId> {
    let at = |vm| shown.iter().position(|other| *other == vm);
    match (anchor.and_then(at), at(vm)) {
        (Some(a), Some(b)) => shown.get(a.min(b)..=a.max(b)).unwrap_or_default().to_vec(),
        _ => vec![vm],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn vm(n: u128) -> VmId {
        VmId(Uuid::from_u128(n))
    }

    #[test]
    fn a_range_goes_both_ways_and_needs_its_beginning_in_the_list() {
        let shown: Vec<VmId> = (1..=5).map(vm).collect();
        assert_eq!(between(Some(vm(2)), vm(4), &shown), [vm(2), vm(3), vm(4)]);
        assert_eq!(between(Some(vm(4)), vm(2), &shown), [vm(2), vm(3), vm(4)]);
        assert_eq!(between(Some(vm(9)), vm(2), &shown), [vm(2)]);
        assert_eq!(between(None, vm(2), &shown), [vm(2)]);
    }

    #[test]
    fn marking_all_keeps_what_the_filter_hides() {
        Owner::new().with(|| {
            let marks = Marks::new();
            marks.toggle(vm(9));
            marks.all(&[vm(1), vm(2)]);
            assert_eq!(marks.now.get_untracked(), [vm(9), vm(1), vm(2)]);
            marks.all(&[vm(1), vm(2)]);
            assert_eq!(marks.now.get_untracked(), [vm(9)]);
            marks.toggle(vm(2));
            marks.range(vm(4), &[vm(1), vm(2), vm(3), vm(4)]);
            assert_eq!(marks.now.get_untracked(), [vm(9), vm(2), vm(3), vm(4)]);
            marks.clear();
            assert!(marks.now.get_untracked().is_empty());
        });
    }
}
