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
mod plot;
mod quantity;
mod range;
mod read;
mod table;
mod toolbar;

pub use board::{Charts, Strip};
pub use def::{HOST, Kind, STRIP, VM};
pub use of::Of;
pub use read::first_url;
