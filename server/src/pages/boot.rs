//! Gathering all that a page shows.
use app::Boot;
use axum::http::request::Parts;
use std::collections::BTreeMap;
use wxa_core::{Ctx, Error};
use wxa_model::Preferences;
use wxa_wire::{InventoryView, SessionView};

use super::{go::PublicQuery, in_process::InProcess};
use crate::{AppState, cookie, sockets};

/// For a page that shows something.
pub(super) async fn signed_in(
    app: &AppState,
    ctx: &Ctx,
    operations: &InProcess,
    request: &Parts,
) -> Result<Boot, Error> {
    let user = ctx.user.ok_or(Error::Unauthenticated)?;
    let session = SessionView {
        user,
        name: ctx.name.clone(),
        grants: ctx.grants.to_vec(),
    };
    let view = app.core.inventory_view(ctx);
    let inventory = InventoryView {
        epoch: view.epoch,
        revision: view.revision,
        now: view.now,
        objects: view.objects,
    };
    let mut replies = BTreeMap::new();
    let address = request
        .uri
        .path_and_query()
        .map_or("/", |address| address.as_str());
    for url in app::prefetch(address) {
        if let Some(reply) = operations.get(&url, request).await {
            replies.insert(url, reply);
        }
    }
    Ok(Boot {
        session: Some(session),
        inventory: Some(inventory),
        // Looks are not worth a page that does not open.
        preferences: app.core.preferences_get(ctx).await.unwrap_or_default(),
        samples: sockets::all_samples(&app.core.samples_latest(ctx)),
        replies,
        ..common(app, request)
    })
}

/// For the pages of those who are not signed in.
pub(super) fn stranger(app: &AppState, request: &Parts) -> Boot {
    let problem = PublicQuery::of(&request.uri)
        .error
        .filter(|code| code.len() <= 32);
    Boot {
        problem,
        ..common(app, request)
    }
}

fn common(app: &AppState, request: &Parts) -> Boot {
    Boot {
        build: app.site.build.clone(),
        now: app.core.now(),
        preferences: Preferences::from_look(cookie::look(&request.headers)),
        vendor: app.site.files.clone(),
        ..Boot::default()
    }
}
