//! What a page says of VMs that it does not know yet: how many there are where, and what their list shows around its first
//! rows. Counted by the server with the same code, so that nothing jumps when the VMs come.
use super::tables::Count;
use crate::list::{Facet, Group};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wxa_model::HostId;

/// The outline of all VMs that the caller may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outline {
    /// How many guests are on each host.
    pub on: Vec<(HostId, Count)>,
    /// How many guests pass the filter of the page's list.
    pub shown: usize,
    /// The groups of the page's list, where it has any.
    pub groups: Vec<Group>,
    /// What the page's list can be narrowed by.
    pub facets: Vec<Facet>,
}

impl Outline {
    /// How many guests are on each host.
    pub fn counts(&self) -> BTreeMap<HostId, Count> {
        crate::sorted::map(self.on.iter().copied())
    }
}
