//! What consoles printed: reading, searching, taking it away.
use axum::{
    body::Body,
    extract::{FromRequestParts as _, RawPathParams, Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures::stream;
use wxa_core::{Core, Ctx, Error, Hit, PastFile, PastFormat, PastPart};
use wxa_model::VmId;
use wxa_wire::{
    ConsoleBoot, ConsoleDownloadQuery, ConsoleFormat, ConsoleHistoryView, ConsoleHit, ConsoleMark,
    ConsoleMarksView, ConsolePiece, ConsoleSearchView, ConsoleSpan, Operation, operation as op,
};

use super::{
    Call,
    params::{self, PathId as _},
};
use crate::{AppState, asked::Asked, problem, session};

pub(super) async fn console_marks(call: Call<op::ConsoleMarks>) -> Result<ConsoleMarksView, Error> {
    let core = &call.app.core;
    let past = core.console_marks(&call.ctx, call.id, call.params.kind).await?;
    Ok(ConsoleMarksView {
        epoch: past.epoch,
        kept: past
            .kept
            .into_iter()
            .map(|(from, to)| ConsoleSpan { from, to })
            .collect(),
        boots: past
            .boots
            .into_iter()
            .map(|boot| ConsoleBoot {
                offset: boot.offset,
                at: boot.at,
                login_ms: boot.login_ms,
            })
            .collect(),
        marks: past
            .marks
            .into_iter()
            .map(|mark| ConsoleMark {
                offset: mark.offset,
                at: mark.at,
                what: mark.what,
            })
            .collect(),
        not_recorded: past.not_recorded,
    })
}

pub(super) async fn console_history(call: Call<op::ConsoleHistory>) -> Result<ConsoleHistoryView, Error> {
    let (core, params) = (&call.app.core, call.params);
    let past = core
        .console_history(&call.ctx, call.id, params.kind, params.from, params.most)
        .await?;
    let pieces = past.printed.into_iter().map(|printed| ConsolePiece {
        offset: printed.offset,
        at: printed.at,
        base64: BASE64_STANDARD.encode(printed.bytes),
    });
    Ok(ConsoleHistoryView {
        epoch: past.epoch,
        pieces: pieces.collect(),
        next: past.next,
    })
}

pub(super) async fn console_search(call: Call<op::ConsoleSearch>) -> Result<ConsoleSearchView, Error> {
    let (core, params) = (&call.app.core, call.params);
    let found = core
        .console_search(&call.ctx, call.id, params.kind, &params.q, params.before)
        .await?;
    Ok(ConsoleSearchView {
        hits: found.hits.into_iter().map(hit).collect(),
        before: found.before,
    })
}

pub(super) async fn console_release(call: Call<op::ConsoleRelease>) -> Result<(), Error> {
    call.app.core.console_release(&call.ctx, call.id).await
}

fn hit(hit: Hit) -> ConsoleHit {
    ConsoleHit {
        offset: hit.offset,
        at: hit.at,
        line: hit.line,
        begin: hit.begin,
        len: hit.len,
    }
}

/// `console_download`: sent as it is read, however much it is.
pub(super) fn download_route() -> MethodRouter<AppState> {
    get(
        |State(app): State<AppState>, asked: Asked, request: Request| async move {
            let mut parts = request.into_parts().0;
            let ctx = match session::caller(&app, &parts.headers, &asked).await {
                Ok(ctx) => ctx,
                Err(error) => return problem::reply(&error, &asked.request_id),
            };
            let path = RawPathParams::from_request_parts(&mut parts, &app).await.ok();
            let on = path
                .as_ref()
                .and_then(|path| path.iter().next())
                .map_or("", |(_, text)| text)
                .to_owned();
            let query = match params::read::<op::ConsoleDownload>(&parts, &[]) {
                Ok(query) => query,
                Err(bad) => return problem::unusable(bad.status, "query", &bad.why, &asked.request_id),
            };
            match download(&app.core, &ctx, VmId::from_path(&on), query).await {
                Ok(response) => response,
                Err(error) => {
                    let name = op::ConsoleDownload::ROW.name;
                    app.core.audit_refused(&ctx, name, &on, &error).await;
                    problem::reply(&error, &asked.request_id)
                }
            }
        },
    )
}

async fn download(
    core: &Core,
    ctx: &Ctx,
    vm: Option<VmId>,
    query: ConsoleDownloadQuery,
) -> Result<Response, Error> {
    let (format, content_type, ending) = match query.format {
        ConsoleFormat::Text => (PastFormat::Text, "text/plain; charset=utf-8", "txt"),
        ConsoleFormat::Raw => (PastFormat::Raw, "application/octet-stream", "raw"),
        ConsoleFormat::Asciicast => (PastFormat::Asciicast, "application/x-asciicast", "cast"),
    };
    let part = PastPart {
        format,
        from: query.from,
        to: query.to,
    };
    let vm = vm.ok_or(Error::NotFound)?;
    let file = core.console_download(ctx, vm, query.kind, part).await?;
    let disposition = format!("attachment; filename=\"{}.{ending}\"", file_name(&file.name));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).map_err(Error::internal)?,
        ),
    ];
    let body = Body::from_stream(stream::try_unfold(file, more));
    Ok((headers, body).into_response())
}

async fn more(mut file: PastFile) -> Result<Option<(Vec<u8>, PastFile)>, Error> {
    Ok(file.more().await?.map(|part| (part, file)))
}

/// A VM's name as far as it can be a file's.
fn file_name(name: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let kept: String = name
        .chars()
        .filter(|character| plain(*character))
        .take(60)
        .collect();
    match kept.trim_start_matches('.') {
        "" => "console".to_owned(),
        name => format!("{name}-console"),
    }
}
