//! First run, sign-in, sessions, links, tokens and accounts, on a real database.
mod account;
mod api_token;
mod clock;
mod session;
mod setup;
mod user;
