//! The place for metrics: samples a second that are taken in and rolled up, and how long a query of a year takes.
//!
//! To be measured from outside as everything else here: a server whose pools' measurements come as quickly as it takes them,
//! and the row `metrics` of the operation table asked for a year of one VM, one host and the site. A `measure` here gets a
//! field in the report, a part in `options.rs`, and a section in `markdown.rs`; until then the report says nothing of it.
