//! Accounts: first run, passwords, sessions, sign-in links.
pub(crate) mod name;
pub(crate) mod password;
pub(crate) mod session;
pub(crate) mod session_end;
pub(crate) mod setup;
pub(crate) mod token;
pub(crate) mod user;

pub use session::NewSession;

#[cfg(test)]
mod tests;
