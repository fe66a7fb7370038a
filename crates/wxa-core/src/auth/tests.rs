//! First run, sign-in, sessions and accounts, on a real database.
mod session;
mod setup;
mod user;
