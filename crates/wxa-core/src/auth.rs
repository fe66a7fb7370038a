//! Accounts: first run, passwords, sessions, one-time links, API tokens.
pub(crate) mod account;
pub(crate) mod api_token;
pub(crate) mod link;
pub(crate) mod name;
pub(crate) mod password;
pub(crate) mod scope;
pub(crate) mod session;
pub(crate) mod session_end;
pub(crate) mod session_list;
pub(crate) mod setup;
pub(crate) mod token;
pub(crate) mod user;

pub use api_token::NewToken;
pub use link::NewLink;
pub use session::NewSession;
pub use user::UserRef;

#[cfg(test)]
mod tests;
