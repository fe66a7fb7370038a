//! From an HTTP request to a typed call and back, the same for every operation.
use axum::{
    Json,
    body::to_bytes,
    extract::{FromRequestParts, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, post, put},
};
use serde_json::Value;
use uuid::Uuid;
use wxa_core::{Ctx, Error};
use wxa_model::Permission;
use wxa_wire::{Method, Operation, OperationRow, operation::Audited};

use super::{
    BODY_LIMIT,
    params::{self, PathId},
};
use crate::{AppState, asked::Asked, bearer, idempotency::MAX_KEY_LEN, origin, problem, session};

/// What a handler gets.
#[derive(Debug)]
pub struct Call<Op: Operation> {
    /// The application.
    pub app: AppState,
    /// Who asks.
    pub ctx: Ctx,
    /// The path parameter.
    pub id: Op::Id,
    /// Body or query.
    pub params: Op::Params,
}

/// What a handler gives back.
#[derive(Debug)]
pub struct Reply<T> {
    body: T,
    cookie: Option<HeaderValue>,
}

impl<T> Reply<T> {
    /// A reply that sets a cookie.
    pub fn with_cookie(body: T, cookie: Option<HeaderValue>) -> Self {
        Self { body, cookie }
    }
}

impl<T> From<T> for Reply<T> {
    fn from(body: T) -> Self {
        Self { body, cookie: None }
    }
}

/// The route of an operation: session, path, body and reply are handled here, `act` does the rest.
pub(super) fn on<Op, F, Fut, R>(act: F) -> MethodRouter<AppState>
where
    Op: Operation + 'static,
    Op::Id: PathId,
    Op::Params: Send,
    F: Fn(Call<Op>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<R, Error>> + Send + 'static,
    R: Into<Reply<Op::Reply>>,
{
    let handler = move |State(app): State<AppState>, asked: Asked, request: Request| {
        let act = act.clone();
        async move {
            answer(app, asked, request, act)
                .await
                .unwrap_or_else(|refused| *refused)
        }
    };
    match Op::ROW.method {
        Method::Get => get(handler),
        Method::Post => post(handler),
        Method::Put => put(handler),
        Method::Delete => delete(handler),
    }
}

async fn answer<Op, F, Fut, R>(
    app: AppState,
    asked: Asked,
    request: Request,
    act: F,
) -> Result<Response, Box<Response>>
where
    Op: Operation,
    Op::Id: PathId,
    F: Fn(Call<Op>) -> Fut,
    Fut: Future<Output = Result<R, Error>> + Send + 'static,
    R: Into<Reply<Op::Reply>>,
{
    let (mut parts, body) = request.into_parts();
    let ctx = caller(&app, &Op::ROW, &parts.headers, &asked).await?;
    let path = RawPathParams::from_request_parts(&mut parts, &app).await.ok();
    let on = path
        .as_ref()
        .and_then(|path| path.iter().next())
        .map_or("", |(_, text)| text);
    let attempt = Attempt {
        app: app.clone(),
        ctx: ctx.clone(),
        row: Op::ROW,
        on: on.to_owned(),
    };
    let Some(id) = Op::Id::from_path(on) else {
        return Err(attempt.refused(Error::NotFound).await);
    };
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        let why = format!("The request is larger than {} KiB.", BODY_LIMIT / 1024);
        return Err(attempt.unusable(StatusCode::PAYLOAD_TOO_LARGE, why).await);
    };
    let params = match params::read::<Op>(&parts, &body) {
        Ok(params) => params,
        Err(bad) => return Err(attempt.unusable(bad.status, bad.why).await),
    };

    let key = idempotency_key(&Op::ROW, &parts.headers).zip(ctx.access());
    let acting = Box::pin(act(Call {
        app: app.clone(),
        ctx,
        id,
        params,
    }));
    let run = async move {
        let reply: Reply<Op::Reply> = acting.await?.into();
        let value = serde_json::to_value(reply.body).map_err(Error::internal)?;
        Ok((value, reply.cookie))
    };
    let outcome = match key {
        Some((key, session)) => keyed(&app, session, parts.uri.path(), key, run).await,
        None => run.await,
    };
    match outcome {
        Ok((value, cookie)) => Ok(success(&Op::ROW, value, cookie)),
        Err(error) => Err(attempt.refused(error).await),
    }
}

