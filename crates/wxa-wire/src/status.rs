//! Status pages: making them, their links, their incidents and maintenance.
mod link;
mod notice;
mod page;

pub use link::{
    StatusLinkCreated, StatusLinkEnded, StatusLinkOpens, StatusLinkParams, StatusLinkView, StatusOpenView,
};
pub use notice::{IncidentParams, IncidentSetParams, MaintenanceParams, NoticesView, UpdateParams};
pub use page::{
    CheckParams, CheckView, LeftOff, LeftOffWhy, ServiceParams, StatusPageEntry, StatusPageParams,
    StatusPageShut, StatusPageView,
};
