//! Made-up objects for tests and for looking at pages without a server.
#![cfg_attr(
    not(feature = "ssr"),
    allow(
        dead_code,
        unused_imports,
        reason = "whole pages are rendered with the server's features only"
    )
)]
mod audit;
mod boot;
pub mod details;
mod objects;
mod pool;
mod status;
mod system;
mod users;

pub use audit::{audit_check, audit_row};
pub use boot::{boot, boot_with, sample_of};
pub use objects::{host, pool_task, site, task, vm};
pub use pool::{member, pool, pool_details};
pub use status::{status_page, status_page_id, with_status};
pub use system::system;
pub use users::{user_id, with_users};

use wxa_model::UnixMillis;

/// The moment at which everything here is looked at.
pub const NOW: UnixMillis = UnixMillis(1_795_440_000_000);
