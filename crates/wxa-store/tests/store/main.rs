//! Every query, against SQLite in a temporary folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
mod api_token;
mod audit;
mod audit_chain;
mod consoles;
mod filter;
mod host;
mod metrics;
mod older;
mod open;
mod own;
mod session;
mod size;
mod state;
mod status;
mod task;
mod token;
mod usage;
mod user;

use tempfile::TempDir;
use uuid::Uuid;
use wxa_model::{Grant, UnixMillis, UserId};
use wxa_store::{NewUser, Store};

/// A store in a folder of its own, which goes away with it.
struct Fresh {
    store: Store,
    folder: TempDir,
}

impl std::ops::Deref for Fresh {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

async fn fresh() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("webxenadmin.db")).await.unwrap();
    Fresh { store, folder }
}

fn at(ms: u64) -> UnixMillis {
    UnixMillis(ms)
}

fn new_user(n: u128, name: &str, grants: &[Grant]) -> NewUser {
    NewUser {
        id: UserId(Uuid::from_u128(n)),
        name: name.into(),
        password_hash: Some(format!("hash of {name}")),
        grants: grants.to_vec(),
        created_at: at(10),
    }
}
