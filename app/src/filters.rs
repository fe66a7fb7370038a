//! The saved filters of who is signed in: read with the page, read again when they change.
use crate::{routes::url::Url, transport};
use leptos::{prelude::*, task::spawn_local};
use wxa_model::{FilterPage, SavedFilter};
use wxa_wire::operation::{FilterList, NoId};

/// Where they are read.
pub const URL: &str = "/api/v1/filters";

/// The saved filters, by name.
#[derive(Clone, Copy)]
pub struct Filters {
    /// One's own and everybody's.
    pub all: RwSignal<Vec<SavedFilter>>,
}

impl Filters {
    /// As they came with the page.
    pub fn new(all: Vec<SavedFilter>) -> Self {
        Self {
            all: RwSignal::new(all),
        }
    }

    /// Reads them anew. In the browser only; what cannot be read now stays as it is.
    pub fn reload(self) {
        spawn_local(async move {
            if let Ok(all) = transport::call::<FilterList>(NoId, &()).await {
                self.all.set(all);
            }
        });
    }
}

/// The page that a filter is for, with the filter applied.
pub fn address(filter: &SavedFilter) -> String {
    let page = match filter.page {
        FilterPage::Vms => "/vms",
    };
    Url::parse(page).with("q", &filter.query).text()
}
