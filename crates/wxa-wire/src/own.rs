//! What people say about objects: tags and notes.
use serde::{Deserialize, Serialize};

/// Tags to give and to take away. Both at once, so that two people who change different tags do not undo each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagsParams {
    /// To give; those it has already are left as they are.
    #[serde(default)]
    pub add: Vec<String>,
    /// To take away; those it does not have are not missed.
    #[serde(default)]
    pub remove: Vec<String>,
}

/// New notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotesParams {
    /// Plain text; empty for none.
    pub notes: String,
    /// The notes that were changed: when somebody wrote others meanwhile, nothing is overwritten.
    pub was: String,
}
