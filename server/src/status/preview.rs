//! A page as its readers see it, for who makes it: the same document, before anybody else can open it.
use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use wxa_core::Error;
use wxa_model::{StatusPageId, status::view::StatusView};

use super::{
    gate::Gate,
    reading::{Exports, Reading, Wish},
    render::render,
    reply::{self, Keeps},
    when::Zone,
};
use crate::{AppState, asked::Asked, forms, problem, session};

/// Where it is: `/status-preview/{id}`.
pub(super) async fn preview(
    State(app): State<AppState>,
    asked: Asked,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let wish = Wish::of(query.as_deref());
    let Ok(id) = id.parse::<StatusPageId>() else {
        return reply::gate(Gate::Gone, reply::spoken(&headers));
    };
    let path = format!("/status-preview/{id}");
    let ctx = match session::caller(&app, &headers, &asked).await {
        Ok(ctx) => ctx,
        Err(Error::Unauthenticated) => {
            let back = format!("{path}{}", wish.query());
            return Redirect::to(&format!("/login?next={}", forms::escaped(&back))).into_response();
        }
        Err(error) => return problem::reply(&error, &asked.request_id),
    };
    match app.core.status_page_preview(&ctx, id).await {
        // Nobody keeps it: it is read once, and changes with every change of the page.
        Ok(view) => {
            let reading = reading(&view, &wish, path);
            reply::page(&render(&view, &reading), reading.kind, Keeps::Nothing, &headers)
        }
        Err(Error::NotFound | Error::Forbidden) => reply::gate(Gate::Gone, reply::spoken(&headers)),
        Err(error) => problem::reply(&error, &asked.request_id),
    }
}

fn reading(view: &StatusView, wish: &Wish, path: String) -> Reading {
    let own_zone = Zone::named(&view.time_zone).unwrap_or_else(Zone::utc);
    Reading {
        kind: wish.kind(),
        language: wish.language.unwrap_or(view.language),
        zone: wish.zone.clone().unwrap_or_else(|| own_zone.clone()),
        own_language: view.language,
        own_zone,
        path,
        // It is no address to give to anybody.
        origin: String::new(),
        valid_until: None,
        exports: Exports::Missing,
    }
}
