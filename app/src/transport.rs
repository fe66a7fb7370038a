//! The typed client over the operation table. In the browser only; on the server there are prefetched replies.
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};
use wxa_model::{TaskId, VmAct};
use wxa_wire::{ErrorBody, ErrorCode, Method, OPERATIONS, Operation, PlaceParams, SysrqParams, TaskAccepted};

/// Calls an operation with a JSON body (or none, where its parameters are `()`).
///
/// # Errors
/// What the server said, or [`ErrorCode::Offline`].
pub async fn call<O: Operation>(id: O::Id, params: &O::Params) -> Result<O::Reply, ErrorBody> {
    let body =
        serde_json::to_string(params).map_err(|error| fault(ErrorCode::Internal, error.to_string()))?;
    let body = (body != "null").then_some(body);
    let text = request(O::ROW.method, &O::ROW.path_for(&id), body).await?;
    parse(&text)
}

/// Reads what a GET with a query answers.
///
/// # Errors
/// As [`call`].
pub async fn get<T: serde::de::DeserializeOwned>(url: &str) -> Result<T, ErrorBody> {
    parse(&request(Method::Get, url, None).await?)
}

/// The bytes of a GET; none when they do not come. As the page's preload asks for them, so that they are asked for once.
pub async fn bytes(url: &str) -> Option<Vec<u8>> {
    let reply = JsFuture::from(window().fetch_with_str(url)).await.ok()?;
    let reply: Response = reply.unchecked_into();
    if !reply.ok() {
        return None;
    }
    let buffer = JsFuture::from(reply.array_buffer().ok()?).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Asks for an act on a VM. The same `key` on a repeated request means the same act: it is done once.
///
/// # Errors
/// As [`call`].
pub async fn act(act: VmAct, key: &str) -> Result<TaskId, ErrorBody> {
    let VmAct {
        action,
        vm,
        on,
        key: sysrq,
    } = act;
    let row = OPERATIONS.iter().find(|row| row.name == action.name());
    let Some(row) = row else {
        return Err(fault(ErrorCode::NotFound, action.name().into()));
    };
    let body = match (on, sysrq) {
        (Some(member), _) => Some(serde_json::to_string(&PlaceParams::on(member))),
        (None, Some(key)) => Some(serde_json::to_string(&SysrqParams { key })),
        (None, None) => None,
    };
    let body = body
        .transpose()
        .map_err(|error| fault(ErrorCode::Internal, error.to_string()))?;
    let text = request_once(row.method, &row.path_for(&vm), body, key).await?;
    parse::<TaskAccepted>(&text).map(|accepted| accepted.task)
}

/// Whether the server answers at all.
pub async fn is_reached() -> bool {
    // No cache has an answer to what was never asked.
    let url = format!("/healthz?{}", new_key());
    let reply = JsFuture::from(window().fetch_with_str(&url)).await;
    reply.is_ok_and(|reply| reply.unchecked_into::<Response>().ok())
}

#[expect(
    clippy::result_large_err,
    reason = "made once for a failed request, and shown"
)]
fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ErrorBody> {
    let text = if text.is_empty() { "null" } else { text };
    serde_json::from_str(text).map_err(|error| {
        fault(
            ErrorCode::Internal,
            format!("The server's reply was not understood: {error}."),
        )
    })
}

fn fault(code: ErrorCode, message: String) -> ErrorBody {
    ErrorBody {
        code,
        message,
        field: None,
        refusal: None,
        request_id: String::new(),
    }
}

async fn request(method: Method, url: &str, body: Option<String>) -> Result<String, ErrorBody> {
    request_once(method, url, body, &new_key()).await
}

async fn request_once(
    method: Method,
    url: &str,
    body: Option<String>,
    key: &str,
) -> Result<String, ErrorBody> {
    let offline = |_: JsValue| fault(ErrorCode::Offline, "There was no answer.".into());
    let headers = Headers::new().map_err(offline)?;
    let _ = headers.set("accept", "application/json");
    if method != Method::Get {
        let _ = headers.set("idempotency-key", key);
    }
    let init = RequestInit::new();
    init.set_method(method.name());
    if let Some(body) = &body {
        let _ = headers.set("content-type", "application/json");
        init.set_body(&JsValue::from_str(body));
    }
    init.set_headers(&headers);
    let reply = JsFuture::from(window().fetch_with_str_and_init(url, &init))
        .await
        .map_err(offline)?;
    let reply: Response = reply.unchecked_into();
    let text = JsFuture::from(reply.text().map_err(offline)?)
        .await
        .map_err(offline)?
        .as_string()
        .unwrap_or_default();
    if reply.ok() {
        return Ok(text);
    }
    let body = serde_json::from_str::<ErrorBody>(&text).unwrap_or_else(|_| {
        fault(
            ErrorCode::Internal,
            format!("The server answered {}.", reply.status()),
        )
    });
    if body.code == ErrorCode::Unauthenticated {
        crate::nav::sign_in_again();
    }
    Err(body)
}

/// A new idempotency key.
pub fn new_key() -> String {
    let part = || (js_sys::Math::random() * 4_294_967_296.0) as u32;
    format!("{:08x}{:08x}{:08x}{:08x}", part(), part(), part(), part())
}
