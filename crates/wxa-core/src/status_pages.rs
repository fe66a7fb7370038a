//! Status pages: what people make of services, the links that open them, what is told on them, and reading them.
//!
//! What a page shows is decided by its creator's rights as they are when it is read (decision 0042).
mod build;
mod capacity;
mod check;
mod days;
mod kept;
mod links;
mod members;
mod moved;
mod notices;
mod opens;
mod pages;
mod picture;
mod reading;
mod rights;
mod shown;
mod unlock;
mod worker;

pub(crate) use kept::StatusPages;

pub use links::{LinkEnded, LinkOpens, NewStatusLink, StatusLinkEntry};
pub use notices::{EndChange, IncidentChange, NewIncident, NewMaintenance, Notices};
pub use pages::{LeftOffWhy, NewCheck, NewService, NewStatusPage, PageDetails, PageEntry, PageShut};
pub use reading::{Door, DoorKey, Opened, Shut};

#[cfg(test)]
mod tests;
