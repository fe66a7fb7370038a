//! Charts of measurements: what is drawn is decided in pure parts, uPlot draws it in the browser.
//!
//! A [`Board`](board::Board) holds what the charts of a page share: range, cross-hair, what is compared, what has been read.
//! Without script a page shows titles, latest values and a table.
pub mod board;
#[cfg(feature = "hydrate")]
mod browser;
mod chart;
mod column;
mod compare;
mod csv;
mod custom;
mod def;
mod events;
mod feed;
mod history;
mod keys;
mod legend;
mod of;
mod parts;
mod plot;
mod quantity;
mod range;
mod read;
mod table;
mod toolbar;

use crate::routes::url::Url;
pub use board::{Charts, Strip};
pub use def::{HOST, Kind, STRIP, VM};
pub use events::{Event, of_audit};
pub use of::Of;
pub use quantity::Quantity;

/// GETs to run before a page of charts is rendered.
pub fn prefetch(of: Of, kind: Kind, url: &Url) -> Vec<String> {
    let mut urls: Vec<String> = read::first_url(of, kind, url).into_iter().collect();
    urls.extend(read::first_parts_url(of, kind, url));
    urls.extend(events::tasks_url(of));
    urls.push(events::audit_url(of));
    if !matches!(of, Of::Vm(_)) {
        urls.push(events::sign_ins_url());
    }
    urls
}

#[cfg(all(test, feature = "ssr"))]
pub use read::made_up;
