//! The pool's controls for a script beside a browser: two requests over HTTP on loopback.
//!
//! `POST /change {"name": …}` renames the VM that stands first in the list and answers `{"at_ms": …}`, the moment by the wall's
//! clock. `POST /storm {"per_second": …}` has so many other changes a second from then on.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::pool::Pool;

/// Listens as long as it lives.
pub struct Control {
    /// Where.
    pub address: SocketAddr,
    // Ends with it.
    _serving: JoinSet<()>,
}

#[derive(Deserialize)]
struct Change {
    name: String,
}

#[derive(Serialize)]
struct Changed {
    at_ms: f64,
}

#[derive(Deserialize)]
struct Storm {
    per_second: u64,
}

impl Control {
    /// Listens on a free port of this machine.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start(pool: Arc<Pool>) -> Result<Control> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("a free port")?;
        let address = listener.local_addr()?;
        let routes = Router::new()
            .route("/change", post(change))
            .route("/storm", post(storm))
            .with_state(pool);
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                eprintln!("  the pool's controls ended: {error}");
            }
        });
        Ok(Control {
            address,
            _serving: serving,
        })
    }
}

async fn change(State(pool): State<Arc<Pool>>, Json(asked): Json<Change>) -> Json<Changed> {
    Json(Changed {
        at_ms: pool.change_at(&asked.name),
    })
}

async fn storm(State(pool): State<Arc<Pool>>, Json(asked): Json<Storm>) -> Json<()> {
    pool.set_storm(asked.per_second);
    Json(())
}
