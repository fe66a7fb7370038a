//! Field names as shared text: records are made by the thousand, and their keys are always the same.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::schema::Schema;

/// The shared text of a field's name.
pub(super) fn shared(name: &'static str) -> Arc<str> {
    static NAMES: LazyLock<HashMap<&'static str, Arc<str>>> = LazyLock::new(|| {
        let fields = Schema::get().classes.iter().flat_map(|class| &class.fields);
        fields.map(|field| (field.name, Arc::from(field.name))).collect()
    });
    NAMES.get(name).cloned().unwrap_or_else(|| Arc::from(name))
}
