//! Filters kept under a name, for oneself or for everybody.
use crate::FilterId;
use serde::{Deserialize, Serialize};

/// The most characters of a saved filter's name.
pub const NAME_CHARS: usize = 64;
/// The most characters of a saved filter.
pub const QUERY_CHARS: usize = 1000;

/// A list that can be filtered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterPage {
    /// The list of VMs.
    #[default]
    Vms,
}

impl FilterPage {
    /// As it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vms => "vms",
        }
    }

    /// The page of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Vms].into_iter().find(|page| page.name() == name)
    }
}

/// Whose a filter is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterShare {
    /// Only for who saved it.
    #[default]
    Mine,
    /// For everybody; made and changed by administrators.
    Everybody,
}

/// A saved filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFilter {
    /// Ours.
    pub id: FilterId,
    /// What it is called.
    pub name: String,
    /// The list it is for.
    pub page: FilterPage,
    /// The filter as it is typed.
    pub query: String,
    /// Whose it is.
    pub share: FilterShare,
}
