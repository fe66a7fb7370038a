//! Adding, keeping and forgetting hosts, against hosts that answer as told.
mod check;
mod member;
mod pool;
mod registry;
mod trust;
