//! Rendered pages: everything a page shows is gathered first, then it is rendered in one go.
mod boot;
mod go;
mod guest;
mod in_process;
mod pack;
mod render;

pub(crate) use pack::pack;

use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode, header, request::Parts},
    response::Response,
    routing::get,
};
use wxa_core::{Ctx, Error};

use crate::{AppState, asked::Asked, assets, cookie, forms, problem, session, sockets};
use in_process::InProcess;

/// The pages and the site's files: whatever no other route answers. `operations` are those of the API.
pub fn router(operations: Router) -> Router<AppState> {
    // Rendering yields to the runtime through this; a second call, as in tests, changes nothing.
    let _already_known = any_spawner::Executor::init_tokio();
    let operations = InProcess::new(operations);
    let page = move |State(app): State<AppState>, asked: Asked, request: Request| {
        let operations = operations.clone();
        async move { answer(app, asked, operations, request.into_parts().0).await }
    };
    // Where there is a form to POST, its page would be hidden by the form's route.
    forms::PAGES
        .iter()
        .fold(Router::new(), |router, path| {
            router.route(path, get(page.clone()))
        })
        .route("/c/{secret}", get(guest::page))
        .route("/c/{secret}/console", sockets::guest_route())
        .fallback(page)
}

async fn answer(app: AppState, asked: Asked, operations: InProcess, request: Parts) -> Response {
    let path = request.uri.path();
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return problem::unusable(
            StatusCode::NOT_FOUND,
            "path",
            "There is no such form.",
            &asked.request_id,
        );
    }
    if let Some(file) = assets::serve(&app.site, path, &request.headers) {
        return file;
    }
    let wants_page = request.headers.get(header::ACCEPT).is_none_or(|accept| {
        accept
            .to_str()
            .is_ok_and(|accept| accept.contains("text/html") || accept.contains("*/*"))
    });
    if path.starts_with("/assets/") || !wants_page {
        return nothing(&asked);
    }
    let caller = session::resolve(&app, &request.headers, &asked).await;
    let outcome = match caller {
        // Whoever follows such a link means its account, whoever is signed in here.
        Ok(_) if path == "/reset" => stranger(&app, request).await,
        Ok(_) if app::is_public(path) => Ok(go::on(&request.uri)),
        Ok(ctx) => signed_in(&app, &ctx, &operations, request).await,
        Err(Error::Unauthenticated) if app::knows(path) => stranger(&app, request).await,
        Err(Error::Unauthenticated) => Ok(nothing(&asked)),
        Err(error) => Err(error),
    };
    outcome.unwrap_or_else(|error| problem::reply(&error, &asked.request_id))
}

fn nothing(asked: &Asked) -> Response {
    problem::unusable(
        StatusCode::NOT_FOUND,
        "path",
        "There is nothing here.",
        &asked.request_id,
    )
}

async fn signed_in(
    app: &AppState,
    ctx: &Ctx,
    operations: &InProcess,
    request: Parts,
) -> Result<Response, Error> {
    let boot = boot::signed_in(app, ctx, operations, &request).await?;
    if request.uri.path() == "/"
        && let Some(path) = app::landing(&boot)
    {
        return Ok(go::to(&path));
    }
    // A browser that does not know yet how this account's pages look learns it, for the pages before sign-in.
    let look = (boot.preferences.look() != cookie::look(&request.headers))
        .then(|| cookie::set_look(&boot.preferences))
        .flatten();
    let mut page = render::page(app, boot, request).await;
    if let Some(look) = look {
        page.headers_mut().append(header::SET_COOKIE, look);
    }
    Ok(page)
}

/// Somebody without a session sees the pages for that, and is sent to them from everywhere else.
async fn stranger(app: &AppState, request: Parts) -> Result<Response, Error> {
    let path = request.uri.path();
    let setup_needed = app.core.setup_needed().await?;
    match path {
        "/setup" if !setup_needed => Ok(go::to("/login?error=done")),
        "/setup" | "/link" | "/reset" => Ok(render::page(app, boot::stranger(app, &request), request).await),
        _ if setup_needed => Ok(go::to("/setup")),
        "/login" => Ok(render::page(app, boot::stranger(app, &request), request).await),
        _ => Ok(go::to_login(&request.uri)),
    }
}
