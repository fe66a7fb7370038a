//! Status pages: the pages themselves, their links, their notices, who opened them, and what their services consist of.
mod link;
mod member;
mod notice;
mod open;
mod page;

pub use link::StatusLinkRecord;
pub use member::StatusMemberRecord;
pub use notice::{Notice, NoticeRecord};
pub use open::StatusOpenRecord;
