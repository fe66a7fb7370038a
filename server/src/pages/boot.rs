//! Gathering all that a page shows.
use app::{Boot, Outline};
use axum::http::request::Parts;
use std::collections::{BTreeMap, HashSet};
use wxa_core::{Ctx, Error};
use wxa_model::{Change, Object, Preferences, Vm, VmId};
use wxa_wire::{
    InventoryView, SessionView,
    index_frame::{self, Head},
};

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
    let first = first(app, ctx, address);
    Ok(Boot {
        session: Some(session),
        inventory: Some(first.inventory),
        index: first.index,
        outline: first.outline,
        samples: first.samples,
        // Looks are not worth a page that does not open.
        preferences: app.core.preferences_get(ctx).await.unwrap_or_default(),
        replies,
        ..common(app, request)
    })
}

/// What a first paint shows of the inventory.
struct First {
    inventory: InventoryView,
    index: Vec<u8>,
    outline: Option<Outline>,
    samples: Vec<u8>,
}

/// What the caller may see, as far as the page at `address` shows it first.
fn first(app: &AppState, ctx: &Ctx, address: &str) -> First {
    let all = app.core.index_view(ctx);
    let mut objects: Vec<Object> = all
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Put { object } => Some(object.clone()),
            Change::Gone { .. } => None,
        })
        .collect();
    let vms: Vec<&Vm> = all.vms().collect();
    let latest = app.core.samples_latest(ctx);
    let window = app::first_window(address, &objects, &vms, || sockets::samples_of(&latest, |_| true));
    let shown: HashSet<VmId> = window.in_brief.iter().map(|vm| vm.id).collect();
    let head = Head {
        epoch: all.epoch,
        from: None,
        to: all.to,
    };
    let index = index_frame::encode(head, &[], &window.in_brief);
    objects.extend(window.in_full.into_iter().cloned().map(Object::Vm));
    First {
        inventory: InventoryView {
            epoch: all.epoch,
            revision: all.to,
            now: app.core.now(),
            objects,
        },
        index,
        outline: window.outline,
        samples: sockets::samples_of(&latest, |vm| shown.contains(&vm)),
    }
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

/// What every page has.
pub(super) fn common(app: &AppState, request: &Parts) -> Boot {
    Boot {
        build: app.site.build.clone(),
        now: app.core.now(),
        preferences: Preferences::from_look(cookie::look(&request.headers)),
        vendor: app.site.files.clone(),
        ..Boot::default()
    }
}