/// What was asked for: when it is refused, the audit log is told before the caller is.
struct Attempt {
    app: AppState,
    ctx: Ctx,
    row: OperationRow,
    on: String,
}

impl Attempt {
    async fn refused(&self, error: Error) -> Box<Response> {
        self.record(&error).await;
        Box::new(refusal(&self.row, &error, &self.ctx.request_id))
    }

    /// The request itself cannot be used.
    async fn unusable(&self, status: StatusCode, why: String) -> Box<Response> {
        let reply = problem::unusable(status, "body", &why, &self.ctx.request_id);
        self.record(&Error::Invalid { field: "body", why }).await;
        Box::new(reply)
    }

    async fn record(&self, error: &Error) {
        if self.row.audited == Audited::Yes {
            let core = &self.app.core;
            core.audit_refused(&self.ctx, self.row.name, &self.on, error)
                .await;
        }
    }
}

/// Acts once for each key, to the end: whoever lost the connection asks again with the same key and gets the reply.
async fn keyed(
    app: &AppState,
    session: Uuid,
    what: &str,
    key: &str,
    run: impl Future<Output = Result<(Value, Option<HeaderValue>), Error>> + Send + 'static,
) -> Result<(Value, Option<HeaderValue>), Error> {
    let (kept, what, key) = (app.clone(), what.to_owned(), key.to_owned());
    let once = async move {
        let value = async { run.await.map(|(value, _)| value) };
        kept.idempotency.once(session, &what, &key, value).await
    };
    let value = app.core.to_the_end("keyed request", once).await?;
    Ok((value, None))
}

async fn caller(
    app: &AppState,
    row: &OperationRow,
    headers: &HeaderMap,
    asked: &Asked,
) -> Result<Ctx, Box<Response>> {
    if row.permission != Permission::Anyone {
        let resolved = session::caller(app, headers, asked).await;
        return resolved.map_err(|error| {
            Box::new(match error {
                Error::Unauthenticated if bearer::is_given(headers) => {
                    problem::wrong_token(&asked.request_id)
                }
                error => refusal(row, &error, &asked.request_id),
            })
        });
    }
    let signs_in = row.method == Method::Post;
    if signs_in && !origin::is_protected(headers, asked, app.public_url.as_ref()) {
        return Err(Box::new(problem::plain_http(&asked.request_id)));
    }
    Ok(asked.anonymous())
}

fn refusal(row: &OperationRow, error: &Error, request_id: &str) -> Response {
    match (row.permission, error) {
        (Permission::Anyone, Error::Unauthenticated) => problem::not_let_in(row.name, request_id),
        _ => problem::reply(error, request_id),
    }
}

fn idempotency_key<'a>(row: &OperationRow, headers: &'a HeaderMap) -> Option<&'a str> {
    let key = headers.get("idempotency-key")?.to_str().ok()?;
    let fits =
        row.method == Method::Post && row.permission == Permission::Operate && key.len() <= MAX_KEY_LEN;
    fits.then_some(key)
}

fn success(row: &OperationRow, value: Value, cookie: Option<HeaderValue>) -> Response {
    let status = match (row.name, row.permission, &value) {
        (_, _, Value::Null) => StatusCode::NO_CONTENT,
        ("host_add" | "user_create" | "token_create" | "user_token_create", _, _) => StatusCode::CREATED,
        ("console_link_create", _, _) => StatusCode::CREATED,
        ("status_page_create" | "status_link_create" | "incident_create" | "maintenance_create", _, _) => {
            StatusCode::CREATED
        }
        (_, Permission::Operate, _) => StatusCode::ACCEPTED,
        _ => StatusCode::OK,
    };
    let mut response = match value {
        Value::Null => status.into_response(),
        value => (status, Json(value)).into_response(),
    };
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
