//! Saving filters.
use serde::{Deserialize, Serialize};
use wxa_model::{FilterPage, FilterShare};

/// A filter to save or to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilterParams {
    /// What to call it.
    pub name: String,
    /// The list it is for.
    #[serde(default)]
    pub page: FilterPage,
    /// The filter as it is typed.
    pub query: String,
    /// Whose it is to be.
    #[serde(default)]
    pub share: FilterShare,
}
